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

/** An empty key with Exists matches every taint, an empty effect every effect. */
export function tolerates({ key = '', operator = 'Equal', value = '', effect }: Toleration, taint: Taint): boolean {
  if (effect !== undefined && effect !== taint.effect) return false;
  if (key !== '' && key !== taint.key) return false;
  if (operator === 'Exists') return true;
  const actual = taint.value ?? '';
  if (operator === 'Equal') return key !== '' && value === actual;
  const [left, right] = [Number.parseInt(actual, 10), Number.parseInt(value, 10)];
  if (Number.isNaN(left) || Number.isNaN(right)) return false;
  return operator === 'Gt' ? left > right : left < right;
}
