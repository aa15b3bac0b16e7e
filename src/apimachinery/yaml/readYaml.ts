/**
 * YAML bodies of requests. The API server turns them into JSON first; of a stream it takes the first document.
 * Invariant: reading never throws, whatever the text. (Documents with places for people are read in src/manifest.)
 * Counterpart: sigs.k8s.io/yaml.YAMLToJSONStrict.
 */
import { isAlias, isMap, isScalar, isSeq, parseAllDocuments, type Document, type LineCounter, LineCounter as Counter } from 'yaml';
import { quote } from '../field/quote.ts';
import { NO_SOURCE, readJson, type JsonSource } from '../scheme/jsonText.ts';
import { goYamlError } from './goErrors.ts';
import { EXACT_TAGS } from './scalars.ts';
import { NotJsonError, toJsonText } from './toJson.ts';

export type YamlText =
  | {
      readonly value: unknown;
      /** The same as JSON text, and what that has beyond the value. */
      readonly json: string;
      readonly source: JsonSource;
      readonly strictErrors: readonly string[];
    }
  /** In the words of Go's reader where they are known. */
  | { readonly error: string };

export function readYaml(text: string): YamlText {
  if (NOT_ALLOWED.test(text)) return { error: 'yaml: control characters are not allowed' };
  const plain = readPlainJson(text);
  if (plain !== undefined) return plain;
  const lines = new Counter();
  try {
    const documents = parseAllDocuments(text, {
      schema: 'failsafe',
      customTags: [...EXACT_TAGS],
      merge: true,
      uniqueKeys: false,
      prettyErrors: false,
      // Keys that are no texts are judged below, not warned of.
      logLevel: 'error',
      lineCounter: lines,
    });
    const [document] = Array.isArray(documents) ? (documents as readonly Document.Parsed[]) : [];
    if (document !== undefined && document.errors.length > 0) return { error: goYamlError(text, document.errors) };
    const found: Findings = { lines, repeated: [], anchors: new Set(), open: new Set() };
    const problem = document === undefined ? undefined : inspect(document.contents, found);
    if (problem !== undefined) return { error: `yaml: ${problem}` };
    const json = toJsonText(document?.toJS({ mapAsMap: true, maxAliasCount: MAX_ALIASES }) ?? null);
    const read = readJson(json);
    if ('error' in read) return { error: TOO_DEEP };
    const strictErrors = found.repeated.length === 0 ? [] : [`yaml: unmarshal errors:\n${found.repeated.join('\n')}`];
    return { ...read, json, strictErrors };
  } catch (error) {
    if (error instanceof NotJsonError) return { error: error.message };
    return { error: error instanceof RangeError ? TOO_DEEP : `yaml: ${goText(error instanceof Error ? error.message : String(error))}` };
  }
}

/** JSON is YAML, and what clients send as YAML often is JSON: where both say the same, the shorter way is taken. */
function readPlainJson(text: string): YamlText | undefined {
  if (!text.startsWith('{') || text.includes('\\u')) return undefined;
  const read = readJson(text);
  if ('error' in read || read.source.keys.size > 0 || read.source.numbers.size > 0) return undefined;
  const json = toJsonText(read.value);
  return { value: JSON.parse(json) as unknown, json, source: NO_SOURCE, strictErrors: [] };
}

const MAX_ALIASES = 100;
const TOO_DEEP = 'yaml: exceeded max depth of 10000';

/** A byte order mark may only stand first. */
const NOT_ALLOWED = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}](?<!^\ufeff)/u;

function goText(message: string): string {
  if (message.startsWith('Excessive alias count')) return 'document contains excessive aliasing';
  return message.startsWith('Merge sources must be') ? 'map merge requires map or sequence of maps as the value' : message;
}

interface Findings {
  readonly lines: LineCounter;
  readonly repeated: string[];
  readonly anchors: Set<string>;
  /** The anchors of the nodes around. */
  readonly open: Set<string>;
}

/** Notes repeated keys, and returns what is wrong with an alias. */
function inspect(node: unknown, found: Findings): string | undefined {
  if (isAlias(node)) {
    if (!found.anchors.has(node.source)) return `unknown anchor '${node.source}' referenced`;
    return found.open.has(node.source) ? `anchor '${node.source}' value contains itself` : undefined;
  }
  if (!isSeq(node) && !isMap(node) && !isScalar(node)) return undefined;
  const { anchor } = node;
  if (anchor !== undefined) {
    found.anchors.add(anchor);
    found.open.add(anchor);
  }
  let problem: string | undefined;
  if (isSeq(node)) for (const item of node.items) problem ??= inspect(item, found);
  if (isMap(node)) problem = inspectMembers(node.items, found);
  if (anchor !== undefined) found.open.delete(anchor);
  return problem;
}

function inspectMembers(members: readonly { readonly key: unknown; readonly value: unknown }[], found: Findings): string | undefined {
  const seen = new Set<string>();
  let problem: string | undefined;
  for (const { key, value } of members) {
    if (isScalar(key)) {
      const name = String(key.value);
      if (seen.has(name))
        found.repeated.push(`  line ${found.lines.linePos(key.range?.[0] ?? 0).line}: key ${quote(name)} already set in map`);
      seen.add(name);
    }
    problem ??= inspect(key, found) ?? inspect(value, found);
  }
  return problem;
}
