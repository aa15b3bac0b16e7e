/**
 * Reads JSON text and keeps what `JSON.parse` throws away: repeated keys and how numbers were written. Both matter to the
 * API server: a repeated key is an error in strict mode, and `3e1` is no integer for it.
 * Invariant: the values are plain data; the rest is kept beside them, by identity.
 * Counterpart: encoding/json and sigs.k8s.io/json.
 */

export interface JsonSource {
  /** The keys of an object in the order of the text, repetitions included; only for objects that repeat a key. */
  readonly keys: ReadonlyMap<object, readonly string[]>;
  /** Numbers that were not written as JavaScript prints them: the parent, the key or index, the text. */
  readonly numbers: ReadonlyMap<object, ReadonlyMap<string | number, string>>;
}

export type JsonText = { readonly value: unknown; readonly source: JsonSource } | { readonly error: string };

/** A source that knows of nothing unusual: for values that do not come from text. */
export const NO_SOURCE: JsonSource = { keys: new Map(), numbers: new Map() };

/** @returns the value, or the text of Go's json.SyntaxError */
export function readJson(text: string): JsonText {
  const reader = new Reader(text);
  try {
    const value = reader.document();
    return { value, source: reader };
  } catch (error) {
    if (error instanceof JsonSyntaxError) return { error: error.message };
    throw error;
  }
}

/** Never leaves this file. */
class JsonSyntaxError extends Error {}

/**
 * Go's reader stops at 10,000. What comes after reading (decoding, copying, comparing) goes down by calls, for which a
 * JavaScript stack has less room; no object of Kubernetes comes near either.
 */
export const MAX_DEPTH = 1_000;

class Reader implements JsonSource {
  readonly keys = new Map<object, string[]>();
  readonly numbers = new Map<object, Map<string | number, string>>();
  private readonly text: string;
  private position = 0;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  document(): unknown {
    const holder: unknown[] = [];
    holder[0] = this.value(holder, 0, 'looking for beginning of value');
    this.skipSpace();
    if (this.position < this.text.length) this.unexpected('after top-level value');
    return holder[0];
  }

  private value(parent: object, key: string | number, context: string): unknown {
    this.skipSpace();
    const character = this.text[this.position];
    switch (character) {
      case '{':
        return this.object();
      case '[':
        return this.array();
      case '"':
        return this.string();
      case 't':
        return this.literal('true', true);
      case 'f':
        return this.literal('false', false);
      case 'n':
        return this.literal('null', null);
      default:
        if (character !== undefined && (character === '-' || (character >= '0' && character <= '9'))) return this.number(parent, key);
        return this.unexpected(context);
    }
  }

