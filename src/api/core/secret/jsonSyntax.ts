/**
 * What Go's JSON reader says about a text that should hold an object; undefined if it does.
 * Counterpart: encoding/json's scanner. The texts are part of the API server's messages.
 */
export function jsonObjectProblem(text: string): string | undefined {
  const scanner = { text, at: 0 };
  skipSpace(scanner);
  const problem = scanValue(scanner);
  if (problem !== undefined) return problem;
  skipSpace(scanner);
  if (scanner.at < text.length) return unexpected(scanner, 'after top-level value');
  return wrongType(JSON.parse(text));
}

interface Scanner {
  readonly text: string;
  at: number;
}

const END = 'unexpected end of JSON input';
const NUMBER_START = /[-0-9]/;

function wrongType(value: unknown): string | undefined {
  if (value === null) return undefined;
  const kind = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  return kind === 'object' ? undefined : `json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`;
}

function scanValue(scanner: Scanner): string | undefined {
  const character = scanner.text[scanner.at];
  if (character === undefined) return END;
  if (character === '{') return scanObject(scanner);
  if (character === '[') return scanArray(scanner);
  if (character === '"') return scanString(scanner);
  if (NUMBER_START.test(character)) return scanNumber(scanner);
  for (const literal of ['true', 'false', 'null']) if (character === literal[0]) return scanLiteral(scanner, literal);
  return unexpected(scanner, 'looking for beginning of value');
}

function scanObject(scanner: Scanner): string | undefined {
  scanner.at++;
  skipSpace(scanner);
  if (scanner.text[scanner.at] === '}') return accept(scanner);
  for (;;) {
    skipSpace(scanner);
    if (scanner.at >= scanner.text.length) return END;
    if (scanner.text[scanner.at] !== '"') {
      return unexpected(scanner, 'looking for beginning of object key string');
    }
    const key = scanString(scanner);
    if (key !== undefined) return key;
    skipSpace(scanner);
    if (scanner.at >= scanner.text.length) return END;
    if (scanner.text[scanner.at] !== ':') return unexpected(scanner, 'after object key');
    scanner.at++;
    skipSpace(scanner);
    const value = scanValue(scanner);
    if (value !== undefined) return value;
    skipSpace(scanner);
    if (scanner.at >= scanner.text.length) return END;
    if (scanner.text[scanner.at] === '}') return accept(scanner);
    if (scanner.text[scanner.at] !== ',') return unexpected(scanner, 'after object key:value pair');
    scanner.at++;
  }
}

function scanArray(scanner: Scanner): string | undefined {
  scanner.at++;
  skipSpace(scanner);
  if (scanner.text[scanner.at] === ']') return accept(scanner);
  for (;;) {
    skipSpace(scanner);
    const value = scanValue(scanner);
    if (value !== undefined) return value;
    skipSpace(scanner);
    if (scanner.at >= scanner.text.length) return END;
    if (scanner.text[scanner.at] === ']') return accept(scanner);
    if (scanner.text[scanner.at] !== ',') return unexpected(scanner, 'after array element');
    scanner.at++;
  }
}

function scanString(scanner: Scanner): string | undefined {
  scanner.at++;
  for (; scanner.at < scanner.text.length; scanner.at++) {
    const character = scanner.text[scanner.at] ?? '';
    if (character === '"') return accept(scanner);
    if (character < ' ') return unexpected(scanner, 'in string literal');
    if (character !== '\\') continue;
    scanner.at++;
    const escaped = scanner.text[scanner.at];
    if (escaped === undefined) return END;
    if (escaped === 'u') {
      for (let digit = 0; digit < 4; digit++) {
        scanner.at++;
        if (scanner.at >= scanner.text.length) return END;
        if (!/[0-9a-fA-F]/.test(scanner.text[scanner.at] ?? '')) return unexpected(scanner, 'in \\u hexadecimal character escape');
      }
    } else if (!'bfnrt\\/"'.includes(escaped)) return unexpected(scanner, 'in string escape code');
  }
  return END;
}

function scanNumber(scanner: Scanner): string | undefined {
  if (scanner.text[scanner.at] === '-') scanner.at++;
  const first = scanner.text[scanner.at];
  if (first === undefined) return END;
  if (!isDigit(first)) return unexpected(scanner, 'in numeric literal');
  if (first === '0') scanner.at++;
  else skipDigits(scanner);
  if (scanner.text[scanner.at] === '.') {
    scanner.at++;
    if (scanner.at >= scanner.text.length) return END;
    if (!isDigit(scanner.text[scanner.at])) return unexpected(scanner, 'after decimal point in numeric literal');
    skipDigits(scanner);
  }
  if (scanner.text[scanner.at] === 'e' || scanner.text[scanner.at] === 'E') {
    scanner.at++;
    if (scanner.text[scanner.at] === '+' || scanner.text[scanner.at] === '-') scanner.at++;
    if (scanner.at >= scanner.text.length) return END;
    if (!isDigit(scanner.text[scanner.at])) return unexpected(scanner, 'in exponent of numeric literal');
    skipDigits(scanner);
  }
  return undefined;
}

function scanLiteral(scanner: Scanner, literal: string): string | undefined {
  for (let index = 0; index < literal.length; index++, scanner.at++) {
    if (scanner.at >= scanner.text.length) return END;
    if (scanner.text[scanner.at] !== literal[index]) return unexpected(scanner, `in literal ${literal} (expecting '${literal[index] ?? ''}')`);
  }
  return undefined;
}

function accept(scanner: Scanner): undefined {
  scanner.at++;
}

function unexpected(scanner: Scanner, where: string): string {
  const character = String.fromCodePoint(scanner.text.codePointAt(scanner.at) ?? 0);
  const printed = character === "'" ? "'\\''" : character === '"' ? `'"'` : `'${JSON.stringify(character).slice(1, -1)}'`;
  return `invalid character ${printed} ${where}`;
}

function skipSpace(scanner: Scanner): void {
  while (' \t\r\n'.includes(scanner.text[scanner.at] ?? 'x')) scanner.at++;
}

function skipDigits(scanner: Scanner): void {
  while (isDigit(scanner.text[scanner.at])) scanner.at++;
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9';
}
