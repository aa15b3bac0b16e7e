/**
 * The least edits of a text that turn one value into another: what did not change keeps its place, its form and its comments.
 * Invariant: where the text cannot be edited in parts (aliases, merged maps) the nearest whole is replaced; the result reads as `after`.
 * Counterpart: none.
 */
import { isAlias, isMap, isScalar, isSeq, stringify, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { jsonEqual } from '../../base/json.ts';
import { keyText, type YamlDocument } from '../yaml/document.ts';
import { rangeOf } from '../locate.ts';
import type { TextEdit } from '../model.ts';
import { isRecord } from '../recognise.ts';

/** @param after what the document's value is to be; what is equal in both is left alone */
export function rewrite(document: YamlDocument, after: unknown): readonly TextEdit[] {
  return editsOf(document, document.root, document.value, after) ?? [];
}

/** Undefined: not in parts. */
function editsOf(document: YamlDocument, node: unknown, before: unknown, after: unknown): readonly TextEdit[] | undefined {
  if (jsonEqual(before, after)) return [];
  if (isAlias(node)) return undefined;
  if (isMap(node) && isRecord(before) && isRecord(after)) return ofMap(document, node, before, after);
  if (isSeq(node) && Array.isArray(before) && Array.isArray(after)) return ofList(document, node, before, after);
  if (isScalar(node) && !isRecord(after) && !Array.isArray(after)) {
    const range = rangeOf(document, node);
    return range === undefined || node.anchor !== undefined ? undefined : [{ range, newText: scalarText(after) }];
  }
  return undefined;
}

function ofMap(
  document: YamlDocument,
  map: YAMLMap,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): readonly TextEdit[] | undefined {
  if (map.items.some((pair) => keyText(pair) === '<<')) return undefined;
  const edits: TextEdit[] = [];
  const added = Object.keys(after).filter((key) => !(key in before));
  const removed: Pair[] = [];
  for (const pair of map.items) {
    const key = keyText(pair);
    if (!(key in after)) removed.push(pair);
    else if (map.flow === true || isAlias(pair.value)) {
      if (!jsonEqual(before[key], after[key])) return flowWhole(document, map, after);
    } else edits.push(...(editsOf(document, pair.value, before[key], after[key]) ?? replaced(document, pair, after[key])));
  }
  if (added.length === 0 && removed.length === 0) return edits;
  if (map.flow === true) return flowWhole(document, map, after);
  const first = map.items[0];
  const indent = first === undefined ? undefined : rangeOf(document, first.key)?.start.character;
  if (indent === undefined) return undefined;
  const text = added.map((key) => pairText(key, after[key], indent)).join(`\n${' '.repeat(indent)}`);
  const [place, ...rest] = removed;
  if (place !== undefined && added.length > 0) edits.push({ range: pairRange(document, place), newText: text });
  else if (added.length > 0) {
    const last = map.items.at(-1);
    const end = last === undefined ? undefined : pairRange(document, last).end;
    if (end === undefined) return undefined;
    edits.push({ range: { start: end, end }, newText: `\n${' '.repeat(indent)}${text}` });
  }
  const gone = added.length > 0 ? rest : removed;
  // A map without any field left has to say so.
  if (gone.length === map.items.length) return undefined;
  for (const pair of gone) edits.push({ range: removal(document, map, pair), newText: '' });
  return edits;
}

function ofList(
  document: YamlDocument,
  list: YAMLSeq,
  before: readonly unknown[],
  after: readonly unknown[],
): readonly TextEdit[] | undefined {
  if (before.length !== after.length || list.flow === true) return undefined;
  const edits: TextEdit[] = [];
  for (const [index, item] of list.items.entries()) {
    const own = editsOf(document, item, before[index], after[index]);
    if (own === undefined) return undefined;
    edits.push(...own);
  }
  return edits;
}

/** A pair with another value in place of what it has. */
function replaced(document: YamlDocument, pair: Pair, value: unknown): readonly TextEdit[] {
  const key = rangeOf(document, pair.key);
  return key === undefined ? [] : [{ range: pairRange(document, pair), newText: pairText(keyText(pair), value, key.start.character) }];
}

/** A flow map on its place. */
function flowWhole(document: YamlDocument, map: YAMLMap, after: unknown): readonly TextEdit[] | undefined {
  const range = rangeOf(document, map);
  if (range === undefined || map.anchor !== undefined) return undefined;
  // JSON stays JSON.
  const isJson = map.items.every(({ key }) => isScalar(key) && key.type === 'QUOTE_DOUBLE');
  const newText = isJson && map.items.length > 0 ? JSON.stringify(after) : stringify(after, FLOW).trimEnd();
  return [{ range, newText }];
}

/** The reader takes `y` and `on` for booleans, as YAML 1.1 has it: such texts must be quoted. */
const BLOCK = { version: '1.1', lineWidth: 0 } as const;
const FLOW = { ...BLOCK, collectionStyle: 'flow' } as const;

function pairRange(document: YamlDocument, pair: Pair): TextEdit['range'] {
  const key = rangeOf(document, pair.key);
  const value = rangeOf(document, pair.value);
  const start = key?.start ?? document.lines.position(0);
  const end = value?.end ?? key?.end ?? start;
  // A key without a value keeps its colon.
  return value === undefined || (value.start.line === value.end.line && value.start.character === value.end.character)
    ? { start, end: { line: end.line, character: end.character + (value === undefined ? 1 : 0) } }
    : { start, end };
}

/** With its line break, or up to the next field where it stands behind a dash. */
function removal(document: YamlDocument, map: YAMLMap, pair: Pair): TextEdit['range'] {
  const range = pairRange(document, pair);
  const at = map.items.indexOf(pair);
  const next = map.items[at + 1];
  const following = next === undefined ? undefined : rangeOf(document, next.key);
  if (at === 0 && following !== undefined) return { start: range.start, end: following.start };
  const before = map.items[at - 1];
  const start = before === undefined ? range.start : pairRange(document, before).end;
  return { start, end: range.end };
}

/** `key: value`, further lines indented as the key is. */
export function pairText(key: string, value: unknown, indent: number): string {
  return indented(stringify({ [key]: value }, BLOCK).trimEnd(), indent);
}

function indented(text: string, indent: number): string {
  return text.replaceAll('\n', `\n${' '.repeat(indent)}`);
}

function scalarText(value: unknown): string {
  return stringify(value, BLOCK).trimEnd();
}

/** The object with a value at a place; maps on the way are made. Lists are walked by index. */
export function withValue(object: unknown, path: readonly (string | number)[], value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof step === 'number') {
    const list: readonly unknown[] = Array.isArray(object) ? object : [];
    return list.map((item, index) => (index === step ? withValue(item, rest, value) : item));
  }
  const map = isRecord(object) ? object : {};
  if (rest.length === 0 && value === undefined) return Object.fromEntries(Object.entries(map).filter(([key]) => key !== step));
  return { ...map, [step]: withValue(map[step], rest, value) };
}
