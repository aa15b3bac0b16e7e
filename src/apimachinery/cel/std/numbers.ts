import { CelError, CelUint, type Value } from '../values.ts';

const MAX_INT = 2n ** 63n - 1n;
const MIN_INT = -(2n ** 63n);
const MAX_UINT = 2n ** 64n - 1n;

export function int64(value: bigint): bigint {
  if (value > MAX_INT || value < MIN_INT) throw new CelError('integer overflow');
  return value;
}

export function uint64(value: bigint): CelUint {
  if (value > MAX_UINT || value < 0n) throw new CelError('unsigned integer overflow');
  return new CelUint(value);
}

type Arithmetic = { readonly int: (a: bigint, b: bigint) => bigint; readonly double?: (a: number, b: number) => number };

/** Both of one numeric type; undefined if they are not. */
export function arithmetic(left: Value, right: Value, { int, double }: Arithmetic): Value | undefined {
  if (typeof left === 'bigint' && typeof right === 'bigint') return int64(int(left, right));
  if (left instanceof CelUint && right instanceof CelUint) return uint64(int(left.value, right.value));
  if (typeof left === 'number' && typeof right === 'number') return double?.(left, right);
  return undefined;
}
