import type { Toleration } from '../../schema/types/core/v1.ts';

/** What of a taint a toleration looks at. */
export interface TaintLike {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

/**
 * Whether one toleration covers a taint: an empty key or effect means all of them (the operators that compare are off in 1.36).
 * Counterpart: Toleration.ToleratesTaint of k8s.io/component-helpers.
 */
export function tolerates({ key = '', operator = 'Equal', value = '', effect }: Toleration, taint: TaintLike): boolean {
  const wanted: string = effect ?? '';
  if (wanted !== '' && wanted !== taint.effect) return false;
  if (key !== '' && key !== taint.key) return false;
  return operator === 'Exists' || (operator === 'Equal' && value === (taint.value ?? ''));
}

export function toleratesAny(tolerations: readonly Toleration[] | undefined, taint: TaintLike): boolean {
  return (tolerations ?? []).some((toleration) => tolerates(toleration, taint));
}
