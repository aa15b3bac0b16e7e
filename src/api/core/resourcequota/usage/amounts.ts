import { add, compare, formatQuantity, isZero, quantity, sub, type Quantity } from '../../../../apimachinery/quantity/quantity.ts';

/** How much of each resource, by name. Counterpart: k8s.io/apiserver/pkg/quota/v1. */
export type Amounts = ReadonlyMap<string, Quantity>;

export interface AmountList {
  readonly [name: string]: string;
}

export function amountsOf(list: AmountList | undefined): Amounts {
  return new Map(Object.entries(list ?? {}).map(([name, text]) => [name, quantity(text)]));
}

export function listOf(amounts: Amounts): AmountList {
  return Object.fromEntries([...amounts].map(([name, amount]) => [name, formatQuantity(amount)]));
}

export function addAmounts(left: Amounts, right: Amounts): Amounts {
  const sum = new Map(left);
  for (const [name, amount] of right) {
    const known = sum.get(name);
    sum.set(name, known === undefined ? amount : add(known, amount));
  }
  return sum;
}

/** What the right side has alone counts as less than nothing. */
export function subtractAmounts(left: Amounts, right: Amounts): Amounts {
  const rest = new Map(left);
  for (const [name, amount] of right) rest.set(name, sub(left.get(name) ?? quantity('0'), amount));
  return rest;
}

/** Only the named ones. */
export function maskAmounts(amounts: Amounts, names: ReadonlySet<string>): Amounts {
  return new Map([...amounts].filter(([name]) => names.has(name)));
}

export function withoutZeros(amounts: Amounts): Amounts {
  return new Map([...amounts].filter(([, amount]) => !isZero(amount)));
}

/** The names under which the left side has more than the right one allows; what that does not name it allows. */
export function exceeding(amounts: Amounts, limits: Amounts): readonly string[] {
  return [...amounts].filter(([name, amount]) => compare(amount, limits.get(name) ?? amount) > 0).map(([name]) => name);
}

export function negative(amounts: Amounts): readonly string[] {
  return [...amounts].filter(([, amount]) => amount.nano < 0n).map(([name]) => name);
}

export function sameAmounts(left: Amounts, right: Amounts): boolean {
  return left.size === right.size && [...left].every(([name, amount]) => right.get(name)?.nano === amount.nano);
}

/** `pods=1,requests.cpu=500m`. */
export function describeAmounts(amounts: Amounts): string {
  return [...amounts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, amount]) => `${name}=${formatQuantity(amount)}`)
    .join(',');
}
