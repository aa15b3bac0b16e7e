/** Counterpart: k8s.io/apiserver/pkg/cel/library/quantity.go. */
import { add, compare, fromValue, parseQuantity, sub, type Quantity } from '../../quantity/quantity.ts';
import { declare, type Library } from '../environment.ts';
import { CelError, CelOpaque, noSuchOverload, type Value } from '../values.ts';

const BILLION = 1_000_000_000n;

class QuantityValue extends CelOpaque {
  readonly typeName = 'kubernetes.Quantity';
  readonly quantity: Quantity;

  constructor(quantity: Quantity) {
    super();
    this.quantity = quantity;
  }

  equals(other: CelOpaque): boolean {
    return other instanceof QuantityValue && compare(this.quantity, other.quantity) === 0;
  }
}

/** An amount that an object holds. */
export function quantityValue(amount: Quantity): CelOpaque {
  return new QuantityValue(amount);
}

function of(value: Value | undefined): Quantity {
  if (value instanceof QuantityValue) return value.quantity;
  if (typeof value === 'bigint') return fromValue(Number(value));
  throw noSuchOverload();
}

function whole(value: Value | undefined): bigint | undefined {
  const { nano } = of(value);
  const units = nano / BILLION;
  return nano % BILLION === 0n && units < 2n ** 63n && units >= -(2n ** 63n) ? units : undefined;
}

function parse(value: Value | undefined): ReturnType<typeof parseQuantity> {
  if (typeof value !== 'string') throw noSuchOverload();
  return parseQuantity(value);
}

export const QUANTITY: Library = {
  functions: [
    declare('quantity', ['string_to_quantity: (string) -> kubernetes.Quantity'], ([value]) => {
      const result = parse(value);
      if ('error' in result) throw new CelError(result.error);
      return new QuantityValue(result.quantity);
    }),
    declare('isQuantity', ['is_quantity_string: (string) -> bool'], ([value]) => 'quantity' in parse(value)),
    declare('sign', ['quantity_sign: (kubernetes.Quantity) -> int'], ([value]) => {
      const { nano } = of(value);
      return nano > 0n ? 1n : nano < 0n ? -1n : 0n;
    }),
    declare('isInteger', ['quantity_is_integer: kubernetes.Quantity.() -> bool'], ([value]) => whole(value) !== undefined),
    declare('asInteger', ['quantity_get_int: kubernetes.Quantity.() -> int'], ([value]) => {
      const units = whole(value);
      if (units === undefined) throw new CelError('cannot convert value to integer');
      return units;
    }),
    declare('asApproximateFloat', ['quantity_get_float: kubernetes.Quantity.() -> double'], ([value]) => Number(of(value).nano) / 1e9),
    declare(
      'isGreaterThan',
      ['quantity_is_greater_than: kubernetes.Quantity.(kubernetes.Quantity) -> bool'],
      ([a, b]) => compare(of(a), of(b)) > 0,
    ),
    declare(
      'isLessThan',
      ['quantity_is_less_than: kubernetes.Quantity.(kubernetes.Quantity) -> bool'],
      ([a, b]) => compare(of(a), of(b)) < 0,
    ),
    declare('compareTo', ['quantity_compare_to: kubernetes.Quantity.(kubernetes.Quantity) -> int'], ([a, b]) =>
      BigInt(Math.sign(compare(of(a), of(b)))),
    ),
    declare(
      'add',
      [
        'quantity_add: kubernetes.Quantity.(kubernetes.Quantity) -> kubernetes.Quantity',
        'quantity_add_int: kubernetes.Quantity.(int) -> kubernetes.Quantity',
      ],
      ([a, b]) => new QuantityValue(add(of(a), of(b))),
    ),
    declare(
      'sub',
      [
        'quantity_sub: kubernetes.Quantity.(kubernetes.Quantity) -> kubernetes.Quantity',
        'quantity_sub_int: kubernetes.Quantity.(int) -> kubernetes.Quantity',
      ],
      ([a, b]) => new QuantityValue(sub(of(a), of(b))),
    ),
  ],
};
