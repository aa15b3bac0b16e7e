import type { JsonObject, Json } from '../../../../src/base/json.ts';
import type { Node, PersistentVolume, Service } from '../../../../src/api/schema/types/core/v1.ts';
import type { KubeObject } from '../../../../src/apimachinery/meta/resource.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';

/** Objects that nobody needs any more: whose owner is gone, that should have gone, that tell of something that is not there. */
export function leaks(cluster: Cluster): readonly string[] {
  const { store } = cluster.api;
  const all = store.resources().flatMap((resource) => store.list(resource).map((object) => ({ resource, object })));
  const uids = new Set(all.map(({ object }) => object.metadata.uid));
  const found: string[] = [];
  for (const { resource, object } of all) {
    const { metadata } = object;
    for (const { uid, kind, name } of metadata.ownerReferences ?? [])
      if (!uids.has(uid)) found.push(`${resource} ${metadata.name} of ${kind} ${name}`);
    if (metadata.deletionTimestamp !== undefined)
      found.push(`${resource} ${metadata.namespace}/${metadata.name} is still being deleted: ${String(metadata.finalizers)}`);
    if (metadata.namespace !== undefined && store.get('namespaces', metadata.namespace) === undefined)
      found.push(`${resource} ${metadata.name} in ${metadata.namespace}, which is gone`);
  }
  const nodes = store.list('nodes') as readonly Node[];
  const names = new Set(nodes.map(({ metadata }) => metadata.name));
  for (const { metadata } of [...store.list('leases.coordination.k8s.io', 'kube-node-lease'), ...store.list('csinodes.storage.k8s.io')])
    if (!names.has(metadata.name)) found.push(`lease or CSINode of ${metadata.name}`);
  for (const volume of store.list('persistentvolumes') as readonly PersistentVolume[])
    if (!uids.has(volume.spec?.claimRef?.uid ?? '')) found.push(`${volume.metadata.name} of ${volume.spec?.claimRef?.name}`);
  for (const slice of store.list('endpointslices.discovery.k8s.io') as readonly (KubeObject & {
    readonly endpoints?: readonly { readonly targetRef?: { readonly uid?: string; readonly name?: string } }[];
  })[])
    // A Service that was deleted with Orphan leaves its slices to nobody: the real controller leaves them to the garbage collector, too.
    for (const { targetRef } of slice.metadata.ownerReferences === undefined ? [] : (slice.endpoints ?? []))
      if (targetRef !== undefined && !uids.has(targetRef.uid ?? '')) found.push(`endpoint of ${targetRef.name}`);
  const addresses = [
    ...nodes.map(({ spec }) => spec?.podCIDR),
    ...(store.list('services') as readonly Service[]).flatMap(({ spec }) => [
      ...(spec?.clusterIP === 'None' ? [] : [spec?.clusterIP]),
      ...(spec?.ports ?? []).map(({ nodePort }) => (nodePort === undefined ? undefined : String(nodePort))),
    ]),
  ].filter((address) => address !== undefined);
  if (new Set(addresses).size < addresses.length) found.push(`addresses given twice: ${String(addresses.toSorted())}`);
  return found;
}

/** What parts remember of objects that are gone, and timers for them. */
export function staleMemory(cluster: Cluster): readonly string[] {
  const { store } = cluster.api;
  const uids = new Set(store.resources().flatMap((resource) => store.list(resource).map(({ metadata }) => metadata.uid)));
  const state = cluster.simulation.checkpoint();
  const found: string[] = [];
  const search = (part: string, memory: Json | undefined): void => {
    const text = JSON.stringify(memory ?? null, withoutCaches);
    const gone = new Set([...text.matchAll(UUID)].map(([uid]) => uid).filter((uid) => !uids.has(uid)));
    for (const uid of [...gone].slice(0, 2)) {
      const at = text.indexOf(uid);
      found.push(`${part} remembers ${gone.size}: ${text.slice(Math.max(0, at - 120), at + 80)}`);
    }
  };
  for (const [part, memory] of Object.entries(state['components'] as JsonObject)) {
    search(part, memory);
    const { queue } = (memory ?? {}) as { readonly queue?: { readonly waiting?: Json[]; readonly failures?: Json[] } };
    if ((queue?.waiting?.length ?? 0) > 0 || (queue?.failures?.length ?? 0) > 0) found.push(`${part} has work: ${JSON.stringify(queue)}`);
  }
  search('the clock', state['timers']);
  const { waiting, held } = cluster.simulation;
  if (held > 10 * waiting + 1_000) found.push(`${held} entries of the clock for ${waiting} timers`);
  return found;
}

/**
 * What recorders know of events is a cache of 4,096 entries each, as client-go's: what is in it does no harm and goes when it is full.
 * The node lifecycle controller knows nodes by name, as the real one (knownNodeSet): of one that was made anew it keeps the first uid.
 */
const CACHES: readonly string[] = ['observed', 'similar', 'spam', 'series', 'known'];

function withoutCaches(key: string, value: unknown): unknown {
  return CACHES.includes(key) ? undefined : value;
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g;

/** How much each part remembers, in characters, and how many timers there are for it. */
export function sizes(cluster: Cluster): Readonly<Record<string, number>> {
  const state = cluster.simulation.checkpoint();
  const memory = Object.entries(state['components'] as JsonObject).map(
    ([part, each]) => [part, JSON.stringify(each, withoutCaches).length] as const,
  );
  const streams = ['streams', Object.keys(state['streams'] as JsonObject).length] as const;
  return Object.fromEntries([...memory, streams, ['timers', cluster.simulation.waiting]]);
}

/** Parts that remember much more than before, though there are the same objects. */
export function grown(before: Readonly<Record<string, number>>, after: Readonly<Record<string, number>>): readonly string[] {
  return Object.entries(after)
    .filter(([part, size]) => size > 1.5 * (before[part] ?? 0) + (part === 'timers' || part === 'streams' ? 10 : 500))
    .map(([part, size]) => `${part}: ${before[part]} before, ${size} now`);
}
