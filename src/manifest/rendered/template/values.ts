/**
 * Which values of a chart the actions of a template name: `.Values.a.b`, also where `with`, `range` and variables stand between.
 * Invariant: what only the run could tell is unknown, never guessed. Counterpart: the scoping rules of Go's text/template.
 */
import type { Action, Segment } from './scan.ts';

/** The place of a value from the root of the values; `[]` is any item of a list or map. */
export type ValuePath = readonly string[];

export interface ValueReference {
  readonly path: ValuePath;
  /** Of the words, such as `.Values.image.tag`. */
  readonly start: number;
  readonly end: number;
}

/** What `.` or a variable stands for: all that a template is given, a value, or something that only the run knows. */
export type Meaning = { readonly type: 'root' } | { readonly type: 'value'; readonly path: ValuePath } | { readonly type: 'unknown' };

export interface Scope {
  readonly dot: Meaning;
  readonly variables: ReadonlyMap<string, Meaning>;
}

const ROOT: Meaning = { type: 'root' };
const UNKNOWN: Meaning = { type: 'unknown' };
const NO_VARIABLES: ReadonlyMap<string, Meaning> = new Map();

/** Each action with what the names in it mean. */
export function scopedActions(segments: readonly Segment[]): readonly { readonly action: Action; readonly scope: Scope }[] {
  const stack: { readonly outer: Scope; current: Scope }[] = [];
  let scope: Scope = { dot: ROOT, variables: NO_VARIABLES };
  const enter = (next: Scope): void => {
    stack.push({ outer: scope, current: next });
    scope = next;
  };
  return segments.flatMap((segment) => {
    if (segment.type === 'text') return [];
    const seen = { action: segment, scope };
    const { keyword, inner } = segment;
    if (keyword === 'if') enter(scope);
    else if (keyword === 'define') enter({ dot: ROOT, variables: NO_VARIABLES });
    else if (keyword === 'with' || keyword === 'range' || keyword === 'block') enter(inside(segment, scope));
    else if (keyword === 'else') {
      const outer = stack.at(-1)?.outer ?? scope;
      scope = /^else\s+with\b/.test(inner) ? inside({ ...segment, inner: inner.slice(4).trim(), keyword: 'with' }, outer) : outer;
    } else if (keyword === 'end') scope = stack.pop()?.outer ?? scope;
    else if (segment.kind === 'silent') scope = assigned(inner, scope);
    return [seen];
  });
}

/** The values that an action names, in their order. */
export function valuesIn(action: Action, scope: Scope): readonly ValueReference[] {
  return chainsIn(action.inner).flatMap(({ chain, start, end, keys }) => {
    const meaning = meaningOf(chain, scope);
    if (meaning.type !== 'value') return [];
    return [{ path: [...meaning.path, ...keys], start: action.innerStart + start, end: action.innerStart + end }];
  });
}

/** All values that a template names. */
export function valuesOf(segments: readonly Segment[]): readonly ValueReference[] {
  return scopedActions(segments).flatMap(({ action, scope }) => valuesIn(action, scope));
}

interface Chain {
  /** `.Values.image`, `$.Values`, `$item.name`, `.` */
  readonly chain: string;
  readonly start: number;
  readonly end: number;
  /** What `index` looks up behind it. */
  readonly keys: readonly string[];
}

const TOKEN = /"(?:[^"\\]|\\.)*"|`[^`]*`|'(?:[^'\\]|\\.)*'|(?<![\w)])(\$\w*(?:\.[A-Za-z_]\w*)*|(?:\.[A-Za-z_]\w*)+|\.(?![\w.]))/g;

function chainsIn(inner: string): readonly Chain[] {
  const found: Chain[] = [];
  for (const match of inner.matchAll(TOKEN)) {
    const chain = match[1];
    if (chain === undefined) continue;
    const end = match.index + chain.length;
    const isIndexed = /\b(?:index|get)\s+$/.test(inner.slice(0, match.index));
    const keys = isIndexed
      ? [...(/^(?:\s+"[^"]*")+/.exec(inner.slice(end))?.[0] ?? '').matchAll(/"([^"]*)"/g)].map(([, key = '']) => key)
      : [];
    found.push({ chain, start: match.index, end, keys });
  }
  return found;
}

export function meaningOf(chain: string, { dot, variables }: Scope): Meaning {
  const [head = '', ...fields] = chain.startsWith('.') ? ['', ...chain.slice(1).split('.')] : chain.split('.');
  const names = fields.filter((field) => field !== '');
  const base = head === '' ? dot : head === '$' ? ROOT : (variables.get(head) ?? UNKNOWN);
  if (base.type === 'value') return { type: 'value', path: [...base.path, ...names] };
  // What a definition is given is mostly all there is, or a map that carries it.
  if (names[0] === 'Values') return { type: 'value', path: names.slice(1) };
  return names.length === 0 ? base : UNKNOWN;
}

/** What an expression is that does no more than name a value, or give it a default. */
function meaningOfExpression(expression: string, scope: Scope): Meaning {
  const [first] = chainsIn(expression);
  const plain = /^\(*\s*(?:[$.][\w.]*)\s*\)*(?:\s*\|\s*default\b.*)?$/s.test(expression) || /^index\s/.test(expression);
  if (first === undefined || !plain) return UNKNOWN;
  const meaning = meaningOf(first.chain, scope);
  return meaning.type === 'value' ? { type: 'value', path: [...meaning.path, ...first.keys] } : meaning;
}

function inside({ keyword, inner }: Action, scope: Scope): Scope {
  const text = inner.slice(keyword.length).trim();
  if (keyword === 'block') return { dot: meaningOfExpression(text.replace(/^"[^"]*"\s*/, ''), scope), variables: NO_VARIABLES };
  const named = /^(?:(\$\w+)\s*,\s*)?(\$\w+)\s*:?=\s*(.*)$/s.exec(text);
  const whole = meaningOfExpression(named?.[3] ?? text, scope);
  const dot: Meaning = keyword === 'range' && whole.type === 'value' ? { type: 'value', path: [...whole.path, '[]'] } : whole;
  const meaning = keyword === 'range' && dot.type === 'root' ? UNKNOWN : dot;
  if (named === null) return { ...scope, dot: meaning };
  const variables = new Map(scope.variables).set(named[2] ?? '', meaning);
  if (named[1] !== undefined) variables.set(named[1], UNKNOWN);
  return { dot: meaning, variables };
}

function assigned(inner: string, scope: Scope): Scope {
  const named = /^(\$\w+)\s*:?=\s*(.*)$/s.exec(inner);
  if (named === null) return scope;
  return { ...scope, variables: new Map(scope.variables).set(named[1] ?? '', meaningOfExpression(named[2] ?? '', scope)) };
}
