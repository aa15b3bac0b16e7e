import { tolerates } from '../../api/core/node/tolerates.ts';
import type { Taint, Toleration } from '../../api/schema/types/core/v1.ts';

/**
 * How long a Pod may stay on a node with these NoExecute taints, seconds: 0 if it tolerates one of them not at all,
 * undefined if it may stay for ever. Of several tolerations the shortest time counts; a negative one means at once.
 * Worked example: taints a and b; a is tolerated for 60 s, b for 3 s: 3.
 */
export function tolerationTime(taints: readonly Taint[], tolerations: readonly Toleration[]): number | undefined {
  const used: Toleration[] = [];
  for (const taint of taints) {
    const match = tolerations.find((toleration) => tolerates(toleration, taint));
    if (match === undefined) return 0;
    used.push(match);
  }
  const limits = used.map(({ tolerationSeconds }) => tolerationSeconds).filter((seconds) => seconds !== undefined);
  return limits.length === 0 ? undefined : Math.max(0, Math.min(...limits));
}
