import type { Node } from '../../api/schema/types/core/v1.ts';
import { POOL_LABEL } from '../../api/kubepad/nodepool/label.ts';
import { resourceOf } from '../../scheduler/framework/resource.ts';
import type { NodeGroup } from './nodeGroup.ts';

/** Labels in which nodes of equal groups may differ: names and places. */
const IGNORED: ReadonlySet<string> = new Set([
  POOL_LABEL,
  'kubernetes.io/hostname',
  'failure-domain.beta.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone',
  'topology.ebs.csi.aws.com/zone',
  'alpha.eksctl.io/instance-id',
  'alpha.eksctl.io/nodegroup-name',
  'eks.amazonaws.com/nodegroup',
  'eks.amazonaws.com/nodegroup-image',
  'eks.amazonaws.com/sourceLaunchTemplateId',
  'eks.amazonaws.com/sourceLaunchTemplateVersion',
]);
/** Machines of one type do not all report the same memory. */
const MEMORY_TOLERANCE = 0.015;

/**
 * Whether machines of two groups are as good as each other: same CPU and Pod count, nearly the same memory, same labels.
 * @param ignored further labels in which they may differ
 */
export function areSimilar(a: Node, b: Node, ignored: readonly string[] = []): boolean {
  const [left, right] = [resourceOf(a.status?.capacity), resourceOf(b.status?.capacity)];
  if (left.milliCpu !== right.milliCpu || left.pods !== right.pods) return false;
  const larger = Math.max(left.memoryBytes, right.memoryBytes);
  if (Math.abs(left.memoryBytes - right.memoryBytes) > MEMORY_TOLERANCE * larger) return false;
  const labels = (node: Node): string =>
    JSON.stringify(
      Object.entries(node.metadata.labels ?? {})
        .filter(([key]) => !IGNORED.has(key) && !ignored.includes(key))
        .toSorted(([x], [y]) => (x < y ? -1 : 1)),
    );
  return labels(a) === labels(b);
}

/**
 * Shares new machines out: the smallest group that may grow gets the next one, the first where they are equal.
 * Worked example: groups of 1, 2 and 3 with a maximum of 4, five machines: 2, 3, 3 · 3, 3, 3 … and so 4, 4, 3.
 */
export function shareOut(groups: readonly NodeGroup[], count: number): readonly { readonly group: NodeGroup; readonly newSize: number }[] {
  const sizes = groups.map((group) => ({ group, newSize: group.target }));
  for (let left = count; left > 0; left--) {
    const open = sizes.filter(({ group, newSize }) => newSize < group.max);
    const [first] = open.toSorted((a, b) => a.newSize - b.newSize);
    if (first === undefined) break;
    first.newSize++;
  }
  return sizes.filter(({ group, newSize }) => newSize > group.target);
}
