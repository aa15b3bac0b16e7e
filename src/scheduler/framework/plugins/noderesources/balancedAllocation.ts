/**
 * Nodes whose CPU and memory would be used to a more equal share by this Pod score higher. Counterpart:
 * plugins/noderesources/balanced_allocation.go of 1.36, where only the change that the Pod makes counts.
 */
import { MAX_NODE_SCORE, type Plugin } from '../../interface.ts';
import { podRequests, requestsText } from '../../resource.ts';
import { SKIP } from '../../status.ts';

export const balancedAllocation = {
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,
  sign: (pod) => requestsText(pod),
  preScore: (_state, pod) => {
    const { total } = podRequests(pod);
    return total.milliCpu === 0 && total.memoryBytes === 0 ? SKIP : undefined;
  },
  /**
   * 50 + (50 + balance with the Pod - balance without it) / 2, where balance = (1 - |cpu share - memory share| / 2) × 100, truncated.
   * Example: 1 CPU, 2 GiB on a node of 4 CPU, 8 GiB that carries 2 CPU, 1 GiB: with the Pod |0.75 - 0.375| / 2 = 0.1875 > 81,
   * without |0.5 - 0.125| / 2 = 0.1875 > 81: 50 + (50 + 81 - 81) / 2 = 75.
   */
  score: (_state, pod, node) => {
    const { total } = podRequests(pod);
    const { allocatable, requested } = node;
    const after = balance(
      share(requested.milliCpu + total.milliCpu, allocatable.milliCpu),
      share(requested.memoryBytes + total.memoryBytes, allocatable.memoryBytes),
    );
    const before = balance(share(requested.milliCpu, allocatable.milliCpu), share(requested.memoryBytes, allocatable.memoryBytes));
    return Math.floor(MAX_NODE_SCORE / 2 + Math.floor((MAX_NODE_SCORE / 2 + after - before) / 2));
  },
} satisfies Plugin;

function share(used: number, capacity: number): number | undefined {
  return capacity === 0 ? undefined : Math.min(used / capacity, 1);
}

function balance(cpu: number | undefined, memory: number | undefined): number {
  // A resource that the node does not have takes no part; one alone is always in balance.
  const spread = cpu === undefined || memory === undefined ? 0 : Math.abs(cpu - memory) / 2;
  return Math.trunc((1 - spread) * MAX_NODE_SCORE);
}
