/**
 * Nodes whose CPU and memory (or what the profile names) would be used to a more equal share by this Pod score higher. Counterpart:
 * plugins/noderesources/balanced_allocation.go of 1.36, where only the change that the Pod makes counts.
 */
import type { BalancedAllocationArgs } from '../../../apis/config/types.ts';
import { MAX_NODE_SCORE, type Plugin } from '../../interface.ts';
import type { NodeInfo } from '../../nodeInfo.ts';
import { amountOf, podRequests, requestsText, type Resource } from '../../resource.ts';
import { SKIP } from '../../status.ts';

const DEFAULT = [{ name: 'cpu' }, { name: 'memory' }] as const;

export function createBalancedAllocation({ resources = DEFAULT }: BalancedAllocationArgs = {}): Plugin {
  const names = resources.map(({ name }) => name);
  return {
    name: 'NodeResourcesBalancedAllocation',
    weight: 1,
    sign: (pod) => requestsText(pod),
    preScore: (_state, pod) => {
      const { total } = podRequests(pod);
      return names.every((name) => amountOf(total, name) === 0) ? SKIP : undefined;
    },
    /**
     * 50 + (50 + balance with the Pod - balance without it) / 2, where balance = (1 - |cpu share - memory share| / 2) × 100, truncated.
     * Example: 1 CPU, 2 GiB on a node of 4 CPU, 8 GiB that carries 2 CPU, 1 GiB: with the Pod |0.75 - 0.375| / 2 = 0.1875 > 81,
     * without |0.5 - 0.125| / 2 = 0.1875 > 81: 50 + (50 + 81 - 81) / 2 = 75.
     */
    score: (_state, pod, node) => {
      const { total } = podRequests(pod);
      const after = balance(names, node, total, 1);
      const before = balance(names, node, total, 0);
      return Math.floor(MAX_NODE_SCORE / 2 + Math.floor((MAX_NODE_SCORE / 2 + after - before) / 2));
    },
  };
}

/** Of one resource alone, or of one that the node does not have: always in balance. */
function balance(names: readonly string[], { allocatable, requested }: NodeInfo, pod: Resource, times: 0 | 1): number {
  const shares: number[] = [];
  for (const name of names) {
    const capacity = amountOf(allocatable, name);
    const own = amountOf(pod, name);
    // Extended resources count only for Pods that ask for them.
    if (capacity === 0 || (own === 0 && name.includes('/'))) continue;
    shares.push(Math.min((amountOf(requested, name) + times * own) / capacity, 1));
  }
  return Math.trunc((1 - spread(shares)) * MAX_NODE_SCORE);
}

/** The standard deviation; of two, half their distance. */
function spread(shares: readonly number[]): number {
  const [first = 0, second = 0] = shares;
  if (shares.length < 2) return 0;
  if (shares.length === 2) return Math.abs(first - second) / 2;
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  return Math.sqrt(shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / shares.length);
}
