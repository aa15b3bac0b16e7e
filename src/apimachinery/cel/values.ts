/**
 * The values of CEL. int is a bigint and double a number, so that the two never mix; lists are arrays, maps and objects a
 * MapLike, so that an API object is converted field by field when an expression asks for it.
 * Invariant: values are never changed once made.
 * Counterpart: cel-go/common/types.
 */
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | CelUint
  | Uint8Array
  | readonly Value[]
  | MapLike
  | CelTime
  | CelDuration
  | CelOptional
  | CelTypeValue
  | CelOpaque;

/** An error while an expression runs; caught where the expression was asked for, or by `&&`, `||` and the like. */
export class CelError extends Error {}

/** The budget of an expression is used up: nothing within it can go on. */
export class CostExceeded extends Error {}

export class CelUint {
  readonly value: bigint;

  constructor(value: bigint) {
    this.value = value;
  }
}

/** Nanoseconds since 1970, UTC. */
export class CelTime {
  readonly nanos: bigint;

  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

export class CelDuration {
  readonly nanos: bigint;

  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

export class CelOptional {
  readonly value: Value | undefined;

  constructor(value: Value | undefined) {
    this.value = value;
  }

  static readonly none = new CelOptional(undefined);
}

export class CelTypeValue {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** A value of a library's own type: an URL, a quantity, an IP address. */
export abstract class CelOpaque {
  abstract readonly typeName: string;
  abstract equals(other: CelOpaque): boolean;

  /** What the cost of an operation counts by. */
  size(): number {
    return 1;
  }
}

/** A map or an object. */
export abstract class MapLike {
  abstract readonly typeName: string;
  abstract readonly size: number;
  /** Undefined where there is no such key. A string that is no key of an object is none of a map either. */
  abstract find(key: Value): Value | undefined;
  abstract keys(): readonly Value[];

  /** `key in map`; differs from `find` where a missing key has a default. */
  has(key: Value): boolean {
    return this.find(key) !== undefined;
  }

  /** `find` by a field name. */
  field(name: string): Value | undefined {
    return this.find(name);
  }

  hasField(name: string): boolean {
    return this.find(name) !== undefined;
  }
}

export class MapValue extends MapLike {
  readonly typeName = 'map';
  private readonly entries: ReadonlyMap<string | bigint | boolean, readonly [Value, Value]>;

  constructor(entries: Iterable<readonly [Value, Value]>) {
    super();
    const map = new Map<string | bigint | boolean, readonly [Value, Value]>();
    for (const entry of entries) {
      const key = keyOf(entry[0]);
      if (key === undefined) throw new CelError(`unsupported key type: ${typeNameOf(entry[0])}`);
      map.set(key, entry);
    }
    this.entries = map;
  }

  get size(): number {
    return this.entries.size;
  }

  find(key: Value): Value | undefined {
    const plain = keyOf(key);
    return plain === undefined ? undefined : this.entries.get(plain)?.[1];
  }

  keys(): readonly Value[] {
    return [...this.entries.values()].map(([key]) => key);
  }

  /** The same map with one more entry. */
  with(key: Value, value: Value): MapValue {
    if (this.find(key) !== undefined) throw new CelError(`insert failed: key ${String(keyOf(key))} already exists`);
    return new MapValue([...this.entries.values(), [key, value]]);
  }
}

/** Keys that are equal as numbers are one key, whatever their type. */
export function keyOf(value: Value): string | bigint | boolean | undefined {
  if (typeof value === 'string' || typeof value === 'bigint' || typeof value === 'boolean') return value;
  if (value instanceof CelUint) return value.value;
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value);
  return undefined;
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** The name that messages and `type()` give a value's type. */
export function typeNameOf(value: Value): string {
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return 'double';
    case 'string':
      return 'string';
    default:
      break;
  }
  if (value === null) return 'null_type';
  if (value instanceof CelUint) return 'uint';
  if (value instanceof Uint8Array) return 'bytes';
  if (isList(value)) return 'list';
  if (value instanceof MapLike || value instanceof CelOpaque) return value.typeName;
  if (value instanceof CelTime) return 'google.protobuf.Timestamp';
  if (value instanceof CelDuration) return 'google.protobuf.Duration';
  return value instanceof CelOptional ? 'optional_type' : 'type';
}

export function noSuchOverload(): CelError {
  return new CelError('no such overload');
}

/** A call that no overload takes: `no such overload: f(int, string)`. */
export function noOverloadFor(fn: string, ...args: readonly Value[]): CelError {
  return new CelError(`no such overload: ${fn}(${args.map(typeNameOf).join(', ')})`);
}

/** What the cost of an operation counts by: characters, bytes, items, entries; one for anything else. */
export function sizeOf(value: Value): number {
  if (typeof value === 'string') return codePoints(value);
  if (value instanceof Uint8Array || isList(value)) return value.length;
  if (value instanceof MapLike) return value.size;
  return value instanceof CelOpaque ? value.size() : 1;
}

export function codePoints(text: string): number {
  let count = text.length;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 0xdc00 && code <= 0xdfff) count--;
  }
  return count;
}
