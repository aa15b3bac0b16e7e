/**
 * COPY and ADD: which files come from where, and under what names they arrive.
 * Counterpart: dispatchCopy of github.com/moby/buildkit/frontend/dockerfile/dockerfile2llb.
 */
import { sha256 } from '../../base/sha256.ts';
import { ignoredBy } from '../context/dockerignore.ts';
import type { Heredoc } from '../dockerfile/parse.ts';
import { baseName, isWithin, resolve, sizeOf, type Tree, type TreeFile } from './tree.ts';

export interface CopyRequest {
  readonly keyword: 'ADD' | 'COPY';
  readonly sources: readonly string[];
  readonly heredocs: readonly Heredoc[];
  readonly destination: string;
  readonly from: Tree;
  /** The tree is that of an image or stage of which not all files are known: what is not found is made up. */
  readonly guesses: boolean;
  readonly to: Tree;
  readonly workingDir: string;
  readonly chmod?: string;
  /** Patterns of what is left out. */
  readonly exclude?: readonly string[];
  /** Files keep the directories that they are in. */
  readonly parents?: boolean;
}

export type CopyResult = { readonly files: readonly TreeFile[]; readonly digest: string } | { readonly error: string };

const GUESSED_BYTES = 8_000_000;
const DOWNLOAD_BYTES = 1_000_000;
/** A compressed archive holds about so many times its size. */
const EXPANSION = 3;

export function copyFiles(request: CopyRequest): CopyResult {
  const { keyword, sources, heredocs, destination } = request;
  const intoDirectory = destination.endsWith('/') || destination.endsWith('/.') || destination === '.' || destination === '..';
  if (sources.length + heredocs.length > 1 && !intoDirectory)
    return { error: `When using ${keyword} with more than one source file, the destination must be a directory and end with a /` };
  const target = resolve(request.workingDir, destination);
  const excluded = ignoredBy((request.exclude ?? []).join('\n'));
  const isDirectory = intoDirectory || request.to.isDirectory(target);
  const files: TreeFile[] = [];
  for (const { name, content } of heredocs) files.push({ path: isDirectory ? join(target, name) : target, text: content });
  for (const source of sources) {
    const added =
      keyword === 'ADD' && isRemote(source) ? [download(source, target, isDirectory)] : copied(request, source, target, isDirectory);
    if (added === undefined)
      return { error: `failed to calculate checksum of ref ${refOf(request)}: "${resolve('/', source)}": not found` };
    files.push(...added.filter(({ path }) => !excluded(path.slice(target === '/' ? 1 : target.length + 1))));
  }
  const mode = request.chmod === undefined ? undefined : Number.parseInt(request.chmod, 8);
  const made =
    mode === undefined || Number.isNaN(mode) ? files : files.map((file) => (file.type === 'Directory' ? file : { ...file, mode }));
  return { files: made, digest: sha256(made.map(fingerprint).toSorted().join('\n')) };
}

/** Undefined if there is no such file. */
function copied(request: CopyRequest, source: string, target: string, isDirectory: boolean): readonly TreeFile[] | undefined {
  const { from, guesses, keyword } = request;
  const path = resolve('/', source);
  const paths = /[*?[]/.test(source) ? from.matches(path) : from.has(path) ? [path] : [];
  if (paths.length === 0) {
    if (!guesses) return undefined;
    return [{ path: isDirectory ? join(target, baseName(path)) : target, size: GUESSED_BYTES, mode: 0o755, digest: sha256(path) }];
  }
  return paths.flatMap((found) => {
    if (request.parents === true) {
      const kept = from.isDirectory(found) ? from.below(found) : [from.get(found)].filter((file) => file !== undefined);
      return kept.map((file) => ({ ...file, path: join(target, file.path.slice(1)) }));
    }
    if (!from.isDirectory(found))
      return [arrived(from.get(found), isDirectory || paths.length > 1 ? join(target, baseName(found)) : target, keyword)];
    const below = from.below(found).map((file) => ({ ...file, path: join(target, file.path.slice(found === '/' ? 1 : found.length + 1)) }));
    return below.length === 0 ? [{ path: target, type: 'Directory' as const }] : below;
  });
}

/** ADD unpacks archives that it copies. */
function arrived(file: TreeFile | undefined, path: string, keyword: CopyRequest['keyword']): TreeFile {
  if (file === undefined) return { path };
  if (keyword !== 'ADD' || !/\.(?:tar|tgz|tar\.(?:gz|bz2|xz|zst))$/.test(file.path)) return { ...file, path };
  const { text: _text, base64: _base64, ...rest } = file;
  const name = baseName(file.path).replace(/\.(?:tar|tgz)(?:\..*)?$/, '');
  return {
    ...rest,
    path: join(path.endsWith(baseName(file.path)) ? path.slice(0, -baseName(file.path).length - 1) || '/' : path, name),
    size: sizeOf(file) * EXPANSION,
  };
}

function isRemote(source: string): boolean {
  return /^(?:https?|git|ssh):\/\/|^git@/.test(source);
}

function download(source: string, target: string, isDirectory: boolean): TreeFile {
  const name = baseName(source.replace(/[?#].*$/, '')).replace(/\.git$/, '') || 'download';
  return { path: isDirectory ? join(target, name) : target, size: DOWNLOAD_BYTES, mode: 0o600, digest: sha256(source) };
}

function join(directory: string, name: string): string {
  return directory === '/' ? `/${name}` : `${directory}/${name}`;
}

/** What a file is, so that equal ones need not be copied anew. Times do not count. */
function fingerprint(file: TreeFile): string {
  const { path, type = 'File', mode = 0, digest } = file;
  return `${path}\0${type}\0${mode}\0${digest ?? sha256(file.text ?? file.base64 ?? String(file.size ?? 0))}`;
}

/** BuildKit names the snapshot that it looked in; any name that is always the same will do. */
function refOf({ sources, destination }: CopyRequest): string {
  const id = sha256(`${sources.join(' ')} ${destination}`);
  return `${id.slice(0, 25)}::${id.slice(25, 50)}`;
}

/** Whether a path is within what COPY takes; for links from a file to the steps that copy it. */
export function takes(sources: readonly string[], path: string): boolean {
  return sources.some((source) => isWithin(resolve('/', path), resolve('/', source)));
}
