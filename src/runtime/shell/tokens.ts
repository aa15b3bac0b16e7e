import type { Part, Word } from './syntax.ts';

export type Token =
  | {
      readonly kind: 'word';
      readonly word: Word;
      /** As written, if nothing in it is quoted or expanded. */ readonly plain: string | undefined;
    }
  | { readonly kind: 'operator'; readonly text: string }
  | { readonly kind: 'redirect'; readonly fd: 0 | 1 | 2; readonly operator: '<' | '>' | '>>' | '>&' };

const OPERATORS = ['&&', '||', ';;', ';', '|', '&', '\n', '(', ')'];

/** @returns the tokens, or the text of the syntax error */
export function tokenize(script: string): readonly Token[] | string {
  const tokens: Token[] = [];
  let at = 0;
  while (at < script.length) {
    const char = script[at] ?? '';
    if (char === ' ' || char === '\t' || char === '\r') at++;
    else if (script.startsWith('\\\n', at)) at += 2;
    else if (char === '#') at = endOfLine(script, at);
    else {
      const redirect = /^([012]?)(>>|>&|>|<)/.exec(script.slice(at, at + 3));
      const operator = OPERATORS.find((text) => script.startsWith(text, at));
      if (redirect !== null) {
        const symbol = redirect[2] as '<' | '>' | '>>' | '>&';
        const fd = (redirect[1] ?? '') === '' ? (symbol === '<' ? 0 : 1) : (Number(redirect[1]) as 0 | 1 | 2);
        tokens.push({ kind: 'redirect', fd, operator: symbol });
        at += redirect[0].length;
      } else if (operator !== undefined) {
        tokens.push({ kind: 'operator', text: operator });
        at += operator.length;
      } else {
        const read = readWord(script, at);
        if (typeof read === 'string') return read;
        tokens.push({ kind: 'word', word: read.word, plain: read.plain });
        at = read.end;
      }
    }
  }
  return tokens;
}

function endOfLine(script: string, at: number): number {
  const end = script.indexOf('\n', at);
  return end < 0 ? script.length : end;
}

interface ReadWord {
  readonly word: Word;
  readonly plain: string | undefined;
  readonly end: number;
}

function readWord(script: string, start: number): ReadWord | string {
  const parts: Part[] = [];
  let plain: string | undefined = '';
  let text = '';
  let at = start;
  const flush = (quoted: boolean): void => {
    if (text !== '' || quoted) parts.push({ kind: 'text', text, quoted });
    text = '';
  };
  while (at < script.length && !/[\s;&|<>()]/.test(script[at] ?? '')) {
    const char = script[at] ?? '';
    if (char === "'" || char === '"' || char === '$' || char === '`' || char === '\\') {
      plain = undefined;
      if (char === '\\') {
        flush(false);
        text = script[at + 1] ?? '';
        flush(true);
        at += 2;
        continue;
      }
      flush(false);
      const read = char === "'" ? readSingle(script, at) : char === '"' ? readDouble(script, at) : readExpansion(script, at, false);
      if (typeof read === 'string') return read;
      parts.push(...read.parts);
      at = read.end;
    } else {
      text += char;
      if (plain !== undefined) plain += char;
      at++;
    }
  }
  flush(false);
  return { word: parts, plain, end: at };
}

interface ReadParts {
  readonly parts: readonly Part[];
  readonly end: number;
}

function readSingle(script: string, at: number): ReadParts | string {
  const end = script.indexOf("'", at + 1);
  if (end < 0) return 'syntax error: unterminated quoted string';
  return { parts: [{ kind: 'text', text: script.slice(at + 1, end), quoted: true }], end: end + 1 };
}

function readDouble(script: string, start: number): ReadParts | string {
  const parts: Part[] = [];
  let text = '';
  let at = start + 1;
  while (at < script.length && script[at] !== '"') {
    const char = script[at] ?? '';
    if (char === '\\' && /["$`\\\n]/.test(script[at + 1] ?? '')) {
      text += script[at + 1] === '\n' ? '' : (script[at + 1] ?? '');
      at += 2;
    } else if (char === '$' || char === '`') {
      const read = readExpansion(script, at, true);
      if (typeof read === 'string') return read;
      parts.push({ kind: 'text', text, quoted: true }, ...read.parts);
      text = '';
      at = read.end;
    } else {
      text += char;
      at++;
    }
  }
  if (at >= script.length) return 'syntax error: unterminated quoted string';
  parts.push({ kind: 'text', text, quoted: true });
  return { parts, end: at + 1 };
}

/** `$NAME`, `${NAME:-word}`, `$(command)`, `$((sum))`, backquotes. */
function readExpansion(script: string, at: number, quoted: boolean): ReadParts | string {
  if (script[at] === '`') {
    const end = script.indexOf('`', at + 1);
    if (end < 0) return 'syntax error: unterminated backquote';
    return { parts: [{ kind: 'command', script: script.slice(at + 1, end), quoted }], end: end + 1 };
  }
  if (script.startsWith('$((', at)) {
    const end = script.indexOf('))', at);
    if (end < 0) return 'syntax error: missing "))"';
    return { parts: [{ kind: 'arithmetic', expression: script.slice(at + 3, end), quoted }], end: end + 2 };
  }
  if (script[at + 1] === '(') {
    const end = closing(script, at + 1);
    if (end < 0) return 'syntax error: unexpected end of file (expecting ")")';
    return { parts: [{ kind: 'command', script: script.slice(at + 2, end), quoted }], end: end + 1 };
  }
  const braced = /^\$\{(#?)([A-Za-z_]\w*|[0-9@*#?])(?:(:-|-|:\+)([^}]*))?\}/.exec(script.slice(at));
  if (braced !== null) {
    const [whole, length, name = '', operator, operand = ''] = braced;
    const part = { kind: 'variable', name, quoted } as const;
    if (length === '#') return { parts: [{ ...part, operator: '#' }], end: at + whole.length };
    const known = operator === undefined ? part : { ...part, operator: operator as ':-' | '-' | ':+', operand };
    return { parts: [known], end: at + whole.length };
  }
  if (script.startsWith('${', at)) return 'syntax error: bad substitution';
  const plain = /^\$([A-Za-z_]\w*|[0-9@*#?$])/.exec(script.slice(at));
  if (plain === null) return { parts: [{ kind: 'text', text: '$', quoted: true }], end: at + 1 };
  return { parts: [{ kind: 'variable', name: plain[1] ?? '', quoted }], end: at + plain[0].length };
}

function closing(script: string, open: number): number {
  let depth = 0;
  let quote = '';
  for (let at = open; at < script.length; at++) {
    const char = script[at] ?? '';
    if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === "'" || char === '"') quote = char;
    else if (char === '(') depth++;
    else if (char === ')' && --depth === 0) return at;
  }
  return -1;
}
