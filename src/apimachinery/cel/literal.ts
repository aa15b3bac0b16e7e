import { CelUint, type Value } from './values.ts';

/** The value of a literal token, or what is wrong with it. */
export type Literal = { readonly value: Value } | { readonly error: string };

const MAX_INT = 2n ** 63n - 1n;
const MAX_UINT = 2n ** 64n - 1n;

export function parseInt64(text: string, negative: boolean): Literal {
  const magnitude = BigInt(text);
  const value = negative ? -magnitude : magnitude;
  return value > MAX_INT || value < -MAX_INT - 1n ? { error: 'invalid int literal' } : { value };
}

export function parseUint64(text: string): Literal {
  const value = BigInt(text.slice(0, -1));
  return value > MAX_UINT ? { error: 'invalid uint literal' } : { value: new CelUint(value) };
}

export function parseDouble(text: string, negative: boolean): Literal {
  const value = Number(text);
  if (!Number.isFinite(value)) return { error: 'invalid double literal' };
  return { value: negative ? -value : value };
}

/** A text without its quotes and with its escapes read. */
export function parseString(token: string): Literal {
  const { raw, body } = unquote(token);
  if (raw) return { value: body };
  const value = body.replaceAll(ESCAPES, (escape) => {
    const simple = SIMPLE[escape.charAt(1)];
    return simple ?? String.fromCodePoint(codeOf(escape));
  });
  return { value };
}

export function parseBytes(token: string): Literal {
  const { raw, body } = unquote(token.slice(1));
  const encoder = new TextEncoder();
  if (raw) return { value: encoder.encode(body) };
  const bytes: number[] = [];
  let end = 0;
  for (const match of body.matchAll(ESCAPES)) {
    bytes.push(...encoder.encode(body.slice(end, match.index)));
    const escape = match[0];
    const simple = SIMPLE[escape.charAt(1)];
    if (simple !== undefined) bytes.push(simple.charCodeAt(0));
    else if (/^\\[uU]/.test(escape)) return { error: 'Invalid bytes literal. Illegal escape sequence: unable to unescape string' };
    else bytes.push(codeOf(escape) & 0xff);
    end = match.index + escape.length;
  }
  bytes.push(...encoder.encode(body.slice(end)));
  return { value: Uint8Array.from(bytes) };
}

const ESCAPES = /\\(?:[abfnrtv"'\\?`]|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7][0-7])/g;
const SIMPLE: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '"': '"',
  "'": "'",
  '\\': '\\',
  '?': '?',
  '`': '`',
};

function codeOf(escape: string): number {
  const digits = escape.slice(/^\\[xXuU]/.test(escape) ? 2 : 1);
  const code = Number.parseInt(digits, /^\\[xXuU]/.test(escape) ? 16 : 8);
  return code > 0x10ffff ? 0xfffd : code;
}

function unquote(token: string): { readonly raw: boolean; readonly body: string } {
  const raw = /^[rR]/.test(token);
  const text = raw ? token.slice(1) : token;
  const triple = text.startsWith('"""') || text.startsWith("'''");
  const width = triple && text.length >= 6 ? 3 : 1;
  return { raw, body: text.slice(width, -width).replaceAll('\r\n', '\n') };
}
