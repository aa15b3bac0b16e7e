/**
 * One object as texts in the ways in which people and tools write YAML.
 * Invariant: the API server reads the same object out of each of them.
 */
import { Document, isMap, isSeq, stringify, visit, type ToStringOptions } from 'yaml';
import { Printed } from '../unit/manifest/printed.ts';

export type Manifest = Readonly<Record<string, unknown>>;

const block = (object: Manifest): string => new Printed(object, 'block').text;
/** Words that the YAML of Kubernetes takes for something else than a text (`yes`, `0o7`, `1_000`) are quoted. */
const written = (object: unknown, options: ToStringOptions & { readonly aliasDuplicateObjects?: boolean } = {}): string =>
  stringify(object, { version: '1.1', aliasDuplicateObjects: false, lineWidth: 0, ...options });

export const YAML_STYLES: Readonly<Record<string, (object: Manifest) => string>> = {
  block,
  flow: (object) => new Printed(object, 'flow').text,
  json: (object) => new Printed(object, 'json').text,
  'json with tabs': (object) => JSON.stringify(object, undefined, '\t'),
  'json on one line': (object) => JSON.stringify(object),
  'lines of Windows': (object) => block(object).replaceAll('\n', '\r\n'),
  'byte order mark and marks of documents': (object) => `\uFEFF---\n${block(object)}...\n`,
  'double quotes': (object) => written(object, { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'QUOTE_DOUBLE' }),
  'single quotes': (object) => written(object, { defaultStringType: 'QUOTE_SINGLE', singleQuote: true }),
  'folded lines': (object) => written(object, { lineWidth: 24, minContentWidth: 0 }),
  'lists not indented': (object) => written(object, { indentSeq: false }),
  'deep indentation': (object) => written(object, { indent: 7 }),
  comments: commented,
  anchors: (object) => written(shared(object, new Map()), { aliasDuplicateObjects: true }),
  'merge keys': merged,
  'flow in block': (object) => halfFlow(object),
  'two documents': (object) => `# nothing\n---\n${block(object)}---\n`,
  List: (object) => block({ apiVersion: 'v1', kind: 'List', metadata: {}, items: [object] }),
};

/** With a comment before and behind everything. */
function commented(object: Manifest): string {
  const document = new Document(object, { version: '1.1', aliasDuplicateObjects: false });
  visit(document, {
    Pair: (_, { key }) => {
      if (key !== null && typeof key === 'object') (key as { commentBefore?: string }).commentBefore = ' ключ: [🙂] {"a": b} - %';
    },
    Scalar: (key, node) => {
      if (key === 'value' && (typeof node.value !== 'string' || !node.value.includes('\n'))) node.comment = " it's fine";
    },
  });
  return document.toString({ lineWidth: 0 });
}

/** Equal parts are one part, which the text then names. */
function shared(value: unknown, seen: Map<string, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const text = JSON.stringify(value);
  const known = seen.get(text);
  if (known !== undefined) return known;
  const copy = Array.isArray(value)
    ? value.map((item: unknown) => shared(item, seen))
    : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shared(item, seen)]));
  seen.set(text, copy);
  return copy;
}

/** Half of the metadata is merged into the other half. */
function merged(object: Manifest): string {
  const { metadata } = object;
  if (typeof metadata !== 'object' || metadata === null || Object.hasOwn(metadata, '<<')) return block(object);
  const entries = Object.entries(metadata);
  const [first, second] = [entries.slice(0, 1), entries.slice(1)].map((half) => Object.fromEntries(half) as Manifest);
  const rest = Object.fromEntries(Object.entries(object).filter(([key]) => key !== 'metadata'));
  const own = Object.entries(second ?? {}).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}\n`);
  return `${block(rest)}metadata:\n  <<: ${JSON.stringify(first)}\n${own.join('')}`;
}

/** What lies three levels deep stands in braces and brackets. */
function halfFlow(object: Manifest): string {
  const document = new Document(object, { version: '1.1', aliasDuplicateObjects: false });
  visit(document, {
    Collection: (_, node, path) => {
      if (path.length > 5 && (isMap(node) || isSeq(node))) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 0 });
}
