/** The operators of CEL as functions. Equality, indexing, conditions and connectives are planned by the interpreter. */
import { OP } from '../ast.ts';
import { declare, type FunctionDecl, type Implementation } from '../environment.ts';
import { celCompare, celEquals, LIST_SEMANTICS } from '../equality.ts';
import { addLists } from './lists.ts';
import { CelDuration, CelError, CelTime, CelUint, isList, MapLike, noOverloadFor, noSuchOverload, type Value } from '../values.ts';
import { arithmetic, int64 } from './numbers.ts';
import { makeDuration, makeTime } from './time.ts';

/** Planned where they stand; as a function nobody calls them. */
const planned: Implementation = () => {
  throw noSuchOverload();
};

const ORDERED = ['bool', 'int', 'uint', 'double', 'string', 'bytes', 'timestamp', 'duration'] as const;
const MIXED = ['int, double', 'double, int', 'int, uint', 'uint, int', 'uint, double', 'double, uint'] as const;

function ordering(fn: string, name: string, holds: (order: number) => boolean): FunctionDecl {
  const overloads = [
    ...ORDERED.map((type) => `${name}_${type}: (${type}, ${type}) -> bool`),
    ...MIXED.map((types) => `${name}_${types.replace(', ', '_')}: (${types}) -> bool`),
  ];
  return declare(fn, overloads, ([left, right]) => holds(celCompare(left as Value, right as Value)));
}

const add = declare(
  OP.add,
  [
    'add_bytes: (bytes, bytes) -> bytes',
    'add_double: (double, double) -> double',
    'add_duration_duration: (duration, duration) -> duration',
    'add_duration_timestamp: (duration, timestamp) -> timestamp',
    'add_int64: (int, int) -> int',
    'add_list: (list(A), list(A)) -> list(A)',
    'add_string: (string, string) -> string',
    'add_timestamp_duration: (timestamp, duration) -> timestamp',
    'add_uint64: (uint, uint) -> uint',
  ],
  ([a, b]) => {
    const [left, right] = [a as Value, b as Value];
    if (typeof left === 'string' && typeof right === 'string') return left + right;
    const sum = arithmetic(left, right, { int: (x, y) => x + y, double: (x, y) => x + y });
    if (sum !== undefined) return sum;
    if (isList(left) && isList(right)) return LIST_SEMANTICS.has(left) ? addLists(left, right) : [...left, ...right];
    if (left instanceof Uint8Array && right instanceof Uint8Array) return Uint8Array.from([...left, ...right]);
    if (left instanceof CelDuration && right instanceof CelDuration) return makeDuration(left.nanos + right.nanos);
    if (left instanceof CelTime && right instanceof CelDuration) return makeTime(left.nanos + right.nanos);
    if (left instanceof CelDuration && right instanceof CelTime) return makeTime(left.nanos + right.nanos);
    throw noSuchOverload();
  },
);

const subtract = declare(
  OP.subtract,
  [
    'subtract_double: (double, double) -> double',
    'subtract_duration_duration: (duration, duration) -> duration',
    'subtract_int64: (int, int) -> int',
    'subtract_timestamp_duration: (timestamp, duration) -> timestamp',
    'subtract_timestamp_timestamp: (timestamp, timestamp) -> duration',
    'subtract_uint64: (uint, uint) -> uint',
  ],
  ([a, b]) => {
    const [left, right] = [a as Value, b as Value];
    const difference = arithmetic(left, right, { int: (x, y) => x - y, double: (x, y) => x - y });
    if (difference !== undefined) return difference;
    if (left instanceof CelDuration && right instanceof CelDuration) return makeDuration(left.nanos - right.nanos);
    if (left instanceof CelTime && right instanceof CelDuration) return makeTime(left.nanos - right.nanos);
    if (left instanceof CelTime && right instanceof CelTime) return makeDuration(left.nanos - right.nanos);
    throw noSuchOverload();
  },
);

