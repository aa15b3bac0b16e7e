/**
 * Takes a node out of its pool: cordoned, its Pods evicted as far as their budgets allow, then the machine goes.
 * Invariant: no Pod is deleted but by an eviction; what DaemonSets run, and what has ended, goes with the node.
 * Counterpart: kubectl drain --ignore-daemonsets --delete-emptydir-data, and what node autoscalers do when they scale in.
 */
import { isNodeReady } from '../../api/core/node/readiness.ts';
import { NODES } from '../../api/schema/resources.ts';
import type { Node, Pod } from '../../api/schema/types/core/v1.ts';
import { handleRequest } from '../../apiserver/endpoints/handle.ts';
import type { UserInfo } from '../../apiserver/request.ts';
import type { Client } from '../../client/client.ts';

/** On a Node that its pool takes away. */
export const DRAINING_ANNOTATION = 'kubepad.dev/draining';
const MIRROR_ANNOTATION = 'kubernetes.io/config.mirror';

/** Goes on draining; returns how many Pods are left. A node that does not answer has nobody who could stop its Pods. */
export function drain(client: Client, user: UserInfo, node: Node): number {
  const name = node.metadata.name ?? '';
  if (!isNodeReady(node)) return 0;
  client.modify(NODES, '', name, (copy) => {
    (copy.metadata.annotations ??= {})[DRAINING_ANNOTATION] = 'true';
    (copy.spec ??= {}).unschedulable = true;
  });
  const pods = client.podsOnNode(name).filter(mustLeave);
  for (const pod of pods) if (pod.metadata.deletionTimestamp === undefined) evict(client, user, pod);
  return pods.length;
}

/** The node stays after all. */
export function keep(client: Client, node: Node): void {
  if (node.metadata.annotations?.[DRAINING_ANNOTATION] === undefined) return;
  client.modify(NODES, '', node.metadata.name ?? '', (copy) => {
    delete copy.metadata.annotations?.[DRAINING_ANNOTATION];
    delete copy.spec?.unschedulable;
  });
}

/**
 * A refusal by a budget is no failure: the next round asks again.
 * @param gracePeriodSeconds default: what the Pod says
 * @returns what the API server said against it
 */
export function evict(client: Client, user: UserInfo, { metadata }: Pod, gracePeriodSeconds?: number): string | undefined {
  const { namespace = '', name = '' } = metadata;
  const answer = handleRequest(client.api, {
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/pods/${name}/eviction`,
    query: new URLSearchParams(),
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name, namespace },
      ...(gracePeriodSeconds === undefined ? {} : { deleteOptions: { gracePeriodSeconds } }),
    }),
    user,
  });
  if (answer.kind !== 'response' || answer.code < 300) return undefined;
  return (JSON.parse(answer.body) as { readonly message?: string }).message ?? '';
}

function mustLeave({ metadata, status }: Pod): boolean {
  // Its kubelet is about to take away what has ended and is deleted; without the node that would be left to the garbage collector.
  const isLeaving = metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).length === 0;
  if (!isLeaving && (status?.phase === 'Succeeded' || status?.phase === 'Failed')) return false;
  if (metadata.annotations?.[MIRROR_ANNOTATION] !== undefined) return false;
  return !(metadata.ownerReferences ?? []).some(({ kind, controller }) => kind === 'DaemonSet' && controller === true);
}
