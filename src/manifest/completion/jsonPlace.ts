/**
 * Where a cursor stands in JSON, and what is put there: names and texts in quotes, on one line.
 * Invariant: what is offered leaves JSON behind where JSON was. Counterpart: none.
 */
import { readDocument, type YamlDocument } from '../yaml/document.ts';
import { headValue } from './documentHead.ts';
import { pathAt } from '../locate.ts';
import type { Completion, Range } from '../model.ts';
import { MARK, type Place } from './place.ts';

/** The word before the cursor, with the quote that opens it. */
const WORD = /("?)([\w./-]*)$/;

export function placeInJson(original: YamlDocument, offset: number): Place | undefined {
  const { text, lines } = original;
  const line = lines.lineAt(offset);
  const before = line.text.slice(0, offset - line.start);
  const [, quote = '', word = ''] = WORD.exec(before) ?? [];
  // Beyond the word's own quote all texts are closed.
  if (/^(?:[^"\\]|"(?:[^"\\]|\\.)*")*$/.exec(before.slice(0, before.length - word.length - quote.length)) === null) return undefined;
  const start = offset - word.length;
  const lineEnd = line.start + line.text.length;
  const end = offset + (/^[\w./-]*/.exec(text.slice(offset, lineEnd))?.[0].length ?? 0);
  const closed = quote !== '' && text[end] === '"';
  const hasColon = /^\s*:/.test(text.slice(closed ? end + 1 : end, lineEnd));
  const read = (more: string): YamlDocument =>
    readDocument(`${text.slice(0, start)}${MARK}${closed ? '' : quote}${more}${text.slice(end)}`);
  // What follows may lack its comma, as long as a person types.
  const document = [read(''), read(',')].find(({ syntax }) => syntax.length === 0) ?? read('');
  const { path, on } = pathAt(document, start + 1);
  if (on === 'none') return undefined;
  return {
    document: document.value === undefined ? { ...document, value: original.value ?? headValue(document) } : document,
    path,
    range: lines.range(start, end),
    side: on,
    renaming: on === 'key' && hasColon,
    quoted: quote !== '',
    flow: true,
    missing: '',
    json: closed ? 'closed' : 'open',
  };
}

/** What is offered, as JSON has it. */
export function asJson(completions: readonly Completion[], { side, quoted, renaming, json, range }: Place): readonly Completion[] {
  if (side === 'value') {
    return completions.map((each) => (quoted || isJson(each.insertText) ? each : { ...each, insertText: JSON.stringify(each.insertText) }));
  }
  const open = quoted ? '' : '"';
  const close = renaming && quoted ? '' : '"';
  const whole = !renaming && json === 'closed' ? oneMore(range) : range;
  return completions
    .filter(({ kind }) => kind === 'field' || kind === 'name')
    .map((each) => ({ ...each, range: whole, insertText: `${open}${each.label}${close}${renaming ? '' : ': $0'}`, snippet: !renaming }));
}

/** With the quote behind it. */
function oneMore({ start, end }: Range): Range {
  return { start, end: { line: end.line, character: end.character + 1 } };
}

function isJson(text: string): boolean {
  return /^(?:".*"|true|false|null|-?\d+(?:\.\d+)?)$/.test(text);
}
