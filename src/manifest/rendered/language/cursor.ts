/** What stands at a place of a template: a value, a definition's name, or what every template is given. */
import type { ChartIndex } from './chartIndex.ts';
import { nameOf } from '../template/scan.ts';
import { scopedActions, valuesIn, type Scope, type ValuePath } from '../template/values.ts';

export type Cursor =
  | { readonly type: 'value'; readonly path: ValuePath; readonly start: number; readonly end: number }
  | { readonly type: 'definition'; readonly name: string; readonly start: number; readonly end: number }
  | { readonly type: 'builtIn'; readonly object: string; readonly field: string | undefined; readonly start: number; readonly end: number };

export function cursorAt(index: ChartIndex, path: string, offset: number): Cursor | undefined {
  const text = index.chart.text(path) ?? '';
  const found = scopedActions(index.scan(path)).find(({ action }) => action.start <= offset && offset <= action.end);
  if (found === undefined) return undefined;
  const { action, scope } = found;
  const name = nameOf(action);
  if (name !== undefined) {
    const start = action.innerStart + action.inner.indexOf(name);
    if (start <= offset && offset <= start + name.length) return { type: 'definition', name, start, end: start + name.length };
  }
  const reference = valuesIn(action, scope).find(({ start, end }) => start <= offset && offset <= end);
  if (reference !== undefined) {
    const { start, end, path: full } = reference;
    const behind = text.slice(offset, end);
    const wordEnd = offset + (/^\w*/.exec(behind)?.[0].length ?? 0);
    const later = (text.slice(wordEnd, end).match(/\.\w/g) ?? []).length;
    const own = full.slice(0, full.length - later);
    return own.length === 0
      ? { type: 'builtIn', object: 'Values', field: undefined, start, end }
      : { type: 'value', path: own, start, end: wordEnd };
  }
  for (const match of action.inner.matchAll(/\$?\.([A-Z]\w*)(?:\.([A-Z]\w*))?/g)) {
    const start = action.innerStart + match.index;
    const end = start + match[0].length;
    if (start <= offset && offset <= end) return { type: 'builtIn', object: match[1] ?? '', field: match[2], start, end };
  }
  return undefined;
}

/** What is being typed within an action. */
export type Typing =
  | { readonly type: 'chain'; readonly chain: string; readonly scope: Scope; readonly start: number; readonly end: number }
  | { readonly type: 'name'; readonly start: number; readonly end: number };

export function typingAt(index: ChartIndex, path: string, offset: number): Typing | undefined {
  const text = index.chart.text(path) ?? '';
  const found = scopedActions(index.scan(path)).find(
    ({ action }) => action.start + 2 <= offset && offset <= (action.closed ? action.end - 2 : action.end),
  );
  if (found === undefined) return undefined;
  const before = text.slice(found.action.start, offset);
  const name = /\b(?:include|template)\s+"([^"]*)$/.exec(before);
  if (name !== null) {
    const start = offset - (name[1] ?? '').length;
    return { type: 'name', start, end: offset + (/^[^"\s}]*/.exec(text.slice(offset))?.[0].length ?? 0) };
  }
  const chain = /(?:^|[\s({|])((?:\$\w*)?(?:\.[A-Za-z_]\w*)*\.)(\w*)$/.exec(before);
  if (chain === null) return undefined;
  const start = offset - (chain[2] ?? '').length;
  const end = offset + (/^\w*/.exec(text.slice(offset))?.[0].length ?? 0);
  return { type: 'chain', chain: (chain[1] ?? '').slice(0, -1), scope: found.scope, start, end };
}
