import { jsonEqual } from '../../../../base/json.ts';
import type { Node, Pod } from '../../../../api/schema/types/core/v1.ts';
import { matches } from '../../../../apimachinery/labels/selector.ts';
import type { Change } from '../../../../client/watchCursor.ts';
import { placedChange } from '../helper/placedChange.ts';
import type { Constraint } from './constraint.ts';

/** Whether a Pod that counts came, went, or began or ceased to count. */
export function shifts(constraints: readonly Constraint[], pod: Pod, change: Change): boolean {
  const placed = placedChange(change);
  if (placed === undefined || change.object.metadata.namespace !== pod.metadata.namespace) return false;
  const { before, after } = placed;
  if (before !== undefined && after !== undefined && before.metadata.labels === after.metadata.labels) return false;
  const counts = (other: Pod | undefined, { selector }: Constraint): boolean =>
    other !== undefined && matches(selector, other.metadata.labels);
  return constraints.some((constraint) => counts(before, constraint) !== counts(after, constraint));
}

/** Whether a node with all keys of the constraints came or went, or is of another domain now; taints count where a policy honours them. */
export function shiftsDomains(constraints: readonly Constraint[], pod: Pod, { type, object, previous }: Change): boolean {
  const now = type === 'DELETED' ? undefined : (object as Node);
  const before = (type === 'DELETED' ? object : previous) as Node | undefined;
  const isIn = (node: Node | undefined): boolean =>
    node !== undefined && constraints.every(({ topologyKey }) => node.metadata.labels?.[topologyKey] !== undefined);
  if (isIn(now) !== isIn(before)) return true;
  if (!isIn(now)) return false;
  if (constraints.some(({ topologyKey }) => now?.metadata.labels?.[topologyKey] !== before?.metadata.labels?.[topologyKey])) return true;
  const honours = (pod.spec?.topologySpreadConstraints ?? []).some(({ nodeTaintsPolicy }) => nodeTaintsPolicy === 'Honor');
  return honours && !jsonEqual(now?.spec?.taints, before?.spec?.taints);
}
