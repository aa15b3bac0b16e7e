/**
 * The charts that open files belong to, read for hover, completion and navigation.
 * Invariant: a file is read again only when it changed, and folders are walked again only when something in them did; the text of
 * an editor comes before that of the disk. Counterpart: none.
 */
import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Completion, Diagnostic, Hover, Position } from '../../manifest/model.ts';
import type { TextPlace } from '../../manifest/navigation/navigator.ts';
import { ChartFiles, templateOf } from '../../manifest/rendered/chartFiles.ts';
import { ChartLanguage, isValues, type ChartTextPlace } from '../../manifest/rendered/language/chartLanguage.ts';
import { chartRootOf, isTextOfChart, SKIPPED, within } from './chartFolder.ts';
import { FolderWatch, watchFolder, type WatchFolder } from './folderWatch.ts';
import { filePath } from './kustomizations.ts';

interface KnownText {
  readonly stamp: string;
  readonly text: string;
  /** The text is that of an editor. */
  readonly isOpen: boolean;
}

interface ChartFile {
  readonly path: string;
  readonly file: string;
  readonly uri: string;
}

interface KnownChart {
  readonly watch: FolderWatch;
  readonly files: readonly ChartFile[];
  /** The texts of editors that were read, by URI. */
  readonly opened: ReadonlyMap<string, string>;
  readonly stamp: string;
  readonly language: ChartLanguage;
}

const MAX_FILES = 2_000;
const MAX_FOLDERS = 2_000;
const MAX_TEXT = 1024 * 1024;
/** Charts whose folders are followed at the same time. */
const MAX_CHARTS = 16;

export class Charts {
  private readonly openText: (uri: string) => string | undefined;
  private readonly texts = new Map<string, KnownText>();
  private readonly charts = new Map<string, KnownChart>();
  private readonly follow: WatchFolder;
  private opened = 0;

  /** @param openText the text of an open document */
  constructor(openText: (uri: string) => string | undefined, follow: WatchFolder = watchFolder) {
    this.openText = openText;
    this.follow = follow;
  }

  /** Files that somebody else saw change on the disk. */
  changed(uris: readonly string[]): void {
    if (this.charts.size === 0) return;
    const files = uris.flatMap((uri) => filePath(uri) ?? []);
    for (const [root, { watch }] of this.charts) if (files.some((file) => within(root, file) !== undefined)) watch.end();
  }

  hover(uri: string, position: Position): Hover | undefined {
    const found = this.find(uri);
    return found?.language.hover(found.path, position);
  }

  completion(uri: string, position: Position): readonly Completion[] {
    const found = this.find(uri);
    return found === undefined ? [] : found.language.completion(found.path, position);
  }

  definition(uri: string, position: Position): readonly TextPlace[] {
    const found = this.find(uri);
    return found === undefined ? [] : placed(found.root, found.language.definition(found.path, position));
  }

  references(uri: string, position: Position): readonly TextPlace[] {
    const found = this.find(uri);
    return found === undefined ? [] : placed(found.root, found.language.references(found.path, position));
  }

  /** Of a file of values what the chart's schema refuses. */
  diagnostics(uri: string): readonly Diagnostic[] {
    const found = MAY_BE_VALUES.test(uri) ? this.find(uri) : undefined;
    return found === undefined ? [] : found.language.diagnostics(found.path);
  }

  private find(uri: string): { readonly root: string; readonly path: string; readonly language: ChartLanguage } | undefined {
    if (!MAY_BE_PART.test(uri)) return undefined;
    const file = filePath(uri);
    const root = file === undefined ? undefined : chartRootOf(file);
    const path = root === undefined || file === undefined ? undefined : within(root, file);
    if (root === undefined || path === undefined || (templateOf(path) === undefined && !isValues(path))) return undefined;
    return { root, path, language: this.language(root) };
  }

  private language(root: string): ChartLanguage {
    const before = this.charts.get(root);
    if (before !== undefined && this.holds(before)) return before.language;
    const isListed = before?.watch.isQuiet === true;
    const watch = isListed ? before.watch : new FolderWatch(this.follow);
    const files = isListed ? before.files : filesUnder(root, watch);
    const texts = new Map<string, string>();
    const opened = new Map<string, string>();
    const stamps: string[] = [];
    for (const { path, file, uri } of files) {
      const open = this.openText(uri);
      if (open !== undefined) opened.set(uri, open);
      const known = this.text(file, open, isListed);
      if (known === undefined) continue;
      texts.set(path, known.text);
      stamps.push(`${path} ${known.stamp}`);
    }
    const stamp = stamps.join('\n');
    const language = before?.stamp === stamp ? before.language : new ChartLanguage(new ChartFiles(texts));
    this.keep(root, { watch, files, opened, stamp, language });
    return language;
  }

  /** Whether nothing changed on the disk and in editors. */
  private holds({ watch, files, opened }: KnownChart): boolean {
    return watch.isQuiet && files.every(({ uri }) => this.openText(uri) === opened.get(uri));
  }

  private keep(root: string, chart: KnownChart): void {
    this.charts.delete(root);
    this.charts.set(root, chart);
    for (const [oldest, { watch }] of this.charts) {
      if (this.charts.size <= MAX_CHARTS) return;
      watch.end();
      this.charts.delete(oldest);
    }
  }

  /** @param isQuiet nothing changed on the disk since the file was last read */
  private text(file: string, open: string | undefined, isQuiet: boolean): KnownText | undefined {
    const before = this.texts.get(file);
    if (open !== undefined) {
      // A text of an editor has no time: a number of its own tells it from the one before.
      if (before?.isOpen === true && before.text === open) return before;
      const known = { stamp: `open ${(this.opened += 1)}`, text: open, isOpen: true };
      this.texts.set(file, known);
      return known;
    }
    if (isQuiet && before?.isOpen === false) return before;
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats === undefined || !stats.isFile() || stats.size > MAX_TEXT) return undefined;
    const stamp = `${stats.mtimeMs} ${stats.size}`;
    if (before?.stamp === stamp) return before;
    const known = { stamp, text: readFileSync(file, 'utf8'), isOpen: false };
    this.texts.set(file, known);
    return known;
  }
}

const MAY_BE_VALUES = /values[\w.-]*\.ya?ml$/i;
const MAY_BE_PART = /\/templates\/|values[\w.-]*\.ya?ml$/i;

/** @param watch is given every folder that is read */
function filesUnder(root: string, watch: FolderWatch): readonly ChartFile[] {
  const found: ChartFile[] = [];
  const folders = [root];
  for (let at = 0; at < Math.min(folders.length, MAX_FOLDERS) && found.length < MAX_FILES; at++) {
    const folder = folders[at] ?? root;
    watch.add(folder);
    for (const entry of entriesOf(folder)) {
      const file = join(folder, entry.name);
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) folders.push(file);
      const path = entry.isFile() ? (within(root, file) ?? '') : '';
      if (isTextOfChart(path) && found.length < MAX_FILES) found.push({ path, file, uri: pathToFileURL(file).href });
    }
  }
  return found.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** None of a folder that has gone meanwhile. */
function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function placed(root: string, places: readonly ChartTextPlace[]): readonly TextPlace[] {
  return places.map(({ path, range }) => ({ uri: pathToFileURL(root + sep + path.split('/').join(sep)).href, range }));
}
