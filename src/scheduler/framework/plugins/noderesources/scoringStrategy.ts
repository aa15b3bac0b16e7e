import type { NodeResourcesFitArgs, ShapePoint } from '../../../apis/config/types.ts';
import { MAX_NODE_SCORE } from '../../interface.ts';
import type { NodeInfo } from '../../nodeInfo.ts';
import type { Resource } from '../../resource.ts';
import type { ScoringRequest } from './leastAllocated.ts';

/** What a strategy says of one resource: what would be used of what there is. */
type ResourceScore = (requested: number, capacity: number) => number;

/** Points of a shape are from 0 to 10, scores from 0 to 100. */
const POINT = MAX_NODE_SCORE / 10;

/**
 * The mean of the resources' scores by weight. Example: MostAllocated, 1 CPU and 2 GiB on a node of 4 CPU, 8 GiB that carries 2 CPU,
 * 1 GiB: cpu 75 with weight 3, memory 37 with weight 1: (225 + 37) / 4 = 65.
 */
export function strategyScore(
  strategy: NonNullable<NodeResourcesFitArgs['scoringStrategy']>,
): (request: ScoringRequest, total: Resource, node: NodeInfo) => number {
  const given = strategy.resources ?? [];
  const resources = given.length === 0 ? [{ name: 'cpu' }, { name: 'memory' }] : given;
  const isRatio = strategy.type === 'RequestedToCapacityRatio';
  const score = isRatio ? ratio(strategy.requestedToCapacityRatio?.shape ?? []) : strategy.type === 'MostAllocated' ? most : least;
  return (request, total, node) => {
    let sum = 0;
    let weights = 0;
    for (const { name, weight = 1 } of resources) {
      const [requested, capacity] = amounts(name, request, total, node);
      if (capacity === 0) continue;
      const own = score(requested, capacity);
      // Where a shape gives nothing, the resource does not count at all.
      if (isRatio && own <= 0) continue;
      sum += own * weight;
      weights += weight;
    }
    if (weights === 0) return 0;
    return isRatio ? Math.round(sum / weights) : Math.floor(sum / weights);
  };
}

/** What would be requested, and what the node has; nothing of it where the Pod does not ask for a resource that is not of every node. */
function amounts(name: string, request: ScoringRequest, total: Resource, node: NodeInfo): readonly [number, number] {
  const { allocatable, requested } = node;
  switch (name) {
    case 'cpu':
      return [node.nonZeroMilliCpu + request.milliCpu, allocatable.milliCpu];
    case 'memory':
      return [node.nonZeroMemoryBytes + request.memoryBytes, allocatable.memoryBytes];
    case 'ephemeral-storage':
      return [requested.ephemeralStorageBytes + total.ephemeralStorageBytes, allocatable.ephemeralStorageBytes];
    default: {
      const wanted = total.scalars?.get(name) ?? 0;
      return wanted === 0 ? [0, 0] : [(requested.scalars?.get(name) ?? 0) + wanted, allocatable.scalars?.get(name) ?? 0];
    }
  }
}

function least(requested: number, capacity: number): number {
  return requested > capacity ? 0 : Math.floor(((capacity - requested) * MAX_NODE_SCORE) / capacity);
}

/** Pods that ask for nothing count the defaults, so more than all may be requested. */
function most(requested: number, capacity: number): number {
  return Math.floor((Math.min(requested, capacity) * MAX_NODE_SCORE) / capacity);
}

/** Between two points in a straight line: 0 > 0, 100 > 10 gives 37 at 37 percent. */
function ratio(shape: readonly ShapePoint[]): ResourceScore {
  const points = shape.map(({ utilization = 0, score = 0 }) => ({ at: utilization, score: score * POINT }));
  return (requested, capacity) => {
    const used = requested > capacity ? MAX_NODE_SCORE : Math.floor((requested * MAX_NODE_SCORE) / capacity);
    const index = points.findIndex(({ at }) => used <= at);
    const after = points[index];
    const before = points[index - 1];
    if (after === undefined) return points.at(-1)?.score ?? 0;
    if (before === undefined) return after.score;
    return before.score + Math.trunc(((after.score - before.score) * (used - before.at)) / (after.at - before.at));
  };
}
