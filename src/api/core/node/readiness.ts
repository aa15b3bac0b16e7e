import type { Node } from '../../schema/types/core/v1.ts';

/** `True`, `False` or `Unknown`; undefined: its kubelet has said nothing yet. */
export function readyStatus({ status }: Node): string | undefined {
  return status?.conditions?.find(({ type }) => type === 'Ready')?.status;
}

export function isNodeReady(node: Node): boolean {
  return readyStatus(node) === 'True';
}
