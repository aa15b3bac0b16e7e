import { isTerminated } from '../api/kubepad/nodepool/label.ts';
import type { Node } from '../api/schema/types/core/v1.ts';

/** Who runs the Pods of a node: the full simulation; Running and Ready at once; nobody. */
export type KubeletMode = 'realistic' | 'fast' | 'manual';

export const MODE_ANNOTATION = 'kubepad.dev/kubelet';
/** While a Node has it, its machine is off. */
export const FAULT_ANNOTATION = 'kubepad.dev/fault';

export function modeOf(node: Node, otherwise: KubeletMode): KubeletMode {
  const mode = node.metadata.annotations?.[MODE_ANNOTATION];
  return mode === 'realistic' || mode === 'fast' || mode === 'manual' ? mode : otherwise;
}

export function isFailed(node: Node): boolean {
  return node.metadata.annotations?.[FAULT_ANNOTATION] === 'NodeDown' || isTerminated(node);
}
