import { CelError, CelOptional, CelUint, isList, MapLike, typeNameOf, type Value } from './values.ts';

/** `value.field` */
export function selectField(value: Value, field: string): Value {
  if (value instanceof CelOptional) return optionalSelect(value, field);
  const found = value instanceof MapLike ? value.field(field) : undefined;
  if (isList(value)) listPosition(field);
  if (found === undefined) throw new CelError(`no such key: ${field}`);
  return found;
}

/** `has(value.field)`; what has no fields at all does not have this one. */
export function testField(value: Value, field: string): boolean {
  if (value instanceof CelOptional) return value.value !== undefined && testField(value.value, field);
  if (isList(value)) listPosition(field);
  return value instanceof MapLike && value.hasField(field);
}

/** `value[index]` */
export function indexValue(value: Value, index: Value): Value {
  if (value instanceof CelOptional) return optionalIndex(value, index);
  if (isList(value)) {
    const position = listPosition(index);
    const item = value[position];
    if (position < 0 || item === undefined) throw new CelError(`index out of bounds: ${position}`);
    return item;
  }
  const found = value instanceof MapLike ? value.find(index) : undefined;
  if (found === undefined) throw new CelError(`no such key: ${printKey(index)}`);
  return found;
}

/** `value[?index]` */
export function optionalIndex(value: Value, index: Value): Value {
  if (value instanceof CelOptional) return value.value === undefined ? value : optionalIndex(value.value, index);
  const found = value instanceof MapLike ? value.find(index) : isList(value) ? value[listPosition(index)] : undefined;
  return found === undefined ? CelOptional.none : new CelOptional(found);
}

/** `value.?field` */
export function optionalSelect(value: Value, field: Value): Value {
  if (value instanceof CelOptional) return value.value === undefined ? value : optionalSelect(value.value, field);
  if (isList(value)) listPosition(field);
  const found = value instanceof MapLike && typeof field === 'string' && value.hasField(field) ? value.field(field) : undefined;
  return found === undefined ? CelOptional.none : new CelOptional(found);
}

function listPosition(index: Value): number {
  const plain = index instanceof CelUint ? index.value : index;
  if (typeof plain === 'bigint') return Number(plain);
  if (typeof plain === 'number' && Number.isInteger(plain)) return plain;
  throw new CelError(`unsupported index type '${typeNameOf(plain)}' in list`);
}

function printKey(key: Value): string {
  if (key instanceof CelUint) return String(key.value);
  return typeof key === 'object' ? 'null' : String(key);
}
