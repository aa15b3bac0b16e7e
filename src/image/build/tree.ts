/**
 * The files of a stage as far as they are known, and what a step adds to them.
 * Invariant: paths are absolute and normal; a directory is there if anything is below it.
 */
import type { ImageFile } from '../../api/kubepad/image/types.ts';
import { globSource } from '../dockerfile/expand.ts';
import { expressionOf } from '../pattern.ts';

/** A file with the digest of its content, which tells changed ones from others. */
export interface TreeFile extends ImageFile {
  readonly digest?: string;
}

export class Tree {
  private readonly files = new Map<string, TreeFile>();

  copy(): Tree {
    const copy = new Tree();
    for (const [path, file] of this.files) copy.files.set(path, file);
    return copy;
  }

  apply(files: readonly TreeFile[]): void {
    for (const file of files) {
      if (file.type !== 'Removed') this.files.set(file.path, file);
      else for (const path of this.files.keys()) if (isWithin(path, file.path)) this.files.delete(path);
    }
  }

  get(path: string): TreeFile | undefined {
    return this.files.get(path);
  }

  isDirectory(path: string): boolean {
    const file = this.files.get(path);
    if (file !== undefined) return file.type === 'Directory';
    return path === '/' || this.below(path).length > 0;
  }

  has(path: string): boolean {
    return this.files.has(path) || this.isDirectory(path);
  }

  /** Everything below a directory, the directory itself not. */
  below(directory: string): readonly TreeFile[] {
    return [...this.files.values()].filter(({ path }) => path !== directory && isWithin(path, directory));
  }

  /** The paths of files and directories that fit a pattern with `*`, `?` and `[…]`. */
  matches(pattern: string): readonly string[] {
    const depth = pattern.split('/').length;
    const fits = expressionOf(`^${globSource(pattern, false)}$`);
    const paths = new Set<string>();
    for (const path of this.files.keys()) paths.add(path.split('/').slice(0, depth).join('/'));
    return [...paths].filter((path) => fits.test(path)).toSorted();
  }
}

export function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory === '/' ? '/' : `${directory}/`);
}

/** `../x` seen from `/app` is `/x`. */
export function resolve(directory: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${directory}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

export function baseName(path: string): string {
  return path.split('/').at(-1) ?? path;
}

/** Bytes that a file takes. */
export function sizeOf({ type = 'File', text, base64, size }: ImageFile): number {
  if (type !== 'File') return 0;
  if (size !== undefined) return size;
  if (base64 !== undefined) return Math.floor((base64.length * 3) / 4);
  return new TextEncoder().encode(text ?? '').length;
}
