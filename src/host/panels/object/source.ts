/**
 * One object: a head for all tabs, and the parts of the tab that is open.
 * Invariant: reads the cluster and changes nothing; what no tab shows is not worked out.
 * Counterpart: kubectl get, describe, events and tree of one object; for the rest a real cluster has no answer.
 */
import type { Event } from '../../../api/schema/types/core/v1.ts';
import { groupResource, objectKey, type KubeObject } from '../../../apimachinery/meta/resource.ts';
import { parseTime } from '../../../apimachinery/meta/time.ts';
import type { Revision } from '../../../apiserver/storage/revision.ts';
import type { Looked } from '../../../cluster/past/pastCluster.ts';
import type { ObjectRef } from '../../protocol/view.ts';
import type { PanelSource } from '../panels.ts';
import { OWNED_RESOURCES } from '../../worker/liveState.ts';
import { actorText, actText, chainOf, changeModel, type SourceFinder } from './causes.ts';
import { conditionsOf } from './conditions.ts';
import { familyOf, stateOf } from './family.ts';
import { aboutKey, eventsAbout } from './events.ts';
import { fieldsOf } from './fields.ts';
import { toldChanges, touches, writesOf } from './history.ts';
import { visitsOf } from './life.ts';
import type { HeadModel, ImpactModel, ObjectModel, ObjectQuery, ObjectTab, WriteModel } from './model.ts';
import { attemptsOf } from './scheduling.ts';

export interface ObjectPlace {
  readonly cluster: Looked;
  readonly ref: ObjectRef;
  readonly resource: string;
  /** `Deployment.apps` */
  readonly groupKind: string;
  /** Of one that is gone, its last state. */
  readonly object: KubeObject;
  readonly goneAt: number | undefined;
}

/** Two chains of causes. */
export type Why = Required<Pick<ObjectModel, 'steps' | 'origin'>>;

/** Writes that a person can choose from. */
const MOST_WRITES = 60;

/** @param impactsOf what faults did, by the moment that is shown */
export function objectSource(
  cluster: () => Looked,
  sourceOf: SourceFinder,
  impactsOf: () => readonly ImpactModel[] = () => [],
): PanelSource<ObjectQuery> {
  return {
    picture: (query) => {
      const place = placeOf(cluster(), query.ref);
      return place === undefined ? undefined : { head: headOf(place, sourceOf), ...partsOf(place, query, sourceOf, impactsOf) };
    },
    concerns: ({ ref, tab }, { resource, key, object }) => {
      if (key === objectKey(ref.namespace, ref.name) && object.kind === ref.kind) return true;
      if (resource === 'events') return tab === 'events' && aboutKey((object as Event).involvedObject) === aboutKey(ref);
      if (tab === 'impact') return MEASURED.has(resource);
      // The few words about the object count what it owns; who is owned beyond that is known only when it has been looked up.
      return OWNED_RESOURCES.includes(resource) || (tab === 'family' && resource !== LEASES);
    },
    moves: () => false,
  };
}

/** What a report of a fault counts. */
const MEASURED: ReadonlySet<string> = new Set(['pods', 'nodes', 'poddisruptionbudgets.policy', 'loads.kubepad.dev']);
/** Heartbeats. */
const LEASES = 'leases.coordination.k8s.io';

/** Undefined: it is not in the cluster, and history knows nothing of it. */
export function placeOf(cluster: Looked, ref: ObjectRef): ObjectPlace | undefined {
  const type = cluster.api.catalog.strategyForKind(ref.apiVersion, ref.kind)?.resource;
  if (type === undefined) return undefined;
  const resource = groupResource(type);
  const key = objectKey(ref.namespace, ref.name);
  const groupKind = type.group === '' ? type.kind : `${type.kind}.${type.group}`;
  const live = cluster.api.store.get(resource, key);
  const removal = live === undefined ? cluster.api.store.lastOf(resource, key) : undefined;
  const object = live ?? removal?.object;
  return object === undefined ? undefined : { cluster, ref, resource, groupKind, object, goneAt: removal?.at };
}

