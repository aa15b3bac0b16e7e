import type { Scalar } from 'yaml';

/**
 * Where each character of a text's value stands in the document, whatever way YAML has it written: plain, quoted, as a block.
 * All styles keep the characters that are no blanks one by one and in order (escapes are read here), so blanks are all that
 * has to be matched loosely: folding makes a space of a line break, and indentation goes.
 * @returns the offset of each character, and at last that of the end; undefined where the two do not match
 */
export function sourceOffsets(text: string, scalar: Scalar): readonly number[] | undefined {
  const { range, value, type } = scalar;
  if (!range || typeof value !== 'string') return undefined;
  const reader = readerOf(text, range[0], range[1], type);
  const offsets: number[] = [];
  let at = reader.start;
  for (const wanted of value) {
    let unit = reader.unit(at);
    if (isBlank(wanted)) {
      // A blank of the value is the next of the text's blanks; there may be fewer of them there than here.
      offsets.push(at);
      if (unit !== undefined && isBlank(unit.text)) at += unit.length;
      if (wanted.length > 1) offsets.push(at);
      continue;
    }
    while (unit !== undefined && (unit.text === '' || isBlank(unit.text))) {
      at += unit.length;
      unit = reader.unit(at);
    }
    if (unit?.text !== wanted) return undefined;
    for (let half = 0; half < wanted.length; half++) offsets.push(at);
    at += unit.length;
  }
  return [...offsets, at];
}

/** What stands at a place of the text: a character of the value, or nothing of it (`text` is empty). */
interface Unit {
  readonly text: string;
  readonly length: number;
}

interface Reader {
  readonly start: number;
  unit(at: number): Unit | undefined;
}

function readerOf(text: string, start: number, end: number, type: Scalar['type']): Reader {
  const character = (at: number): Unit | undefined => {
    if (at >= end) return undefined;
    const own = String.fromCodePoint(text.codePointAt(at) ?? 0);
    return { text: own, length: own.length };
  };
  switch (type) {
    case 'QUOTE_SINGLE':
      return { start: start + 1, unit: (at) => (text.startsWith("''", at) ? { text: "'", length: 2 } : character(at)) };
    case 'QUOTE_DOUBLE':
      return { start: start + 1, unit: (at) => (text[at] === '\\' ? escaped(text, at) : character(at)) };
    case 'BLOCK_FOLDED':
    case 'BLOCK_LITERAL': {
      // The header may hold a comment; the value begins on the next line.
      const line = text.indexOf('\n', start);
      return { start: line < 0 ? end : line + 1, unit: character };
    }
    default:
      return { start, unit: character };
  }
}

function escaped(text: string, at: number): Unit {
  const letter = text[at + 1] ?? '';
  const digits = DIGITS[letter];
  if (digits !== undefined) {
    const code = Number.parseInt(text.slice(at + 2, at + 2 + digits), 16);
    return { text: Number.isNaN(code) || code > 0x10ffff ? '' : String.fromCodePoint(code), length: digits + 2 };
  }
  if (letter === '\n') return { text: '', length: 2 };
  return { text: ESCAPES[letter] ?? letter, length: 2 };
}

const DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '0': '\0',
  a: '\u0007',
  b: '\b',
  e: '\u001b',
  f: '\f',
  v: '\v',
};

function isBlank(text: string): boolean {
  return /^\s$/.test(text);
}
