import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isKustomization } from '../../manifest/rendered/kustomize/kustomization.ts';
import type { ManifestFile } from '../protocol/protocol.ts';

const EXTENSIONS = /\.(?:ya?ml|json)$/i;
const IGNORED: ReadonlySet<string> = new Set(['node_modules', '.git', 'vendor', 'dist']);
/** More files than this are no workspace of manifests. */
const MAX_FILES = 20_000;

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
      if (file !== undefined && (file.text.includes('apiVersion') || isKustomization(file.uri))) found.push(file);
    }
  }
  return found;
}

/** Undefined: there is no such file, or it is none of a file system. */
export function readManifest(uri: string): ManifestFile | undefined {
  const path = pathOf(uri);
  if (path === undefined) return undefined;
  try {
    return { uri, text: readFileSync(path, 'utf8') };
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
