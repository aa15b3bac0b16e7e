/** What a call can cost, and how large its result can be. Counterpart: cel-go/checker/cost.go and k8s.io/apiserver/pkg/cel/library/cost.go. */
import { OP } from '../ast.ts';
import type { Type } from '../types.ts';
import type { Value } from '../values.ts';
import { AUTHORIZER_CHECK, REGEX_LENGTH, TRAVERSAL } from './actual.ts';
import { fixed, plus, scaled, times, union, UNKNOWN, UNKNOWN_SIZE, ZERO, type Range } from './range.ts';

export interface CostNode {
  readonly type: Type | undefined;
  readonly size: Range | undefined;
  readonly literal: Value | undefined;
  /** The declared size of the items of a list. */
  readonly itemSize: Range | undefined;
}

export interface CallEstimate {
  readonly cost: Range;
  readonly size?: Range | undefined;
  /** What is in the result is what is in the last two arguments. */
  readonly joinsEntries?: boolean;
}

/** @param argCosts what the arguments cost; in `cost` they are contained */
export function estimateCall(
  fn: string,
  overload: string,
  target: CostNode | undefined,
  args: readonly CostNode[],
  argCosts: readonly Range[],
): CallEstimate {
  const special = connective(fn, args, argCosts);
  if (special !== undefined) return special;
  const own = RULES[fn]?.({ target, args, overload }) ?? { cost: fixed(1) };
  return { ...own, cost: plus(own.cost, ...argCosts) };
}

interface Call {
  readonly target: CostNode | undefined;
  readonly args: readonly CostNode[];
  readonly overload: string;
}

type Rule = (call: Call) => CallEstimate | undefined;

const sizeOf = (node: CostNode | undefined): Range => node?.size ?? UNKNOWN_SIZE;

function connective(fn: string, args: readonly CostNode[], costs: readonly Range[]): CallEstimate | undefined {
  const [first = ZERO, second = ZERO, third = ZERO] = costs;
  if (fn === OP.and || fn === OP.or) return { cost: { min: first.min, max: plus(first, second).max } };
  if (fn !== OP.conditional) return undefined;
  return { cost: plus(first, union(second, third)), size: union(sizeOf(args[1]), sizeOf(args[2])), joinsEntries: true };
}

/** Comparing stops at the end of the shorter one. */
const comparison: Rule = ({ args: [left, right] }) => {
  const max = Math.min(sizeOf(left).max, sizeOf(right).max);
  return { cost: scaled({ min: max > 0 ? 1 : 0, max }, TRAVERSAL) };
};

const isText = (node: CostNode | undefined): boolean => node?.type?.kind === 'string' || node?.type?.kind === 'bytes';
const ordering: Rule = (call) =>
  isText(call.args[0]) || call.overload.endsWith('_string') || call.overload.endsWith('_bytes') ? comparison(call) : undefined;

const concatenation: Rule = ({ args: [left, right], overload }) => {
  const isList = overload === 'add_list';
  if (!isList && overload !== 'add_string' && overload !== 'add_bytes') return undefined;
  const size = plus(sizeOf(left), sizeOf(right));
  return { cost: isList ? fixed(1) : scaled(size, TRAVERSAL), size, joinsEntries: true };
};

const argTraversal: Rule = ({ args: [first] }) => ({ cost: scaled(sizeOf(first), TRAVERSAL) });
const targetTraversal: Rule = ({ target }) =>
  target === undefined ? undefined : { cost: scaled(sizeOf(target), TRAVERSAL), size: sizeOf(target) };

function regexCost(text: Range, pattern: Range): Range {
  return times(scaled(plus(text, fixed(1)), TRAVERSAL), scaled(pattern, REGEX_LENGTH));
}

const eachItem: Rule = ({ target }) => {
  if (target === undefined) return undefined;
  const item = target.type?.params[0];
  if (item === undefined) return { cost: scaled(sizeOf(target), TRAVERSAL) };
  const isLong = item.kind === 'string' || item.kind === 'bytes';
  const each = isLong ? plus(fixed(1), scaled(target.itemSize ?? UNKNOWN_SIZE, TRAVERSAL)) : fixed(1);
  return { cost: times(sizeOf(target), each) };
};

const replacement: Rule = ({ target, args: [from, to] }) => {
  if (target === undefined) return undefined;
  const [size, old, by] = [sizeOf(target), sizeOf(from), sizeOf(to)];
  const longest = replaced(size.max, old.min, by.max);
  const shortest = replaced(size.min, old.max, by.min, true);
  const result = plus(times({ min: shortest.count, max: longest.count }, by), { min: shortest.kept, max: longest.kept });
  return { cost: scaled(size, 2 * TRAVERSAL), size: result };
};

/** How often a part can be replaced, and how much of the text stays beside. */
function replaced(length: number, old: number, by: number, shortest = false): { readonly count: number; readonly kept: number } {
  if (old === 0) return { count: length < UNKNOWN ? length + 1 : length, kept: length };
  if (shortest ? old <= by : by <= old) return { count: 0, kept: length };
  return { count: Math.ceil(length / old), kept: 0 };
}

const splitting: Rule = ({ target, args: [, limit] }) => {
  if (target === undefined) return undefined;
  const max = typeof limit?.literal === 'bigint' ? Number(BigInt.asUintN(64, limit.literal)) : sizeOf(target).max;
  return { cost: scaled(sizeOf(target), 2 * TRAVERSAL), size: { min: 0, max } };
};

