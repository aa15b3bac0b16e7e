/**
 * The texts that a kustomization is made of, and which of them set a field of a rendered object.
 * Invariant: the outermost kustomization that sets a field made it, by its transformer, else by its patch; else the file of the object.
 * Counterpart: the order in which kustomize accumulates resources and runs transformers.
 */
import { isMap, isScalar, isSeq } from 'yaml';
import { findPair, readDocument, resolveAlias, type YamlDocument } from '../../yaml/document.ts';
import { shift } from '../../documents.ts';
import { headRange, rangeOf } from '../../locate.ts';
import type { Range } from '../../model.ts';
import { headOf, isRecord } from '../../recognise.ts';
import { splitDocuments } from '../../yaml/split.ts';
import { itemsOf, readKustomization, type Kustomization, type PatchEntry } from './kustomization.ts';

/** A step of a field's path; of a list's item its index and what it is known by. */
export type Step = string | { readonly index: number; readonly item: unknown };

export interface FieldPlace {
  /** The path of the file. */
  readonly path: string;
  readonly range: Range;
  /** Of the last step, as `range` where there is none. */
  readonly key: Range;
  /** How many steps of the field's path are there. */
  readonly depth: number;
}

interface Piece {
  readonly document: YamlDocument;
  readonly line: number;
}

export class KustomizeSources {
  private readonly texts: ReadonlyMap<string, string>;
  private readonly pieces = new Map<string, readonly Piece[]>();
  private readonly kustomizations = new Map<string, Kustomization>();

  /** @param texts by path, normalized, all from one root */
  constructor(texts: ReadonlyMap<string, string>) {
    this.texts = texts;
  }

  text(path: string): string {
    return this.texts.get(path) ?? '';
  }

  /**
   * Where a field of a rendered object was set.
   * @param layers the kustomizations that the object went through, outermost first
   * @param origin the file that it was read from, or the kustomization that generated it
   */
  placeOf(object: unknown, steps: readonly Step[], layers: readonly string[], origin: string | undefined): FieldPlace | undefined {
    // Within a kustomization transformers run after patches, but for those of `patchesJson6902`, which nobody tells apart here.
    const found = layers.map((layer) => ({
      transformed: this.transformerPlace(layer, object, steps),
      patched: this.patchPlaces(layer, object, steps),
    }));
    const patched = found.flatMap((layer) => layer.patched);
    const own = origin === undefined ? undefined : this.originPlace(origin, object, steps);
    const complete = found
      .flatMap((layer) => [...(layer.transformed === undefined ? [] : [layer.transformed]), ...layer.patched])
      .find(({ depth }) => depth === steps.length);
    if (complete !== undefined || own?.depth === steps.length) return complete ?? own;
    const deepest = patched.toSorted((a, b) => b.depth - a.depth)[0];
    return deepest !== undefined && deepest.depth > (own?.depth ?? 0) ? deepest : own;
  }

