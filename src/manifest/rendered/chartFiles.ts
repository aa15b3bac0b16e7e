/**
 * The files of a chart and of the charts in it: who belongs to whom, and where a value is set.
 * Invariant: paths are relative to the folder of the outermost chart, with slashes. Counterpart: Helm's chart and its values.
 */
import { isMap, isScalar, isSeq } from 'yaml';
import { findPair, keyText, readDocument, type YamlDocument } from '../yaml/document.ts';
import { rangeOf } from '../locate.ts';
import type { Range } from '../model.ts';
import { isRecord } from '../recognise.ts';
import type { ValuePath } from './template/values.ts';

export interface ChartPlace {
  /** A file of the chart. */
  readonly path: string;
  readonly key: Range;
  /** One line at most, else as the key. */
  readonly value: Range;
  readonly node: unknown;
}

export class ChartFiles {
  private readonly texts: ReadonlyMap<string, string>;
  private readonly documents = new Map<string, YamlDocument>();

  private readonly overrides: readonly string[];

  /**
   * @param texts by path
   * @param overrides files of values over the chart's own, the last one wins
   */
  constructor(texts: ReadonlyMap<string, string>, overrides: readonly string[] = []) {
    this.texts = texts;
    this.overrides = overrides.toReversed();
  }

  text(path: string): string | undefined {
    return this.texts.get(path);
  }

  paths(): readonly string[] {
    return [...this.texts.keys()];
  }

  document(path: string): YamlDocument | undefined {
    const known = this.documents.get(path);
    const text = known === undefined ? this.texts.get(path) : undefined;
    if (text === undefined) return known;
    const document = readDocument(text);
    this.documents.set(path, document);
    return document;
  }

  /** The paths of templates, of this chart and of those in it. */
  templates(): readonly string[] {
    return this.paths().filter((path) => templateOf(path) !== undefined);
  }

  /**
   * Where a value is set that a template names: what an outer chart says first, the chart's own default last.
   * @param owner a file of the chart that names it
   * @param text the value as it was rendered, where that is known
   */
  value(owner: string, path: ValuePath, text?: string): readonly ChartPlace[] {
    return this.valueRoots(owner, path).flatMap(([file, own]) => {
      const document = this.document(file);
      const place = document === undefined ? undefined : placeAt(document, own, text);
      return place === undefined ? [] : [{ path: file, ...place }];
    });
  }

  /** The files that may set a value, with its path in each. */
  valueRoots(owner: string, path: ValuePath): readonly (readonly [file: string, path: ValuePath])[] {
    const folders = foldersOf(chartFolder(owner));
    const isGlobal = path[0] === 'global';
    return folders.flatMap((folder, index) => {
      const names = isGlobal ? [] : folders.slice(index + 1).map((inner) => this.nameIn(folder, inner));
      const files = [...(folder === '' ? this.overrides : []), valuesFile(folder)];
      return files.map((file) => [file, [...names, ...path]] as const);
    });
  }

  /** What a chart calls the chart in it: an alias of Chart.yaml, else the folder's name. */
  private nameIn(outer: string, inner: string): string {
    const name = inner.slice(inner.lastIndexOf('/') + 1);
    const { value } = this.document(joined(outer, 'Chart.yaml')) ?? {};
    const dependencies = isRecord(value) && Array.isArray(value['dependencies']) ? (value['dependencies'] as readonly unknown[]) : [];
    const own = dependencies.find((each) => isRecord(each) && each['name'] === name);
    return isRecord(own) && typeof own['alias'] === 'string' ? own['alias'] : name;
  }
}

/** The chart that a file belongs to; the outermost one is empty. */
export function chartFolder(path: string): string {
  return /^((?:charts\/[^/]+\/)*)/.exec(path)?.[1]?.slice(0, -1) ?? '';
}

/** The path within the chart's `templates`; undefined: the file is no template. */
export function templateOf(path: string): string | undefined {
  return /^(?:charts\/[^/]+\/)*templates\/(.+)$/.exec(path)?.[1];
}

export function valuesFile(folder: string): string {
  return joined(folder, 'values.yaml');
}

function joined(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** `charts/a/charts/b` ▸ ``, `charts/a`, `charts/a/charts/b` */
function foldersOf(folder: string): readonly string[] {
  const parts = folder === '' ? [] : folder.split('/');
  return Array.from({ length: parts.length / 2 + 1 }, (_, depth) => parts.slice(0, depth * 2).join('/'));
}

type PlaceOfValue = Omit<ChartPlace, 'path'>;

/**
 * Undefined: the path is not there to its end.
 * @param text as it was rendered: of several items that `[]` may be, the first one in which the value has this text
 */
export function placeAt(document: YamlDocument, path: ValuePath, text?: string): PlaceOfValue | undefined {
  let first: PlaceOfValue | undefined;
  for (const place of placesOf(document, document.root, path, 0, undefined)) {
    if (text === undefined || (isScalar(place.node) && (place.node.source ?? String(place.node.value)) === text)) return place;
    first ??= place;
  }
  return first;
}

function* placesOf(document: YamlDocument, node: unknown, path: ValuePath, at: number, key: Range | undefined): Generator<PlaceOfValue> {
  const name = path[at];
  if (name === undefined) {
    if (key === undefined) return;
    const value = rangeOf(document, node);
    yield { key, value: value === undefined || value.start.line !== value.end.line ? key : value, node };
  } else if (isMap(node)) {
    const pairs = name === '[]' ? node.items : [findPair(node, name)];
    for (const pair of pairs)
      if (pair !== undefined) yield* placesOf(document, pair.value, path, at + 1, rangeOf(document, pair.key) ?? key);
  } else if (isSeq(node)) {
    const items = name === '[]' ? node.items : [node.items[Number(name)]];
    for (const item of items)
      if (item !== undefined)
        yield* placesOf(document, item, path, at + 1, rangeOf(document, isMap(item) ? item.items[0]?.key : item) ?? key);
  }
}

/** The paths of all values that a file sets, down to lists. */
export function valuePaths(document: YamlDocument): readonly ValuePath[] {
  const found: ValuePath[] = [];
  const visit = (node: unknown, path: ValuePath): void => {
    if (!isMap(node) || path.length > MAX_DEPTH) return;
    for (const pair of node.items) {
      const own = [...path, keyText(pair)];
      found.push(own);
      visit(pair.value, own);
    }
  };
  visit(document.root, []);
  return found;
}

const MAX_DEPTH = 30;
