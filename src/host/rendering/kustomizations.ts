/**
 * The kustomizations that the editor knows: which files are patches, what is wrong in them, where their paths lead, and
 * which of them are rendered when a file changes.
 * Invariant: follows the texts it was given; files are looked at on the disk only where a path leads. Counterpart: none in Kubernetes.
 */
import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Diagnostic, Range } from '../../manifest/model.ts';
import type { TextPlace } from '../../manifest/navigation/navigator.ts';
import { kustomizationDiagnostics, type Found } from '../../manifest/rendered/kustomize/diagnostics.ts';
import { isKustomization, readKustomization, type Kustomization } from '../../manifest/rendered/kustomize/kustomization.ts';

interface Known {
  readonly text: string;
  readonly read: Kustomization;
  /** The paths that it names. */
  readonly targets: readonly string[];
}

const NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'] as const;
const MAX_TOPS = 8;

export class Kustomizations {
  private readonly known = new Map<string, Known>();
  private patchPaths: ReadonlySet<string> = new Set();

  /** An empty text forgets the file. Returns the files that are patches now or were until now. */
  change(uri: string, text: string): ReadonlySet<string> {
    const path = isKustomization(uri) ? filePath(uri) : undefined;
    const before = path === undefined ? undefined : this.known.get(path);
    if (path === undefined || before?.text === text || (before === undefined && text === '')) return NOTHING;
    if (text === '') this.known.delete(path);
    else this.known.set(path, known(path, text));
    const patches = new Set([...this.known].flatMap(([file, { read }]) => patchesOf(file, read)));
    const changed = patches.symmetricDifference(this.patchPaths);
    this.patchPaths = patches;
    return changed;
  }

  /** A file that kustomize merges into objects: no object by itself. */
  isPatch(uri: string): boolean {
    return this.patchPaths.size > 0 && this.patchPaths.has(filePath(uri) ?? '');
  }

  /** Undefined: the file is no kustomization that is known. */
  diagnostics(uri: string): readonly Diagnostic[] | undefined {
    const path = isKustomization(uri) ? filePath(uri) : undefined;
    const own = path === undefined ? undefined : this.known.get(path);
    return path === undefined || own === undefined
      ? undefined
      : kustomizationDiagnostics(own.text, (target) => foundAt(resolve(dirname(path), target)));
  }

  links(uri: string): readonly { readonly range: Range; readonly target: TextPlace }[] {
    const path = isKustomization(uri) ? filePath(uri) : undefined;
    const own = path === undefined ? undefined : this.known.get(path);
    if (path === undefined || own === undefined) return [];
    return own.read.paths.flatMap(({ path: target, range, isRemote }) => {
      const file = isRemote ? undefined : fileAt(resolve(dirname(path), target));
      return file === undefined ? [] : [{ range, target: { uri: pathToFileURL(file).href, range: START } }];
    });
  }

  /** The outermost kustomizations that a file is part of. */
  tops(uri: string): readonly string[] {
    const own = filePath(uri);
    if (own === undefined || this.known.size === 0) return [];
    const found = new Set<string>();
    const seen = new Set<string>();
    const waiting = this.known.has(own) ? [own] : this.namedBy(own);
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      if (seen.has(file)) continue;
      seen.add(file);
      const above = this.namedBy(dirname(file));
      waiting.push(...above);
      if (above.length === 0 && !isComponent(this.known.get(file))) found.add(file);
    }
    return [...found].toSorted().slice(0, MAX_TOPS);
  }

  private namedBy(path: string): string[] {
    return [...this.known].filter(([, { targets }]) => targets.includes(path)).map(([file]) => file);
  }
}

const NOTHING: ReadonlySet<string> = new Set();
const START: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** The patches among files, by the kustomizations among them: paths of the file system. */
export function patchesAmong(files: readonly string[], read: (file: string) => string): ReadonlySet<string> {
  return new Set(files.filter(isKustomization).flatMap((file) => patchesOf(resolve(file), readKustomization(read(file)))));
}

export function foundAt(path: string): Found {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  if (!stats.isDirectory()) return 'file';
  return fileAt(path) === undefined ? 'folder' : 'kustomization';
}

/** The file itself, or the kustomization of a folder. */
function fileAt(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined || stats.isFile()) return stats === undefined ? undefined : path;
  return NAMES.map((name) => join(path, name)).find((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true);
}

function known(path: string, text: string): Known {
  const read = readKustomization(text);
  return { text, read, targets: read.paths.filter(({ isRemote }) => !isRemote).map((named) => resolve(dirname(path), named.path)) };
}

function patchesOf(file: string, { paths }: Kustomization): readonly string[] {
  return paths.filter(({ use, isRemote }) => use === 'patch' && !isRemote).map(({ path }) => resolve(dirname(file), path));
}

function isComponent(kustomization: Known | undefined): boolean {
  const value = kustomization?.read.document.value;
  return typeof value === 'object' && value !== null && (value as { readonly kind?: unknown }).kind === 'Component';
}

/** Undefined: it is no file of a file system. */
export function filePath(uri: string): string | undefined {
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}
