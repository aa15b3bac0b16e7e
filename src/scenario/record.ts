/**
 * A scenario of what a person has done to a cluster, read from its history: the acts, the time between them, and how workloads are now.
 * Invariant: only writes from outside are taken, never what they led to; played again on such a cluster they lead there again.
 * Counterpart: none in Kubernetes; the recorder of a browser's test tools.
 */
import { stringify } from 'yaml';
import { formatDuration } from '../api/kubepad/duration.ts';
import type { KubeObject } from '../apimachinery/meta/resource.ts';
import { ADMIN } from '../apiserver/authentication/users.ts';
import type { Revision } from '../apiserver/storage/revision.ts';
import { jsonEqual } from '../base/json.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { LAST_APPLIED } from '../kubectl/apply.ts';
import { isRecord } from '../manifest/recognise.ts';
import { SCENARIO_KIND, SCENARIO_VERSION, type Expectation } from './types.ts';

/** What is recorded: writes of the person, on resources that are no control of the simulator's clock. */
const LEFT_OUT: ReadonlySet<string> = new Set(['clocks.kubepad.dev', 'events', 'events.events.k8s.io']);
const WORKLOADS = ['deployments.apps', 'statefulsets.apps', 'daemonsets.apps'] as const;
/** Shorter pauses are those of the hand, not of the story. */
const SHORTEST_WAIT_MS = 100;

type Recorded = Readonly<Record<string, unknown>>;

/** @returns YAML; undefined: nothing has been done, or too long ago for the history to know */
export function recordScenario(cluster: Cluster): string | undefined {
  const { store } = cluster.api;
  const writes = store
    .resources()
    .filter((resource) => !LEFT_OUT.has(resource))
    .flatMap((resource) => store.since(resource, store.compactedRevision(resource)) ?? [])
    .filter(({ actor, cause }) => actor === ADMIN.name && cause === undefined)
    .toSorted((a, b) => a.revision - b.revision);
  const [first] = writes;
  if (first === undefined) return undefined;
  const steps: Recorded[] = [];
  let at = first.at;
  for (const write of writes) {
    const act = actOf(write);
    if (act === undefined) continue;
    if (write.at - at >= SHORTEST_WAIT_MS) steps.push({ wait: formatDuration(write.at - at) });
    at = write.at;
    const last = steps.at(-1);
    // What is applied in one go is one step.
    if (last !== undefined && Array.isArray(last['objects']) && Array.isArray(act['objects']))
      steps[steps.length - 1] = { objects: [...(last['objects'] as readonly unknown[]), ...(act['objects'] as readonly unknown[])] };
    else steps.push(act);
  }
  const rest = cluster.simulation.now() - at;
  if (rest >= SHORTEST_WAIT_MS) steps.push({ wait: formatDuration(rest) });
  const { preset, nodes, seed } = cluster.options;
  return stringify(
    {
      apiVersion: SCENARIO_VERSION,
      kind: SCENARIO_KIND,
      metadata: { name: 'recorded' },
      title: 'What was done, and what came of it',
      cluster: { preset, ...(nodes === undefined ? {} : { nodes }), seed },
      steps,
      ...expected(cluster),
    },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
}

function actOf({ type, verb, object, previous }: Revision): Recorded | undefined {
  const { kind = '', metadata } = object;
  const { name = '', namespace } = metadata;
  const subject = `${kind.toLowerCase()}/${name}`;
  const place = namespace === undefined ? {} : { namespace };
  const isControl = kind === 'Fault' || kind === 'Load';
  const isGoing = metadata.deletionTimestamp !== undefined && previous?.metadata.deletionTimestamp === undefined;
  if (type === 'DELETED' || isGoing) {
    // The last state of what was going already.
    if (type === 'DELETED' && previous?.metadata.deletionTimestamp !== undefined) return undefined;
    if (isControl) return kind === 'Fault' ? { recover: name } : { endLoad: name };
    return { delete: { object: subject }, ...place };
  }
  if (type === 'ADDED' || previous === undefined) {
    if (isControl) return { [kind.toLowerCase()]: { name, ...specOf(object) } };
    return { objects: [lastApplied(object) ?? bare(object)] };
  }
  if (verb.includes('status')) return undefined;
  const applied = lastApplied(object);
  if (applied !== undefined && !jsonEqual(applied, lastApplied(previous))) return { objects: [applied] };
  const patch = difference(bare(previous), bare(object));
  const spec = patch['spec'];
  if (Object.keys(patch).length === 0) return undefined;
  if (kind === 'Node' && isRecord(spec) && 'unschedulable' in spec)
    return spec['unschedulable'] === true ? { cordon: name } : { uncordon: name };
  if (Object.keys(patch).length === 1 && isRecord(spec) && Object.keys(spec).length === 1 && typeof spec['replicas'] === 'number')
    return { scale: { object: subject, replicas: spec['replicas'] }, ...place };
  return { patch: { object: subject, patch }, ...place };
}

function specOf(object: KubeObject): Recorded {
  const { spec } = object as { readonly spec?: unknown };
  return isRecord(spec) ? spec : {};
}

/** What the person wrote, where `kubectl apply` kept it. */
function lastApplied({ metadata }: KubeObject): Recorded | undefined {
  const text = metadata.annotations?.[LAST_APPLIED];
  if (text === undefined) return undefined;
  try {
    const { metadata: meta, ...rest } = JSON.parse(text) as { readonly metadata?: { readonly annotations?: object } };
    const { annotations = {}, ...others } = meta ?? {};
    return { ...rest, metadata: { ...others, ...(Object.keys(annotations).length === 0 ? {} : { annotations }) } };
  } catch {
    // Somebody else wrote into the annotation.
    return undefined;
  }
}

/** Without what the server keeps. */
function bare(object: KubeObject): Recorded {
  const { apiVersion, kind, metadata, ...rest } = object as KubeObject & Recorded;
  const { name, namespace, labels, annotations = {}, ownerReferences, finalizers } = metadata;
  const { [LAST_APPLIED]: _, ...own } = annotations;
  const kept = { name, namespace, labels, ownerReferences, finalizers, ...(Object.keys(own).length === 0 ? {} : { annotations: own }) };
  const { status: __, ...body } = rest as Recorded;
  return { apiVersion, kind, metadata: Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined)), ...body };
}

/** A merge patch from one to the other; lists are replaced whole. */
function difference(from: Recorded, to: Recorded): Recorded {
  const patch: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const [before, after] = [from[key], to[key]];
    if (jsonEqual(before, after)) continue;
    patch[key] = isRecord(before) && isRecord(after) ? difference(before, after) : (after ?? null);
  }
  return patch;
}

/** How the workloads are that there are now: a beginning, to be made less or more strict by hand. */
function expected({ api }: Cluster): { readonly expect?: readonly Expectation[] } {
  const expect = WORKLOADS.flatMap((resource) =>
    api.store.list(resource).map((object): Expectation => {
      const { metadata, kind = '' } = object;
      const { readyReplicas = 0, numberReady = 0 } = (object as { readonly status?: Ready }).status ?? {};
      const fields = kind === 'DaemonSet' ? { 'status.numberReady': numberReady } : { 'status.readyReplicas': readyReplicas };
      const place = metadata.namespace === 'default' || metadata.namespace === undefined ? {} : { namespace: metadata.namespace };
      return { object: `${kind.toLowerCase()}/${metadata.name ?? ''}`, ...place, fields };
    }),
  );
  return expect.length === 0 ? {} : { expect };
}

interface Ready {
  readonly readyReplicas?: number;
  readonly numberReady?: number;
}
