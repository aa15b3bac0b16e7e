/**
 * The marks that the autoscaler puts on nodes.
 * Invariant: a mark says when it was made, in seconds since 1970; nobody else's taints are touched.
 * Counterpart: k8s.io/autoscaler/cluster-autoscaler/utils/taints.
 */
import { UNINITIALIZED } from '../../api/core/node/taints.ts';
import { NODES } from '../../api/schema/resources.ts';
import type { Node, Taint } from '../../api/schema/types/core/v1.ts';
import type { Client } from '../../client/client.ts';
import { removeTaint } from '../../client/taints.ts';

/** The node goes: nothing new is placed there. */
export const TO_BE_DELETED = 'ToBeDeletedByClusterAutoscaler';
/** The node is not needed: it is used last. */
export const DELETION_CANDIDATE = 'DeletionCandidateOfClusterAutoscaler';

const EFFECTS = { [TO_BE_DELETED]: 'NoSchedule', [DELETION_CANDIDATE]: 'PreferNoSchedule' } as const;
type Mark = keyof typeof EFFECTS;

/** What a machine has until its kubelet and its network are ready: a node that is on its way has none of it soon. */
const STARTUP_TAINTS: ReadonlySet<string> = new Set([
  'node.kubernetes.io/not-ready',
  'node.kubernetes.io/unreachable',
  'node.kubernetes.io/network-unavailable',
  UNINITIALIZED,
]);

export function hasMark({ spec }: Node, mark: Mark): boolean {
  return spec?.taints?.some(({ key }) => key === mark) === true;
}

export function isBeingDeleted(node: Node): boolean {
  return hasMark(node, TO_BE_DELETED);
}

export function setMark(client: Client, name: string, mark: Mark, nowMs: number): void {
  client.modify(NODES, '', name, (copy) => {
    const spec = (copy.spec ??= {});
    if (spec.taints?.some(({ key }) => key === mark) === true) return;
    spec.taints = [...(spec.taints ?? []), { key: mark, value: String(Math.floor(nowMs / 1000)), effect: EFFECTS[mark] }];
  });
}

export function removeMark(client: Client, name: string, mark: Mark): void {
  removeTaint(client, name, mark);
}

/** The node as it will be once it is ready. */
export function asReady(node: Node): Node {
  const taints = node.spec?.taints ?? [];
  const left = taints.filter(({ key }: Taint) => !STARTUP_TAINTS.has(key));
  return left.length === taints.length ? node : { ...node, spec: { ...node.spec, taints: left } };
}
