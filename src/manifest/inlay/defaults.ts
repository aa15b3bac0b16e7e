/**
 * What the API server would set in an object that is left out in its text, as hints at the ends of lines.
 * Invariant: the defaults are those of the create request itself; what only a cluster sets (addresses, uids) is not shown.
 * Counterpart: the defaulting functions of kube-apiserver.
 */
import { isMap, isScalar, isSeq, type Pair } from 'yaml';
import { defaulted } from '../apiJudge.ts';
import { keyText, type YamlDocument } from '../yaml/document.ts';
import type { PlacedEntry } from '../documents.ts';
import { rangeOf } from '../locate.ts';
import type { Position, Range } from '../model.ts';
import { isRecord } from '../recognise.ts';

export interface InlayHint {
  readonly position: Position;
  readonly label: string;
  /** All of them, one a line. */
  readonly tooltip: string;
}

const MAX_LABEL = 90;
const MAX_DEPTH = 24;

/** @param range where hints are wanted */
export function defaultHints(entries: readonly PlacedEntry[], range: Range): readonly InlayHint[] {
  return entries.flatMap(({ entry, line }, index) => {
    const end = entries[index + 1]?.line ?? Infinity;
    if (end <= range.start.line || line > range.end.line) return [];
    return ofDocument(entry.document)
      .map((hint) => ({ ...hint, position: { ...hint.position, line: hint.position.line + line } }))
      .filter(({ position }) => position.line >= range.start.line && position.line <= range.end.line);
  });
}

function ofDocument(document: YamlDocument): readonly InlayHint[] {
  const { root, value } = document;
  if (!isRecord(value) || !isMap(root)) return [];
  const full = defaulted(value);
  const hints: InlayHint[] = [];
  // Names, versions and times of metadata and the status are no defaults.
  for (const pair of root.items) {
    const name = keyText(pair);
    if (name !== 'metadata' && name !== 'status') visit(document, pair.value, full?.[name], startOf(document, pair), hints, 0);
  }
  const kindPair = root.items.find((pair) => keyText(pair) === 'kind');
  if (isRecord(full) && kindPair !== undefined) add(document, missing(root.items, full), startOf(document, kindPair), hints);
  return hints;
}

/** @param line where the node is announced: the line of its key or dash */
function visit(document: YamlDocument, node: unknown, full: unknown, line: number | undefined, hints: InlayHint[], depth: number): void {
  if (depth > MAX_DEPTH) return;
  if (isMap(node) && node.flow !== true && isRecord(full)) {
    add(document, missing(node.items, full), line, hints);
    for (const pair of node.items) visit(document, pair.value, full[keyText(pair)], startOf(document, pair), hints, depth + 1);
  } else if (isSeq(node) && node.flow !== true && Array.isArray(full)) {
    for (const [index, item] of node.items.entries())
      visit(document, item, (full as readonly unknown[])[index], rangeOf(document, item)?.start.line, hints, depth + 1);
  }
}

function startOf(document: YamlDocument, { key }: Pair): number | undefined {
  return isScalar(key) ? rangeOf(document, key)?.start.line : undefined;
}

function missing(pairs: readonly Pair[], full: Readonly<Record<string, unknown>>): readonly string[] {
  const written = new Set(pairs.map(keyText));
  return Object.entries(full)
    .filter(([name, value]) => !written.has(name) && !TOP.has(name) && !isEmpty(value))
    .map(([name, value]) => `${name}: ${shown(value)}`);
}

const TOP: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'status']);

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);
}

/** As it would be written on one line. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`;
  if (!isRecord(value)) return String(value);
  return `{${Object.entries(value)
    .filter(([, inner]) => !isEmpty(inner))
    .map(([name, inner]) => `${name}: ${shown(inner)}`)
    .join(', ')}}`;
}

function add(document: YamlDocument, fields: readonly string[], line: number | undefined, hints: InlayHint[]): void {
  if (fields.length === 0 || line === undefined) return;
  const all = fields.join(', ');
  const label = all.length <= MAX_LABEL ? all : `${all.slice(0, MAX_LABEL - 1)}…`;
  const { text } = document.lines.lineAt(document.lines.offset({ line, character: 0 }));
  hints.push({ position: { line, character: text.trimEnd().length }, label, tooltip: fields.join('\n') });
}
