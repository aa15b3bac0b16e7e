/**
 * Formats manifests: indentation, blanks and empty lines, with every comment and every word as they were.
 * Invariant: a document is left as it is unless the new text reads to the same value with the same comments in the same order.
 * Counterpart: none; `kubectl` prints objects anew and loses what people wrote beside them.
 */
import { isNode, isSeq, Lexer, parseDocument, Scalar, visit, type Document, type Node, type Pair } from 'yaml';
import { jsonEqual } from '../../base/json.ts';
import { readDocument } from '../yaml/document.ts';
import type { PlacedEntry } from '../documents.ts';
import { recogniseFile } from '../recognise.ts';
import type { Range, TextEdit } from '../model.ts';
import { edited, lineEdits } from './lineEdits.ts';

export interface FormatOptions {
  /** Blanks a level. */
  readonly indent: number;
  /** Only documents that reach into it; undefined: all. */
  readonly range?: Range;
}

/** The edits of a file's documents, line by line. */
export function formatEdits(entries: readonly PlacedEntry[], { indent, range }: FormatOptions): readonly TextEdit[] {
  return entries.flatMap(({ entry: { text }, line }, index) => {
    const lines = text.split('\n').length - 1;
    if (range !== undefined && (range.end.line < line || range.start.line > line + lines)) return [];
    const after = formatted(text, indent, index === entries.length - 1);
    const edits = after === undefined ? [] : lineEdits(text, after, line);
    return range === undefined ? edits : within(edits, range, text, line);
  });
}

/** Those within the range, if they alone keep the meaning; a part of a list cannot be moved without the rest. */
function within(edits: readonly TextEdit[], range: Range, text: string, line: number): readonly TextEdit[] {
  const own = edits.filter((edit) => edit.range.start.line >= range.start.line && edit.range.end.line <= range.end.line + 1);
  return own.length === edits.length || isSame(text, edited(text, own, line)) ? own : [];
}

/** Undefined: there is nothing to do, or the text is none that may be touched. */
export function formatted(text: string, indent: number, isLast = true): string | undefined {
  if (!/\S/.test(text) || recogniseFile('', text) !== 'manifest' || /^\s*[[{]/.test(text) || text.includes('\t')) return undefined;
  const isDos = text.includes('\r\n');
  const unix = isDos ? text.replaceAll('\r\n', '\n') : text;
  const printed = print(unix, indent);
  if (printed === undefined) return undefined;
  const tail = isLast || unix.endsWith('\n') ? '\n' : '';
  const after = `${printed.trimEnd()}${tail}`;
  if (after === unix || !isSame(unix, after)) return undefined;
  return isDos ? after.replaceAll('\n', '\r\n') : after;
}

function print(text: string, indent: number): string | undefined {
  let document: Document;
  try {
    // All is text: every scalar is printed as it was written.
    document = parseDocument(text, { schema: 'failsafe', uniqueKeys: false, prettyErrors: false, stringKeys: false });
    if (document.errors.length > 0 || document.contents === null) return undefined;
    const kept = keepAsWritten(document, text);
    const printed = document.toString({
      indent,
      indentSeq: listsAreIndented(document, text),
      lineWidth: 0,
    });
    return closeUp(putBack(printed, kept), text);
  } catch {
    return undefined;
  }
}

function isSame(before: string, after: string): boolean {
  const [a, b] = [readDocument(before), readDocument(after)];
  if (a.value === undefined || b.value === undefined || a.duplicates.length !== b.duplicates.length) return false;
  return jsonEqual(a.value, b.value) && jsonEqual(commentsOf(before), commentsOf(after));
}

function commentsOf(text: string): readonly string[] {
  return [...new Lexer().lex(text)].filter((token) => token.startsWith('#')).map((token) => token.trimEnd());
}

/** As most lists of the text are; the API server's own form is without. */
function listsAreIndented(document: Document, text: string): boolean {
  let [indented, flush] = [0, 0];
  visit(document, {
    Pair: (_, { key, value }: Pair) => {
      if (!isSeq(value) || value.flow === true || !isNode(key)) return;
      const [a, b] = [columnOf(text, key), columnOf(text, value)];
      if (b > a) indented++;
      else flush++;
    },
  });
  return indented >= flush;
}

function columnOf(text: string, node: Node): number {
  const start = node.range?.[0] ?? 0;
  return start - (text.lastIndexOf('\n', start - 1) + 1);
}

interface Kept {
  readonly word: string;
  readonly sources: readonly { readonly text: string; readonly column: number }[];
}

/** Lists and maps between brackets, and texts of many lines that no block is: how they are laid out is their writer's choice. */
function keepAsWritten(document: Document, text: string): Kept {
  const sources: { readonly text: string; readonly column: number }[] = [];
  let word = 'kubepad-kept';
  while (text.includes(word)) word += '-';
  const keep = (node: Node): Node => {
    const [start, end] = node.range ?? [0, 0];
    const place = new Scalar(`${word}${sources.length}-`);
    sources.push({ text: text.slice(start, end), column: columnOf(text, node) });
    const { comment, commentBefore, spaceBefore, tag } = node;
    if ('anchor' in node && node.anchor !== undefined) place.anchor = node.anchor;
    if (tag?.startsWith('!') === true) place.tag = tag;
    place.comment = comment ?? null;
    place.commentBefore = commentBefore ?? null;
    place.spaceBefore = spaceBefore === true;
    return place;
  };
  const hasLines = ({ range }: Node): boolean => text.slice(...(range?.slice(0, 2) ?? [0, 0])).includes('\n');
  visit(document, {
    Collection: (_, node) => (node.flow === true ? keep(node) : undefined),
    Scalar: (_, node) => (node.type?.startsWith('BLOCK') !== true && hasLines(node) ? keep(node) : undefined),
  });
  return { word, sources };
}

/** Lines after the first move as far as the first did. */
function putBack(printed: string, { word, sources }: Kept): string {
  return printed.replaceAll(new RegExp(`${word}(\\d+)-`, 'g'), (name, index: string, at: number) => {
    const source = sources[Number(index)];
    if (source === undefined) return name;
    const by = at - (printed.lastIndexOf('\n', at) + 1) - source.column;
    const isMoved = (line: string, index: number): boolean => index > 0 && by !== 0 && line.trim() !== '';
    return source.text
      .split('\n')
      .map((line, index) => (isMoved(line, index) ? moved(line, by) : line))
      .join('\n');
  });
}

function moved(line: string, by: number): string {
  if (by > 0) return `${' '.repeat(by)}${line}`;
  const blanks = line.length - line.trimStart().length;
  return line.slice(Math.min(-by, Math.max(blanks - 1, 0)));
}

/** The printer sets comments at the end apart by an empty line; where there was none there is none. */
function closeUp(printed: string, text: string): string {
  const last = /\n\n((?:#[^\n]*\n)+)\s*$/.exec(printed);
  if (last?.[1] === undefined || /\n[ \t]*\n(?:#[^\n]*\n?)+\s*$/.test(text)) return printed;
  return `${printed.slice(0, last.index)}\n${last[1]}`;
}
