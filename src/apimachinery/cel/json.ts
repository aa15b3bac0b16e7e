/**
 * JSON as values of CEL without a schema, and back.
 * Counterpart: the native adapter of cel-go/common/types and ref.Val.ConvertToNative.
 */
import { formatDuration, formatTimestamp } from './std/time.ts';
import { CelDuration, CelError, CelTime, CelUint, isList, MapLike, typeNameOf, type Value } from './values.ts';

/** Whole numbers are ints, as they are in API objects. */
export function fromJson(value: unknown): Value {
  if (value === null || value === undefined) return null;
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isInteger(value) ? BigInt(value) : value;
    default:
      return Array.isArray(value) ? value.map(fromJson) : new JsonMap(value as Readonly<Record<string, unknown>>);
  }
}

/** @throws CelError for what JSON has no form of */
export function toJson(value: Value): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof CelUint) return Number(value.value);
  if (isList(value)) return value.map(toJson);
  if (value instanceof MapLike) return Object.fromEntries(value.keys().map((key) => [nameOf(key), toJson(value.find(key) ?? null)]));
  if (value instanceof CelTime) return formatTimestamp(value);
  if (value instanceof CelDuration) return formatDuration(value);
  if (value instanceof Uint8Array) return btoa(String.fromCharCode(...value));
  throw new CelError(`unsupported type: ${typeNameOf(value)}`);
}

function nameOf(key: Value): string {
  if (typeof key !== 'string') throw new CelError(`map key ${JSON.stringify(String(key))} is of type ${typeNameOf(key)}, not string`);
  return key;
}

/** Converted field by field, when an expression asks. */
class JsonMap extends MapLike {
  readonly typeName = 'map';
  private readonly value: Readonly<Record<string, unknown>>;

  constructor(value: Readonly<Record<string, unknown>>) {
    super();
    this.value = value;
  }

  get size(): number {
    return Object.keys(this.value).length;
  }

  find(key: Value): Value | undefined {
    if (typeof key !== 'string' || !Object.hasOwn(this.value, key) || this.value[key] === undefined) return undefined;
    return fromJson(this.value[key]);
  }

  keys(): readonly Value[] {
    return Object.keys(this.value).filter((key) => this.value[key] !== undefined);
  }
}
