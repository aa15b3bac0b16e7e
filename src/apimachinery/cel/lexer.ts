/**
 * Text to tokens.
 * Counterpart: the lexer rules of cel-go's grammar (parser/gen/CEL.g4) and ANTLR's way to report what is no token.
 */
import type { Issue } from './source.ts';

export type TokenType =
  | 'EOF'
  | '=='
  | '!='
  | 'in'
  | '<'
  | '<='
  | '>='
  | '>'
  | '&&'
  | '||'
  | '['
  | ']'
  | '{'
  | '}'
  | '('
  | ')'
  | '.'
  | ','
  | '-'
  | '!'
  | '?'
  | ':'
  | '+'
  | '*'
  | '/'
  | '%'
  | 'true'
  | 'false'
  | 'null'
  | 'NUM_FLOAT'
  | 'NUM_INT'
  | 'NUM_UINT'
  | 'STRING'
  | 'BYTES'
  | 'IDENTIFIER'
  | 'ESC_IDENTIFIER';

export interface Token {
  readonly type: TokenType;
  readonly text: string;
  /** In code points. */
  readonly offset: number;
  /** In UTF-16 units, for slices of the source. */
  readonly start: number;
}

const SKIP = /(?:[\t \r\n\f]+|\/\/[^\n]*)+/y;
const NUMBER = /(?:[0-9]+\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+|\.[0-9]+(?:[eE][+-]?[0-9]+)?)|0x[0-9a-fA-F]+[uU]?|[0-9]+[uU]?/y;
const ESCAPE = String.raw`\\(?:[abfnrtv"'\\?\x60]|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7][0-7])`;
const TEXT_FORMS = [
  String.raw`[rR]"""[\s\S]*?"""`,
  String.raw`[rR]'''[\s\S]*?'''`,
  String.raw`[rR]"[^"\n\r]*"`,
  String.raw`[rR]'[^'\n\r]*'`,
  String.raw`"""(?:${ESCAPE}|[^\\])*?"""`,
  String.raw`'''(?:${ESCAPE}|[^\\])*?'''`,
  String.raw`"(?:${ESCAPE}|[^\\"\n\r])*"`,
  String.raw`'(?:${ESCAPE}|[^\\'\n\r])*'`,
].join('|');
const STRING = new RegExp(TEXT_FORMS, 'y');
const BYTES = new RegExp(`[bB](?:${TEXT_FORMS})`, 'y');
const IDENTIFIER = /[A-Za-z_][A-Za-z_0-9]*/y;
const ESC_IDENTIFIER = /`[A-Za-z0-9_.\-/ ]+`/y;
const SYMBOL = /==|!=|<=|>=|&&|\|\||[<>[\]{}().,\-!?:+*/%]/y;
const KEYWORDS: ReadonlySet<string> = new Set(['in', 'true', 'false', 'null']);

/** @param issues gets what is no token */
export function tokenize(source: string, issues: Issue[]): readonly Token[] {
  const tokens: Token[] = [];
  let start = 0;
  let offset = 0;
  const advance = (length: number): void => {
    for (let index = start; index < start + length; index++) if (!isLowSurrogate(source.charCodeAt(index))) offset++;
    start += length;
  };
  while (start < source.length) {
    const skipped = matchAt(SKIP, source, start);
    if (skipped !== undefined) {
      advance(skipped.length);
      continue;
    }
    const token = tokenAt(source, start, offset);
    if (token === undefined) {
      const length = unknownLength(source, start);
      issues.push({ offset, message: `Syntax error: token recognition error at: '${printable(source.slice(start, start + length))}'` });
      advance(length);
      continue;
    }
    tokens.push(token);
    advance(token.text.length);
  }
  tokens.push({ type: 'EOF', text: '<EOF>', offset, start });
  return tokens;
}

function tokenAt(source: string, start: number, offset: number): Token | undefined {
  const make = (type: TokenType, text: string): Token => ({ type, text, offset, start });
  const bytes = matchAt(BYTES, source, start);
  if (bytes !== undefined) return make('BYTES', bytes);
  const string = matchAt(STRING, source, start);
  if (string !== undefined) return make('STRING', string);
  const identifier = matchAt(IDENTIFIER, source, start);
  if (identifier !== undefined) return make(KEYWORDS.has(identifier) ? (identifier as TokenType) : 'IDENTIFIER', identifier);
  const number = matchAt(NUMBER, source, start);
  if (number !== undefined) return make(numberType(number), number);
  const escaped = matchAt(ESC_IDENTIFIER, source, start);
  if (escaped !== undefined) return make('ESC_IDENTIFIER', escaped);
  const symbol = matchAt(SYMBOL, source, start);
  return symbol === undefined ? undefined : make(symbol as TokenType, symbol);
}

function numberType(text: string): TokenType {
  if (text.startsWith('0x')) return /[uU]$/.test(text) ? 'NUM_UINT' : 'NUM_INT';
  if (/[uU]$/.test(text)) return 'NUM_UINT';
  return /[.eE]/.test(text) ? 'NUM_FLOAT' : 'NUM_INT';
}

/** What ANTLR passes over: all that could have begun a token, and the character that showed that it is none. */
function unknownLength(source: string, start: number): number {
  const first = source.charAt(start);
  if (first === '"' || first === "'") return unfinishedText(source, start, first);
  if (first === '=' || first === '&' || first === '|') return start + 1 < source.length ? 2 : 1;
  if (first === '`') return (/`[A-Za-z0-9_.\-/ ]*[^]?/y.exec(source.slice(start))?.[0] ?? first).length;
  return isLowSurrogate(source.charCodeAt(start + 1)) ? 2 : 1;
}

function unfinishedText(source: string, start: number, quote: string): number {
  let index = start + 1;
  while (index < source.length) {
    const character = source.charAt(index);
    if (character === '\n' || character === '\r' || character === quote) return index - start + 1;
    if (character === '\\') {
      const escape = matchAt(new RegExp(ESCAPE, 'y'), source, index);
      if (escape === undefined) return index - start + 2;
      index += escape.length;
    } else index++;
  }
  return source.length - start;
}

/** ANTLR shows line breaks and tabs in messages as escapes. */
function printable(text: string): string {
  return text.replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
}

function matchAt(pattern: RegExp, source: string, start: number): string | undefined {
  pattern.lastIndex = start;
  return pattern.exec(source)?.[0];
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
