/**
 * One YAML document: its value, its tree with places, what is wrong with its syntax.
 * Invariant: reading never throws, whatever the text; size, depth and aliases are bounded.
 * Counterpart: the YAML reader of kubectl and of the API server's strict decoding.
 */
import {
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  parseDocument,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';
import type { Range } from './model.ts';
import { Lines } from './lines.ts';
import { KUBERNETES_TAGS } from '../apimachinery/yaml/scalars.ts';

export interface SyntaxProblem {
  readonly range: Range;
  readonly message: string;
}

export interface DuplicateKey {
  /** As the API server prints it. */
  readonly path: string;
  readonly range: Range;
}

export interface YamlDocument {
  readonly text: string;
  readonly lines: Lines;
  readonly root: Node | null;
  /** Undefined: the syntax does not allow to read it. Null: the document is empty. */
  readonly value: unknown;
  readonly syntax: readonly SyntaxProblem[];
  readonly duplicates: readonly DuplicateKey[];
}

/** The API server takes 3 MiB; more is not a manifest that a person edits. */
export const MAX_DOCUMENT_LENGTH = 3 * 1024 * 1024;
const MAX_DEPTH = 100;
const MAX_ALIASES = 100;

/** @param firstLine the line of the file on which the text begins; ranges count from the file's first line */
export function readDocument(text: string, firstLine = 0): YamlDocument {
  const lines = new Lines(text, firstLine);
  const fail = (message: string): YamlDocument => ({
    text,
    lines,
    root: null,
    value: undefined,
    syntax: [{ range: lines.range(0, Math.min(text.length, 1)), message }],
    duplicates: [],
  });
  if (text.length > MAX_DOCUMENT_LENGTH) return fail(`the document is larger than ${MAX_DOCUMENT_LENGTH / 1024 / 1024} MiB`);
  if (nestsTooDeep(text)) return fail(`the document nests deeper than ${MAX_DEPTH} levels`);
  try {
    return readTree(text, lines);
  } catch (error) {
    // The reader gives up on what it cannot hold, such as nesting beyond its stack.
    return fail(messageOf(error));
  }
}

function readTree(text: string, lines: Lines): YamlDocument {
  const document = parseDocument(text, {
    schema: 'failsafe',
    customTags: [...KUBERNETES_TAGS],
    merge: true,
    uniqueKeys: false,
    prettyErrors: false,
    stringKeys: false,
    // What is odd is told as a finding, not on the console of whoever reads.
    logLevel: 'error',
  });
  const syntax = document.errors.map((error): SyntaxProblem => {
    const [start, end] = error.pos;
    return { range: lines.range(Math.min(start, text.length), Math.min(Math.max(end, start + 1), text.length)), message: error.message };
  });
  const root = document.contents;
  if (syntax.length > 0) return { text, lines, root, value: undefined, syntax, duplicates: [] };
  const duplicates: DuplicateKey[] = [];
  collectDuplicates(root, '', lines, duplicates, 0);
  try {
    return { text, lines, root, value: plainValue(document), syntax, duplicates };
  } catch (error) {
    // What is merged or stood for cannot be worked out; the tree is there all the same.
    return {
      text,
      lines,
      root,
      value: undefined,
      syntax: [{ range: lines.range(0, Math.min(text.length, 1)), message: messageOf(error) }],
      duplicates: [],
    };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function plainValue(document: Document): unknown {
  return document.toJS({ maxAliasCount: MAX_ALIASES });
}

function collectDuplicates(node: unknown, path: string, lines: Lines, found: DuplicateKey[], depth: number): void {
  if (depth > MAX_DEPTH || !isCollection(node)) return;
  if (!isMap(node)) {
    node.items.forEach((item, index) => collectDuplicates(item, `${path}[${index}]`, lines, found, depth + 1));
    return;
  }
  const seen = new Set<string>();
  for (const pair of node.items) {
    const name = keyText(pair);
    const own = path === '' ? name : `${path}.${name}`;
    if (seen.has(name) && isScalar(pair.key) && pair.key.range)
      found.push({ path: own, range: lines.range(pair.key.range[0], pair.key.range[1]) });
    seen.add(name);
    collectDuplicates(pair.value, own, lines, found, depth + 1);
  }
}

/** The key of a pair as JSON has it; empty where a map, a list or an alias stands for one, which no field is called. */
export function keyText({ key }: Pair): string {
  // The reader's own text of such a key is a value worked out, which fails where something is merged that is no map.
  return isScalar(key) ? (key.source ?? String(key.value)) : '';
}

/** The pair of a map that counts: of equal keys the last one. */
export function findPair(map: YAMLMap, key: string): Pair | undefined {
  return map.items.findLast((pair) => keyText(pair) === key);
}

/** The pair of a map that counts, its own or one that is merged into it: the first map that has the key wins. */
export function fieldPair(root: Node | null, map: YAMLMap, key: string, seen: Set<YAMLMap> = new Set()): Pair | undefined {
  const own = findPair(map, key);
  if (own !== undefined || seen.has(map)) return own;
  seen.add(map);
  for (const pair of map.items) {
    if (!isMerge(pair)) continue;
    const value = resolveAlias(root, pair.value);
    for (const source of isSeq(value) ? value.items : [value]) {
      const merged = resolveAlias(root, source);
      const found = isMap(merged) ? fieldPair(root, merged, key, seen) : undefined;
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** `<<: *base`; in quotes it is a field of that name. */
export function isMerge({ key }: Pair): boolean {
  return isScalar(key) && key.type === 'PLAIN' && key.source === '<<';
}

/** The node that an alias stands for: the last one before it with that anchor. */
export function resolveAlias(root: Node | null, node: unknown): unknown {
  if (!isAlias(node)) return node;
  let target: unknown;
  /** Whether the alias was reached. */
  const visit = (at: unknown): boolean => {
    if (at === node) return true;
    if (isPair(at)) return visit(at.key) || visit(at.value);
    if ((isCollection(at) || isScalar(at)) && at.anchor === node.source) target = at;
    return isCollection(at) && at.items.some(visit);
  };
  visit(root);
  return target;
}

/** A guess from the text alone that keeps the recursive reader from being asked the impossible. */
function nestsTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === OPEN_BRACKET || code === OPEN_BRACE) {
      if (++depth > MAX_DEPTH) return true;
    } else if ((code === CLOSE_BRACKET || code === CLOSE_BRACE) && depth > 0) depth--;
    else if (code === NEWLINE && depth === 0 && indentIsTooDeep(text, at + 1)) return true;
  }
  return false;
}

function indentIsTooDeep(text: string, at: number): boolean {
  let dashes = 0;
  for (let next = at; next < at + 4 * MAX_DEPTH; next += 2) {
    if (text[next] === '-' && text[next + 1] === ' ') dashes++;
    else break;
  }
  return dashes > MAX_DEPTH;
}

const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const NEWLINE = 0x0a;
