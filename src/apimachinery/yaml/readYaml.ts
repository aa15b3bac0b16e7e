/**
 * YAML bodies of requests. The API server turns them into JSON first; of a stream it takes the first document.
 * Invariant: reading never throws, whatever the text. (Documents with places for people are read in src/manifest.)
 * Counterpart: sigs.k8s.io/yaml.YAMLToJSONStrict.
 */
import { isMap, isScalar, isSeq, parseAllDocuments, type Document, type LineCounter, LineCounter as Counter } from 'yaml';
import { quote } from '../field/quote.ts';
import { NO_SOURCE, readJson, type JsonSource } from '../scheme/jsonText.ts';
import { aliasProblem } from './aliases.ts';
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
    const problem = aliasProblem(document?.contents);
    if (problem !== undefined) return { error: `yaml: ${problem.message}` };
    const repeated: string[] = [];
    noteRepeated(document?.contents, lines, repeated);
    const json = toJsonText(document?.toJS({ mapAsMap: true, maxAliasCount: UNLIMITED }) ?? null);
    const read = readJson(json);
    if ('error' in read) return { error: TOO_DEEP };
    const strictErrors = repeated.length === 0 ? [] : [`yaml: unmarshal errors:\n${repeated.join('\n')}`];
    return { ...read, json, strictErrors };
  } catch (error) {
    if (error instanceof NotJsonError) return { error: error.message };
    return { error: error instanceof RangeError ? TOO_DEEP : `yaml: ${error instanceof Error ? error.message : String(error)}` };
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

/** What aliases stand for was counted before. */
const UNLIMITED = -1;
const TOO_DEEP = 'yaml: exceeded max depth of 10000';

/** A byte order mark may only stand first. */
const NOT_ALLOWED = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}](?<!^\ufeff)/u;

function noteRepeated(node: unknown, lines: LineCounter, repeated: string[]): void {
  if (isSeq(node)) for (const item of node.items) noteRepeated(item, lines, repeated);
  if (!isMap(node)) return;
  const seen = new Set<string>();
  for (const { key, value } of node.items) {
    if (isScalar(key)) {
      const name = String(key.value);
      if (seen.has(name)) repeated.push(`  line ${lines.linePos(key.range?.[0] ?? 0).line}: key ${quote(name)} already set in map`);
      seen.add(name);
    }
    noteRepeated(key, lines, repeated);
    noteRepeated(value, lines, repeated);
  }
}
