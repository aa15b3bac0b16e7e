/**
 * The one place where a field path becomes a range of the text: as deep as the document goes along the path.
 * Invariant: always gives a range, at worst that of the object's head. Counterpart: none; the API server knows no text.
 */
import { isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import { Path } from '../apimachinery/field/path.ts';
import type { Range } from './model.ts';
import { isMerge } from '../apimachinery/yaml/aliases.ts';
import { fieldPair, findPair, keyText, resolveAlias, type YamlDocument } from './yaml/document.ts';

export interface Place {
  /** The path is there to its end. */
  readonly complete: boolean;
  /** How many steps of the path are there. */
  readonly depth: number;
  /** The key of the deepest step that is there; of a list's item, its first key or the item. */
  readonly key: Range;
  /** The value of the deepest step, if it has one that fits a line or is a text; else the key. */
  readonly value: Range;
  readonly node: unknown;
}

/** `spec.containers[0].image` as a Path; a bracket without digits is a map key. */
export function parsePath(text: string): Path {
  let path: Path = Path.root;
  for (const match of text.matchAll(/\[([^\]]*)\]|([^.[\]]+)/g)) {
    const [, bracket, name] = match;
    if (name !== undefined) path = path.child(name);
    else path = /^\d+$/.test(bracket ?? '') ? path.index(Number(bracket)) : path.key(bracket ?? '');
  }
  return path;
}

export function locate(document: YamlDocument, path: Path): Place {
  const names = path.segments().map(({ segment }) => segment);
  let node: unknown = document.root;
  let key: Range = headRange(document);
  let value: Range = key;
  let depth = 0;
  while (depth < names.length) {
    const step = stepInto(document.root, resolveAlias(document.root, node), names, depth);
    if (step === undefined) break;
    depth += step.steps;
    node = step.node;
    key = step.pair === undefined ? itemRange(document, node) : (rangeOf(document, step.pair.key) ?? key);
    value = valueRange(document, node) ?? key;
  }
  return { complete: depth === names.length, depth, key, value, node };
}

interface Step {
  readonly steps: number;
  readonly node: unknown;
  readonly pair: Pair | undefined;
}

function stepInto(root: Node | null, node: unknown, names: readonly (string | number)[], at: number): Step | undefined {
  const name = names[at];
  if (isSeq(node)) {
    if (typeof name === 'number')
      return at < names.length && node.items[name] !== undefined ? { steps: 1, node: node.items[name], pair: undefined } : undefined;
    const found = node.items.find((item) => isMap(item) && item.get('name') === name);
    return found === undefined ? undefined : { steps: 1, node: found, pair: undefined };
  }
  if (!isMap(node)) return undefined;
  // Keys such as `app.kubernetes.io/name` hold dots, which a printed path does not tell from steps.
  let joined = '';
  for (let end = at; end < names.length && end < at + 6; end++) {
    joined = end === at ? String(names[end]) : `${joined}.${String(names[end])}`;
    const pair = fieldPair(root, node, joined);
    if (pair !== undefined) return { steps: end - at + 1, node: pair.value, pair };
  }
  return undefined;
}

/** Where to point at when nothing of the path is there: the object's kind, else its first key. */
export function headRange(document: YamlDocument): Range {
  const { root, lines } = document;
  if (isMap(root)) {
    const pair = findPair(root, 'kind') ?? root.items[0];
    const range = pair === undefined ? undefined : (valueRange(document, pair.value) ?? rangeOf(document, pair.key));
    if (range !== undefined) return range;
  }
  const start = root?.range?.[0] ?? 0;
  const line = lines.lineAt(start);
  return lines.range(start, Math.max(start, line.start + line.text.length));
}

/** The range of a scalar; of a map's item the first key; undefined for lists and maps, whose range would be many lines. */
function valueRange(document: YamlDocument, node: unknown): Range | undefined {
  if (isMap(node) || isSeq(node)) {
    if (node.flow !== true) return undefined;
    const range = rangeOf(document, node);
    return range?.start.line === range?.end.line ? range : undefined;
  }
  // Nothing is written; of an empty text the quotes are.
  const isPlain = isScalar(node) && node.type !== 'QUOTE_DOUBLE' && node.type !== 'QUOTE_SINGLE';
  if (isPlain && (node.value === null || node.value === '') && (node.source ?? '') === '') return undefined;
  return rangeOf(document, node);
}

function itemRange(document: YamlDocument, item: unknown): Range {
  if (isMap(item)) {
    const first = item.items[0];
    const range = first === undefined ? undefined : rangeOf(document, first.key);
    if (range !== undefined) return range;
  }
  return rangeOf(document, item) ?? headRange(document);
}

export function rangeOf(document: YamlDocument, node: unknown): Range | undefined {
  const range = (node as Node | null | undefined)?.range;
  if (range === undefined || range === null) return undefined;
  const [start, end] = range;
  return document.lines.range(start, trimmedEnd(document.text, start, end));
}

/** Without the line break that ends a block text. */
function trimmedEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && /\s/.test(text[at - 1] ?? '')) at--;
  return at;
}

/** The path to an offset, and whether it is on a key. The other direction of `locate`, but that what is merged from elsewhere stays there. */
export interface Cursor {
  readonly path: Path;
  readonly on: 'key' | 'value' | 'none';
  /** The range of the key or scalar under the cursor. */
  readonly range: Range | undefined;
  readonly node: unknown;
}

export function pathAt(document: YamlDocument, offset: number): Cursor {
  let path: Path = Path.root;
  let node: unknown = document.root;
  for (;;) {
    if (isMap(node)) {
      const pair = node.items.find((item) => reaches(item.key, offset) || reaches(item.value, offset));
      if (pair === undefined) return { path, on: 'none', range: undefined, node };
      // What is merged belongs to the map that it is merged into.
      const own = isMerge(pair) && isMap(pair.value) ? path : path.child(keyText(pair));
      if (reaches(pair.key, offset)) return { path: own, on: 'key', range: rangeOf(document, pair.key), node: pair.value };
      path = own;
      node = pair.value;
    } else if (isSeq(node)) {
      const index = node.items.findIndex((item) => reaches(item, offset));
      if (index < 0) return { path, on: 'none', range: undefined, node };
      path = path.index(index);
      node = node.items[index];
    } else {
      return { path, on: 'value', range: rangeOf(document, node), node };
    }
  }
}

function reaches(node: unknown, offset: number): boolean {
  const range = (node as Node | null | undefined)?.range;
  return range !== undefined && range !== null && range[0] <= offset && offset <= range[1];
}