  private object(): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    this.enter();
    this.skipSpace();
    if (this.text[this.position] === '}') return this.leave(result);
    let order: string[] | undefined;
    for (;;) {
      this.skipSpace();
      if (this.text[this.position] !== '"') this.unexpected('looking for beginning of object key string');
      const key = this.string();
      this.skipSpace();
      if (this.text[this.position] !== ':') this.unexpected('after object key');
      this.position++;
      if (Object.hasOwn(result, key)) {
        order ??= Object.keys(result);
        order.push(key);
      } else order?.push(key);
      setOwn(result, key, this.value(result, key, 'looking for beginning of value'));
      this.skipSpace();
      const next = this.text[this.position];
      if (next === '}') break;
      if (next !== ',') this.unexpected('after object key:value pair');
      this.position++;
    }
    if (order !== undefined) this.keys.set(result, order);
    return this.leave(result);
  }

  private array(): unknown[] {
    const result: unknown[] = [];
    this.enter();
    this.skipSpace();
    if (this.text[this.position] === ']') return this.leave(result);
    for (;;) {
      result.push(this.value(result, result.length, 'looking for beginning of value'));
      this.skipSpace();
      const next = this.text[this.position];
      if (next === ']') return this.leave(result);
      if (next !== ',') this.unexpected('after array element');
      this.position++;
    }
  }

  private enter(): void {
    if (++this.depth > MAX_DEPTH) throw new JsonSyntaxError('exceeded max depth');
    this.position++;
  }

  private leave<T>(result: T): T {
    this.depth--;
    this.position++;
    return result;
  }

  private string(): string {
    const { text } = this;
    const start = this.position + 1;
    let index = start;
    for (;;) {
      const code = text.charCodeAt(index);
      if (code === 0x22) {
        this.position = index + 1;
        return text.slice(start, index);
      }
      if (code === 0x5c || code < 0x20 || Number.isNaN(code)) break;
      index++;
    }
    return this.escapedString(start);
  }

  private escapedString(start: number): string {
    const { text } = this;
    let result = '';
    let index = start;
    for (;;) {
      this.position = index;
      const character = text[index];
      if (character === undefined) throw new JsonSyntaxError(END);
      if (character === '"') {
        this.position = index + 1;
        // Half a pair of \u escapes is no character.
        return result.toWellFormed();
      }
      if (character < ' ') this.unexpected('in string literal');
      if (character !== '\\') {
        result += character;
        index++;
        continue;
      }
      this.position = index + 1;
      const escape = text[index + 1];
      const simple = escape === undefined ? undefined : ESCAPES[escape];
      if (simple !== undefined) {
        result += simple;
        index += 2;
      } else if (escape === 'u') {
        const digits = text.slice(index + 2, index + 6);
        if (!/^[0-9a-fA-F]{4}$/.test(digits)) {
          this.position = index + 2 + (/^[0-9a-fA-F]*/.exec(digits)?.[0].length ?? 0);
          this.unexpected('in \\u hexadecimal character escape');
        }
        result += String.fromCharCode(Number.parseInt(digits, 16));
        index += 6;
      } else this.unexpected('in string escape code');
    }
  }

  private literal<T>(word: string, value: T): T {
    for (let index = 1; index < word.length; index++) {
      if (this.text[this.position + index] === word[index]) continue;
      this.position += index;
      return this.unexpected(`in literal ${word} (expecting ${quoteCharacter(word[index] ?? '')})`);
    }
    this.position += word.length;
    return value;
  }

  private number(parent: object, key: string | number): number {
    const match = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/.exec(this.text.slice(this.position, this.position + 1000));
    if (match === null) {
      this.position++;
      return this.unexpected('in numeric literal');
    }
    const written = match[0];
    this.position += written.length;
    const next = this.text[this.position];
    if (next === '.' && !written.includes('.') && !/[eE]/.test(written)) {
      this.position++;
      this.unexpected('after decimal point in numeric literal');
    }
    if ((next === 'e' || next === 'E') && !/[eE]/.test(written)) {
      this.position++;
      if (/[-+]/.test(this.text[this.position] ?? '')) this.position++;
      this.unexpected('in exponent of numeric literal');
    }
    const value = Number(written);
    if (String(value) !== written) {
      let own = this.numbers.get(parent);
      if (own === undefined) this.numbers.set(parent, (own = new Map()));
      own.set(key, written);
    }
    return value;
  }

  private skipSpace(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.position);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.position++;
    }
  }

  private unexpected(context: string): never {
    const character = this.text[this.position];
    if (character === undefined) throw new JsonSyntaxError(END);
    throw new JsonSyntaxError(`invalid character ${quoteCharacter(character)} ${context}`);
  }
}

const END = 'unexpected end of JSON input';
const ESCAPES: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** Go's reader goes by bytes: of a character beyond ASCII it names the first byte. */
function quoteCharacter(character: string): string {
  if (character === "'") return "'\\''";
  if (character === '"') return `'"'`;
  const [byte = 0] = UTF8.encode(character);
  if (byte === 0x07) return String.raw`'\a'`;
  if (byte === 0x0b) return String.raw`'\v'`;
  const escaped = JSON.stringify(String.fromCharCode(byte)).slice(1, -1);
  return byte === 0x7f || escaped.startsWith('\\u') ? `'\\x${byte.toString(16).padStart(2, '0')}'` : `'${escaped}'`;
}

const UTF8 = new TextEncoder();

/** A plain assignment to `__proto__` would change the prototype instead of adding a member. */
export function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
  else target[key] = value;
}
