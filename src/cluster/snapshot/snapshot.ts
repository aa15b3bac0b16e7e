/**
 * A simulated cluster that begins with the objects of another one: its machines, workloads and Pods as they stand there.
 * Invariant: objects keep names and uids, so that owners and owned find each other; nobody is named as an owner who is not there; values of
 * Secrets are left out; what a control plane or a kubelet makes by itself is left to the simulated ones. What is left out is told.
 * Counterpart: a restore of etcd's backup into a new control plane, by velero or by hand.
 */
import { decodeValue } from '../../api/decodeBody.ts';
import { cloneJson } from '../../base/json.ts';
import { groupResource, keyOf, type KubeObject } from '../../apimachinery/meta/resource.ts';
import { storageOf, toStorage } from '../../apiserver/endpoints/versions.ts';
import { addressObjects } from '../../apiserver/registry/core/service/ipAddresses.ts';
import { Cluster, type ClusterHooks } from '../cluster.ts';
import type { ClusterOptions } from '../options.ts';
import { cleaned } from './clean.ts';
import { installPlayedDriver, withPlayedDriver } from './storage.ts';
import { serviceRange } from './serviceRange.ts';

export interface Imported {
  readonly cluster: Cluster;
  /** How many objects of each resource came along. */
  readonly taken: ReadonlyMap<string, number>;
  readonly left: readonly LeftOut[];
}

/** Objects that did not come along, for one reason. */
export interface LeftOut {
  readonly resource: string;
  readonly count: number;
  readonly why: string;
  /** One of them. */
  readonly example: string;
}

interface Kept {
  readonly resource: string;
  readonly object: KubeObject;
}

const DEFINITION = 'CustomResourceDefinition';
const WRITER = { actor: 'kubepad:import', verb: 'create' } as const;

/**
 * @param objects as a server answers them, in any order
 * @param options of the new cluster; machines and the range of Service addresses are those of the objects
 */
export function importSnapshot(objects: readonly unknown[], options: Omit<ClusterOptions, 'preset'>, hooks: ClusterHooks = {}): Imported {
  const notes = new Notes();
  const known = objects.filter((object): object is KubeObject => isObject(object));
  const range = serviceRange(known);
  const fresh = Cluster.create({ ...options, preset: 'empty', ...(range === undefined ? {} : { serviceClusterIpRange: range }) }, hooks);
  // Kinds first: what they define can be read only then.
  for (const isDefinition of [true, false]) {
    const some = known.filter(({ kind }) => (kind === DEFINITION) === isDefinition);
    for (const kept of withOwners(readAll(fresh, some, notes), fresh)) write(fresh, kept, notes);
  }
  installPlayedDriver(
    fresh,
    known.filter(({ kind }) => kind === 'CSIDriver'),
  );
  // Every part starts on the objects, as after a restart of all machines.
  return { cluster: Cluster.restart(fresh.checkpoint(), hooks), taken: notes.taken, left: notes.left() };
}

function readAll(fresh: Cluster, objects: readonly KubeObject[], notes: Notes): readonly Kept[] {
  return objects.flatMap((object) => {
    const { apiVersion = '', kind = '' } = object;
    const type = fresh.api.catalog.strategyForKind(apiVersion, kind)?.resource;
    if (type === undefined) return notes.leave(`${kind} (${apiVersion})`, object, 'the kind is not served here');
    const resource = groupResource(storageOf(type));
    const clean = cleaned(resource, object);
    if ('why' in clean) return notes.leave(resource, object, clean.why);
    const decoded = decodeValue(type, cloneJson(clean.object), 'Ignore');
    if (!decoded.ok) return notes.leave(resource, object, decoded.status.message ?? 'it cannot be read');
    return [{ resource, object: withPlayedDriver(resource, toStorage(type, decoded.object)) }];
  });
}

/** The garbage collector deletes what has owners none of which is there. */
function withOwners(kept: readonly Kept[], { api }: Cluster): readonly Kept[] {
  const uids = new Set(kept.map(({ object }) => object.metadata.uid));
  for (const definition of api.store.list('customresourcedefinitions.apiextensions.k8s.io')) uids.add(definition.metadata.uid);
  return kept.map(({ resource, object }) => {
    const { ownerReferences, ...metadata } = object.metadata;
    const owners = (ownerReferences ?? []).filter(({ uid }) => uids.has(uid));
    if (owners.length === (ownerReferences?.length ?? 0)) return { resource, object };
    return { resource, object: { ...object, metadata: owners.length === 0 ? metadata : { ...metadata, ownerReferences: owners } } };
  });
}

function write({ api: { store } }: Cluster, { resource, object }: Kept, notes: Notes): void {
  const key = keyOf(object);
  const isThere = store.get(resource, key) !== undefined;
  // What a fresh control plane makes for itself stays, but for what people write on namespaces.
  if (isThere && resource !== 'namespaces') {
    notes.leave(resource, object, 'a new control plane has it already');
    return;
  }
  store.write({ ...WRITER, type: isThere ? 'MODIFIED' : 'ADDED', resource, object });
  notes.take(resource);
  if (resource !== 'services') return;
  for (const address of addressObjects(object))
    store.write({ ...WRITER, type: 'ADDED', resource: 'ipaddresses.networking.k8s.io', object: withIdentity(address, object) });
}

/** An address has the age of its Service. */
function withIdentity(address: KubeObject, { metadata }: KubeObject): KubeObject {
  const { creationTimestamp, uid = '' } = metadata;
  const own = { ...address.metadata, uid: `${uid}-${address.metadata.name ?? ''}` };
  return { ...address, metadata: creationTimestamp === undefined ? own : { ...own, creationTimestamp } };
}

function isObject(value: unknown): value is KubeObject {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, metadata } = value as { readonly kind?: unknown; readonly metadata?: unknown };
  return typeof kind === 'string' && typeof metadata === 'object' && metadata !== null;
}

class Notes {
  readonly taken = new Map<string, number>();
  private readonly reasons = new Map<string, LeftOut>();

  take(resource: string): void {
    this.taken.set(resource, (this.taken.get(resource) ?? 0) + 1);
  }

  leave(resource: string, { metadata }: KubeObject, why: string): readonly [] {
    const key = `${resource} ${why}`;
    const known = this.reasons.get(key);
    const { namespace, name = '' } = metadata;
    const example = namespace === undefined ? name : `${namespace}/${name}`;
    this.reasons.set(key, known === undefined ? { resource, count: 1, why, example } : { ...known, count: known.count + 1 });
    return [];
  }

  left(): readonly LeftOut[] {
    return [...this.reasons.values()];
  }
}
