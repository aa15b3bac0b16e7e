/**
 * The words of manifests that mean more than their text, so that a person sees it without asking: kinds that are known, values that
 * are allowed, quantities and schedules that can be read, names that lead somewhere, expressions.
 * Invariant: what is wrong keeps the colour of plain text; plain YAML is left to the grammar. A document is looked through once.
 * Counterpart: semantic tokens of language servers.
 */
import { isMap, isScalar, isSeq, type Scalar } from 'yaml';
import { parseQuantity } from '../../apimachinery/quantity/quantity.ts';
import { parseDuration } from '../../api/kubepad/duration.ts';
import { scheduleError } from '../../api/batch/cronjob/schedule.ts';
import type { SchemaSet } from '../../apimachinery/scheme/schema.ts';
import { keyText, type YamlDocument } from '../yaml/document.ts';
import type { Entry, PlacedEntry } from '../documents.ts';
import { allowedValues, fieldIn, rootField, type FieldInfo } from '../fields.ts';
import { kindOf } from '../fixes.ts';
import type { Judge } from '../judge.ts';
import { compare } from '../yaml/lines.ts';
import { locate } from '../locate.ts';
import type { Position, Range } from '../model.ts';
import { sourceOffsets } from '../program/sourceMap.ts';
import type { Facts } from '../references/facts.ts';
import { findTarget, type World } from '../references/world.ts';
import { expressionPieces, isExpression } from './expression.ts';
import type { Piece, Token, TokenType } from './token.ts';

const QUANTITY = 'io.k8s.apimachinery.pkg.api.resource.Quantity';
const INT_OR_STRING = 'io.k8s.apimachinery.pkg.util.intstr.IntOrString';
const MAX_DEPTH = 64;

interface Known {
  readonly judge: Judge;
  readonly tokens: readonly Token[];
}

interface Placed {
  readonly line: number;
  readonly facts: Facts;
}

export class Tokens {
  private readonly known = new WeakMap<Entry, Known>();

  /**
   * @param objects those of the file, for the names in them
   * @param range where tokens are wanted; undefined: everywhere
   * @returns in the order of the text
   */
  of(judge: Judge, entries: readonly PlacedEntry[], objects: readonly Placed[], world: World, range?: Range): readonly Token[] {
    const wanted = entries.filter(({ line }, index) => {
      const end = entries[index + 1]?.line ?? Infinity;
      return range === undefined || (line <= range.end.line && end > range.start.line);
    });
    return wanted.flatMap(({ entry, line }) => {
      const names = objects.filter((object) => object.line === line).flatMap(({ facts }) => nameTokens(entry.document, facts, world));
      const taken = new Set(names.map(placeKey));
      const own = this.ofEntry(judge, entry).filter((token) => !taken.has(placeKey(token)));
      return [...own, ...names].map((token) => ({ ...token, line: token.line + line })).toSorted(compare);
    });
  }

  private ofEntry(judge: Judge, entry: Entry): readonly Token[] {
    const before = this.known.get(entry);
    if (before?.judge === judge) return before.tokens;
    const tokens = documentTokens(judge, entry.document);
    this.known.set(entry, { judge, tokens });
    return tokens;
  }
}

function placeKey({ line, character }: Token): string {
  return `${line}:${character}`;
}

function documentTokens(judge: Judge, document: YamlDocument): readonly Token[] {
  const kind = kindOf(document);
  const root = kind === undefined ? undefined : rootField(judge.schemas, kind);
  const { root: node } = document;
  if (root === undefined || !isMap(node)) return [];
  const found: Token[] = [];
  const kindNode = node.get('kind', true);
  if (isScalar(kindNode)) add(document, kindNode, 'type', found);
  visit(judge.schemas, document, node, root, found, 0);
  return found;
}

function visit(schemas: SchemaSet, document: YamlDocument, node: unknown, info: FieldInfo, found: Token[], depth: number): void {
  if (depth > MAX_DEPTH) return;
  if (isMap(node)) {
    for (const pair of node.items) {
      const inner = fieldIn(schemas, info, keyText(pair));
      if (inner !== undefined) visit(schemas, document, pair.value, inner, found, depth + 1);
    }
  } else if (isSeq(node)) {
    const inner = fieldIn(schemas, info, 0);
    if (inner !== undefined) for (const item of node.items) visit(schemas, document, item, inner, found, depth + 1);
  } else if (isScalar(node)) found.push(...scalarTokens(schemas, document, node, info));
}

