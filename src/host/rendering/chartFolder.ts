import { existsSync } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';

/** A chart as it stands on the disk, with the unsaved texts of editors in place of their files. */
export interface ChartFolder {
  readonly folder: string;
  /** By path from the folder, with slashes. */
  readonly files: ReadonlyMap<string, Buffer>;
}

const MAX_FILES = 3_000;
const MAX_BYTES = 32 * 1024 * 1024;
const MAX_STEPS_UP = 12;
/** Folders that no chart is made of. */
export const SKIPPED: ReadonlySet<string> = new Set(['.git', 'node_modules', '.idea', '.vscode']);
const TEXT = /\.(?:ya?ml|tpl|txt|json|md)$|(?:^|\/)\.helmignore$/i;

export function isTextOfChart(path: string): boolean {
  return TEXT.test(path);
}

/** The folder of the outermost chart that a file belongs to; undefined: none. */
export function chartRootOf(file: string): string | undefined {
  let folder = dirname(file);
  for (let steps = 0; steps < MAX_STEPS_UP; steps++) {
    if (isChart(folder)) return outermost(folder);
    const above = dirname(folder);
    if (above === folder) return undefined;
    folder = above;
  }
  return undefined;
}

function outermost(folder: string): string {
  const above = dirname(folder);
  return basename(above) === 'charts' && isChart(dirname(above)) ? outermost(dirname(above)) : folder;
}

export function isChart(folder: string): boolean {
  return existsSync(join(folder, 'Chart.yaml'));
}

/**
 * @param overlay the text of a file that is open in an editor
 * @throws Error if it cannot be read or is too large
 */
export async function readChartFolder(folder: string, overlay: (file: string) => string | undefined): Promise<ChartFolder> {
  const files = new Map<string, Buffer>();
  let bytes = 0;
  let folders = 0;
  const tooLarge = new Error(`the chart is larger than ${MAX_FILES} files or ${MAX_BYTES / 1024 / 1024} MiB`);
  const visit = async (prefix: string, above: readonly string[]): Promise<void> => {
    // As helm does, links to folders are followed, but not in a circle.
    const real = await realpath(join(folder, prefix));
    if (above.includes(real)) return;
    if (++folders > MAX_FILES) throw tooLarge;
    const entries = await readdir(join(folder, prefix), { withFileTypes: true });
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
      const file = join(folder, ...path.split('/'));
      const stats = await stat(file).catch(() => undefined);
      if (stats?.isDirectory() === true && !SKIPPED.has(entry.name)) await visit(path, [...above, real]);
      if (stats?.isFile() !== true) continue;
      if (files.size >= MAX_FILES || bytes + stats.size > MAX_BYTES) throw tooLarge;
      const open = overlay(file);
      const content = open === undefined ? await readFile(file) : Buffer.from(open);
      bytes += content.length;
      files.set(path, content);
    }
  };
  await visit('', []);
  return { folder, files };
}

/** Path from a folder with slashes; undefined: the file lies elsewhere. */
export function within(folder: string, file: string): string | undefined {
  return file.startsWith(folder + sep) ? file.slice(folder.length + 1).replaceAll(sep, '/') : undefined;
}
