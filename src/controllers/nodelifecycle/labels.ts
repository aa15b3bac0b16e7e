import { NODES } from '../../api/schema/resources.ts';
import type { Node } from '../../api/schema/types/core/v1.ts';
import type { ControllerContext } from '../runtime/environment.ts';

/** Labels that follow others under their former name. */
const FORMER: readonly (readonly [string, string])[] = [
  ['kubernetes.io/os', 'beta.kubernetes.io/os'],
  ['kubernetes.io/arch', 'beta.kubernetes.io/arch'],
];

/** Keeps the former labels equal to the present ones. */
export function syncLabels(context: ControllerContext, node: Node): void {
  const labels = node.metadata.labels ?? {};
  const stale = FORMER.filter(([present, former]) => labels[present] !== undefined && labels[former] !== labels[present]);
  if (stale.length === 0) return;
  context.client.modify(NODES, '', node.metadata.name ?? '', (copy) => {
    const target = (copy.metadata.labels ??= {});
    for (const [present, former] of stale) target[former] = labels[present] ?? '';
  });
}
