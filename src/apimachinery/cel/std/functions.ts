/** The standard functions: conversions, texts, sizes and times. */
import { compileGoRegexp, type GoRegexp } from '../../regex/goRegexp.ts';
import { declare, type FunctionDecl, type Implementation } from '../environment.ts';
import {
  CelDuration,
  CelError,
  CelTime,
  CelTypeValue,
  CelUint,
  isList,
  MapLike,
  noSuchOverload,
  sizeOf,
  typeNameOf,
  type Value,
} from '../values.ts';
import { formatGoFloat } from '../../scheme/goNumber.ts';
import { int64, uint64 } from './numbers.ts';
import {
  civilTime,
  floorDiv,
  formatDuration,
  formatTimestamp,
  makeDuration,
  makeTime,
  parseGoDuration,
  parseRfc3339,
  type CivilTime,
} from './time.ts';

function conversionError(value: Value, type: string): CelError {
  return new CelError(`type conversion error from '${typeNameOf(value)}' to '${type}'`);
}

/** @throws CelError with Go's words if the pattern is none */
export function regexpOf(pattern: string): GoRegexp {
  const compiled = compileGoRegexp(pattern);
  if ('error' in compiled) throw new CelError(compiled.error);
  return compiled.regexp;
}

const toInt: Implementation = ([value]) => {
  if (typeof value === 'bigint') return value;
  if (value instanceof CelUint) return int64(value.value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value) || Math.abs(value) >= 2 ** 63) throw new CelError('integer overflow');
    return BigInt(Math.trunc(value));
  }
  if (value instanceof CelTime) return floorDiv(value.nanos, 1_000_000_000n);
  if (value instanceof CelDuration) return value.nanos;
  if (typeof value === 'string' && /^[+-]?[0-9]+$/.test(value)) {
    const number = BigInt(value.replace(/^\+/, ''));
    if (number < 2n ** 63n && number >= -(2n ** 63n)) return number;
  }
  throw conversionError(value as Value, 'int');
};

const toUint: Implementation = ([value]) => {
  if (value instanceof CelUint) return value;
  if (typeof value === 'bigint') return uint64(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value) || value < 0 || value >= 2 ** 64) throw new CelError('unsigned integer overflow');
    return new CelUint(BigInt(Math.trunc(value)));
  }
  if (typeof value === 'string' && /^[0-9]+$/.test(value) && BigInt(value) < 2n ** 64n) return new CelUint(BigInt(value));
  throw conversionError(value as Value, 'uint');
};

const toDouble: Implementation = ([value]) => {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof CelUint) return Number(value.value);
  if (typeof value === 'string') {
    if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value)) return Number(value);
    if (/^[+-]?(inf|infinity)$/i.test(value)) return value.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    if (/^nan$/i.test(value)) return Number.NaN;
  }
  throw conversionError(value as Value, 'double');
};

const toText: Implementation = ([value]) => {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (value instanceof CelUint) return String(value.value);
  if (typeof value === 'number') return formatGoFloat(value);
  if (value instanceof CelTime) return formatTimestamp(value);
  if (value instanceof CelDuration) return formatDuration(value);
  if (value instanceof Uint8Array) {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value);
    } catch {
      throw new CelError('invalid UTF-8 in bytes, cannot convert to string');
    }
  }
  throw conversionError(value as Value, 'string');
};

const TRUE: ReadonlySet<string> = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const FALSE: ReadonlySet<string> = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

const toBool: Implementation = ([value]) => {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string' && TRUE.has(value)) return true;
  if (typeof value === 'string' && FALSE.has(value)) return false;
  throw conversionError(value as Value, 'bool');
};

const toDuration: Implementation = ([value]) => {
  if (value instanceof CelDuration) return value;
  if (typeof value === 'bigint') return makeDuration(value);
  const nanos = typeof value === 'string' ? parseGoDuration(value) : undefined;
  if (nanos === undefined) throw conversionError(value as Value, 'google.protobuf.Duration');
  return makeDuration(nanos);
};

const toTimestamp: Implementation = ([value]) => {
  if (value instanceof CelTime) return value;
  if (typeof value === 'bigint') return makeTime(value * 1_000_000_000n);
  const nanos = typeof value === 'string' ? parseRfc3339(value) : undefined;
  if (nanos === undefined) throw conversionError(value as Value, 'google.protobuf.Timestamp');
  return makeTime(nanos);
};

function textTest(name: string, id: string, test: (text: string, other: string) => boolean): FunctionDecl {
  return declare(name, [`${id}: string.(string) -> bool`], ([text, other]) => {
    if (typeof text !== 'string' || typeof other !== 'string') throw noSuchOverload();
    return test(text, other);
  });
}

