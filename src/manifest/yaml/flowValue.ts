/**
 * The one-line values of the plain part of YAML: quoted texts without escapes, lists and maps in brackets.
 * Invariant: reads a value and where it ends, or throws `UNREADABLE`; part of `blockValue.ts`.
 */
import { isTextKey, plainValue, UNREADABLE } from './plainValue.ts';

interface Flow {
  readonly value: unknown;
  /** The place behind it. */
  readonly end: number;
}

const DEEPEST = 20;

export function flowValue(text: string, from: number, depth = 0): Flow {
  switch (text[from]) {
    case '"':
      return quoted(text, from, '"');
    case "'":
      return quoted(text, from, "'");
    case '[':
      return list(text, from, depth);
    case '{':
      return map(text, from, depth);
    default: {
      const [source] = match(PLAIN, text, from);
      return { value: plainValue(source), end: from + source.length };
    }
  }
}

/** Letters, digits and signs that mean nothing within brackets. */
const PLAIN = /[\w./+@~-]+/y;
const KEY = /[A-Za-z_][\w./-]*(?=: )/y;
const SPACES = / */y;

function quoted(text: string, from: number, mark: string): Flow {
  const end = text.indexOf(mark, from + 1);
  if (end < 0 || text[end + 1] === mark) throw UNREADABLE;
  const value = text.slice(from + 1, end);
  if (value.includes('\n') || (mark === '"' && value.includes('\\'))) throw UNREADABLE;
  return { value, end: end + 1 };
}

function list(text: string, from: number, depth: number): Flow {
  if (depth > DEEPEST) throw UNREADABLE;
  const value: unknown[] = [];
  const end = items(text, from, ']', (at) => {
    const item = flowValue(text, at, depth + 1);
    value.push(item.value);
    return item.end;
  });
  return { value, end };
}

function map(text: string, from: number, depth: number): Flow {
  if (depth > DEEPEST) throw UNREADABLE;
  const value: Record<string, unknown> = {};
  const end = items(text, from, '}', (at) => {
    const [key] = match(KEY, text, at);
    if (value[key] !== undefined || !isTextKey(key)) throw UNREADABLE;
    const item = flowValue(text, skipSpaces(text, at + key.length + 1), depth + 1);
    value[key] = item.value;
    return item.end;
  });
  return { value, end };
}

/** @returns the place behind the closing bracket */
function items(text: string, from: number, close: string, read: (at: number) => number): number {
  let at = skipSpaces(text, from + 1);
  if (text[at] === close) return at + 1;
  for (;;) {
    at = skipSpaces(text, read(at));
    if (text[at] === close) return at + 1;
    if (text[at] !== ',' || text[at + 1] !== ' ') throw UNREADABLE;
    at = skipSpaces(text, at + 1);
  }
}

function skipSpaces(text: string, from: number): number {
  const [spaces] = match(SPACES, text, from);
  return from + spaces.length;
}

function match(pattern: RegExp, text: string, from: number): readonly [string] {
  pattern.lastIndex = from;
  const found = pattern.exec(text);
  if (found === null) throw UNREADABLE;
  return [found[0]];
}