/** The chain that led to a write of an object; without one, to the last that says something. And, if that is another, the one that made it. */
export function whyOf({ cluster, resource, object }: ObjectPlace, revision: string | undefined, sourceOf: SourceFinder): Why {
  const { store } = cluster.api;
  const writes = writesOf(store, resource, object);
  const asked = revision === undefined ? undefined : store.at(Number(revision), resource);
  const entry = asked ?? writes.find(saysSomething) ?? writes[0];
  if (entry === undefined) return { steps: [], origin: [] };
  const steps = chainOf({ store, sourceOf }, entry);
  const creation = writes.find(({ type }) => type === 'ADDED');
  const isTold = creation === undefined || steps.some(({ key }) => key === String(creation.revision));
  return { steps, origin: isTold ? [] : chainOf({ store, sourceOf }, creation) };
}

function headOf({ cluster, ref, object, goneAt }: ObjectPlace, sourceOf: SourceFinder): HeadModel {
  const { creationTimestamp, generation } = object.metadata;
  return {
    ref,
    ...(goneAt === undefined ? stateOf(cluster, ref.kind, object) : { tone: 'idle', status: 'gone' }),
    goneAt,
    createdAt: creationTimestamp === undefined ? undefined : parseTime(creationTimestamp),
    generation: generation ?? 0,
    source: sourceOf(ref, []),
    tabs: isPod(ref) ? POD_TABS : isFault(ref) ? FAULT_TABS : TABS,
  };
}

const TABS: readonly ObjectTab[] = ['state', 'why', 'family', 'events'];
const FAULT_TABS: readonly ObjectTab[] = ['impact', ...TABS];
const POD_TABS: readonly ObjectTab[] = ['state', 'why', 'life', 'scheduling', 'family', 'events'];

function isPod({ apiVersion, kind }: ObjectRef): boolean {
  return apiVersion === 'v1' && kind === 'Pod';
}

function isFault({ apiVersion, kind }: ObjectRef): boolean {
  return apiVersion === 'kubepad.dev/v1' && kind === 'Fault';
}

function partsOf(
  place: ObjectPlace,
  query: ObjectQuery,
  sourceOf: SourceFinder,
  impactsOf: () => readonly ImpactModel[],
): Omit<ObjectModel, 'head'> {
  const { cluster, resource, object, groupKind, ref } = place;
  const { store } = cluster.api;
  const writes = (): readonly Revision[] => writesOf(store, resource, object);
  switch (query.tab) {
    case 'state': {
      const all = writes();
      const { field } = query;
      return {
        fields: fieldsOf(groupKind, object, all),
        conditions: conditionsOf(object),
        ...(field === undefined ? {} : { writes: all.flatMap((entry) => writeOf(entry, field) ?? []).slice(0, MOST_WRITES) }),
      };
    }
    case 'why': {
      const states = writes().filter(saysSomething).slice(0, MOST_WRITES);
      return { states: states.flatMap((entry) => writeOf(entry, undefined) ?? []), ...whyOf(place, query.revision, sourceOf) };
    }
    case 'life':
      return isPod(ref) ? { visits: visitsOf(writes()) } : {};
    case 'scheduling':
      return isPod(ref) ? { attempts: attemptsOf(cluster.scheduler.attempts(object.metadata.uid ?? '')) } : {};
    case 'impact':
      return { impact: (isFault(ref) ? impactsOf() : []).findLast(({ fault }) => fault === ref.name) ?? null };
    case 'family':
      return { family: familyOf(cluster, ref, object) };
    case 'events':
      return { events: eventsAbout(store, ref) };
  }
}

function saysSomething(entry: Revision): boolean {
  return entry.type !== 'MODIFIED' || toldChanges(entry).length > 0;
}

/** @param field whose writes are wanted; undefined: all */
function writeOf(entry: Revision, field: string | undefined): WriteModel | undefined {
  const all = toldChanges(entry);
  const changes = field === undefined ? all : all.filter(({ path }) => touches(path, field));
  if (field !== undefined && changes.length === 0 && entry.type !== 'ADDED') return undefined;
  return {
    key: String(entry.revision),
    at: entry.at,
    actor: actorText(entry.actor),
    act: actText(entry),
    changes: changes.map(changeModel),
  };
}
