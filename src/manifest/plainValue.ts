/**
 * Texts without quotes: what they mean as values, and which of them are keys.
 * Invariant: the tags of `apimachinery/yaml` decide; here is only which texts need not be shown to them.
 */
import { KUBERNETES_TAGS } from '../apimachinery/yaml/scalars.ts';

/** Ends the reading of what is not plain. One value without a stack of its own: it is no error and never leaves `blockValue`. */
export const UNREADABLE = new Error('not of the plain part of YAML');

/** @throws UNREADABLE if the text begins with a sign that may mean something else */
export function plainValue(source: string): unknown {
  const first = source.charCodeAt(0);
  if (isLetter(first)) return source.length > LONGEST_WORD ? source : resolve(source);
  if ((first >= DOT && first <= DIGIT_9 && first !== SLASH) || first === PLUS || first === TILDE) return resolve(source);
  if (first === DASH && source.length > 1 && source.charCodeAt(1) !== SPACE) return resolve(source);
  if (first !== SLASH && first < LATIN) throw UNREADABLE;
  return source;
}

/** Whether a key of letters, digits and `._/-` is a text: `on` is none. */
export function isTextKey(key: string): boolean {
  return key.length > LONGEST_KEY ? false : key.length > LONGEST_WORD || typeof resolve(key) === 'string';
}

export function isLetter(code: number): boolean {
  const lower = code | 0x20;
  return (lower >= 0x61 && lower <= 0x7a) || code === UNDERSCORE;
}

function resolve(source: string): unknown {
  for (const tag of KUBERNETES_TAGS) if (tag.test?.test(source) === true) return tag.resolve(source, () => undefined, {});
  return source;
}

/** Of the words that are not texts: `false`. */
const LONGEST_WORD = 5;
/** YAML bounds the keys of one line. */
const LONGEST_KEY = 1000;
const SPACE = 0x20;
const PLUS = 0x2b;
const DASH = 0x2d;
const DOT = 0x2e;
const SLASH = 0x2f;
const DIGIT_9 = 0x39;
const UNDERSCORE = 0x5f;
const TILDE = 0x7e;
/** The first letter beyond ASCII that is no control character. */
const LATIN = 0xa1;
