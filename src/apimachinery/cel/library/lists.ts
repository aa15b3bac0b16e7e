/**
 * Lists: order, sums, positions.
 * Counterpart: k8s.io/apiserver/pkg/cel/library/lists.go.
 */
import { OP } from '../ast.ts';
import { declare, type FunctionDecl, type Library } from '../environment.ts';
import { celCompare, celEquals } from '../equality.ts';
import { OPERATORS } from '../std/operators.ts';
import { CelDuration, CelError, CelUint, isList, noSuchOverload, type Value } from '../values.ts';

const COMPARABLE = ['int', 'uint', 'double', 'bool', 'duration', 'timestamp', 'string', 'bytes'] as const;
const SUMMABLE = ['int', 'uint', 'double', 'duration'] as const;

function items(value: Value | undefined): readonly Value[] {
  if (value === undefined || !isList(value)) throw noSuchOverload();
  return value;
}

const plus = OPERATORS.find(({ name }) => name === OP.add)?.call;

function sum(list: readonly Value[]): Value {
  const [first, ...rest] = list;
  if (first === undefined) return 0n;
  return rest.reduce<Value>((total, item) => plus?.([total, item]) ?? total, zeroOf(first) === undefined ? first : first);
}

function zeroOf(value: Value): Value | undefined {
  if (value instanceof CelDuration) return new CelDuration(0n);
  return value instanceof CelUint ? new CelUint(0n) : undefined;
}

function extreme(name: 'min' | 'max', wins: (order: number) => boolean): FunctionDecl {
  const overloads = COMPARABLE.map((type) => `list_${type}_${name}_${type}: list(${type}).() -> ${type}`);
  return declare(name, overloads, ([list]) => {
    const [first, ...rest] = items(list);
    if (first === undefined) throw new CelError(`${name} called on empty list`);
    return rest.reduce<Value>((best, item) => (wins(celCompare(item, best)) ? item : best), first);
  });
}

export const LISTS: Library = {
  functions: [
    declare(
      'isSorted',
      COMPARABLE.map((type) => `list_${type}_is_sorted_bool: list(${type}).() -> bool`),
      ([list]) => {
        const all = items(list);
        return all.every((item, index) => index === 0 || celCompare(all[index - 1] as Value, item) <= 0);
      },
    ),
    declare(
      'sum',
      SUMMABLE.map((type) => `list_${type}_sum_${type}: list(${type}).() -> ${type}`),
      ([list]) => sum(items(list)),
    ),
    extreme('max', (order) => order > 0),
    extreme('min', (order) => order < 0),
    declare('indexOf', ['list_a_index_of_int: list(A).(A) -> int'], ([list, item]) =>
      BigInt(items(list).findIndex((other) => celEquals(other, item as Value))),
    ),
    declare('lastIndexOf', ['list_a_last_index_of_int: list(A).(A) -> int'], ([list, item]) =>
      BigInt(items(list).findLastIndex((other) => celEquals(other, item as Value))),
    ),
  ],
};
