/**
 * One YAML document: its value, its tree with places, what is wrong with its syntax.
 * Invariant: reading never throws, whatever the text; size, depth and aliases are bounded.
 * Counterpart: the YAML reader of kubectl and of the API server's strict decoding.
 */
import { isAlias, isCollection, isMap, isPair, isScalar, isSeq, Lexer, parseDocument, type Node, type Pair, type YAMLMap } from 'yaml';
import type { Range } from '../model.ts';
import { Lines } from './lines.ts';
import { aliasProblem, isMerge } from '../../apimachinery/yaml/aliases.ts';
import { BINARY_TAG, KUBERNETES_TAGS } from '../../apimachinery/yaml/scalars.ts';
import { syntaxProblem, type SyntaxProblem } from './syntax.ts';

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
const TOO_DEEP = `the document nests deeper than ${MAX_DEPTH} levels`;

/** @param firstLine the line of the file on which the text begins; ranges count from the file's first line */
export function readDocument(text: string, firstLine = 0): YamlDocument {
  const lines = new Lines(text, firstLine);
  const fail = (message: string): YamlDocument => ({
    text,
    lines,
    root: null,
    value: undefined,
    syntax: [{ range: lines.range(0, Math.min(text.length, 1)), message, fixes: [] }],
    duplicates: [],
  });
  if (text.length > MAX_DOCUMENT_LENGTH) return fail(`the document is larger than ${MAX_DOCUMENT_LENGTH / 1024 / 1024} MiB`);
  if (nestsTooDeep(text)) return fail(TOO_DEEP);
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
    customTags: [...KUBERNETES_TAGS, BINARY_TAG],
    merge: true,
    uniqueKeys: false,
    prettyErrors: false,
    stringKeys: false,
    // What is odd is told as a finding, not on the console of whoever reads.
    logLevel: 'error',
  });
  const root = document.contents;
  const broken = (problem: SyntaxProblem): YamlDocument => ({ text, lines, root, value: undefined, syntax: [problem], duplicates: [] });
  const problemAt = (start: number, end: number, message: string): SyntaxProblem => ({
    range: lines.range(Math.min(start, text.length), Math.min(Math.max(end, start + 1), text.length)),
    message,
    fixes: [],
  });
  const [first] = document.errors;
  if (first !== undefined && /call stack/i.test(first.message)) return broken(problemAt(...first.pos, TOO_DEEP));
  const problem = syntaxProblem(text, lines, document);
  if (problem !== undefined) return broken(problem);
  const alias = aliasProblem(root);
  if (alias !== undefined) {
    const [start, end] = alias.node.range ?? [0, 1];
    return broken(problemAt(start, end, alias.message));
  }
  const duplicates: DuplicateKey[] = [];
  collectDuplicates(root, '', lines, duplicates, 0);
  try {
    // What aliases stand for was counted before.
    return { text, lines, root, value: document.toJS({ maxAliasCount: -1 }), syntax: [], duplicates };
  } catch (error) {
    // The value cannot be worked out; the tree is there all the same.
    return broken(problemAt(0, 1, messageOf(error)));
  }
}

function messageOf(error: unknown): string {
  if (error instanceof RangeError) return TOO_DEEP;
  return error instanceof Error ? error.message : String(error);
}

function collectDuplicates(node: unknown, path: string, lines: Lines, found: DuplicateKey[], depth: number): void {
  if (!isCollection(node)) return;
  // Whether the reader itself gives up depends on the room that is left on its stack.
  if (depth > MAX_DEPTH) throw new RangeError(TOO_DEEP);
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
  if (!isScalar(key)) return '';
  // `on` and `yes` are what YAML 1.1 takes them for.
  return typeof key.value === 'boolean' ? String(key.value) : (key.source ?? String(key.value));
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

/** Keeps the recursive reader from being asked the impossible: a guess from the text alone, looked into where it says yes. */
function nestsTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === OPEN_BRACKET || code === OPEN_BRACE) {
      if (++depth > MAX_DEPTH) return hasDeepFlow(text);
    } else if ((code === CLOSE_BRACKET || code === CLOSE_BRACE) && depth > 0) depth--;
    else if ((code === DASH || code === QUESTION) && text.charCodeAt(at + 1) === SPACE) {
      const end = endOfMarks(text, at);
      if (end - at > 2 * MAX_MARKS) return true;
      at = end - 1;
    }
  }
  return false;
}

/** Scripts and patterns within texts are full of brackets that open nothing. */
function hasDeepFlow(text: string): boolean {
  let depth = 0;
  let before = '';
  for (const token of new Lexer().lex(text)) {
    if (before === SCALAR) before = '';
    else {
      before = token;
      if (token === '[' || token === '{') depth++;
      else if ((token === ']' || token === '}') && depth > 0) depth--;
      if (depth > MAX_DEPTH) return true;
    }
  }
  return false;
}

/** Dashes and question marks, each with a blank behind it, nest on one line. */
function endOfMarks(text: string, from: number): number {
  let at = from;
  while ((text.charCodeAt(at) === DASH || text.charCodeAt(at) === QUESTION) && text.charCodeAt(at + 1) === SPACE) at += 2;
  return at;
}

/** So many stand in no text that a person lays out. */
const MAX_MARKS = 300;
/** Stands before the source of a scalar among the tokens. */
const SCALAR = '\u001f';
const SPACE = 0x20;
const DASH = 0x2d;
const QUESTION = 0x3f;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
