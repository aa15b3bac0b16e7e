/** Cuts JSON objects that follow each other, as `kubectl get -o json` of several names or `cat` of several files leaves them. */
import type { Chunk } from './split.ts';

const FOLLOWS = /\}[ \t\r\n]*\{/;
const NO_BLANK = /[^ \t\r\n]/;
const MARKS = /["{}[\]]/g;

/** Whether kubectl reads a file as JSON first: it begins with a brace. */
export function beginsAsJson(text: string): boolean {
  return /^\s*\{/.test(text);
}

/**
 * The objects of a text that begins as JSON. An object ends only where what was read up to there is JSON, as kubectl reads on
 * only then; the last one takes the rest, whatever it is.
 * Example: `{"a": 1}` and `{"b": 2}` in one line ▸ two chunks of line 0, the second after eight blanks.
 */
export function splitJson(text: string): readonly Chunk[] {
  if (!FOLLOWS.test(text)) return [{ line: 0, column: 0, text }];
  const chunks: Chunk[] = [];
  let begin: Place = { at: 0, line: 0, column: 0 };
  for (let brace = text.indexOf('{'); ;) {
    const end = objectEnd(text, brace);
    const next = end === undefined ? undefined : nextBrace(text, end);
    if (end === undefined || next === undefined || !isJson(text.slice(brace, end))) break;
    const place = placeOf(text, end, next, begin);
    chunks.push(chunkOf(text, begin, place.at));
    begin = place;
    brace = next;
  }
  chunks.push(chunkOf(text, begin, text.length));
  return chunks;
}

interface Place {
  readonly at: number;
  readonly line: number;
  /** What stands before it on its line and belongs to the object before. */
  readonly column: number;
}

/** Behind the brace that closes the one at a place; undefined: none does. */
function objectEnd(text: string, brace: number): number | undefined {
  MARKS.lastIndex = brace;
  let depth = 0;
  for (let found = MARKS.exec(text); found !== null; found = MARKS.exec(text)) {
    const [mark] = found;
    if (mark === '"') {
      const closed = stringEnd(text, found.index + 1);
      if (closed === undefined) return undefined;
      MARKS.lastIndex = closed;
    } else {
      depth += mark === '{' || mark === '[' ? 1 : -1;
      if (depth === 0) return found.index + 1;
    }
  }
  return undefined;
}

function stringEnd(text: string, from: number): number | undefined {
  for (let quote = text.indexOf('"', from); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0;
    while (text[quote - 1 - slashes] === '\\' && quote - 1 - slashes >= from) slashes++;
    if (slashes % 2 === 0) return quote + 1;
  }
  return undefined;
}

function nextBrace(text: string, from: number): number | undefined {
  const at = text.slice(from).search(NO_BLANK) + from;
  return at >= from && text[at] === '{' ? at : undefined;
}

/** Where the object of a brace begins: with its line, if nothing of the one before stands there. */
function placeOf(text: string, end: number, brace: number, before: Place): Place {
  const lineStart = text.lastIndexOf('\n', brace) + 1;
  let line = before.line;
  for (let at = text.indexOf('\n', before.at); at >= 0 && at < brace; at = text.indexOf('\n', at + 1)) line++;
  return lineStart >= end ? { at: lineStart, line, column: 0 } : { at: brace, line, column: brace - lineStart };
}

function chunkOf(text: string, { at, line, column }: Place, end: number): Chunk {
  return { line, column, text: ' '.repeat(column) + text.slice(at, end) };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
