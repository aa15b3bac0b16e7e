import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isKustomization } from '../../manifest/rendered/kustomize/kustomization.ts';
import type { ManifestFile } from '../protocol/protocol.ts';

const EXTENSIONS = /\.(?:ya?ml|json)$/i;
const IGNORED: ReadonlySet<string> = new Set(['node_modules', '.git', 'vendor', 'dist']);
/** More files than this are no workspace of manifests. */
const MAX_FILES = 20_000;
/** Larger files are no manifests that a person writes. */
const MAX_BYTES = 5 * 1024 * 1024;

/** The files of a folder that may hold manifests; what cannot be read is left out. */
export function manifestFilesUnder(uri: string): readonly ManifestFile[] {
  const found: ManifestFile[] = [];
  const root = pathOf(uri);
  const folders = root === undefined ? [] : [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of entriesOf(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !IGNORED.has(entry.name)) folders.push(path);
      if (!entry.isFile() || !EXTENSIONS.test(entry.name) || found.length >= MAX_FILES) continue;
      const file = readManifest(pathToFileURL(path).href);
      if (file !== undefined && mayMatter(file)) found.push(file);
    }
  }
  return found;
}

/** A file that has changed, without its text if it is none of those that `manifestFilesUnder` finds. */
export function changedManifest(uri: string): ManifestFile {
  const file = IGNORED_PATH.test(uri) ? undefined : readManifest(uri);
  return file !== undefined && mayMatter(file) ? file : { uri, text: '' };
}

const IGNORED_PATH = new RegExp(`/(?:${[...IGNORED].map((name) => name.replace('.', '\\.')).join('|')})/`);

function mayMatter({ uri, text }: ManifestFile): boolean {
  return text.includes('apiVersion') || isKustomization(uri);
}

/** Undefined: there is no such file, it is too large, or it is none of a file system. */
export function readManifest(uri: string): ManifestFile | undefined {
  const path = pathOf(uri);
  if (path === undefined) return undefined;
  try {
    const stats = statSync(path);
    return stats.isFile() && stats.size <= MAX_BYTES ? { uri, text: readFileSync(path, 'utf8') } : undefined;
  } catch {
    return undefined;
  }
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

export function pathOf(uri: string): string | undefined {
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}
