/**
 * Quick fixes for values of the wrong type: quotes put on or taken off, an item where a list belongs, a quantity's unit.
 * Invariant: offered only where what comes out is of the right type. Counterpart: none.
 */
import { isMap, isScalar, type Scalar } from 'yaml';
import { parseQuantity } from '../apimachinery/quantity/quantity.ts';
import { resolveAlias, type YamlDocument } from './yaml/document.ts';
import { rangeOf } from './locate.ts';
import type { CodeFix, TextEdit } from './model.ts';

/** @param message the decoder's, which names both types */
export function typeFixes(document: YamlDocument, node: unknown, message: string): readonly CodeFix[] {
  const range = rangeOf(document, node);
  if (range === undefined) return [];
  const wanted = / of type (\S+)$/.exec(message)?.[1] ?? GO_TYPES[/ in body must be of type (\w+): /.exec(message)?.[1] ?? ''];
  if (wanted?.startsWith('[]') === true && wanted !== '[]uint8') return listFix(document, node);
  if (!isScalar(node)) return [];
  const text = message.startsWith('quantities must match') ? quantityFor(node) : wanted === undefined ? undefined : textFor(node, wanted);
  if (text === undefined) return [];
  return [{ title: text.title, edits: [{ range, newText: text.newText }], preferred: true }];
}

/** What the schemas of custom resources call the types. */
const GO_TYPES: Readonly<Record<string, string>> = { string: 'string', integer: 'int64', boolean: 'bool', array: '[]' };

interface Rewritten {
  readonly title: string;
  readonly newText: string;
}

function textFor(node: Scalar, wanted: string): Rewritten | undefined {
  const source = node.source ?? '';
  if (wanted === 'string' && node.type === 'PLAIN' && source !== '') return { title: 'Put it in quotes', newText: JSON.stringify(source) };
  const bare =
    wanted === 'bool' ? /^(true|false)$/.test(source) : /^int(32|64)$/.test(wanted) ? /^(0|-?[1-9]\d*)$/.test(source) : undefined;
  return bare === true && node.type !== 'PLAIN' ? { title: 'Take off the quotes', newText: source } : undefined;
}

/** `128MB`, `128 Mi`, `1gb`: the unit that is meant. */
function quantityFor(node: Scalar): Rewritten | undefined {
  const [, amount, unit] = /^([\d.]+)\s*([a-z]*)$/i.exec((node.source ?? '').trim()) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  const bare = unit.replace(/(?<=[kmgtpei])(?:b|bytes?)$/i, '');
  const short = bare === '' ? '' : (bare[0] ?? '').toUpperCase() + bare.slice(1).toLowerCase();
  const found = [`${amount}${bare}`, `${amount}${short.replace(/^K$/, 'k')}`].find((text) => !('error' in parseQuantity(text)));
  return found === undefined ? undefined : { title: `Change to "${found}"`, newText: found };
}

/** A map becomes the first item of a list, a single value its only one. */
function listFix(document: YamlDocument, given: unknown): readonly CodeFix[] {
  const node = resolveAlias(document.root, given);
  const range = node === given ? rangeOf(document, node) : undefined;
  if (range === undefined) return [];
  const title = 'Make it the item of a list';
  if (isScalar(node) || (isMap(node) && node.flow === true)) {
    if (range.start.line !== range.end.line) return [];
    const edits: readonly TextEdit[] = [
      { range: { start: range.start, end: range.start }, newText: '[' },
      { range: { start: range.end, end: range.end }, newText: ']' },
    ];
    return [{ title, edits, preferred: true }];
  }
  if (!isMap(node)) return [];
  const edits: TextEdit[] = [{ range: { start: range.start, end: range.start }, newText: '- ' }];
  for (let line = range.start.line + 1; line <= range.end.line; line++) {
    const at = { line, character: 0 };
    if (document.lines.lineAt(document.lines.offset(at)).text.trim() !== '') edits.push({ range: { start: at, end: at }, newText: '  ' });
  }
  return [{ title, edits, preferred: true }];
}