  /** The object as its file has it. */
  originPlace(origin: string, object: unknown, steps: readonly Step[]): FieldPlace | undefined {
    if (/(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/.test(origin)) return this.generatorPlace(origin, object, steps);
    const [piece] = this.piecesOf(origin)
      .filter(({ document }) => kindOf(document.value) === kindOf(object))
      .toSorted((a, b) => likeness(b.document.value, object) - likeness(a.document.value, object));
    return piece === undefined ? undefined : placeIn(origin, piece, steps);
  }

  private patchPlaces(layer: string, object: unknown, steps: readonly Step[]): readonly FieldPlace[] {
    const { patches } = this.kustomization(layer);
    // Of several patches the last one wins.
    return patches.toReversed().flatMap((entry) => {
      const file = entry.path === undefined ? layer : resolvePath(folderOf(layer), entry.path);
      return this.patchPieces(layer, entry).flatMap((piece) => {
        const { value } = piece.document;
        if (Array.isArray(value)) return targets(entry, object) ? jsonPatchPlaces(file, piece, value, steps) : [];
        if (entry.target === undefined ? !isPatchOf(value, object) : !targets(entry, object)) return [];
        const place = placeIn(file, piece, steps);
        return place.depth === 0 ? [] : [place];
      });
    });
  }

  private patchPieces(layer: string, { path, inline }: PatchEntry): readonly Piece[] {
    if (path !== undefined) return this.piecesOf(resolvePath(folderOf(layer), path));
    if (inline === undefined) return [];
    // A block text keeps its lines and their indent, so that read as they stand their places are those of the file.
    const { start, end } = inline.range;
    const lines = this.text(layer)
      .split('\n')
      .slice(start.line + 1, end.line + 1);
    return lines.length === 0
      ? [{ document: readDocument(inline.text), line: start.line }]
      : [{ document: readDocument(lines.join('\n')), line: start.line + 1 }];
  }

  private transformerPlace(layer: string, object: unknown, steps: readonly Step[]): FieldPlace | undefined {
    const { document } = this.kustomization(layer);
    const found = transformerNode(document, object, steps);
    const range = found === undefined ? undefined : rangeOf(document, found);
    return range === undefined ? undefined : { path: layer, range, key: range, depth: steps.length };
  }

  private generatorPlace(layer: string, object: unknown, steps: readonly Step[]): FieldPlace | undefined {
    const { document } = this.kustomization(layer);
    if (!isMap(document.root)) return undefined;
    const list = headOf(object)?.kind === 'Secret' ? 'secretGenerator' : 'configMapGenerator';
    const name = headOf(object)?.name ?? '';
    const item = itemsOf(document.root, list).find((each) => isMap(each) && name.includes(String(each.get('name'))));
    if (!isMap(item)) return { path: layer, range: headRange(document), key: headRange(document), depth: 0 };
    const key = steps[0] === 'data' && typeof steps[1] === 'string' ? steps[1] : undefined;
    const entry =
      key === undefined ? undefined : [...itemsOf(item, 'literals'), ...itemsOf(item, 'files')].find((each) => startsWithKey(each, key));
    const range = rangeOf(document, entry ?? item.get('name', true));
    return range === undefined ? undefined : { path: layer, range, key: range, depth: entry === undefined ? 1 : steps.length };
  }

  private kustomization(path: string): Kustomization {
    const known = this.kustomizations.get(path) ?? readKustomization(this.text(path));
    this.kustomizations.set(path, known);
    return known;
  }

  private piecesOf(path: string): readonly Piece[] {
    const known =
      this.pieces.get(path) ?? splitDocuments(this.text(path)).map(({ line, text }): Piece => ({ document: readDocument(text), line }));
    this.pieces.set(path, known);
    return known;
  }
}

/** `a/b` and `../c` ▸ `a/c` */
export function resolvePath(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${folder}/${path}`.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

export function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

function startsWithKey(node: unknown, key: string): boolean {
  return isScalar(node) && typeof node.value === 'string' && (node.value.startsWith(`${key}=`) || node.value.endsWith(key));
}

function kindOf(value: unknown): string {
  const head = headOf(value);
  return head === undefined ? '' : `${head.apiVersion?.replace(/\/?[^/]*$/, '') ?? ''}/${head.kind ?? ''}`;
}

/** Names may have got a prefix or a suffix. */
function likeness(written: unknown, rendered: unknown): number {
  const [own, name] = [headOf(written)?.name ?? '', headOf(rendered)?.name ?? ''];
  return own === name ? 10_000 : name.includes(own) ? own.length : -1;
}

function isPatchOf(patch: unknown, object: unknown): boolean {
  return kindOf(patch) === kindOf(object) && likeness(patch, object) > 0;
}

function targets({ target = {} }: PatchEntry, object: unknown): boolean {
  const head = headOf(object);
  if (head === undefined) return false;
  const slash = head.apiVersion?.lastIndexOf('/') ?? -1;
  const own = {
    kind: head.kind ?? '',
    group: head.apiVersion?.slice(0, Math.max(slash, 0)) ?? '',
    version: head.apiVersion?.slice(slash + 1) ?? '',
  };
  for (const field of ['kind', 'group', 'version'] as const)
    if (target[field] !== undefined && !matches(target[field], own[field])) return false;
  return target['name'] === undefined || matches(target['name'], head.name) || head.name.includes(target['name']);
}

/** Targets are regular expressions, anchored. */
function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(text);
  } catch {
    return false;
  }
}

function jsonPatchPlaces(
  path: string,
  { document, line }: Piece,
  operations: readonly unknown[],
  steps: readonly Step[],
): readonly FieldPlace[] {
  if (!isSeq(document.root)) return [];
  const { items } = document.root;
  return operations.flatMap((operation, index): readonly FieldPlace[] => {
    const item = items[index];
    if (!isRecord(operation) || typeof operation['path'] !== 'string' || operation['op'] === 'remove' || !isMap(item)) return [];
    const names = operation['path']
      .split('/')
      .slice(1)
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
    const isAbove = names.length <= steps.length && names.every((name, at) => name === '-' || name === nameOf(steps[at]));
    if (!isAbove || names.length === 0) return [];
    const inner = descend(document, item.get('value', true), steps.slice(names.length));
    const named = rangeOf(document, item.get('path', true));
    const range = inner.range ?? rangeOf(document, item.get('value', true)) ?? named;
    if (range === undefined) return [];
    // The path is what the field's name stands in.
    return [{ path, range: shift(range, line), key: shift(inner.key ?? named ?? range, line), depth: names.length + inner.depth }];
  });
}

function nameOf(step: Step | undefined): string {
  return typeof step === 'object' ? String(step.index) : (step ?? '');
}

function placeIn(path: string, { document, line }: Piece, steps: readonly Step[]): FieldPlace {
  const { range = headRange(document), key = range, depth } = descend(document, document.root, steps);
  return { path, range: shift(range, line), key: shift(key, line), depth };
}

/** As deep as a text goes along a path; items of lists are found by what names them. */
function descend(
  document: YamlDocument,
  from: unknown,
  steps: readonly Step[],
): { readonly range: Range | undefined; readonly key: Range | undefined; readonly depth: number } {
  let node = resolveAlias(document.root, from);
  let range: Range | undefined;
  let key: Range | undefined;
  let depth = 0;
  for (const step of steps) {
    if (isMap(node) && typeof step === 'string') {
      const pair = findPair(node, step);
      if (pair === undefined) break;
      const value = rangeOf(document, pair.value);
      key = rangeOf(document, pair.key);
      range = value === undefined || value.start.line !== value.end.line || isMap(pair.value) ? key : value;
      node = resolveAlias(document.root, pair.value);
    } else if (isSeq(node) && typeof step === 'object') {
      const item: unknown =
        node.items.find((each) => isSameItem(each, step.item)) ?? (isKnownByName(step.item) ? undefined : node.items[step.index]);
      if (item === undefined) break;
      range = rangeOf(document, isMap(item) ? item.items[0]?.key : item);
      key = range;
      node = resolveAlias(document.root, item);
    } else break;
    depth++;
  }
  return { range, key, depth };
}

/** The keys by which kustomize tells items of lists apart. */
const MERGE_KEYS = ['name', 'containerPort', 'mountPath', 'port', 'devicePath', 'ip', 'key', 'topologyKey', 'type'] as const;

function isKnownByName(item: unknown): boolean {
  return isRecord(item) && MERGE_KEYS.some((key) => item[key] !== undefined);
}

function isSameItem(node: unknown, item: unknown): boolean {
  if (!isRecord(item)) return isScalar(node) && node.value === item;
  if (!isMap(node)) return false;
  const key = MERGE_KEYS.find((each) => item[each] !== undefined);
  return key !== undefined && node.get(key) === item[key];
}

/** What a kustomization sets without a patch. */
function transformerNode({ root }: YamlDocument, object: unknown, steps: readonly Step[]): unknown {
  if (!isMap(root)) return undefined;
  const names = steps.map((step) => (typeof step === 'object' ? '[]' : step));
  const path = names.join('.');
  const last = steps.at(-1);
  if (path === 'metadata.namespace') return root.get('namespace', true);
  if (path === 'metadata.name') return root.get('namePrefix', true) ?? root.get('nameSuffix', true);
  if (path === 'spec.replicas') {
    const name = headOf(object)?.name ?? '';
    const item = itemsOf(root, 'replicas').find((each) => isMap(each) && name.includes(String(each.get('name'))));
    return isMap(item) ? item.get('count', true) : undefined;
  }
  if (last === 'image') return imageNode(itemsOf(root, 'images'), object, steps);
  const isLabel = /(?:labels|matchLabels|selector|annotations)(?:\.[^[]+)?$/.test(path);
  return isLabel ? labelNode(root, names, object, steps) : undefined;
}

function imageNode(images: readonly unknown[], object: unknown, steps: readonly Step[]): unknown {
  const image = String(valueAt(object, steps));
  const item = images.find((each) => {
    if (!isMap(each)) return false;
    const name = String(each.get('newName') ?? each.get('name'));
    return image === name || image.startsWith(`${name}:`) || image.startsWith(`${name}@`);
  });
  return isMap(item) ? (item.get('newTag', true) ?? item.get('digest', true) ?? item.get('newName', true)) : undefined;
}

function labelNode(root: unknown, names: readonly string[], object: unknown, steps: readonly Step[]): unknown {
  if (!isMap(root)) return undefined;
  const isAnnotation = names.includes('annotations');
  const pairs = isAnnotation
    ? [root.get('commonAnnotations')]
    : [root.get('commonLabels'), ...itemsOf(root, 'labels').map((each) => (isMap(each) ? each.get('pairs') : undefined))];
  const at = names.findIndex((name) => ['labels', 'matchLabels', 'selector', 'annotations'].includes(name));
  const key = names.slice(at + 1).join('.');
  const held = valueAt(object, steps);
  for (const map of pairs) {
    if (!isMap(map)) continue;
    const pair =
      key === '' ? map.items.find((each) => isRecord(held) && isScalar(each.key) && String(each.key.value) in held) : findPair(map, key);
    if (pair !== undefined) return pair.value;
  }
  return undefined;
}

export function valueAt(object: unknown, steps: readonly Step[]): unknown {
  let at = object;
  for (const step of steps) {
    if (typeof step === 'object') at = Array.isArray(at) ? (at as readonly unknown[])[step.index] : undefined;
    else at = isRecord(at) ? at[step] : undefined;
  }
  return at;
}
