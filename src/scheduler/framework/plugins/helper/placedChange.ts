import type { Node, Pod } from '../../../../api/schema/types/core/v1.ts';
import type { Change } from '../../../../client/watchCursor.ts';

/** Pods as the scheduler's watch has them: placed ones that have not ended. Without `before` one came, without `after` one went. */
export type PlacedChange =
  | { readonly before: Pod; readonly after: Pod }
  | { readonly before: undefined; readonly after: Pod }
  | { readonly before: Pod; readonly after: undefined };

/** Undefined: the change is about no placed Pod. */
export function placedChange({ type, object, previous }: Change): PlacedChange | undefined {
  const pod = object as Pod;
  const after = type === 'DELETED' ? undefined : placed(pod);
  const before = placed(type === 'DELETED' ? pod : (previous as Pod | undefined));
  if (after === undefined) return before === undefined ? undefined : { before, after };
  return before === undefined ? { before, after } : { before, after };
}

/** The Pod that has gone from its node: deleted, or at its end. */
export function leftPod(change: Change): Pod | undefined {
  const placedPods = placedChange(change);
  return placedPods?.after === undefined ? placedPods?.before : undefined;
}

function placed(pod: Pod | undefined): Pod | undefined {
  if (pod === undefined || (pod.spec?.nodeName ?? '') === '') return undefined;
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed' ? undefined : pod;
}

/** Whether a node has come, or changed, so that something holds of it now that did not hold before. */
export function turned({ type, object, previous }: Change, holds: (node: Node) => boolean): boolean {
  if (type === 'DELETED' || !holds(object as Node)) return false;
  return previous === undefined || !holds(previous as Node);
}
