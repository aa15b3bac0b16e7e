/**
 * JSON paths of printer columns: fields, indexes, slices, wildcards, recursion, unions and simple filters.
 * Counterpart: k8s.io/client-go/util/jsonpath, with missing keys allowed.
 */
import { isObject } from '../structural/jsonSchema.ts';

type Step =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'wildcard' | 'recursive' }
  | { readonly kind: 'slice'; readonly from: number | undefined; readonly to: number | undefined; readonly step: number }
  | { readonly kind: 'filter'; readonly left: readonly Step[]; readonly operator: string; readonly right: Operand }
  | { readonly kind: 'union'; readonly steps: readonly Step[] };

type Operand = { readonly steps: readonly Step[] } | { readonly value: unknown } | undefined;

const parsed = new Map<string, readonly Step[] | undefined>();

/** Everything that a path finds; undefined for a path that cannot be read. */
export function findByPath(object: unknown, path: string): readonly unknown[] | undefined {
  if (!parsed.has(path)) parsed.set(path, parse(path));
  const steps = parsed.get(path);
  return steps === undefined ? undefined : walk([object], steps);
}

function walk(values: readonly unknown[], steps: readonly Step[]): readonly unknown[] {
  let current = values;
  for (const step of steps) current = current.flatMap((value) => take(value, step));
  return current;
}

function take(value: unknown, step: Step): readonly unknown[] {
  switch (step.kind) {
    case 'field':
      return isObject(value) && value[step.name] !== undefined ? [value[step.name]] : [];
    case 'wildcard':
      return Array.isArray(value) ? (value as readonly unknown[]) : isObject(value) ? Object.values(value) : [];
    case 'recursive':
      return descendants(value);
    case 'slice':
      return Array.isArray(value) ? slice(value, step) : [];
    case 'union':
      return step.steps.flatMap((part) => take(value, part));
    default:
      return Array.isArray(value) ? value.filter((item) => holds(item, step)) : [];
  }
}

function descendants(value: unknown): readonly unknown[] {
  const inner = Array.isArray(value) ? (value as readonly unknown[]) : isObject(value) ? Object.values(value) : [];
  return [value, ...inner.flatMap(descendants)];
}

function slice(list: readonly unknown[], { from, to, step }: Extract<Step, { kind: 'slice' }>): readonly unknown[] {
  const start = from === undefined ? 0 : from < 0 ? list.length + from : from;
  const end = to === undefined ? list.length : to < 0 ? list.length + to : to;
  return list.slice(Math.max(0, start), Math.max(0, end)).filter((_, index) => index % step === 0);
}

function holds(item: unknown, { left, operator, right }: Extract<Step, { kind: 'filter' }>): boolean {
  const [value] = walk([item], left);
  if (operator === 'exists') return value !== undefined;
  const other = right === undefined ? undefined : 'value' in right ? right.value : walk([item], right.steps)[0];
  switch (operator) {
    case '==':
      return value === other;
    case '!=':
      return value !== other;
    case '<':
      return Number(value) < Number(other);
    case '<=':
      return Number(value) <= Number(other);
    case '>':
      return Number(value) > Number(other);
    default:
      return Number(value) >= Number(other);
  }
}

const FIELD = /^\.?((?:\\.|[^.[\]{}'"\s])+)/;
const FILTER = /^\[\?\(\s*(@[^=!<>]*?)\s*(?:(==|!=|<=|>=|<|>)\s*(.+?))?\s*\)\]/;

function parse(text: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  let rest = text.replace(/^\$/, '');
  while (rest !== '') {
    const found = parseStep(rest);
    if (found === undefined) return undefined;
    steps.push(...found.steps);
    rest = rest.slice(found.length);
  }
  return steps;
}

function parseStep(rest: string): { readonly steps: readonly Step[]; readonly length: number } | undefined {
  if (rest === '.') return { steps: [], length: 1 };
  if (rest.startsWith('..')) return { steps: [{ kind: 'recursive' }], length: rest.startsWith('..[') ? 2 : 1 };
  const filter = FILTER.exec(rest);
  if (filter !== null) {
    const left = parse((filter[1] ?? '').slice(1));
    return left === undefined
      ? undefined
      : { steps: [{ kind: 'filter', left, operator: filter[2] ?? 'exists', right: operand(filter[3]) }], length: filter[0].length };
  }
  if (rest.startsWith('[')) {
    const end = rest.indexOf(']');
    const steps = end < 0 ? undefined : brackets(rest.slice(1, end));
    return steps === undefined ? undefined : { steps: [steps], length: end + 1 };
  }
  if (rest.startsWith('.*') || rest.startsWith('*')) return { steps: [{ kind: 'wildcard' }], length: rest.startsWith('.') ? 2 : 1 };
  const field = FIELD.exec(rest);
  if (field === null) return undefined;
  return { steps: [{ kind: 'field', name: (field[1] ?? '').replaceAll(/\\(.)/g, '$1') }], length: field[0].length };
}

function brackets(inner: string): Step | undefined {
  const parts = inner.split(',').map((part) => part.trim());
  const steps = parts.map(bracket);
  const known = steps.filter((step) => step !== undefined);
  if (known.length < steps.length) return undefined;
  return known.length === 1 ? known[0] : { kind: 'union', steps: known };
}

function bracket(text: string): Step | undefined {
  if (text === '*') return { kind: 'wildcard' };
  const quoted = /^'(.*)'$|^"(.*)"$/.exec(text);
  if (quoted !== null) return { kind: 'field', name: quoted[1] ?? quoted[2] ?? '' };
  const range = /^(-?\d*)(?::(-?\d*)(?::(\d*))?)?$/.exec(text);
  if (range === null || text === '') return undefined;
  const number = (part: string | undefined): number | undefined => (part === undefined || part === '' ? undefined : Number(part));
  const from = number(range[1]);
  if (!text.includes(':')) return { kind: 'slice', from, to: from === -1 ? undefined : (from ?? 0) + 1, step: 1 };
  return { kind: 'slice', from, to: number(range[2]), step: number(range[3]) ?? 1 };
}

function operand(text: string | undefined): Operand {
  if (text === undefined) return undefined;
  if (text.startsWith('@')) return { steps: parse(text.slice(1)) ?? [] };
  const quoted = /^'(.*)'$|^"(.*)"$/.exec(text);
  if (quoted !== null) return { value: quoted[1] ?? quoted[2] ?? '' };
  if (text === 'true' || text === 'false') return { value: text === 'true' };
  return { value: Number(text) };
}
