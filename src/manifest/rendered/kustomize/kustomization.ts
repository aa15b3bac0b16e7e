/**
 * What a kustomization names: files, folders, patches and where in its text they stand.
 * Invariant: paths are as written, `..` and all; what is not there or not local is told apart. Counterpart: kustomize's types.Kustomization.
 */
import { isMap, isScalar, isSeq, type YAMLMap } from 'yaml';
import { findPair, readDocument, type YamlDocument } from '../../yaml/document.ts';
import { rangeOf } from '../../locate.ts';
import type { Range } from '../../model.ts';
import { isRecord } from '../../recognise.ts';
import { splitDocuments } from '../../yaml/split.ts';

/** How a path is used: a file or folder of objects, a patch, a file whose content is taken, settings of kustomize, or of a plugin. */
export type PathUse = 'resource' | 'component' | 'patch' | 'content' | 'setting' | 'plugin';

export interface NamedPath {
  readonly use: PathUse;
  /** As written. */
  readonly path: string;
  readonly range: Range;
  /** An address that kustomize would fetch. */
  readonly isRemote: boolean;
}

/** A patch of a kustomization, in a file or in place. */
export interface PatchEntry {
  readonly path: string | undefined;
  /** In place: the text of the patch and the line on which it begins. */
  readonly inline: { readonly text: string; readonly range: Range } | undefined;
  readonly target: Readonly<Record<string, string>> | undefined;
}

export interface Kustomization {
  readonly document: YamlDocument;
  readonly paths: readonly NamedPath[];
  readonly patches: readonly PatchEntry[];
  /** It makes charts, runs programs, or has plugins in place that read other files, which rendering does not. */
  readonly needsMore: boolean;
}

export function isKustomization(uri: string): boolean {
  return /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/.test(uri.replace(/[?#].*$/, ''));
}

const LISTS: Readonly<Record<string, PathUse>> = {
  resources: 'resource',
  bases: 'resource',
  components: 'component',
  crds: 'setting',
  configurations: 'setting',
  generators: 'plugin',
  transformers: 'plugin',
  validators: 'plugin',
};

export function readKustomization(text: string): Kustomization {
  const document = readDocument(text);
  const { root } = document;
  const paths: NamedPath[] = [];
  const patches: PatchEntry[] = [];
  let needsMore = isMap(root) && ['helmCharts', 'helmChartInflationGenerator'].some((name) => findPair(root, name) !== undefined);
  if (isMap(root)) {
    const add = (use: PathUse, node: unknown, path = textOf(node)): void => {
      const range = path === undefined ? undefined : rangeOf(document, node);
      if (path !== undefined && range !== undefined) paths.push({ use, path, range, isRemote: isRemote(path) });
    };
    for (const [list, use] of Object.entries(LISTS))
      for (const item of itemsOf(root, list)) {
        const text = textOf(item);
        if (text?.includes('\n') !== true) add(use, item);
        else if (use === 'plugin' && namesFiles(text)) needsMore = true;
      }
    for (const list of ['patches', 'patchesJson6902', 'patchesStrategicMerge'])
      for (const item of itemsOf(root, list)) {
        const entry = patchOf(document, item, list === 'patchesStrategicMerge');
        if (entry === undefined) continue;
        patches.push(entry);
        if (entry.path !== undefined) add('patch', isMap(item) ? item.get('path', true) : item);
      }
    for (const item of itemsOf(root, 'replacements')) if (isMap(item)) add('setting', item.get('path', true));
    const openapi = findPair(root, 'openapi')?.value;
    if (isMap(openapi)) add('setting', openapi.get('path', true));
    for (const list of ['configMapGenerator', 'secretGenerator'])
      for (const item of itemsOf(root, list)) {
        if (!isMap(item)) continue;
        for (const file of itemsOf(item, 'files')) add('content', file, textOf(file)?.replace(/^[^=]*=/, ''));
        for (const file of [...itemsOf(item, 'envs'), item.get('env', true)]) add('content', file);
      }
  }
  return { document, paths, patches, needsMore };
}

const NAMING = ['path', 'paths', 'files', 'env', 'envs', 'chartHome', 'chartName', 'valuesFile', 'additionalValuesFiles'];

/** Whether the settings of a plugin name files, which may lie anywhere, or be addresses; in doubt they do. */
export function namesFiles(text: string): boolean {
  return splitDocuments(text).some(({ text: own }) => {
    const { value } = readDocument(own);
    if (value === null) return false;
    if (!isRecord(value) || NAMING.some((name) => name in value)) return true;
    const { replacements } = value;
    return Array.isArray(replacements) && replacements.some((each) => isRecord(each) && 'path' in each);
  });
}

function patchOf(document: YamlDocument, item: unknown, isStrategic: boolean): PatchEntry | undefined {
  if (isStrategic) {
    const text = textOf(item);
    if (text === undefined) return undefined;
    const isInline = text.includes('\n') || /^\s*(?:\{|\w+:)/.test(text);
    return isInline
      ? { path: undefined, inline: inlineOf(document, item), target: undefined }
      : { path: text, inline: undefined, target: undefined };
  }
  if (!isMap(item)) return undefined;
  const target = item.get('target');
  const path = textOf(item.get('path', true));
  return {
    path,
    inline: path === undefined ? inlineOf(document, item.get('patch', true)) : undefined,
    target: isMap(target) ? (target.toJSON() as Readonly<Record<string, string>>) : undefined,
  };
}

function inlineOf(document: YamlDocument, node: unknown): PatchEntry['inline'] {
  const text = textOf(node);
  const range = rangeOf(document, node);
  return text === undefined || range === undefined ? undefined : { text, range };
}

export function itemsOf(map: YAMLMap, name: string): readonly unknown[] {
  const value = findPair(map, name)?.value;
  return isSeq(value) ? value.items : [];
}

function textOf(node: unknown): string | undefined {
  return isScalar(node) && typeof node.value === 'string' && node.value !== '' ? node.value : undefined;
}

/** An address of a repository or a file elsewhere, as kustomize tells them from paths. */
function isRemote(path: string): boolean {
  return (
    /^(?:[a-z][\w+.-]*:\/\/|git@|github\.com[/:]|git::)/i.test(path) ||
    /\?(?:ref|timeout|version|submodules)=/.test(path) ||
    /\.git(?:\/|$|\?)/.test(path)
  );
}
