/**
 * The files that a process in a container sees: the image's, a writable layer over them, and what is mounted.
 * Invariant: layers are plain data that their owner keeps; what is mounted read-only never changes; errors are values.
 * Counterpart: overlayfs and the mounts of a container runtime.
 */

/** Content is one character a byte (see bytes.ts). */
export type Entry =
  /** `zeros`: so many bytes of nothing come behind the content. */
  | { readonly kind: 'file'; readonly content: string; readonly zeros?: number; readonly mode: number; readonly atMs: number }
  | { readonly kind: 'directory'; readonly mode: number; readonly atMs: number }
  | { readonly kind: 'device'; readonly mode: number; readonly atMs: number };

type FileEntry = Extract<Entry, { kind: 'file' }>;

/** Path below the mount (`etc/hosts`; empty for the mount itself) > what is there; null: taken away from the layer below. */
export type Layer = Record<string, Entry | null>;

export interface Mount {
  /** Absolute, without a slash at the end; empty for the root. */
  readonly path: string;
  readonly readOnly: boolean;
  readonly lower: Readonly<Record<string, Entry>>;
  /** Shared with whoever mounts the same. */
  readonly upper: Readonly<Layer>;
  /** The same to be written to; undefined: `upper` itself. */
  readonly change?: () => Layer;
  /** How many more bytes fit; undefined: nobody counts. */
  readonly room?: () => number;
}

export type FileProblem =
  | 'No such file or directory'
  | 'Not a directory'
  | 'Is a directory'
  | 'Read-only file system'
  | 'File exists'
  | 'Directory not empty'
  | 'No space left on device'
  | 'Permission denied';

export class FileSystem {
  private readonly mounts: Mount[];
  private readonly nowMs: () => number;
  private readonly generate: ((path: string) => string | undefined) | undefined;

  /** @param generate the content of files that are made up when they are read, one character a byte */
  constructor(mounts: readonly Mount[], nowMs: () => number, generate?: (path: string) => string | undefined) {
    this.mounts = mounts.toSorted((a, b) => b.path.length - a.path.length);
    this.nowMs = nowMs;
    this.generate = generate;
  }

  /** @param path absolute and normal */
  stat(path: string): Entry | undefined {
    const content = this.generated(path);
    if (content !== undefined) return { kind: 'file', content, mode: 0o444, atMs: this.nowMs() };
    const { mount, rest } = this.locate(path);
    const own = entryOf(mount, rest);
    if (own !== undefined) return own;
    const isDirectory = rest === '' || this.namesIn(mount, rest).size > 0 || this.mountsBelow(path).length > 0;
    return isDirectory ? { kind: 'directory', mode: 0o755, atMs: 0 } : undefined;
  }

  /** Names in a directory, sorted; undefined if it is none. */
  list(path: string): readonly string[] | undefined {
    if (this.stat(path)?.kind !== 'directory') return undefined;
    const { mount, rest } = this.locate(path);
    return [...new Set([...this.namesIn(mount, rest), ...this.mountsBelow(path)])].toSorted();
  }

  read(path: string): { readonly content: string } | FileProblem {
    const entry = this.stat(path);
    if (entry === undefined) return this.missing(path);
    if (entry.kind === 'directory') return 'Is a directory';
    if (entry.kind !== 'file') return { content: '' };
    return { content: entry.zeros === undefined ? entry.content : entry.content + '\0'.repeat(Math.min(entry.zeros, MOST_ZEROS)) };
  }

  /** Bytes of a file. */
  size(path: string): number {
    const entry = this.stat(path);
    return entry?.kind === 'file' ? sizeOf(entry) : 0;
  }

  /** A file of so many bytes of nothing. */
  allocate(path: string, bytes: number): FileProblem | undefined {
    const found = this.stat(path);
    if (found?.kind === 'directory') return 'Is a directory';
    if (found?.kind === 'device') return undefined;
    return this.put(path, { kind: 'file', content: '', zeros: bytes, mode: 0o644, atMs: this.nowMs() });
  }

  /** Why the file cannot be written; its content does not matter. */
  problemOfWriting(path: string): FileProblem | undefined {
    const parent = this.stat(parentOf(path) || '/');
    if (parent === undefined) return 'No such file or directory';
    if (parent.kind !== 'directory') return 'Not a directory';
    if (this.stat(path)?.kind === 'directory') return 'Is a directory';
    return this.locate(path).mount.readOnly ? 'Read-only file system' : undefined;
  }

  changeMode(path: string, mode: number): FileProblem | undefined {
    const found = this.stat(path);
    return found === undefined ? this.missing(path) : this.put(path, { ...found, mode });
  }

  write(path: string, content: string, mode?: number): FileProblem | undefined {
    const found = this.stat(path);
    if (found?.kind === 'directory') return 'Is a directory';
    if (found?.kind === 'device') return undefined;
    const entry = { kind: 'file', mode: mode ?? found?.mode ?? 0o644, atMs: this.nowMs() } as const;
    if (content.length <= MOST_KEPT) return this.put(path, { ...entry, content });
    return this.put(path, { ...entry, content: content.slice(0, MOST_KEPT), zeros: content.length - MOST_KEPT });
  }

  makeDirectory(path: string): FileProblem | undefined {
    return this.stat(path) === undefined ? this.put(path, { kind: 'directory', mode: 0o755, atMs: this.nowMs() }) : 'File exists';
  }

