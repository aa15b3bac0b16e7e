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
    return { error: `yaml: ${error instanceof Error ? error.message : String(error)}` };
  }
}

const MAX_ALIASES = 100;

function goText(text: string, position: number, message: string): string {
  const lineStart = text.lastIndexOf('\n', position - 1) + 1;
  return /^ *\t/.test(text.slice(lineStart)) ? 'found character that cannot start any token' : message;
}

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
