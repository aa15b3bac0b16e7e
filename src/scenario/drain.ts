/** `kubectl drain` after its cordon: evicts Pods and asks again every five seconds for those that a budget keeps. */
import type { Pod } from '../api/schema/types/core/v1.ts';
import { INDEX_NODE_NAME } from '../apiserver/apiServer.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { leavesByDrain } from '../kubectl/drain.ts';
import { answerOf } from '../kubectl/inProcess.ts';

export const DRAIN_INTERVAL_MS = 5_000;

/** Asks for the eviction of all Pods that are to go and are not going yet. @returns those that are still there, and the last refusal */
export function evictAll({ api }: Cluster, node: string): { readonly left: readonly string[]; readonly refusal: string } {
  let refusal = '';
  const left: string[] = [];
  for (const pod of api.store.byIndex('pods', INDEX_NODE_NAME, node) as readonly Pod[]) {
    if (!leavesByDrain(pod)) continue;
    const { name = '', namespace = '', deletionTimestamp } = pod.metadata;
    left.push(`${namespace}/${name}`);
    if (deletionTimestamp !== undefined) continue;
    const answer = answerOf(api, {
      method: 'POST',
      path: `/api/v1/namespaces/${namespace}/pods/${name}/eviction`,
      contentType: 'application/json',
      body: JSON.stringify({ apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } }),
    });
    if (answer.code < 300) continue;
    const { message = '', details } = answer.body as Refused;
    refusal = details?.causes?.[0]?.message ?? message;
  }
  return { left, refusal };
}

interface Refused {
  readonly message?: string;
  readonly details?: { readonly causes?: readonly { readonly message?: string }[] };
}