  /** Takes away a file or an empty directory. */
  remove(path: string): FileProblem | undefined {
    const found = this.stat(path);
    if (found === undefined) return this.missing(path);
    if (found.kind === 'directory' && (this.list(path) ?? []).length > 0) return 'Directory not empty';
    const { mount, rest } = this.locate(path);
    if (mount.readOnly || rest === '') return 'Read-only file system';
    const layer = changeable(mount);
    if (mount.lower[rest] === undefined) delete layer[rest];
    else layer[rest] = null;
    // The directory stays although its last file is gone.
    this.keep(mount, parentOf(rest));
    return undefined;
  }

  private put(path: string, entry: Entry): FileProblem | undefined {
    const parent = this.stat(parentOf(path) || '/');
    if (parent === undefined) return 'No such file or directory';
    if (parent.kind !== 'directory') return 'Not a directory';
    const { mount, rest } = this.locate(path);
    if (mount.readOnly) return 'Read-only file system';
    const excess = entry.kind === 'file' && mount.room !== undefined ? sizeOf(entry) - sizeAt(mount, rest) - mount.room() : 0;
    // As much is written as there is room for.
    changeable(mount)[rest] = entry.kind === 'file' && excess > 0 ? shortened(entry, sizeOf(entry) - excess) : entry;
    return excess > 0 ? 'No space left on device' : undefined;
  }

  private keep(mount: Mount, directory: string): void {
    if (directory !== '' && entryOf(mount, directory) === undefined && this.namesIn(mount, directory).size === 0)
      changeable(mount)[directory] = { kind: 'directory', mode: 0o755, atMs: this.nowMs() };
  }

  mountPoints(): readonly Pick<Mount, 'path' | 'readOnly'>[] {
    return this.mounts;
  }

  /** Which mount a path lies in, where in it, and whether somebody has written it since it was mounted. */
  originOf(path: string): { readonly mount: string; readonly rest: string; readonly written: boolean; readonly readOnly: boolean } {
    const { mount, rest } = this.locate(path);
    const written = mount.upper[rest];
    return { mount: mount.path, rest, written: written !== undefined && written !== null, readOnly: mount.readOnly };
  }

  /** Bytes that were written into a mount since it was made. @param path of the mount */
  writtenBytes(path: string): number {
    const upper = this.mounts.find((mount) => mount.path === path)?.upper ?? {};
    return Object.values(upper).reduce((sum, entry) => sum + (entry?.kind === 'file' ? sizeOf(entry) : 0), 0);
  }

  /** Names in a directory that were there and were taken away. */
  removedIn(path: string): readonly string[] {
    const { mount, rest } = this.locate(path);
    const prefix = rest === '' ? '' : `${rest}/`;
    return Object.entries(mount.upper)
      .flatMap(([name, entry]) =>
        entry === null && name.startsWith(prefix) && !name.slice(prefix.length).includes('/') ? [name.slice(prefix.length)] : [],
      )
      .toSorted();
  }

  private generated(path: string): string | undefined {
    return this.generate !== undefined && (path.startsWith('/proc/') || path.startsWith('/sys/')) ? this.generate(path) : undefined;
  }

  private missing(path: string): FileProblem {
    const parent = this.stat(parentOf(path) || '/');
    return parent !== undefined && parent.kind !== 'directory' ? 'Not a directory' : 'No such file or directory';
  }

  private locate(path: string): { readonly mount: Mount; readonly rest: string } {
    const clean = path === '/' ? '' : path;
    const mount = this.mounts.find((candidate) => clean === candidate.path || clean.startsWith(`${candidate.path}/`));
    if (mount === undefined) return { mount: NOTHING, rest: clean.slice(1) };
    return { mount, rest: clean.slice(mount.path.length + 1) };
  }

  /** Names right below a directory of one mount. */
  private namesIn(mount: Mount, directory: string): ReadonlySet<string> {
    const prefix = directory === '' ? '' : `${directory}/`;
    const names = new Set<string>();
    const collect = (path: string): void => {
      if (path !== '' && path.startsWith(prefix)) names.add(path.slice(prefix.length).split('/')[0] ?? '');
    };
    for (const path of Object.keys(mount.lower)) if (mount.upper[path] !== null) collect(path);
    for (const [path, entry] of Object.entries(mount.upper)) if (entry !== null) collect(path);
    names.delete('');
    return names;
  }

  /** Names right below a directory that lead to other mounts. */
  private mountsBelow(path: string): readonly string[] {
    const prefix = path === '/' ? '/' : `${path}/`;
    return this.mounts.flatMap((mount) => (mount.path.startsWith(prefix) ? [mount.path.slice(prefix.length).split('/')[0] ?? ''] : []));
  }
}

/** `a/./b//../c` seen from a directory as an absolute path without detours. */
export function resolvePath(directory: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${directory}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

export function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

export function sizeOf({ content, zeros = 0 }: FileEntry): number {
  return content.length + zeros;
}

function shortened({ content, ...entry }: FileEntry, bytes: number): FileEntry {
  const kept = content.slice(0, bytes);
  return { ...entry, content: kept, zeros: bytes - kept.length };
}

function sizeAt(mount: Mount, rest: string): number {
  const entry = entryOf(mount, rest);
  return entry?.kind === 'file' ? sizeOf(entry) : 0;
}

/** So many bytes of a file are kept; of the rest, only how many there were. */
const MOST_KEPT = 16_777_216;
/** Nobody gets more than so many bytes of nothing at once. */
const MOST_ZEROS = 1_048_576;

/** The layer of the mount to be written to. */
function changeable({ change, upper }: Mount): Layer {
  return change === undefined ? (upper as Layer) : change();
}

const NOTHING: Mount = { path: '', readOnly: true, lower: {}, upper: {} };

function entryOf({ lower, upper }: Mount, rest: string): Entry | undefined {
  const own = upper[rest];
  return own === undefined ? lower[rest] : (own ?? undefined);
}