function division(fn: string, name: string, types: readonly string[], what: string, int: (x: bigint, y: bigint) => bigint): FunctionDecl {
  const overloads = types.map((type) => `${name}_${type}: (${type}, ${type}) -> ${type}`);
  return declare(fn, overloads, ([left, right]) => {
    if (right === 0n || (right instanceof CelUint && right.value === 0n && left instanceof CelUint)) throw new CelError(`${what} by zero`);
    const double = types.includes('double') ? { double: (x: number, y: number) => x / y } : {};
    const result = arithmetic(left as Value, right as Value, { int, ...double });
    if (result === undefined) throw noSuchOverload();
    return result;
  });
}

const multiply = declare(
  OP.multiply,
  ['multiply_double: (double, double) -> double', 'multiply_int64: (int, int) -> int', 'multiply_uint64: (uint, uint) -> uint'],
  ([left, right]) => {
    const result = arithmetic(left as Value, right as Value, { int: (x, y) => x * y, double: (x, y) => x * y });
    if (result === undefined) throw noSuchOverload();
    return result;
  },
);

export const OPERATORS: readonly FunctionDecl[] = [
  declare(OP.conditional, ['conditional: (bool, A, A) -> A'], planned),
  declare(OP.and, ['logical_and: (bool, bool) -> bool'], planned),
  declare(OP.or, ['logical_or: (bool, bool) -> bool'], planned),
  declare(OP.not, ['logical_not: (bool) -> bool'], ([value]) => {
    if (typeof value !== 'boolean') throw noSuchOverload();
    return !value;
  }),
  declare(OP.notStrictlyFalse, ['not_strictly_false: (bool) -> bool'], planned),
  declare(OP.equals, ['equals: (A, A) -> bool'], planned),
  declare(OP.notEquals, ['not_equals: (A, A) -> bool'], planned),
  ordering(OP.less, 'less', (order) => order < 0),
  ordering(OP.lessEquals, 'less_equals', (order) => order <= 0),
  ordering(OP.greater, 'greater', (order) => order > 0),
  ordering(OP.greaterEquals, 'greater_equals', (order) => order >= 0),
  add,
  subtract,
  multiply,
  division(OP.divide, 'divide', ['double', 'int', 'uint'], 'division', (x, y) => x / y),
  division(OP.modulo, 'modulo', ['int', 'uint'], 'modulus', (x, y) => x % y),
  declare(OP.negate, ['negate_double: (double) -> double', 'negate_int64: (int) -> int'], ([value]) => {
    if (typeof value === 'bigint') return int64(-value);
    if (typeof value === 'number') return -value;
    throw noSuchOverload();
  }),
  declare(
    OP.index,
    [
      'index_list: (list(A), int) -> A',
      'index_map: (map(A, B), A) -> B',
      'optional_list_index_int: (optional_type(list(V)), int) -> optional_type(V)',
      'optional_map_index_value: (optional_type(map(K, V)), K) -> optional_type(V)',
    ],
    planned,
  ),
  declare(
    OP.optIndex,
    [
      'list_optindex_optional_int: (list(V), int) -> optional_type(V)',
      'optional_list_optindex_optional_int: (optional_type(list(V)), int) -> optional_type(V)',
      'map_optindex_optional_value: (map(K, V), K) -> optional_type(V)',
      'optional_map_optindex_optional_value: (optional_type(map(K, V)), K) -> optional_type(V)',
    ],
    planned,
  ),
  declare(OP.in, ['in_list: (A, list(A)) -> bool', 'in_map: (A, map(A, B)) -> bool'], ([item, container]) => {
    if (container instanceof MapLike) return container.has(item as Value);
    if (container !== undefined && isList(container)) return container.some((other) => celEquals(item as Value, other));
    throw noOverloadFor(OP.in, item as Value, container as Value);
  }),
];
