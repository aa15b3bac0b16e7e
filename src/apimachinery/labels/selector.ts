/**
 * Label selectors: which objects a Service, a ReplicaSet or a list request means.
 * Invariant: a Selector is plain data; all of its requirements must hold.
 * Counterpart: k8s.io/apimachinery/pkg/labels.
 */
import type { LabelSelector } from '../meta/types.ts';

export type SelectorOperator = 'in' | 'notin' | '=' | '!=' | 'exists' | '!' | 'gt' | 'lt';

export interface Requirement {
  readonly key: string;
  readonly operator: SelectorOperator;
  readonly values: readonly string[];
}

export type Selector = readonly Requirement[];
export type Labels = Readonly<Record<string, string>>;

/** No requirement: every object. */
export const EVERYTHING: Selector = [];

/** What the absence of a LabelSelector means in most places: no object. */
export const NOTHING: Selector = [{ key: '', operator: 'in', values: [] }];

/**
 * The selector of a LabelSelector field. Absent: nothing; empty: everything. Operators that validation lets through only
 * in stored objects of old count as nothing.
 */
export function fromLabelSelector(selector: LabelSelector | undefined): Selector {
  if (selector === undefined) return NOTHING;
  const requirements: Requirement[] = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => ({
    key,
    operator: '=',
    values: [value],
  }));
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    const name = EXPRESSION_OPERATORS[operator];
    if (name === undefined) return NOTHING;
    requirements.push({ key, operator: name, values });
  }
  return requirements;
}

/** The selector of a plain map (Service.spec.selector, nodeSelector); absent: everything. */
export function fromSet(labels: Labels | undefined): Selector {
  return Object.entries(labels ?? {}).map(([key, value]) => ({ key, operator: '=', values: [value] }));
}

export function matches(selector: Selector, labels: Labels | undefined): boolean {
  for (const requirement of selector) if (!satisfies(requirement, labels)) return false;
  return true;
}

/** `matches` with the LabelSelector of an object; for one call only, otherwise keep what `fromLabelSelector` gives. */
export function matchesLabelSelector(selector: LabelSelector | undefined, labels: Labels | undefined): boolean {
  return matches(fromLabelSelector(selector), labels);
}

/** The text that parses to the same selector: `app=web,tier in (a,b),!legacy`, by key. */
export function formatSelector(selector: Selector): string {
  return [...selector]
    .sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0))
    .map(formatRequirement)
    .join(',');
}

/** As kubectl prints it: `<none>` for a selector without requirements, `<error>` is not possible here. */
export function formatLabelSelector(selector: LabelSelector | undefined): string {
  const text = selector === undefined ? '' : formatSelector(fromLabelSelector(selector));
  return text === '' ? '<none>' : text;
}

const EXPRESSION_OPERATORS: Readonly<Record<string, SelectorOperator>> = { In: 'in', NotIn: 'notin', Exists: 'exists', DoesNotExist: '!' };

function satisfies({ key, operator, values }: Requirement, labels: Labels | undefined): boolean {
  const present = labels !== undefined && Object.hasOwn(labels, key);
  const value = present ? labels[key] : undefined;
  switch (operator) {
    case '=':
      return present && value === values[0];
    case 'in':
      return value !== undefined && values.includes(value);
    case '!=':
    case 'notin':
      return value === undefined || !values.includes(value);
    case 'exists':
      return present;
    case '!':
      return !present;
    case 'gt':
    case 'lt': {
      const [left, right] = [integer(value), integer(values[0])];
      if (left === undefined || right === undefined) return false;
      return operator === 'gt' ? left > right : left < right;
    }
  }
}

function integer(text: string | undefined): bigint | undefined {
  return text !== undefined && /^[-+]?[0-9]+$/.test(text) ? BigInt(text.replace(/^\+/, '')) : undefined;
}

function formatRequirement({ key, operator, values }: Requirement): string {
  switch (operator) {
    case 'exists':
      return key;
    case '!':
      return `!${key}`;
    case '=':
    case '!=':
      return `${key}${operator}${values[0] ?? ''}`;
    case 'gt':
      return `${key}>${values[0] ?? ''}`;
    case 'lt':
      return `${key}<${values[0] ?? ''}`;
    case 'in':
    case 'notin':
      return `${key} ${operator} (${[...values].sort().join(',')})`;
  }
}
