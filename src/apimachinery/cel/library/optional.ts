/** Values that may be none. Counterpart: the optional types of cel-go/cel/library.go. */
import { declare, type Library } from '../environment.ts';
import { CelError, CelOptional, CelUint, isList, MapLike, noSuchOverload, type Value } from '../values.ts';

function optional(value: Value | undefined): CelOptional {
  if (!(value instanceof CelOptional)) throw noSuchOverload();
  return value;
}

/** Empty lists and maps, zeros and empty texts. */
function isZero(value: Value): boolean {
  if (value === null || value === false || value === 0n || value === 0 || value === '') return true;
  if (value instanceof CelUint) return value.value === 0n;
  if (value instanceof Uint8Array || isList(value)) return value.length === 0;
  return value instanceof MapLike && value.size === 0;
}

function items(value: Value | undefined): readonly Value[] {
  if (value === undefined || !isList(value)) throw noSuchOverload();
  return value;
}

function unwrap([list]: readonly Value[]): Value {
  return items(list).flatMap((item) => {
    const inner = optional(item).value;
    return inner === undefined ? [] : [inner];
  });
}

export const OPTIONAL: Library = {
  functions: [
    declare('first', ['list_first: list(V).() -> optional_type(V)'], ([list]) => new CelOptional(items(list)[0])),
    declare('last', ['list_last: list(V).() -> optional_type(V)'], ([list]) => new CelOptional(items(list).at(-1))),
    declare('optional.unwrap', ['optional_unwrap: (list(optional_type(V))) -> list(V)'], unwrap),
    declare('unwrapOpt', ['optional_unwrapOpt: list(optional_type(V)).() -> list(V)'], unwrap),
    declare('optional.of', ['optional_of: (V) -> optional_type(V)'], ([value]) => new CelOptional(value as Value)),
    declare('optional.ofNonZeroValue', ['optional_ofNonZeroValue: (V) -> optional_type(V)'], ([value]) =>
      isZero(value as Value) ? CelOptional.none : new CelOptional(value as Value),
    ),
    declare('optional.none', ['optional_none: () -> optional_type(V)'], () => CelOptional.none),
    declare('value', ['optional_value: optional_type(V).() -> V'], ([value]) => {
      const inner = optional(value).value;
      if (inner === undefined) throw new CelError('optional.none() dereference');
      return inner;
    }),
    declare('hasValue', ['optional_hasValue: optional_type(V).() -> bool'], ([value]) => optional(value).value !== undefined),
    declare('or', ['optional_or_optional: optional_type(V).(optional_type(V)) -> optional_type(V)'], ([value, other]) =>
      optional(value).value === undefined ? (other as Value) : (value as Value),
    ),
    declare(
      'orValue',
      ['optional_orValue_value: optional_type(V).(V) -> V'],
      ([value, other]) => optional(value).value ?? (other as Value),
    ),
  ],
};
