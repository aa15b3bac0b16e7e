/**
 * Cuts a template of Helm into its text and its actions, without carrying it out.
 * Invariant: reading never fails; an action that is not closed ends with its line. Counterpart: the lexer of Go's text/template.
 */
export type ActionKind =
  /** Its result stands in the rendered text. */
  | 'output'
  /** `if`, `range`, `with`, `else`, `end` and the like: it decides what is rendered. */
  | 'control'
  /** `define` and `block`: what follows is rendered where it is named. */
  | 'define'
  /** A comment or an assignment: nothing of it is rendered. */
  | 'silent';

export interface Text {
  readonly type: 'text';
  readonly start: number;
  readonly end: number;
  /** The template that a `define` around it makes; undefined: the file's own text. */
  readonly definition: string | undefined;
}

export interface Action {
  readonly type: 'action';
  readonly kind: ActionKind;
  /** With its braces. */
  readonly start: number;
  readonly end: number;
  /** Without braces, signs of trimming and blanks. */
  readonly innerStart: number;
  readonly innerEnd: number;
  readonly inner: string;
  /** The first word, where it is one of the language: `if`, `end`, `define`, `include` is none. */
  readonly keyword: string;
  readonly trimsRight: boolean;
  readonly closed: boolean;
  readonly definition: string | undefined;
}

export type Segment = Text | Action;

const KEYWORDS: ReadonlySet<string> = new Set(['if', 'else', 'end', 'range', 'with', 'define', 'block', 'template', 'break', 'continue']);
const OPENS: ReadonlySet<string> = new Set(['if', 'range', 'with', 'define', 'block']);

/** Every character of the text is in exactly one segment, in their order. */
export function scanTemplate(text: string): readonly Segment[] {
  const segments: Segment[] = [];
  /** What is open: the name of a definition, or undefined for an `if` and the like. */
  const open: (string | undefined)[] = [];
  const definition = (): string | undefined => open.findLast((name) => name !== undefined);
  let at = 0;
  while (at < text.length) {
    const next = text.indexOf('{{', at);
    const end = next < 0 ? text.length : next;
    if (end > at) segments.push({ type: 'text', start: at, end, definition: definition() });
    if (next < 0) break;
    const action = scanAction(text, next, definition());
    segments.push(action);
    const { keyword } = action;
    if (OPENS.has(keyword)) open.push(action.kind === 'define' ? (nameOf(action) ?? '') : undefined);
    else if (keyword === 'end') open.pop();
    at = action.end;
  }
  return segments;
}

/** The name in `define "NAME"`, `include "NAME"`, `template "NAME"`. */
export function nameOf({ inner }: Pick<Action, 'inner'>): string | undefined {
  return /^(?:define|block|template|include)\s+(?:"([^"]*)"|`([^`]*)`)/.exec(inner)?.slice(1).find(Boolean);
}

function scanAction(text: string, start: number, definition: string | undefined): Action {
  const trimsLeft = text[start + 2] === '-' && /\s/.test(text[start + 3] ?? '');
  const from = start + 2 + (trimsLeft ? 1 : 0);
  const close = endOfAction(text, from);
  const closed = close >= 0;
  const braces = closed ? close : lineEnd(text, from);
  const trimsRight = closed && text[braces - 1] === '-' && /\s/.test(text[braces - 2] ?? '');
  const raw = text.slice(from, Math.max(from, braces - (trimsRight ? 1 : 0)));
  const inner = raw.trim();
  const innerStart = from + raw.length - raw.trimStart().length;
  const word = /^\w+/.exec(inner)?.[0] ?? '';
  const keyword = KEYWORDS.has(word) ? word : '';
  return {
    type: 'action',
    kind: kindOf(inner, keyword),
    start,
    end: closed ? braces + 2 : braces,
    innerStart,
    innerEnd: innerStart + inner.length,
    inner,
    keyword,
    trimsRight,
    closed,
    definition,
  };
}

function kindOf(inner: string, keyword: string): ActionKind {
  if (inner === '' || inner.startsWith('/*') || /^\$\w*(?:\s*,\s*\$\w*)?\s*:?=/.test(inner)) return 'silent';
  if (keyword === 'define' || keyword === 'block') return 'define';
  return keyword === '' || keyword === 'template' ? 'output' : 'control';
}

/** Where the closing braces stand; -1: nowhere. Braces within texts and comments close nothing. */
function endOfAction(text: string, from: number): number {
  const comment = /^\s*\/\*/.exec(text.slice(from, from + 40));
  if (comment !== null) {
    const end = text.indexOf('*/', from + comment[0].length);
    return end < 0 ? -1 : text.indexOf('}}', end);
  }
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === '}' && text[at + 1] === '}') return at;
    if (character === '`') {
      const end = text.indexOf('`', at + 1);
      if (end < 0) return -1;
      at = end;
    } else if (character === '"' || character === "'") {
      const end = endOfQuoted(text, at);
      if (end < 0) return -1;
      at = end;
    } else if (character === '{' && text[at + 1] === '{') return -1;
  }
  return -1;
}

function endOfQuoted(text: string, from: number): number {
  for (let at = from + 1; at < text.length && text[at] !== '\n'; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === text[from]) return at;
  }
  return -1;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}
