import type { Pod } from '../../../../api/schema/types/core/v1.ts';
import { MAX_NODE_SCORE } from '../../interface.ts';
import type { NodeInfo } from '../../nodeInfo.ts';
import { podRequests } from '../../resource.ts';

/** What the Pod adds when nodes are scored: with the defaults for containers that ask for nothing. */
export interface ScoringRequest {
  readonly milliCpu: number;
  readonly memoryBytes: number;
}

export function scoringRequest(pod: Pod): ScoringRequest {
  const { incomingMilliCpu, incomingMemoryBytes } = podRequests(pod);
  return { milliCpu: incomingMilliCpu, memoryBytes: incomingMemoryBytes };
}

/**
 * The mean of what would stay free of CPU and memory, in percent, truncated twice.
 * Example: 1 CPU, 2 GiB on a node of 4 CPU, 8 GiB that carries 2 CPU, 1 GiB:
 * (4000 - 3000) × 100 / 4000 = 25; (8 - 3) × 100 / 8 = 62; (25 + 62) / 2 = 43.
 */
export function leastAllocatedScore(request: ScoringRequest, node: NodeInfo): number {
  const { allocatable } = node;
  let score = 0;
  let weights = 0;
  if (allocatable.milliCpu > 0) {
    score += free(node.nonZeroMilliCpu + request.milliCpu, allocatable.milliCpu);
    weights++;
  }
  if (allocatable.memoryBytes > 0) {
    score += free(node.nonZeroMemoryBytes + request.memoryBytes, allocatable.memoryBytes);
    weights++;
  }
  return weights === 0 ? 0 : Math.floor(score / weights);
}

function free(requested: number, capacity: number): number {
  return requested > capacity ? 0 : Math.floor(((capacity - requested) * MAX_NODE_SCORE) / capacity);
}
