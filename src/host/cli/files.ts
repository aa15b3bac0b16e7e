/** The files that a command line names, and what to say when one cannot be read. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const EXTENSIONS = /\.(ya?ml|json)$/;
const IGNORED: ReadonlySet<string> = new Set(['node_modules', '.git']);

/** `nowhere: no such file or directory` for what the operating system refuses. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { path } = error as NodeJS.ErrnoException;
  const words = /^[A-Z]+: ([^,]+)/.exec(error.message)?.[1];
  return path === undefined || words === undefined ? error.message : `${path}: ${words}`;
}

/** A file that is named is read whatever its extension; folders are searched for manifests. */
export function filesOf(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .filter((entry) => !IGNORED.has(entry.name) && (entry.isDirectory() || EXTENSIONS.test(entry.name)))
    .flatMap((entry) => (entry.isFile() ? join(path, entry.name) : filesOf(join(path, entry.name))));
}
