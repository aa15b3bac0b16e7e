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
    .flatMap((entry) => {
      const own = join(path, entry.name);
      if (entry.isDirectory()) return IGNORED.has(entry.name) ? [] : filesOf(own);
      return EXTENSIONS.test(entry.name) && (entry.isFile() || (entry.isSymbolicLink() && leadsToFile(own))) ? [own] : [];
    });
}

/** A link may lead nowhere, in a circle, or to what has no end. */
function leadsToFile(link: string): boolean {
  try {
    return statSync(link).isFile();
  } catch {
    return false;
  }
}
