/**
 * Templates with marks in them that stay in what is rendered, so that each piece of it tells where it came from.
 * Invariant: without its marks a marked template renders to the same text, unless a function looks into what it was given.
 * Counterpart: source maps.
 */
import { scanTemplate, type Action, type Text } from './template/scan.ts';

/** What a mark says of the text before it, back to the mark before. */
export interface Mark {
  /** Index of the template's file. */
  readonly source: number;
  readonly kind: 'text' | 'action';
  readonly start: number;
  readonly end: number;
}

/** Characters for private use, which no manifest needs: a beginning, digits, an end. */
const BEGIN = '\uE000';
const END = '\uE001';
const DIGIT = 0xe0_10;
const BASE = 32;
const PATTERN = /\uE000([\uE010-\uE02F]+)\uE001/g;

export interface MarkOptions {
  /** Also what `define` makes; there functions may look into the result (`trunc`, `eq`), so only its lines of YAML are marked. */
  readonly definitions: boolean;
}

export class Marks {
  readonly all: Mark[] = [];

  /** The template with marks; what they say is in `all`. */
  put(text: string, source: number, { definitions }: MarkOptions): string {
    const parts: string[] = [];
    for (const segment of scanTemplate(text)) {
      if (segment.definition !== undefined && !definitions) parts.push(text.slice(segment.start, segment.end));
      else if (segment.type === 'text') parts.push(this.markText(text, segment, source));
      else parts.push(this.markAction(text, segment, source));
    }
    return parts.join('');
  }

  private markText(text: string, { start, end, definition }: Text, source: number): string {
    const parts: string[] = [];
    for (let at = start; at < end;) {
      const newline = text.indexOf('\n', at);
      const next = newline < 0 || newline >= end ? end : newline + 1;
      const line = text.slice(at, next);
      const length = line.trimEnd().length;
      const marked = length > 0 && (definition === undefined || isYamlLine(text, at));
      parts.push(line.slice(0, length));
      if (marked) parts.push(this.add({ source, kind: 'text', start: at + line.length - line.trimStart().length, end: at + length }));
      parts.push(line.slice(length));
      at = next;
    }
    return parts.join('');
  }

  private markAction(text: string, action: Action, source: number): string {
    const { kind, start, end, trimsRight, closed, definition } = action;
    const own = text.slice(start, end);
    const isMarked = definition === undefined || isYamlLine(text, start) || MAKES_LINES.test(action.inner);
    if (kind !== 'output' || !closed || !isMarked) return own;
    const mark = this.add({ source, kind: 'action', start, end });
    // What an action trims it goes on trimming: an action that prints the mark takes that over.
    return trimsRight ? `${own.slice(0, -3)}}}{{ "${mark}" -}}` : `${own}${mark}`;
  }

  private add(mark: Mark): string {
    this.all.push(mark);
    const digits = (this.all.length - 1).toString(BASE);
    return `${BEGIN}${[...digits].map((digit) => String.fromCodePoint(DIGIT + Number.parseInt(digit, BASE))).join('')}${END}`;
  }
}

/** Functions whose results are lines of YAML. */
const MAKES_LINES = /\b(?:nindent|indent|toYaml)\b/;

/** The line around an offset begins as a field or an item of a list does. */
function isYamlLine(text: string, offset: number): boolean {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', start);
  return /^\s*(?:- +)?(?:["']?[\w.$/-]+["']?:(?:\s|$)|- +\S)/.test(text.slice(start, end < 0 ? text.length : end));
}

/** A rendered text without its marks, and where they stood. */
export interface Marked {
  readonly text: string;
  readonly offsets: readonly number[];
  readonly marks: readonly Mark[];
}

export function readMarks(rendered: string, all: readonly Mark[]): Marked {
  const offsets: number[] = [];
  const marks: Mark[] = [];
  let text = '';
  let at = 0;
  for (const match of rendered.matchAll(PATTERN)) {
    text += rendered.slice(at, match.index);
    at = match.index + match[0].length;
    const digits = [...(match[1] ?? '')].map((digit) => ((digit.codePointAt(0) ?? 0) - DIGIT).toString(BASE)).join('');
    const mark = all[Number.parseInt(digits, BASE)];
    if (mark === undefined) continue;
    offsets.push(text.length);
    marks.push(mark);
  }
  return { text: text + rendered.slice(at), offsets, marks };
}

/** Where a character of a rendered text came from. */
export interface Origin {
  readonly source: number;
  readonly kind: 'text' | 'action';
  /** Of the text's line or of the action. */
  readonly start: number;
  readonly end: number;
  /** Of literal text the character itself. */
  readonly at: number | undefined;
  /** The action of the rendered file that named the definition which the character stands in. */
  readonly via: Mark | undefined;
}

/** @param own index of the file that was rendered */
export function originOf({ offsets, marks, text }: Marked, offset: number, own: number): Origin | undefined {
  const index = Math.min(firstAfter(offsets, offset), offsets.length - 1);
  const mark = marks[index];
  if (mark === undefined) return undefined;
  const via = mark.source === own && mark.kind === 'action' ? undefined : marks.slice(index, index + MAX_LOOK_AHEAD).find(isActionOf(own));
  const isOwn = mark.source === own;
  const { source, kind, start, end } = mark;
  // Blanks before a line's text are its own or, re-indented by a function, nobody's.
  const behind = (offsets[index] ?? 0) - offset;
  const at = kind === 'text' ? Math.max(start, end - Math.max(behind, 0)) : undefined;
  const isBeyond = kind === 'text' && behind > end - start && /\S/.test(text[offset] ?? '');
  if (isBeyond && !isOwn && via !== undefined) return { ...via, at: undefined, via: undefined };
  return { source, kind, start, end, at: isBeyond ? undefined : at, via: isOwn ? undefined : via };
}

const MAX_LOOK_AHEAD = 400;

function isActionOf(own: number): (mark: Mark) => boolean {
  return ({ source, kind }) => source === own && kind === 'action';
}

/** Index of the first number that is greater. */
function firstAfter(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