function timePart(name: string, part: (time: CivilTime) => number, ofDuration?: (nanos: bigint) => bigint): FunctionDecl {
  const overloads = [`timestamp_${name}: timestamp.() -> int`, `timestamp_${name}_with_tz: timestamp.(string) -> int`];
  if (ofDuration !== undefined) overloads.push(`duration_${name}: duration.() -> int`);
  return declare(name, overloads, ([value, zone]) => {
    if (value instanceof CelTime) return BigInt(part(civilTime(value, typeof zone === 'string' ? zone : 'UTC')));
    if (value instanceof CelDuration && ofDuration !== undefined) return ofDuration(value.nanos);
    throw noSuchOverload();
  });
}

export const FUNCTIONS: readonly FunctionDecl[] = [
  declare(
    'size',
    [
      ...['bytes', 'list(A)', 'map(A, B)', 'string'].map((type) => `size_${type.split('(')[0] ?? ''}: (${type}) -> int`),
      ...['bytes', 'list(A)', 'map(A, B)', 'string'].map((type) => `${type.split('(')[0] ?? ''}_size: ${type}.() -> int`),
    ],
    ([value]) => {
      if (typeof value === 'string' || value instanceof Uint8Array || value instanceof MapLike) return BigInt(sizeOf(value));
      if (value !== undefined && isList(value)) return BigInt(value.length);
      throw noSuchOverload();
    },
  ),
  textTest('contains', 'contains_string', (text, other) => text.includes(other)),
  textTest('startsWith', 'starts_with_string', (text, other) => text.startsWith(other)),
  textTest('endsWith', 'ends_with_string', (text, other) => text.endsWith(other)),
  declare('matches', ['matches: (string, string) -> bool', 'matches_string: string.(string) -> bool'], ([text, pattern]) => {
    if (typeof text !== 'string' || typeof pattern !== 'string') throw noSuchOverload();
    return regexpOf(pattern).test(text);
  }),
  declare(
    'int',
    ['int', 'uint', 'double', 'string', 'timestamp', 'duration'].map((type) => `${type}_to_int64: (${type}) -> int`),
    toInt,
  ),
  declare(
    'uint',
    ['uint', 'int', 'double', 'string'].map((type) => `${type}_to_uint64: (${type}) -> uint`),
    toUint,
  ),
  declare(
    'double',
    ['double', 'int', 'uint', 'string'].map((type) => `${type}_to_double: (${type}) -> double`),
    toDouble,
  ),
  declare(
    'string',
    ['string', 'bool', 'bytes', 'double', 'duration', 'int', 'timestamp', 'uint'].map((type) => `${type}_to_string: (${type}) -> string`),
    toText,
  ),
  declare('bool', ['bool_to_bool: (bool) -> bool', 'string_to_bool: (string) -> bool'], toBool),
  declare('bytes', ['bytes_to_bytes: (bytes) -> bytes', 'string_to_bytes: (string) -> bytes'], ([value]) => {
    if (value instanceof Uint8Array) return value;
    if (typeof value === 'string') return new TextEncoder().encode(value);
    throw conversionError(value as Value, 'bytes');
  }),
  declare(
    'duration',
    ['duration', 'int', 'string'].map((type) => `${type}_to_duration: (${type}) -> duration`),
    toDuration,
  ),
  declare(
    'timestamp',
    ['timestamp', 'int', 'string'].map((type) => `${type}_to_timestamp: (${type}) -> timestamp`),
    toTimestamp,
  ),
  declare('dyn', ['to_dyn: (A) -> dyn'], ([value]) => value as Value),
  declare('type', ['type: (A) -> type(A)'], ([value]) => new CelTypeValue(typeNameOf(value as Value))),
  timePart('getFullYear', ({ year }) => year),
  timePart('getMonth', ({ month }) => month - 1),
  timePart('getDayOfYear', ({ dayOfYear }) => dayOfYear),
  timePart('getDayOfMonth', ({ day }) => day - 1),
  timePart('getDate', ({ day }) => day),
  timePart('getDayOfWeek', ({ weekday }) => weekday),
  timePart(
    'getHours',
    ({ hour }) => hour,
    (nanos) => nanos / 3_600_000_000_000n,
  ),
  timePart(
    'getMinutes',
    ({ minute }) => minute,
    (nanos) => nanos / 60_000_000_000n,
  ),
  timePart(
    'getSeconds',
    ({ second }) => second,
    (nanos) => nanos / 1_000_000_000n,
  ),
  timePart(
    'getMilliseconds',
    ({ millisecond }) => millisecond,
    (nanos) => nanos / 1_000_000n,
  ),
];
