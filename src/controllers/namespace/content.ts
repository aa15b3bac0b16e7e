import type { Pod } from '../../api/schema/types/core/v1.ts';
import { groupResource, type KubeObject, type ResourceType } from '../../apimachinery/meta/resource.ts';
import type { Client } from '../../client/client.ts';
import { isPodFinished } from '../util/podUtil.ts';

/** How long content that a finalizer holds is given before the next look. */
const FINALIZER_ESTIMATE_SECONDS = 15;

/** What is left of a namespace after its content was told to go. */
export interface RemainingContent {
  /** How many objects of which resource (`pods`, `deployments.apps`). */
  readonly remaining: ReadonlyMap<string, { readonly type: ResourceType; readonly count: number }>;
  /** How many objects each finalizer holds. */
  readonly finalizers: ReadonlyMap<string, number>;
  /** How long the rest may take, seconds. */
  readonly estimateSeconds: number;
  /** Finalizers hold all that is left. */
  readonly held: boolean;
  /** Something is left that nothing holds: only trying again can tell. */
  readonly unexpected: boolean;
}

/**
 * Deletes everything in a namespace: Pods first, the other resources when no Pod is left.
 * @throws StatusError
 */
export function deleteAllContent(client: Client, namespace: string): RemainingContent {
  const types = namespacedTypes(client);
  const pods = types.filter((type) => groupResource(type) === 'pods');
  const first = deleteTypes(client, namespace, pods);
  if (first.remaining.size > 0) return first;
  return deleteTypes(
    client,
    namespace,
    types.filter((type) => groupResource(type) !== 'pods'),
  );
}

/** Every namespaced resource that has objects, in the order of discovery as far as the store knows it. */
function namespacedTypes({ api }: Client): readonly ResourceType[] {
  return api.store.resources().flatMap((resource) => {
    const dot = resource.indexOf('.');
    const name = dot < 0 ? { group: '', plural: resource } : { group: resource.slice(dot + 1), plural: resource.slice(0, dot) };
    const type = api.strategy(name)?.resource;
    return type?.namespaced === true ? [type] : [];
  });
}

function deleteTypes(client: Client, namespace: string, types: readonly ResourceType[]): RemainingContent {
  const remaining = new Map<string, { readonly type: ResourceType; readonly count: number }>();
  const finalizers = new Map<string, number>();
  let estimateSeconds = 0;
  let unexpected = false;
  let graceful = false;
  for (const type of types) {
    const before = client.list(type, namespace);
    if (before.length === 0) continue;
    const graceSeconds = groupResource(type) === 'pods' ? longestGrace(before as readonly Pod[]) : 0;
    for (const object of before) client.delete(type, namespace, object.metadata.name ?? '', { propagationPolicy: 'Background' });
    const left = client.list(type, namespace);
    if (left.length === 0) continue;
    remaining.set(groupResource(type), { type, count: left.length });
    const held = countFinalizers(left, finalizers);
    if (graceSeconds === 0 && !held) unexpected = true;
    if (graceSeconds > 0) graceful = true;
    estimateSeconds = Math.max(estimateSeconds, graceSeconds > 0 ? graceSeconds : FINALIZER_ESTIMATE_SECONDS);
  }
  return { remaining, finalizers, estimateSeconds, held: !unexpected && !graceful, unexpected };
}

/** The longest time that one of the Pods may take to end, seconds. */
function longestGrace(pods: readonly Pod[]): number {
  return Math.max(0, ...pods.filter((pod) => !isPodFinished(pod)).map((pod) => pod.spec?.terminationGracePeriodSeconds ?? 0));
}

function countFinalizers(objects: readonly KubeObject[], counts: Map<string, number>): boolean {
  let held = false;
  for (const finalizer of objects.flatMap(({ metadata }) => metadata.finalizers ?? [])) {
    counts.set(finalizer, (counts.get(finalizer) ?? 0) + 1);
    held = true;
  }
  return held;
}
