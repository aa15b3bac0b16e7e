/**
 * Reads the plain part of YAML that nearly all manifests keep to, in one pass and without events or nodes between text and
 * value: maps and lists by indentation, texts of one line, quotes without escapes, `|` blocks, lists and maps on one line.
 * Invariant: gives what js-yaml gives with the tags of Kubernetes, or undefined; whatever is out of the ordinary is left to that.
 */
import { flowValue } from './flowValue.ts';
import { isLetter, isTextKey, plainValue, UNREADABLE } from './plainValue.ts';

/** @returns undefined: not of the plain part, or wrong */
export function blockValue(text: string): Readonly<Record<string, unknown>> | undefined {
  if (UNUSUAL.test(text)) return undefined;
  const reader = new Reader(text);
  try {
    return reader.document();
  } catch (error) {
    if (error === UNREADABLE) return undefined;
    throw error;
  }
}

/** Control characters, line ends other than `\n`, whatever lies beyond Latin letters. */
const UNUSUAL = /[^\n\x20-\x7e\u00a1-\u024f]/;
const MAX_DEPTH = 60;

class Reader {
  private readonly text: string;
  /** Where the line begins that is read next, without its blanks; the end of the text if there is none. */
  private at = 0;
  /** How far that line is indented; -1 at the end of the text. */
  private indent = 0;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  document(): Readonly<Record<string, unknown>> {
    this.toLine(0);
    if (this.indent === 0 && this.text.startsWith('---', this.at)) this.endOfLine(this.at + 3);
    if (this.indent !== 0) throw UNREADABLE;
    const value = this.map(0);
    // The map ends before another column only.
    if (this.at < this.text.length) throw UNREADABLE;
    return value;
  }

  /** A map whose keys stand in a column; the first one is at hand. */
  private map(column: number): Record<string, unknown> {
    if (++this.depth > MAX_DEPTH) throw UNREADABLE;
    const result: Record<string, unknown> = {};
    do {
      const end = this.keyEnd(this.at);
      if (end < 0) throw UNREADABLE;
      const key = this.text.slice(this.at, end);
      // A key that is there already, that all objects have, or that is no text.
      if (result[key] !== undefined || !isTextKey(key)) throw UNREADABLE;
      result[key] = this.valueAfter(end + 1, column);
    } while (this.indent === column);
    if (this.indent > column) throw UNREADABLE;
    this.depth--;
    return result;
  }

  /** A list whose dashes stand in a column; the first one is at hand. */
  private list(column: number): readonly unknown[] {
    if (++this.depth > MAX_DEPTH) throw UNREADABLE;
    const result: unknown[] = [];
    do {
      let from = this.at + 2;
      while (this.text.charCodeAt(from) === SPACE) from++;
      if (this.keyEnd(from) < 0) {
        if (isDash(this.text, from) || isLineEnd(this.text.charCodeAt(from))) throw UNREADABLE;
        result.push(this.scalar(from, column));
      } else {
        const inner = column + from - this.at;
        this.at = from;
        result.push(this.map(inner));
      }
    } while (this.indent === column && isDash(this.text, this.at));
    if (this.indent > column) throw UNREADABLE;
    this.depth--;
    return result;
  }

  /** What stands behind the colon of a key in a column, or on the lines below it. */
  private valueAfter(colon: number, column: number): unknown {
    const { text } = this;
    let from = colon;
    while (text.charCodeAt(from) === SPACE) from++;
    if (!isLineEnd(text.charCodeAt(from))) return this.scalar(from, column);
    this.endOfLine(from);
    if (this.indent > column) return isDash(text, this.at) ? this.list(this.indent) : this.map(this.indent);
    if (this.indent === column && isDash(text, this.at)) return this.list(column);
    return null;
  }

  /** A value that begins on this line. The line below it must not belong to it. */
  private scalar(from: number, column: number): unknown {
    const { text } = this;
    let value: unknown;
    switch (text.charCodeAt(from)) {
      case DOUBLE_QUOTE:
      case SINGLE_QUOTE:
      case OPEN_BRACKET:
      case OPEN_BRACE: {
        const flow = flowValue(text, from);
        value = flow.value;
        this.endOfLine(flow.end);
        break;
      }
      case BAR:
        return this.literal(from, column);
      default:
        value = this.plain(from);
    }
    if (this.indent > column) throw UNREADABLE;
    return value;
  }

