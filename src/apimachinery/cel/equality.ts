import {
  CelDuration,
  CelError,
  CelOpaque,
  CelOptional,
  CelTime,
  CelTypeValue,
  CelUint,
  isList,
  MapLike,
  noSuchOverload,
  type Value,
} from './values.ts';

/** How a list of an API object is compared: as a set, or as a map by some of its items' fields. */
export interface ListSemantics {
  readonly keys: readonly string[] | undefined;
}

/** Lists that came from a schema with `x-kubernetes-list-type` set or map. */
export const LIST_SEMANTICS = new WeakMap<readonly Value[], ListSemantics>();

/** `==`: values of different types are unequal, numbers are compared as numbers. */
export function celEquals(left: Value, right: Value): boolean {
  if (left === right) return true;
  if (left === null || right === null) return false;
  if (isNumeric(left)) return isNumeric(right) && compareNumbers(left, right) === 0;
  if (typeof left !== 'object' || typeof right !== 'object') return false;
  if (isList(left)) return isList(right) && listsEqual(left, right);
  if (left instanceof MapLike) return right instanceof MapLike && mapsEqual(left, right);
  if (left instanceof Uint8Array) return right instanceof Uint8Array && compareBytes(left, right) === 0;
  if (left instanceof CelTime) return right instanceof CelTime && left.nanos === right.nanos;
  if (left instanceof CelDuration) return right instanceof CelDuration && left.nanos === right.nanos;
  if (left instanceof CelTypeValue) return right instanceof CelTypeValue && left.name === right.name;
  if (left instanceof CelOptional) {
    if (!(right instanceof CelOptional)) return false;
    if (left.value === undefined || right.value === undefined) return left.value === right.value;
    return celEquals(left.value, right.value);
  }
  return left instanceof CelOpaque && right instanceof CelOpaque && left.typeName === right.typeName && left.equals(right);
}

function listsEqual(left: readonly Value[], right: readonly Value[]): boolean {
  if (left.length !== right.length) return false;
  const semantics = LIST_SEMANTICS.get(left) ?? LIST_SEMANTICS.get(right);
  if (semantics === undefined) return left.every((item, index) => celEquals(item, right[index] as Value));
  const rest = [...right];
  return left.every((item) => {
    const index = rest.findIndex((other) => celEquals(item, other));
    if (index >= 0) rest.splice(index, 1);
    return index >= 0;
  });
}

function mapsEqual(left: MapLike, right: MapLike): boolean {
  if (left.size !== right.size) return false;
  return left.keys().every((key) => {
    const [mine, other] = [left.find(key), right.find(key)];
    return mine !== undefined && other !== undefined && celEquals(mine, other);
  });
}

export function isNumeric(value: Value): value is bigint | number | CelUint {
  return typeof value === 'bigint' || typeof value === 'number' || value instanceof CelUint;
}

/** Negative, zero, positive; NaN where one is NaN. */
export function compareNumbers(left: bigint | number | CelUint, right: bigint | number | CelUint): number {
  const a = left instanceof CelUint ? left.value : left;
  const b = right instanceof CelUint ? right.value : right;
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : a === b ? 0 : Number.NaN;
  // Whole numbers are compared with others as doubles, so those beyond the 53rd bit come out equal.
  return typeof a === 'number' || typeof b === 'number' ? compareNumbers(Number(a), Number(b)) : a < b ? -1 : a > b ? 1 : 0;
}

/** `<` and its siblings; an error where the types have no order. */
export function celCompare(left: Value, right: Value): number {
  if (isNumeric(left) && isNumeric(right)) {
    const order = compareNumbers(left, right);
    if (Number.isNaN(order)) throw new CelError('NaN values cannot be ordered');
    return order;
  }
  if (typeof left === 'string' && typeof right === 'string') return compareTexts(left, right);
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right);
  if (left instanceof CelTime && right instanceof CelTime) return left.nanos < right.nanos ? -1 : left.nanos > right.nanos ? 1 : 0;
  if (left instanceof CelDuration && right instanceof CelDuration) return left.nanos < right.nanos ? -1 : left.nanos > right.nanos ? 1 : 0;
  if (left instanceof Uint8Array && right instanceof Uint8Array) return compareBytes(left, right);
  throw noSuchOverload();
}

/** By code points, as Go compares UTF-8. */
export function compareTexts(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const [a, b] = [left.charCodeAt(index), right.charCodeAt(index)];
    if (a === b) continue;
    const [high, low] = [a >= 0xd800 && a <= 0xdfff, b >= 0xd800 && b <= 0xdfff];
    return high === low ? a - b : high ? 1 : -1;
  }
  return left.length - right.length;
}

function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
