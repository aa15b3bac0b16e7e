/**
 * The charts that open files belong to, read for hover, completion and navigation.
 * Invariant: a file is read again only when it changed; the text of an editor comes before that of the disk. Counterpart: none.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Completion, Diagnostic, Hover, Position } from '../../manifest/model.ts';
import type { TextPlace } from '../../manifest/navigation/navigator.ts';
import { ChartFiles, templateOf } from '../../manifest/rendered/chartFiles.ts';
import { ChartLanguage, isValues, type ChartTextPlace } from '../../manifest/rendered/language/chartLanguage.ts';
import { chartRootOf, isTextOfChart, within } from './chartFolder.ts';
import { filePath } from './kustomizations.ts';

interface KnownText {
  readonly stamp: string;
  readonly text: string;
}

interface KnownChart {
  readonly stamp: string;
  readonly language: ChartLanguage;
}

const MAX_FILES = 2_000;
const MAX_TEXT = 1024 * 1024;

export class Charts {
  private readonly openText: (uri: string) => string | undefined;
  private readonly texts = new Map<string, KnownText>();
  private readonly charts = new Map<string, KnownChart>();
  private opened = 0;

  /** @param openText the text of an open document */
  constructor(openText: (uri: string) => string | undefined) {
    this.openText = openText;
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
    const texts = new Map<string, string>();
    const stamps: string[] = [];
    for (const path of pathsUnder(root)) {
      const known = this.text(join(root, ...path.split('/')));
      if (known === undefined) continue;
      texts.set(path, known.text);
      stamps.push(`${path} ${known.stamp}`);
    }
    const stamp = stamps.join('\n');
    const before = this.charts.get(root);
    if (before?.stamp === stamp) return before.language;
    const language = new ChartLanguage(new ChartFiles(texts));
    this.charts.set(root, { stamp, language });
    return language;
  }

  private text(file: string): KnownText | undefined {
    const before = this.texts.get(file);
    const open = this.openText(pathToFileURL(file).href);
    if (open !== undefined) {
      // A text of an editor has no time: a number of its own tells it from the one before.
      if (before?.text === open) return before;
      const known = { stamp: `open ${(this.opened += 1)}`, text: open };
      this.texts.set(file, known);
      return known;
    }
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats === undefined || !stats.isFile() || stats.size > MAX_TEXT) return undefined;
    const stamp = `${stats.mtimeMs} ${stats.size}`;
    if (before?.stamp === stamp) return before;
    const known = { stamp, text: readFileSync(file, 'utf8') };
    this.texts.set(file, known);
    return known;
  }
}

const MAY_BE_VALUES = /values[\w.-]*\.ya?ml$/i;
const MAY_BE_PART = /\/templates\/|values[\w.-]*\.ya?ml$/i;

function pathsUnder(root: string): readonly string[] {
  const found: string[] = [];
  for (const entry of readdirSync(root, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const path = within(root, join(entry.parentPath, entry.name)) ?? '';
    if (isTextOfChart(path) && !path.includes('node_modules/') && !path.startsWith('.git/')) found.push(path);
    if (found.length >= MAX_FILES) break;
  }
  return found.toSorted();
}

function placed(root: string, places: readonly ChartTextPlace[]): readonly TextPlace[] {
  return places.map(({ path, range }) => ({ uri: pathToFileURL(root + sep + path.split('/').join(sep)).href, range }));
}