  private plain(from: number): unknown {
    const { text } = this;
    let lineEnd = text.indexOf('\n', from);
    if (lineEnd < 0) lineEnd = text.length;
    let end = lineEnd;
    for (let at = from; at < lineEnd; at++) {
      const code = text.charCodeAt(at);
      if (code === COLON) {
        const next = text.charCodeAt(at + 1);
        if (next === SPACE || next === NEWLINE || at + 1 === lineEnd) throw UNREADABLE;
      } else if (code === HASH && text.charCodeAt(at - 1) === SPACE) {
        end = at;
        break;
      }
    }
    while (text.charCodeAt(end - 1) === SPACE) end--;
    this.toLine(lineEnd + 1);
    return plainValue(text.slice(from, end));
  }

  /** The lines below, as they are. Only blocks whose indentation and end are beyond doubt. */
  private literal(from: number, column: number): string {
    const { text } = this;
    const strip = text.charCodeAt(from + 1) === DASH;
    let at = strip ? from + 2 : from + 1;
    if (text.charCodeAt(at) !== NEWLINE) throw UNREADABLE;
    at++;
    let inner = 0;
    while (text.charCodeAt(at + inner) === SPACE) inner++;
    if (inner <= column || isNewlineOrEnd(text.charCodeAt(at + inner))) throw UNREADABLE;
    let value = '';
    let blanks = '';
    while (at < text.length) {
      const end = text.indexOf('\n', at);
      if (end < 0) throw UNREADABLE;
      let first = at;
      while (text.charCodeAt(first) === SPACE) first++;
      if (first === end) {
        if (end > at) throw UNREADABLE;
        blanks += '\n';
      } else if (first - at < inner) {
        if (first - at > column) throw UNREADABLE;
        break;
      } else {
        value += `${blanks}${text.slice(at + inner, end + 1)}`;
        blanks = '';
      }
      at = end + 1;
    }
    this.toLine(at);
    return strip ? value.slice(0, -1) : value;
  }

  /** Where the colon stands behind a key of the usual letters; -1 if there is no such key. */
  private keyEnd(from: number): number {
    const { text } = this;
    let at = from;
    if (!isLetter(text.charCodeAt(at))) return -1;
    for (at++; isKeyPart(text.charCodeAt(at)); at++);
    if (text.charCodeAt(at) !== COLON) return -1;
    const next = text.charCodeAt(at + 1);
    return next === SPACE || isNewlineOrEnd(next) ? at : -1;
  }

  /** Nothing may follow on the line but a comment; then the next line is at hand. */
  private endOfLine(from: number): void {
    const { text } = this;
    let at = from;
    while (text.charCodeAt(at) === SPACE) at++;
    const code = text.charCodeAt(at);
    if (isNewlineOrEnd(code)) return this.toLine(at + 1);
    if (code !== HASH || (at === from && text.charCodeAt(at - 1) !== SPACE)) throw UNREADABLE;
    const end = text.indexOf('\n', at);
    this.toLine(end < 0 ? text.length : end + 1);
  }

  /** Passes over empty lines and comments. */
  private toLine(from: number): void {
    const { text } = this;
    let start = from;
    while (start < text.length) {
      let at = start;
      while (text.charCodeAt(at) === SPACE) at++;
      const code = text.charCodeAt(at);
      if (code === NEWLINE) {
        start = at + 1;
        continue;
      }
      if (code === HASH) {
        const end = text.indexOf('\n', at);
        start = end < 0 ? text.length : end + 1;
        continue;
      }
      if (at >= text.length) break;
      this.at = at;
      this.indent = at - start;
      return;
    }
    this.at = text.length;
    this.indent = -1;
  }
}

const SPACE = 0x20;
const NEWLINE = 0x0a;
const DOUBLE_QUOTE = 0x22;
const HASH = 0x23;
const SINGLE_QUOTE = 0x27;
const DASH = 0x2d;
const DIGIT_9 = 0x39;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const OPEN_BRACE = 0x7b;
const BAR = 0x7c;

/** A dash with a blank behind it: an item of a list. */
function isDash(text: string, at: number): boolean {
  return text.charCodeAt(at) === DASH && text.charCodeAt(at + 1) === SPACE;
}

function isLineEnd(code: number): boolean {
  return isNewlineOrEnd(code) || code === HASH;
}

/** Beyond the text there is no code. */
function isNewlineOrEnd(code: number): boolean {
  return code === NEWLINE || Number.isNaN(code);
}

function isKeyPart(code: number): boolean {
  return isLetter(code) || (code >= DASH && code <= DIGIT_9);
}
