import { CelDuration, CelError, CelOptional, CelTime, CelUint, isList, MapLike, noSuchOverload, type Value } from './values.ts';

/** `value.field` */
export function selectField(value: Value, field: string): Value {
  if (value instanceof CelOptional) return optionalSelect(value, field);
  if (!(value instanceof MapLike)) throw isSelectable(value) ? new CelError(`no such key: ${field}`) : noSuchOverload();
  const found = value.field(field);
  if (found === undefined) throw new CelError(`no such key: ${field}`);
  return found;
}

/** `has(value.field)` */
export function testField(value: Value, field: string): boolean {
  if (value instanceof CelOptional) return value.value !== undefined && testField(value.value, field);
  if (value instanceof MapLike) return value.hasField(field);
  throw isSelectable(value) ? new CelError(`no such key: ${field}`) : noSuchOverload();
}

/** `value[index]` */
export function indexValue(value: Value, index: Value): Value {
  if (value instanceof CelOptional) return optionalIndex(value, index);
  if (value instanceof MapLike) {
    const found = value.find(index);
    if (found === undefined) throw new CelError(`no such key: ${printKey(index)}`);
    return found;
  }
  if (!isList(value)) throw noSuchOverload();
  const position = listPosition(index);
  const found = value[position];
  if (position < 0 || found === undefined) throw new CelError(`index out of bounds: ${position}`);
  return found;
}

/** `value[?index]` */
export function optionalIndex(value: Value, index: Value): Value {
  if (value instanceof CelOptional) return value.value === undefined ? value : optionalIndex(value.value, index);
  const found = value instanceof MapLike ? value.find(index) : isList(value) ? value[listPosition(index)] : undefined;
  if (found === undefined && !(value instanceof MapLike) && !isList(value)) throw noSuchOverload();
  return found === undefined ? CelOptional.none : new CelOptional(found);
}

/** `value.?field` */
export function optionalSelect(value: Value, field: Value): Value {
  if (value instanceof CelOptional) return value.value === undefined ? value : optionalSelect(value.value, field);
  if (!(value instanceof MapLike)) throw noSuchOverload();
  const found = typeof field === 'string' && value.hasField(field) ? value.field(field) : undefined;
  return found === undefined ? CelOptional.none : new CelOptional(found);
}

function listPosition(index: Value): number {
  const plain = index instanceof CelUint ? index.value : index;
  if (typeof plain === 'bigint') return Number(plain);
  if (typeof plain === 'number' && Number.isInteger(plain)) return plain;
  throw new CelError(`unsupported index type '${typeof plain === 'number' ? 'double' : typeof plain}' in list`);
}

function printKey(key: Value): string {
  if (key instanceof CelUint) return String(key.value);
  return typeof key === 'object' ? 'null' : String(key);
}

function isSelectable(value: Value): boolean {
  return value !== null && typeof value === 'object' && !(value instanceof CelTime) && !(value instanceof CelDuration);
}
