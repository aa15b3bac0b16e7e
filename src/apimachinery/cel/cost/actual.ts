/**
 * What a call costs while an expression runs.
 * Counterpart: cel-go/interpreter/runtimecost.go and k8s.io/apiserver/pkg/cel/library/cost.go.
 */
import { OP } from '../ast.ts';
import { isList, sizeOf, type Value } from '../values.ts';

/** Reading a character, against a step of evaluation. */
export const TRAVERSAL = 0.1;
export const REGEX_LENGTH = 0.25;
/** Two checks an expression, and no more. */
export const AUTHORIZER_CHECK = 350_000;

export function callCost(fn: string, overload: string, args: readonly Value[], result: Value): number {
  const rule = COSTS[fn];
  return rule === undefined ? 1 : rule(args, result, overload);
}

type Rule = (args: readonly Value[], result: Value, overload: string) => number;

const size = (value: Value | undefined): number => (value === undefined ? 0 : sizeOf(value));
const scaled = (units: number, factor: number): number => Math.ceil(units * factor);
const traversal: Rule = ([first]) => scaled(size(first), TRAVERSAL);
const twice: Rule = ([first]) => scaled(size(first) * 2, TRAVERSAL);
const smaller: Rule = ([left, right]) => scaled(Math.min(size(left), size(right)), TRAVERSAL);
const regex: Rule = ([text, pattern]) => scaled(1 + size(text), TRAVERSAL) * scaled(size(pattern), REGEX_LENGTH);
const compared: Rule = (args) => (isText(args[0]) ? smaller(args, null, '') : 1);
const each: Rule = ([first]) => (first === undefined ? 0 : traversalCost(first));

/** Lists count their items, and what is in those if it is text. */
function traversalCost(value: Value): number {
  if (isText(value)) return Math.floor(sizeOf(value) * TRAVERSAL);
  if (isList(value)) return value.reduce<number>((sum, item) => sum + traversalCost(item), 0);
  return 1;
}

function isText(value: Value | undefined): boolean {
  return typeof value === 'string' || value instanceof Uint8Array;
}

function contains(args: readonly Value[], otherIsText: boolean): number {
  return scaled(size(args[0]) * 2, TRAVERSAL) + (otherIsText ? scaled(size(args[1]), TRAVERSAL) : 0);
}

const COSTS: Readonly<Record<string, Rule>> = {
  [OP.equals]: smaller,
  [OP.notEquals]: smaller,
  [OP.less]: compared,
  [OP.lessEquals]: compared,
  [OP.greater]: compared,
  [OP.greaterEquals]: compared,
  [OP.add]: ([left, right]) => (isText(left) ? scaled(size(left) + size(right), TRAVERSAL) : 1),
  [OP.in]: ([, container]) => (container !== undefined && isList(container) ? container.length : 1),
  startsWith: traversal,
  endsWith: traversal,
  contains: ([text, other]) => scaled(size(text), TRAVERSAL) * scaled(size(other), TRAVERSAL),
  matches: regex,
  bytes: ([value]) => (typeof value === 'string' ? scaled(size(value), TRAVERSAL) : 1),
  string: ([value]) => (value instanceof Uint8Array ? scaled(size(value), TRAVERSAL) : 1),
  format: traversal,
  check: () => AUTHORIZER_CHECK,
  isSorted: each,
  sum: each,
  max: each,
  min: each,
  indexOf: each,
  lastIndexOf: each,
  slice: (_args, result) => allocation(size(result)),
  'lists.range': (_args, result) => allocation(size(result)),
  reverse: (_args, result) => allocation(size(result)),
  flatten: ([list, depth]) => allocation(size(list) * (typeof depth === 'bigint' ? Number(depth) : 1)),
  distinct: ([list]) => selfComparison(list),
  sort: ([list]) => selfComparison(list),
  '@sortByAssociatedKeys': ([, keys]) => selfComparison(keys),
  url: traversal,
  lowerAscii: traversal,
  upperAscii: traversal,
  substring: traversal,
  trim: traversal,
  replace: twice,
  split: twice,
  join: (_args, result) => scaled(size(result) * 2, TRAVERSAL),
  find: regex,
  findAll: regex,
  cidr: traversal,
  isIP: traversal,
  isCIDR: traversal,
  ip: (args, result, overload) => (overload === 'cidr_ip' || !isText(args[0]) ? 1 : traversal(args, result, overload)),
  'ip.isCanonical': twice,
  containsIP: (args) => contains(args, isText(args[1])),
  containsCIDR: (args) => contains(args, isText(args[1])) + scaled(size(args[0]), TRAVERSAL) + 1,
  quantity: traversal,
  isQuantity: traversal,
  semver: traversal,
  isSemver: traversal,
  validate: traversal,
  'sets.contains': ([left, right]) => product(left, right),
  'sets.intersects': ([left, right]) => product(left, right),
  'sets.equivalent': ([left, right]) => product(left, right) * 2 - 1,
};

/** A call that makes a list. */
function allocation(size: number): number {
  return Math.floor(size) + 11;
}

function selfComparison(list: Value | undefined): number {
  const [first] = list !== undefined && isList(list) ? list : [];
  return allocation(size(list) ** 2 * (isText(first) ? 2 + TRAVERSAL : 2));
}

/** Every item against every other. */
function product(left: Value | undefined, right: Value | undefined): number {
  return 1 + size(left) * size(right);
}
