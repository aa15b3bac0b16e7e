/**
 * The value of a document without its places, several times faster than with them: most documents have no findings, and
 * then nobody asks where anything stands.
 * Invariant: gives what `readDocument` gives, or undefined; whatever is out of the ordinary is left to that one.
 */
import { defineScalarTag, FAILSAFE_SCHEMA, load, mergeTag, NOT_RESOLVED, Schema } from 'js-yaml';
import { KUBERNETES_TAGS } from '../../apimachinery/yaml/scalars.ts';
import { blockValue } from './blockValue.ts';
import { MAX_DOCUMENT_LENGTH } from './document.ts';

export interface FastValue {
  readonly value: unknown;
}

const MAX_DEPTH = 100;

export function fastValue(text: string): FastValue | undefined {
  if (text.length > MAX_DOCUMENT_LENGTH) return undefined;
  const plain = blockValue(text);
  if (plain !== undefined) return { value: plain };
  return generalValue(text);
}

/** Any YAML that can be read without its places. */
export function generalValue(text: string): FastValue | undefined {
  // Aliases may multiply a value, tags may change it, and what begins with a mark is judged better by the careful reader.
  if (/(?:^|[\s,[{:])[&*!][^\s]/m.test(text) || text.includes('\t') || text.startsWith('%')) return undefined;
  try {
    return { value: load(text, { schema: SCHEMA, maxDepth: MAX_DEPTH }) };
  } catch {
    return undefined;
  }
}

const DIGITS = [...'+-.0123456789'];
/** With which characters a value of a tag can begin; the reader asks only those. */
const FIRST: Readonly<Record<string, readonly string[]>> = {
  'tag:yaml.org,2002:null': ['', '~', 'n', 'N'],
  'tag:yaml.org,2002:bool': [...'yYtToOnNfF'],
  'tag:yaml.org,2002:int': DIGITS,
  'tag:yaml.org,2002:float': DIGITS,
};

const SCHEMA = new Schema([
  ...FAILSAFE_SCHEMA.tags,
  mergeTag,
  ...KUBERNETES_TAGS.map((tag) =>
    defineScalarTag<unknown>(tag.tag, {
      implicit: true,
      implicitFirstChars: FIRST[tag.tag] ?? null,
      resolve: (source) => (tag.test?.test(source) === true ? tag.resolve(source, () => undefined, {}) : NOT_RESOLVED),
      identify: () => false,
    }),
  ),
]);