const joining: Rule = ({ target, args: [separator] }) => {
  if (target === undefined) return undefined;
  const count = sizeOf(target);
  const items = times(count, target.itemSize ?? UNKNOWN_SIZE);
  const gaps = { min: Math.max(0, count.min - 1), max: Math.max(0, count.max - 1) };
  const size = separator === undefined ? items : plus(items, times(sizeOf(separator), gaps));
  return { cost: scaled(size, TRAVERSAL), size };
};

const IP_SIZE: Range = { min: 4, max: 16 };
const ADDRESSES = scaled(plus(IP_SIZE, IP_SIZE), TRAVERSAL);
const parsedText = (call: Call): Range => (call.overload.endsWith('_string') ? scaled(sizeOf(call.args[0]), TRAVERSAL) : ZERO);
const FORMAT_REGEX_LENGTH = 128;
const SELECTOR_REQUIREMENT = 50;

const selector: Rule = ({ args: [text] }) => {
  const requirements = scaled(scaled(sizeOf(text), 0.5), SELECTOR_REQUIREMENT);
  return { cost: plus(fixed(10), scaled(sizeOf(text), TRAVERSAL), requirements) };
};

const RULES: Readonly<Record<string, Rule>> = {
  [OP.equals]: comparison,
  [OP.notEquals]: comparison,
  [OP.less]: ordering,
  [OP.lessEquals]: ordering,
  [OP.greater]: ordering,
  [OP.greaterEquals]: ordering,
  [OP.add]: concatenation,
  [OP.in]: ({ args: [, container], overload }) => (overload === 'in_list' ? { cost: sizeOf(container) } : undefined),
  bytes: ({ args: [first], overload }) =>
    overload === 'string_to_bytes'
      ? { cost: scaled(sizeOf(first), TRAVERSAL), size: { min: sizeOf(first).min, max: Math.min(sizeOf(first).max * 4, UNKNOWN) } }
      : undefined,
  string: ({ args: [first], overload }) =>
    overload === 'bytes_to_string'
      ? { cost: scaled(sizeOf(first), TRAVERSAL), size: { min: Math.floor(sizeOf(first).min / 4), max: sizeOf(first).max } }
      : undefined,
  'strings.quote': ({ args: [first] }) => ({
    cost: scaled(sizeOf(first), TRAVERSAL),
    size: plus(fixed(2), times(sizeOf(first), { min: 1, max: 2 })),
  }),
  format: ({ target }) => ({ cost: scaled(sizeOf(target), TRAVERSAL) }),
  startsWith: argTraversal,
  endsWith: argTraversal,
  contains: ({ target, args: [part] }) => ({ cost: times(scaled(sizeOf(target), TRAVERSAL), scaled(sizeOf(part), TRAVERSAL)) }),
  matches: ({ target, args }) => (target === undefined ? undefined : { cost: regexCost(sizeOf(target), sizeOf(args[0])) }),
  check: () => ({ cost: fixed(AUTHORIZER_CHECK) }),
  fieldSelector: selector,
  labelSelector: selector,
  isSorted: eachItem,
  sum: eachItem,
  max: eachItem,
  min: eachItem,
  indexOf: eachItem,
  lastIndexOf: eachItem,
  url: ({ args: [first] }) => ({ cost: scaled(sizeOf(first), TRAVERSAL), size: sizeOf(first) }),
  'jsonpatch.escapeKey': ({ args: [first] }) => ({ cost: scaled(sizeOf(first), TRAVERSAL), size: sizeOf(first) }),
  lowerAscii: targetTraversal,
  upperAscii: targetTraversal,
  substring: targetTraversal,
  trim: targetTraversal,
  replace: replacement,
  split: splitting,
  join: joining,
  find: ({ target, args }) =>
    target === undefined ? undefined : { cost: regexCost(sizeOf(target), sizeOf(args[0])), size: { min: 0, max: sizeOf(target).max } },
  findAll: ({ target, args }) =>
    target === undefined ? undefined : { cost: regexCost(sizeOf(target), sizeOf(args[0])), size: { min: 0, max: sizeOf(target).max } },
  cidr: argTraversal,
  isIP: argTraversal,
  isCIDR: argTraversal,
  ip: (call) => (call.overload === 'cidr_ip' ? { cost: fixed(1) } : argTraversal(call)),
  'ip.isCanonical': ({ args: [first] }) => ({ cost: scaled(sizeOf(first), 2 * TRAVERSAL) }),
  containsIP: (call) => ({ cost: plus(ADDRESSES, parsedText(call)) }),
  containsCIDR: (call) => ({ cost: plus(ADDRESSES, scaled(IP_SIZE, TRAVERSAL), fixed(1), parsedText(call)) }),
  quantity: argTraversal,
  isQuantity: argTraversal,
  semver: argTraversal,
  isSemver: argTraversal,
  validate: ({ args: [text] }) => ({ cost: scaled(scaled(sizeOf(text), TRAVERSAL), FORMAT_REGEX_LENGTH * REGEX_LENGTH) }),
  'sets.contains': ({ args }) => ({ cost: plus(fixed(1), times(sizeOf(args[0]), sizeOf(args[1]))) }),
  'sets.intersects': ({ args }) => ({ cost: plus(fixed(1), times(sizeOf(args[0]), sizeOf(args[1]))) }),
  'sets.equivalent': ({ args }) => ({ cost: plus(fixed(1), times(fixed(2), times(sizeOf(args[0]), sizeOf(args[1])))) }),
};
