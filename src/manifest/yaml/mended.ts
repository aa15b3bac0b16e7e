/**
 * What still reads of a document with mistakes of syntax: the blocks around the mistakes are left out, all else stays in its place.
 * Invariant: bounded work; every line that stays has its number; nothing is said of what stands beside a mistake.
 * Counterpart: none; the API server reads a text whole or not at all.
 */
import { isCollection } from 'yaml';
import { readDocument, type YamlDocument } from './document.ts';
import type { Problem } from '../judge.ts';
import { locate, rangeOf } from '../locate.ts';
import type { Range } from '../model.ts';

export interface Mended {
  readonly document: YamlDocument;
  /** The lines of which nothing can be said: those that were left out, those beside them, and those that may belong elsewhere. */
  readonly doubtful: ReadonlySet<number>;
}

/** Characters that may be read again for one verdict, in a few attempts: what takes longer is rather waited for. */
const BUDGET = 96 * 1024;
const ATTEMPTS = 6;

/** Undefined: too little of the document reads. */
export function mend(broken: YamlDocument): Mended | undefined {
  const first = broken.lines.position(0).line;
  const attempts = Math.min(ATTEMPTS, Math.floor(BUDGET / Math.max(1, broken.text.length)));
  if (attempts === 0 || broken.root === null) return undefined;
  const lines = broken.text.split('\n');
  const gaps = new Set<number>();
  const doubtful = new Set<number>();
  let document = broken;
  for (let attempt = 0; attempt <= attempts; attempt++) {
    const [problem] = document.syntax;
    if (problem === undefined) return { document, doubtful };
    if (attempt === attempts) break;
    const at = Math.min(problem.range.start.line - first, lines.length - 1);
    if (!IN_A_LINE.test(problem.message)) markBlock(lines, headerOf(lines, at), doubtful);
    leaveOut(lines, unclosedBefore(lines, at) ?? at, gaps);
    for (const line of gaps) for (const near of [line - 1, line, line + 1]) doubtful.add(near);
    document = readDocument(lines.join('\n'), first);
  }
  return undefined;
}

/** A line and what is indented below it; of what is blank already the block around it. An item of a list leaves its place. */
function leaveOut(lines: string[], at: number, gaps: Set<number>): void {
  let begin = at;
  if (isBlank(lines[at])) {
    while (begin > 0 && isBlank(lines[begin])) begin--;
    begin = headerOf(lines, begin);
  }
  const head = lines[begin] ?? '';
  let end = endOf(lines, begin);
  if (/^\s*[}\]]/.test(lines[end] ?? '') && indentOf(lines[end] ?? '') === indentOf(head)) end++;
  // An item without a value keeps the numbers of those after it; where that was the mistake, it goes as well.
  const item = /^\s*-(?=\s+\S)/.exec(head)?.[0] ?? (/^\s*[{[]\s*$/.test(head) ? 'null,' : '');
  for (let line = begin; line < end; line++) {
    lines[line] = line === begin && !gaps.has(line) ? item : '';
    gaps.add(line);
  }
}

/** The line behind a line and what is indented below it. */
function endOf(lines: readonly string[], begin: number): number {
  const indent = indentOf(lines[begin] ?? '');
  let end = begin + 1;
  // Items may stand below their key at its own column.
  const isItem = (line: string): boolean => /^\s*- /.test(line);
  const holdsItems = !isItem(lines[begin] ?? '');
  const belongs = (line: string): boolean => indentOf(line) > indent || (holdsItems && indentOf(line) === indent && isItem(line));
  while (end < lines.length && (isBlank(lines[end]) || belongs(lines[end] ?? ''))) end++;
  return end;
}

/** Mistakes within a line. Others may be those of lines above, which then belong to another map than was meant. */
const IN_A_LINE = /^(?:could not find expected ':'|mapping values are not allowed|the text has no closing)/;

function markBlock(lines: readonly string[], begin: number, marked: Set<number>): void {
  const end = endOf(lines, begin);
  for (let line = begin; line < end; line++) marked.add(line);
}

/** The line that a block is below of. */
function headerOf(lines: readonly string[], at: number): number {
  const indent = indentOf(lines[at] ?? '');
  let header = at;
  while (header > 0 && (isBlank(lines[header]) || indentOf(lines[header] ?? '') >= indent)) header--;
  return header;
}

/** The last line before a mistake where a quote or a bracket of a value is opened and not closed: there it may have begun. */
function unclosedBefore(lines: readonly string[], at: number): number | undefined {
  for (let line = at - 1; line >= 0; line--) {
    const opened = /^\s*(?:- +)*(?:[\w./-]+:\s+)?(["'[{])(.*\S)\s*$/.exec(lines[line] ?? '');
    if (opened === null || /^["'][\w./-]+["']\s*:/.test((opened[1] ?? '') + (opened[2] ?? ''))) continue;
    const [, mark = '', rest = ''] = opened;
    if (!CLOSED[mark]?.test(rest)) return line;
  }
  return undefined;
}

const CLOSED: Readonly<Record<string, RegExp>> = {
  '"': /^(?:[^"\\]|\\.)*"/,
  "'": /^(?:[^']|'')*'/,
  '[': /\]\s*(?:#.*)?$/,
  '{': /\}\s*(?:#.*)?$/,
};

function isBlank(line: string | undefined): boolean {
  return line === undefined || /^\s*(?:-\s*)*(?:#.*)?$/.test(line);
}

function indentOf(line: string): number {
  return /^\s*/.exec(line)?.[0].length ?? 0;
}

/** What does not come from something that is missing or stands elsewhere: it is so whatever the broken lines will be. */
const OF_ITSELF: ReadonlySet<string> = new Set([
  'UnknownField',
  'UnknownKind',
  'Decode',
  'FieldValueInvalid',
  'FieldValueTypeInvalid',
  'FieldValueNotSupported',
  'FieldValueTooLong',
]);

/** What messages say of the form of a value; others may speak of values elsewhere. */
const OF_ITS_FORM =
  /must be (?:(?:greater|less) than (?:or equal to )?-?\d+(?:, inclusive)?$|between -?\d|no more than \d|at (?:least|most) \d|non-negative|positive|an absolute path|a valid (?:IP|CIDR|port|email))|regex used for validation|must (?:consist|start|begin|end|contain|not (?:start|begin|end|contain))\b|may not contain|RFC 1123|quantities must match|(?:name|prefix) part must|must be a relative path|must be a number between|must be an integer|could not parse|unable to parse/;

/** Whether a problem of the mended document is one of the broken document too, of whatever its broken lines will be. */
export function standsAnyway(mended: Mended, { code, path, message }: Problem): boolean {
  const { document } = mended;
  if (!OF_ITSELF.has(code)) return false;
  const place = locate(document, path);
  if (!place.complete || place.depth === 0) return false;
  if (code.startsWith('FieldValue') && isCollection(place.node) && !message.includes('Invalid value: "')) return false;
  if (code === 'FieldValueInvalid' && !OF_ITS_FORM.test(message)) return false;
  return isApart(mended, place.key) && isApart(mended, rangeOf(document, place.node) ?? place.value);
}

export function isApart({ document, doubtful }: Mended, { start, end }: Range): boolean {
  const first = document.lines.position(0).line;
  for (let line = start.line; line <= end.line; line++) if (doubtful.has(line - first)) return false;
  return true;
}
