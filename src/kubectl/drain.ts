/** `kubectl drain --ignore-daemonsets --delete-emptydir-data`, one round at a time: who is to go, and who may not go yet. */
import type { Pod } from '../api/schema/types/core/v1.ts';
import { MIRROR_POD } from '../api/core/pod/annotations.ts';
import { send, type Answered, type Rest } from './rest.ts';

export interface DrainRound {
  /** `NAMESPACE/NAME` of the Pods that are still there. */
  readonly left: readonly string[];
  /** What the API server last said against an eviction. */
  readonly refusal: string;
  /** Those that no controller makes again; unless `force` is said nobody is evicted while there are any. */
  readonly bare: readonly string[];
}

/**
 * Asks for the eviction of all Pods that are to go and are not going yet. A budget that refuses is no failure: ask again.
 * @param node which is cordoned already
 * @param force bare Pods go too
 */
export async function drainRound(rest: Rest, node: string, force: boolean): Promise<Answered<DrainRound>> {
  const answer = await send(rest, { method: 'GET', path: '/api/v1/pods', query: { fieldSelector: `spec.nodeName=${node}` } });
  if (!answer.ok) return answer;
  const pods = ((answer.value['items'] ?? []) as readonly Pod[]).filter(leavesByDrain);
  const bare = pods.filter(isBare).map(nameOf);
  let refusal = '';
  if (force || bare.length === 0)
    for (const pod of pods) if (pod.metadata.deletionTimestamp === undefined) refusal = (await evict(rest, pod)) ?? refusal;
  return { ...answer, value: { left: pods.map(nameOf), refusal, bare } };
}

/** What DaemonSets run and what the kubelet runs by itself stays. */
export function leavesByDrain({ metadata: { ownerReferences = [], annotations = {} } }: Pod): boolean {
  return (
    annotations[MIRROR_POD] === undefined && !ownerReferences.some(({ kind, controller }) => kind === 'DaemonSet' && controller === true)
  );
}

/** One that has ended is missed by nobody. */
function isBare({ metadata: { ownerReferences = [] }, status }: Pod): boolean {
  return status?.phase !== 'Succeeded' && status?.phase !== 'Failed' && !ownerReferences.some(({ controller }) => controller === true);
}

async function evict(rest: Rest, { metadata: { name = '', namespace = '' } }: Pod): Promise<string | undefined> {
  const answer = await send(rest, {
    method: 'POST',
    path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/eviction`,
    contentType: 'application/json',
    body: JSON.stringify({ apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } }),
  });
  if (answer.ok || answer.status.code === 404) return undefined;
  const { details, message } = answer.status;
  return [message ?? '', ...(details?.causes ?? []).map((cause) => cause.message ?? '')].filter((text) => text !== '').join(' ');
}

function nameOf({ metadata: { name = '', namespace = '' } }: Pod): string {
  return `${namespace}/${name}`;
}
