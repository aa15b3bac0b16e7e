/**
 * The strings extension of CEL, version 2.
 * Counterpart: cel-go/ext/strings.go.
 */
import { declare, type Library } from '../environment.ts';
import { CelError, isList, noSuchOverload, type Value } from '../values.ts';
import { formatText } from './format.ts';

function text(value: Value | undefined): string {
  if (typeof value !== 'string') throw noSuchOverload();
  return value;
}

function integer(value: Value | undefined): number {
  if (typeof value !== 'bigint') throw noSuchOverload();
  return Number(value);
}

/** Positions count code points. */
function charAt(characters: readonly string[], index: number): string {
  if (index < 0 || index > characters.length) throw new CelError(`index out of range: ${index}`);
  return characters[index] ?? '';
}

function indexOf(value: string, part: string, from: number): bigint {
  const characters = [...value];
  const wanted = [...part];
  if (part === '') return BigInt(from);
  if (from < 0 || from >= characters.length) {
    if (from < 0 || from > characters.length) throw new CelError(`index out of range: ${from}`);
    return -1n;
  }
  for (let start = from; start <= characters.length - wanted.length; start++)
    if (wanted.every((character, index) => characters[start + index] === character)) return BigInt(start);
  return -1n;
}

function lastIndexOf(value: string, part: string, from: number | undefined): bigint {
  const characters = [...value];
  const wanted = [...part];
  const offset = from ?? characters.length;
  if (part === '') return BigInt(offset);
  if (from !== undefined && (from < 0 || from >= characters.length)) throw new CelError(`index out of range: ${from}`);
  for (let start = Math.min(offset, characters.length - wanted.length); start >= 0; start--)
    if (wanted.every((character, index) => characters[start + index] === character)) return BigInt(start);
  return -1n;
}

function replace(value: string, old: string, by: string, limit: number): string {
  if (limit === 0) return value;
  if (old !== '' && limit < 0) return value.replaceAll(old, () => by);
  if (old === '') {
    const characters = [...value];
    const count = limit < 0 ? characters.length + 1 : limit;
    return characters.map((character, index) => (index < count ? by : '') + character).join('') + (count > characters.length ? by : '');
  }
  const parts = value.split(old);
  const kept = parts.slice(0, limit + 1);
  const rest = parts.slice(limit + 1);
  return [kept.join(by), ...rest].join(old);
}

function split(value: string, separator: string, limit: number): readonly string[] {
  if (limit === 0) return [];
  if (limit === 1) return [value];
  const parts = separator === '' ? [...value] : value.split(separator);
  if (limit < 0 || parts.length <= limit) return parts;
  return [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(separator)];
}

function substring(value: string, start: number, end: number | undefined): string {
  const characters = [...value];
  const to = end ?? characters.length;
  if (end !== undefined && start > end) throw new CelError(`invalid substring range. start: ${start}, end: ${end}`);
  if (start < 0 || start > characters.length) throw new CelError(`index out of range: ${start}`);
  if (to < 0 || to > characters.length) throw new CelError(`index out of range: ${to}`);
  return characters.slice(start, to).join('');
}

function join(value: Value | undefined, separator: string): string {
  if (value === undefined || !isList(value)) throw noSuchOverload();
  return value.map(text).join(separator);
}

const ascii = (value: string, from: RegExp, change: (letter: string) => string): string => value.replaceAll(from, change);
/** What Go's unicode.IsSpace calls a space. */
const SPACES = '[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const TRIM = new RegExp(`^${SPACES}+|${SPACES}+$`, 'g');

const QUOTED: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

export const STRINGS: Library = {
  functions: [
    declare('charAt', ['string_char_at_int: string.(int) -> string'], ([value, index]) => charAt([...text(value)], integer(index))),
    declare(
      'indexOf',
      ['string_index_of_string: string.(string) -> int', 'string_index_of_string_int: string.(string, int) -> int'],
      ([value, part, from]) => indexOf(text(value), text(part), from === undefined ? 0 : integer(from)),
    ),
    declare(
      'lastIndexOf',
      ['string_last_index_of_string: string.(string) -> int', 'string_last_index_of_string_int: string.(string, int) -> int'],
      ([value, part, from]) => lastIndexOf(text(value), text(part), from === undefined ? undefined : integer(from)),
    ),
    declare('lowerAscii', ['string_lower_ascii: string.() -> string'], ([value]) =>
      ascii(text(value), /[A-Z]+/g, (letters) => letters.toLowerCase()),
    ),
    declare('upperAscii', ['string_upper_ascii: string.() -> string'], ([value]) =>
      ascii(text(value), /[a-z]+/g, (letters) => letters.toUpperCase()),
    ),
    declare(
      'replace',
      [
        'string_replace_string_string: string.(string, string) -> string',
        'string_replace_string_string_int: string.(string, string, int) -> string',
      ],
      ([value, old, by, limit]) => replace(text(value), text(old), text(by), limit === undefined ? -1 : integer(limit)),
    ),
    declare(
      'split',
      ['string_split_string: string.(string) -> list(string)', 'string_split_string_int: string.(string, int) -> list(string)'],
      ([value, separator, limit]) => split(text(value), text(separator), limit === undefined ? -1 : integer(limit)),
    ),
    declare(
      'substring',
      ['string_substring_int: string.(int) -> string', 'string_substring_int_int: string.(int, int) -> string'],
      ([value, start, end]) => substring(text(value), integer(start), end === undefined ? undefined : integer(end)),
    ),
    declare('trim', ['string_trim: string.() -> string'], ([value]) => text(value).replaceAll(TRIM, '')),
    declare('join', ['list_join: list(string).() -> string', 'list_join_string: list(string).(string) -> string'], ([value, separator]) =>
      join(value, separator === undefined ? '' : text(separator)),
    ),
    declare('format', ['string_format: string.(list(dyn)) -> string'], ([value, args]) => {
      if (args === undefined || !isList(args)) throw noSuchOverload();
      return formatText(text(value), args);
    }),
    declare('strings.quote', ['strings_quote: (string) -> string'], ([value]) => {
      const escaped = [...text(value)].map((character) => QUOTED[character] ?? character).join('');
      return `"${escaped}"`;
    }),
  ],
};
