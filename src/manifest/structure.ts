/**
 * The shape of a file: its objects with their fields as a tree, what can be folded, and ever wider selections.
 * Invariant: a document that does not read gives what its tree has. Counterpart: none.
 */
import { isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import { keyText, type YamlDocument } from './yaml/document.ts';
import { documentHead } from './completion/documentHead.ts';
import { shift, wholeRange, type PlacedEntry } from './documents.ts';
import { rangeOf } from './locate.ts';
import { compare, contains } from './yaml/lines.ts';
import type { Position, Range } from './model.ts';

export interface Outline {
  readonly name: string;
  readonly detail: string;
  readonly type: 'object' | 'map' | 'list' | 'value';
  readonly range: Range;
  readonly selection: Range;
  readonly children: readonly Outline[];
}

export interface Folding {
  readonly start: number;
  readonly end: number;
  readonly comment: boolean;
}

const MAX_DEPTH = 24;

export function outlineTree(entries: readonly PlacedEntry[]): readonly Outline[] {
  return entries.flatMap(({ entry: { document }, line }) => {
    const head = documentHead(document);
    if (head === undefined) return [];
    const range = shift(wholeRange(document), line);
    const detail = [head.namespace, head.apiVersion ?? ''].filter((part) => part !== '').join(' ');
    const name = `${head.kind ?? ''}/${head.name === '' ? '(no name)' : head.name}`;
    const selection = { start: range.start, end: range.start };
    return [{ name, detail, type: 'object', range, selection, children: childrenOf(document, document.root, line, 0) }];
  });
}

function childrenOf(document: YamlDocument, node: unknown, line: number, depth: number): readonly Outline[] {
  if (depth > MAX_DEPTH) return [];
  if (isMap(node)) {
    return node.items.flatMap((pair) => {
      const selection = rangeOf(document, pair.key);
      return selection === undefined ? [] : [outlineOf(document, pair.value, keyText(pair), selection, line, depth)];
    });
  }
  if (!isSeq(node)) return [];
  return node.items.flatMap((item, index) => {
    const selection = rangeOf(document, item);
    if (selection === undefined || isScalar(item)) return [];
    return [outlineOf(document, item, itemName(item) ?? String(index), { start: selection.start, end: selection.start }, line, depth)];
  });
}

function outlineOf(document: YamlDocument, node: unknown, name: string, key: Range, line: number, depth: number): Outline {
  const end = rangeOf(document, node)?.end;
  const range = end !== undefined && compare(key.end, end) < 0 ? { start: key.start, end } : key;
  return {
    name: name === '' ? '""' : name,
    detail: isScalar(node) ? shortText(node.value) : '',
    type: isMap(node) ? 'map' : isSeq(node) ? 'list' : 'value',
    range: shift(range, line),
    selection: shift(key, line),
    children: childrenOf(document, node, line, depth + 1),
  };
}

/** What people call an item of a list by. */
function itemName(item: unknown): string | undefined {
  if (!isMap(item)) return undefined;
  for (const field of ['name', 'key', 'host', 'path', 'mountPath', 'containerPort', 'port', 'kind', 'type']) {
    const value = item.get(field);
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return String(value);
  }
  return undefined;
}

const MAX_DETAIL = 60;

function shortText(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = String(value as string | number | boolean | bigint)
    .split('\n', 1)
    .join('');
  return text.length > MAX_DETAIL ? `${text.slice(0, MAX_DETAIL)}…` : text;
}

export function foldings(entries: readonly PlacedEntry[]): readonly Folding[] {
  const found: Folding[] = [];
  const add = (start: number, end: number, comment: boolean): void => {
    if (end > start) found.push({ start, end, comment });
  };
  for (const { entry, line } of entries) {
    const { document } = entry;
    const whole = wholeRange(document);
    if (documentHead(document) !== undefined) add(whole.start.line + line, whole.end.line + line, false);
    visit(document.root, 0, (start, node) => {
      const from = rangeOf(document, start)?.start.line;
      const to = rangeOf(document, node)?.end.line;
      if (from !== undefined && to !== undefined) add(from + line, to + line, false);
    });
    let begin: number | undefined;
    for (const [index, text] of [...entry.text.split('\n'), ''].entries()) {
      if (/^\s*#/.test(text)) begin ??= index;
      else if (begin !== undefined) {
        add(begin + line, index - 1 + line, true);
        begin = undefined;
      }
    }
  }
  return found;
}

/** Calls back with each value of more than a word, and the key or item that it belongs to. */
function visit(node: unknown, depth: number, found: (start: unknown, node: unknown) => void): void {
  if (depth > MAX_DEPTH) return;
  if (isMap(node)) {
    for (const { key, value } of node.items as Pair[]) {
      found(key, value);
      visit(value, depth + 1, found);
    }
  } else if (isSeq(node)) {
    for (const item of node.items) {
      if (!isScalar(item)) found(item, item);
      visit(item, depth + 1, found);
    }
  }
}

/** The ranges around a position, from the word to the document; each holds the one before. */
export function selectionRanges(entries: readonly PlacedEntry[], position: Position): readonly Range[] {
  const placed = entries.findLast(({ line }) => line <= position.line);
  if (placed === undefined) return [];
  const { document } = placed.entry;
  const local = { line: position.line - placed.line, character: position.character };
  const ranges: Range[] = [wholeRange(document)];
  const enter = (range: Range | undefined): boolean => {
    if (range === undefined || !contains(range, local)) return false;
    const last = ranges.at(-1);
    if (last !== undefined && contains(last, range.start) && contains(last, range.end) && !equal(last, range)) ranges.push(range);
    return true;
  };
  let node: unknown = document.root;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    if (isMap(node)) {
      enter(rangeOf(document, node));
      const pair = node.items.find((each) => enter(pairRange(document, each)));
      if (pair === undefined || enter(rangeOf(document, pair.key))) break;
      node = pair.value;
    } else if (isSeq(node)) {
      enter(rangeOf(document, node));
      node = node.items.find((item) => enter(rangeOf(document, item)));
    } else {
      enter(rangeOf(document, node as Node | null));
      break;
    }
  }
  return ranges.toReversed().map((range) => shift(range, placed.line));
}

function pairRange(document: YamlDocument, pair: Pair): Range | undefined {
  const key = rangeOf(document, pair.key);
  const value = rangeOf(document, pair.value);
  return key === undefined
    ? undefined
    : { start: key.start, end: value !== undefined && compare(key.end, value.end) < 0 ? value.end : key.end };
}

function equal(a: Range, b: Range): boolean {
  return compare(a.start, b.start) === 0 && compare(a.end, b.end) === 0;
}
