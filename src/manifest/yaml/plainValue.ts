/**
 * Texts without quotes: what they mean as values, and which of them are keys.
 * Invariant: the tags of `apimachinery/yaml` decide; here is only which texts need not be shown to them.
 */
import { KUBERNETES_TAGS } from '../../apimachinery/yaml/scalars.ts';

/** Ends the reading of what is not plain. One value without a stack of its own: it is no error and never leaves `blockValue`. */
export const UNREADABLE = new Error('not of the plain part of YAML');

/** @throws UNREADABLE if the text begins with a sign that may mean something else */
export function plainValue(source: string): unknown {
  const first = source.charCodeAt(0);
  if (isLetter(first)) return source.length > LONGEST_WORD || !WORDS.has(source) ? source : resolve(source);
  // `100m`, `128Mi`: what ends in a letter that is no digit to the base 16 is no number.
  if (first >= DIGIT_0 && first <= DIGIT_9 && endsNoNumber(source.charCodeAt(source.length - 1))) return source;
  if ((first >= DOT && first <= DIGIT_9 && first !== SLASH) || first === PLUS || first === TILDE) return resolve(source);
  if (first === DASH && source.length > 1 && source.charCodeAt(1) !== SPACE) return resolve(source);
  if (first !== SLASH && first < LATIN) throw UNREADABLE;
  return source;
}

/** Whether a key of letters, digits and `._/-` is a text: `on` is none. */
export function isTextKey(key: string): boolean {
  return key.length <= LONGEST_KEY && (key.length > LONGEST_WORD || !WORDS.has(key));
}

export function isLetter(code: number): boolean {
  const lower = code | 0x20;
  return (lower >= 0x61 && lower <= 0x7a) || code === UNDERSCORE;
}

function endsNoNumber(code: number): boolean {
  return isLetter(code) && code !== UNDERSCORE && (code | 0x20) > LETTER_F;
}

function resolve(source: string): unknown {
  for (const tag of KUBERNETES_TAGS) if (tag.test?.test(source) === true) return tag.resolve(source, () => undefined, {});
  return source;
}

/** Words that may be no texts; the tags say what they are. */
const WORDS: ReadonlySet<string> = new Set(
  ['y', 'yes', 'true', 'on', 'n', 'no', 'false', 'off', 'null'].flatMap((word) => [
    word,
    word.toUpperCase(),
    word.charAt(0).toUpperCase() + word.slice(1),
  ]),
);
const LONGEST_WORD = 5;
/** YAML bounds the keys of one line. */
const LONGEST_KEY = 1000;
const SPACE = 0x20;
const PLUS = 0x2b;
const DASH = 0x2d;
const DOT = 0x2e;
const SLASH = 0x2f;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const LETTER_F = 0x66;
const UNDERSCORE = 0x5f;
const TILDE = 0x7e;
/** The first letter beyond ASCII that is no control character. */
const LATIN = 0xa1;