function scalarTokens(schemas: SchemaSet, document: YamlDocument, node: Scalar, info: FieldInfo): readonly Token[] {
  const { value } = node;
  if (typeof value !== 'string' || value === '') return [];
  if (isExpression(info)) return placed(document, node, expressionPieces(value));
  if (info.holder?.endsWith('.CronJobSpec') === true && info.field === 'schedule') return placed(document, node, schedulePieces(value));
  if (info.definition === QUANTITY) return 'error' in parseQuantity(value) ? [] : whole(document, node, 'number');
  if (info.definition === INT_OR_STRING) return /^\d+%$/.test(value) ? whole(document, node, 'number') : [];
  if (mayBeDuration(info) && parseDuration(value) !== undefined) return whole(document, node, 'number');
  return allowedValues(schemas, info).includes(value) ? whole(document, node, 'enumMember') : [];
}

/** Lengths of time as Go writes them: of the simulator's own kinds, and of custom resources whose definition says so. */
function mayBeDuration({ holder, schema }: FieldInfo): boolean {
  return schema.format === 'duration' || holder?.startsWith('dev.kubepad.') === true;
}

/** The five parts of a schedule, or its short name. */
function schedulePieces(value: string): readonly Piece[] {
  if (scheduleError(value) !== undefined) return [];
  return [...value.matchAll(/\S+/g)].map(({ 0: part, index }) => ({
    start: index,
    end: index + part.length,
    type: part.startsWith('@') ? 'macro' : 'number',
  }));
}

/** Names that lead to an object which is there. */
function nameTokens(document: YamlDocument, { references, namespace }: Facts, world: World): readonly Token[] {
  return references.flatMap(({ to, name, namespace: named, path }) => {
    const target = findTarget(world, { kind: to, namespace: named ?? namespace, name });
    if (target === undefined || target === 'unknown') return [];
    const { node, complete } = locate(document, path());
    return complete && isScalar(node) && node.value === name ? whole(document, node, 'variable') : [];
  });
}

function whole(document: YamlDocument, node: Scalar, type: TokenType): readonly Token[] {
  const found: Token[] = [];
  add(document, node, type, found);
  return found;
}

/** Without its quotes; what takes several lines is left as it is. */
function add(document: YamlDocument, node: Scalar, type: TokenType, found: Token[]): void {
  if (node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL' || !node.range) return;
  const quotes = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE' ? 1 : 0;
  const { start, end } = document.lines.range(node.range[0] + quotes, node.range[1] - quotes);
  if (start.line === end.line && end.character > start.character) found.push({ ...start, length: end.character - start.character, type });
}

/** Pieces of a value where they stand in the document; one that goes over the end of a line ends there and goes on in the next. */
function placed(document: YamlDocument, node: Scalar, pieces: readonly Piece[]): readonly Token[] {
  const offsets = pieces.length === 0 ? undefined : sourceOffsets(document.text, node);
  if (offsets === undefined) return [];
  return pieces.flatMap(({ start, end, type }) => {
    const from = offsets[start];
    const to = offsets[end];
    if (from === undefined || to === undefined) return [];
    return linesOf(document, from, to).map(([place, length]) => ({ ...place, length, type }));
  });
}

type Stretch = readonly [place: Position, length: number];

function linesOf(document: YamlDocument, from: number, to: number): readonly Stretch[] {
  const { text, lines } = document;
  const parts: Stretch[] = [];
  for (let at = from; at < to;) {
    const line = text.indexOf('\n', at);
    const end = line < 0 ? to : Math.min(to, line);
    const [blank = ''] = /^\s*/.exec(text.slice(at, end)) ?? [];
    const length = text.slice(at + blank.length, end).trimEnd().length;
    if (length > 0) parts.push([lines.position(at + blank.length), length]);
    at = end + 1;
  }
  return parts;
}
