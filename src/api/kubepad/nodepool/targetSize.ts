import type { NodePool } from '../types.ts';

/**
 * How many machines a pool is to have. A pool with bounds whose count nobody has set keeps what it has, within them.
 * @param present machines that are there or on their way
 */
export function targetSize({ spec = {} }: NodePool, present: number): number {
  const { count, min = 0, max } = spec;
  if (max === undefined) return count ?? 0;
  return Math.min(max, Math.max(min, count ?? present));
}
