/**
 * YAML bodies of requests. The API server turns them into JSON first; of a stream it takes the first document.
 * Invariant: reading never throws, whatever the text. (Documents with places for people are read in src/manifest.)
 * Counterpart: sigs.k8s.io/yaml.YAMLToJSONStrict.
 */
import { isMap, isScalar, isSeq, parseAllDocuments, type Document, type LineCounter, LineCounter as Counter, type Node } from 'yaml';
import { quote } from '../field/quote.ts';
import { KUBERNETES_TAGS } from './scalars.ts';

export type YamlText =
  | { readonly value: unknown; readonly strictErrors: readonly string[] }
  /** In the words of Go's reader where they are known. */
  | { readonly error: string };

export function readYaml(text: string): YamlText {
  const lines = new Counter();
  try {
    const documents = parseAllDocuments(text, {
      schema: 'failsafe',
      customTags: [...KUBERNETES_TAGS],
      merge: true,
      uniqueKeys: false,
      prettyErrors: false,
      lineCounter: lines,
    });
    const [document] = Array.isArray(documents) ? (documents as readonly Document.Parsed[]) : [];
    if (document === undefined) return { value: null, strictErrors: [] };
    const [problem] = document.errors;
    if (problem !== undefined)
      return { error: `yaml: line ${lines.linePos(problem.pos[0]).line}: ${goText(text, problem.pos[0], problem.message)}` };
    const repeated: string[] = [];
    collectRepeated(document.contents, lines, repeated);
    const strictErrors = repeated.length === 0 ? [] : [`yaml: unmarshal errors:\n${repeated.join('\n')}`];
    return { value: document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown, strictErrors };
  } catch (error) {
    if (error instanceof RangeError) return { error: 'yaml: exceeded max depth of 10000' };
    return { error: `yaml: ${error instanceof Error ? error.message : String(error)}` };
  }
}

const MAX_ALIASES = 100;

function goText(text: string, position: number, message: string): string {
  const lineStart = text.lastIndexOf('\n', position - 1) + 1;
  if (/^ *\t/.test(text.slice(lineStart))) return 'found character that cannot start any token';
  const flow = /^Flow (sequence|map)/.exec(message)?.[1];
  if (flow !== undefined) {
    // What is open and has no item begun lacks an item; otherwise what would go on with it.
    if (/[[{,:]\s*$/.test(text)) return 'did not find expected node content';
    return `did not find expected ',' or '${flow === 'map' ? '}' : ']'}'`;
  }
  return GO_TEXTS.find(([pattern]) => pattern.test(message))?.[1] ?? message;
}

/** Messages of this reader, and what Go's says instead. */
const GO_TEXTS: readonly (readonly [RegExp, string])[] = [
  [/^Maximum call stack size exceeded/, 'exceeded max depth of 10000'],
  [/^Nested mappings are not allowed/, 'mapping values are not allowed in this context'],
  [/^Implicit (map )?keys need to be/, "could not find expected ':'"],
  [/^Missing closing ["']quote/, 'found unexpected end of stream'],
  [/^All (mapping|sequence) items must start at the same column/, 'did not find expected key'],
  [/^(A block sequence may not be used|Sequence items must not)/, 'block sequence entries are not allowed in this context'],
];

function collectRepeated(node: Node | null, lines: LineCounter, found: string[]): void {
  if (isSeq(node)) for (const item of node.items) collectRepeated(item as Node | null, lines, found);
  if (!isMap(node)) return;
  const seen = new Set<string>();
  for (const { key, value } of node.items) {
    if (isScalar(key)) {
      const name = String(key.value);
      if (seen.has(name)) found.push(`  line ${lines.linePos(key.range?.[0] ?? 0).line}: key ${quote(name)} already set in map`);
      seen.add(name);
    }
    collectRepeated(value as Node | null, lines, found);
  }
}
