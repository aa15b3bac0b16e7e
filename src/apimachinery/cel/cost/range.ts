/** A least and a most; the most can be unknown (2^64-1, as for Kubernetes). Numbers beyond 2^53 are approximate, which no limit notices. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

export const UNKNOWN = 2 ** 64;
export const UNKNOWN_SIZE: Range = { min: 0, max: UNKNOWN };
export const ZERO: Range = { min: 0, max: 0 };

export const fixed = (value: number): Range => ({ min: value, max: value });
const capped = (value: number): number => Math.min(value, UNKNOWN);

export function plus(...ranges: readonly Range[]): Range {
  return ranges.reduce((sum, range) => ({ min: capped(sum.min + range.min), max: capped(sum.max + range.max) }), ZERO);
}

export function times(left: Range, right: Range): Range {
  return { min: capped(left.min * right.min), max: capped(left.max * right.max) };
}

/** Rounded up, as a part of a cost counts whole. */
export function scaled({ min, max }: Range, factor: number): Range {
  return { min: capped(Math.ceil(min * factor)), max: capped(Math.ceil(max * factor)) };
}

export function union(left: Range, right: Range): Range {
  return { min: Math.min(left.min, right.min), max: Math.max(left.max, right.max) };
}
