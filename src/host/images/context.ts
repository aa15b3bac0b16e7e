/**
 * The files of a build's context as they are on the disk, without what .dockerignore leaves out.
 * Invariant: reads only below the context; a link that leads out of it, or nowhere, is no file.
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readFileSync, readSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { ignoredBy, mayPrune } from '../../image/context/dockerignore.ts';
import type { ContextFile } from '../../image/context/files.ts';

export interface BuildFiles {
  /** As it is shown: relative to the context, `Dockerfile`. */
  readonly name: string;
  readonly dockerfile: string;
  readonly files: readonly ContextFile[];
}

/** Larger files are known by size and digest only. */
const CONTENT_LIMIT = 128 * 1024;
const PIECE_BYTES = 1024 * 1024;
/** More files than this are no context that anybody means. */
const FILE_LIMIT = 50_000;

/** @throws Error in the words of the operating system if the Dockerfile or the context cannot be read */
export function readBuildFiles(dockerfile: string, context: string): BuildFiles {
  const text = readFileSync(dockerfile, 'utf8');
  const ignore = readIfThere(`${dockerfile}.dockerignore`) ?? readIfThere(join(context, '.dockerignore')) ?? '';
  const ignored = ignoredBy(ignore);
  const prunes = mayPrune(ignore);
  const root = realpathSync(context);
  const files: ContextFile[] = [];
  const walk = (directory: string): void => {
    for (const entry of readdirSync(directory, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(directory, entry.name);
      const name = relative(root, path).split(sep).join('/');
      const left = ignored(name);
      if (entry.isDirectory()) {
        if (!left || !prunes) walk(path);
      } else if (!left) {
        const file = readContextFile(path, name, root);
        if (file !== undefined) files.push(file);
        if (files.length > FILE_LIMIT) throw new Error(`${context} has more than ${FILE_LIMIT} files; leave some out with .dockerignore`);
      }
    }
  };
  walk(root);
  const shown = relative(context, dockerfile).split(sep).join('/');
  return { name: shown.startsWith('..') ? basename(dockerfile) : shown, dockerfile: text, files };
}

/** Where a Dockerfile's context is unless somebody says otherwise: the folder that it is in. */
export function contextOf(dockerfile: string): string {
  return dirname(dockerfile);
}

function readContextFile(path: string, name: string, root: string): ContextFile | undefined {
  try {
    const real = realpathSync(path);
    const stat = statSync(real);
    if (!stat.isFile() || !(real === root || real.startsWith(root + sep))) return undefined;
    const mode = stat.mode & 0o777;
    if (stat.size > CONTENT_LIMIT) return { path: name, size: stat.size, mode, digest: digestOfLarge(real) };
    const bytes = readFileSync(real);
    const known = { path: name, size: bytes.length, mode, digest: createHash('sha256').update(bytes).digest('hex') };
    const text = bytes.toString('utf8');
    return Buffer.from(text, 'utf8').equals(bytes) ? { ...known, text } : { ...known, base64: bytes.toString('base64') };
  } catch {
    return undefined;
  }
}

/** Piece by piece: a disk image or a dump in a context must not be in memory as a whole. */
function digestOfLarge(path: string): string {
  const hash = createHash('sha256');
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  const file = openSync(path, 'r');
  try {
    for (let read = readSync(file, piece); read > 0; read = readSync(file, piece)) hash.update(piece.subarray(0, read));
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
