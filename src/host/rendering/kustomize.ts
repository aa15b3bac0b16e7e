/**
 * Renders a kustomization with the user's kubectl, on a copy of the files that it names with the unsaved texts of editors.
 * Invariant: nothing is fetched and no plugin runs: a kustomization that would need it is left alone. Counterpart: kubectl kustomize.
 */
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { RenderedObjects } from '../../manifest/rendered/hints.ts';
import { kustomizeFindings } from '../../manifest/rendered/kustomize/findings.ts';
import { kustomizeHints, OUTPUT } from '../../manifest/rendered/kustomize/hints.ts';
import { kustomizationDiagnostics } from '../../manifest/rendered/kustomize/diagnostics.ts';
import { isKustomization, namesFiles, readKustomization } from '../../manifest/rendered/kustomize/kustomization.ts';
import { judgedOnce, type Rendered, type RenderReport } from './judging.ts';
import { foundAt } from './kustomizations.ts';
import { runTool, withoutCluster } from './runTool.ts';

export interface KustomizeOptions {
  readonly kubectl: string;
  readonly minor: number;
  readonly signal: AbortSignal;
  readonly uriOf: (file: string) => string;
}

/** A kustomization and all local files that it is made of. */
export interface KustomizeFiles {
  /** Its file. */
  readonly top: string;
  /** By absolute path. */
  readonly texts: ReadonlyMap<string, string>;
  /** Why it cannot be rendered from these files alone; empty: it can. */
  readonly needs: string;
}

const NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
const MAX_FILES = 2_000;
const MAX_BYTES = 32 * 1024 * 1024;

/** The kustomization of a folder. */
export async function kustomizationIn(folder: string): Promise<string | undefined> {
  for (const name of NAMES) if ((await stat(join(folder, name)).catch(() => undefined))?.isFile() === true) return join(folder, name);
  return undefined;
}

/** @param overlay the text of a file that is open in an editor */
export async function readKustomizeFiles(top: string, overlay: (file: string) => string | undefined): Promise<KustomizeFiles> {
  const texts = new Map<string, string>();
  const plugins = new Set<string>();
  let needs = '';
  let bytes = 0;
  const waiting = [top];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (texts.has(file)) continue;
    const text = overlay(file) ?? (await textOf(file, MAX_BYTES - bytes));
    if (text === undefined) continue;
    bytes += text?.length ?? 0;
    if (text === null || texts.size >= MAX_FILES || bytes > MAX_BYTES) {
      needs = `it is larger than ${MAX_FILES} files or ${MAX_BYTES / 1024 / 1024} MiB`;
      break;
    }
    texts.set(file, text);
    if (plugins.has(file) && namesFiles(text)) needs = `${file} names files of its own`;
    if (!NAMES.includes(basename(file))) continue;
    const { paths, needsMore } = readKustomization(text);
    const folder = dirname(file);
    if (kustomizationDiagnostics(text, (path) => foundAt(resolve(folder, path))).some(({ severity }) => severity === 'error'))
      needs = `${file} has problems of its own`;
    if (needsMore) needs = 'it makes charts, or its plugins name files of their own';
    for (const { path, use, isRemote } of paths) {
      if (isRemote) {
        needs = `${path} would be fetched`;
        continue;
      }
      const target = resolve(folder, path);
      const isFolder = (await stat(target).catch(() => undefined))?.isDirectory() === true;
      const next = isFolder ? await kustomizationIn(target) : target;
      if (next !== undefined) waiting.push(next);
      if (next !== undefined && use === 'plugin') plugins.add(next);
    }
  }
  return { top, texts, needs };
}

/** Undefined: it is no file, which may have no end. Null: it is larger than that. */
async function textOf(file: string, most: number): Promise<string | null | undefined> {
  try {
    const stats = await stat(file);
    if (!stats.isFile()) return undefined;
    return stats.size > most ? null : await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}

export async function renderedKustomization({ top, texts, needs }: KustomizeFiles, options: KustomizeOptions): Promise<Rendered> {
  if (needs !== '') return () => ({ outcome: 'skipped', message: needs, findings: [] });
  const folder = await mkdtemp(join(tmpdir(), 'kubepad-kustomize-'));
  try {
    const root = commonFolder([...texts.keys()]);
    const at = (file: string): string => relative(root, file).split(sep).join('/');
    for (const [file, text] of texts) {
      const copy = join(folder, 'files', ...at(file).split('/'));
      await mkdir(dirname(copy), { recursive: true });
      await writeFile(copy, text);
    }
    const wrapper = join(folder, 'top');
    await mkdir(wrapper);
    const resource = relative(wrapper, join(folder, 'files', dirname(at(top))))
      .split(sep)
      .join('/');
    await writeFile(join(wrapper, 'kustomization.yaml'), wrapperText(resource));
    const args = basename(options.kubectl).startsWith('kustomize') ? ['build', wrapper] : ['kustomize', wrapper];
    const ended = await runTool(options.kubectl, args, { cwd: wrapper, env: withoutCluster(folder), signal: options.signal });
    if (ended.outcome === 'missing') return () => ({ outcome: 'missing', message: `${options.kubectl} was not found`, findings: [] });
    if (ended.outcome === 'stopped') return () => ({ outcome: 'stopped', message: ended.reason, findings: [] });
    const byPath = new Map([...texts].map(([file, text]) => [`files/${at(file)}`, text]));
    const uriOf = (path: string): string => options.uriOf(join(root, ...path.split('/').slice(1)));
    const topPath = `files/${at(top)}`;
    const report = ended.code === 0 ? undefined : failed(ended.err, folder, topPath, byPath, uriOf);
    if (report !== undefined) return () => report;
    const { minor } = options;
    const context = { minor, texts: byPath, folder: 'top', top: topPath, uriOf };
    const objects = new RenderedObjects([{ path: OUTPUT, text: ended.out }], [...texts.keys()].map(options.uriOf));
    return judgedOnce(
      (judge) => kustomizeFindings(ended.out, { ...context, judge }),
      (hints) => kustomizeHints(ended.out, context, objects, hints),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A kustomization around the one that is rendered asks for the history of each object; the files stay as they are. */
function wrapperText(resource: string): string {
  return `resources:\n  - ${JSON.stringify(resource)}\nbuildMetadata: [originAnnotations, transformerAnnotations]\n`;
}

/** What stopped kustomize, at the file that it names, else at the kustomization; paths are as a reader knows them. */
function failed(
  stderr: string,
  folder: string,
  top: string,
  texts: ReadonlyMap<string, string>,
  uriOf: (path: string) => string,
): RenderReport {
  const message = stderr
    .split('\n')
    .filter((line) => !line.startsWith('# Warning'))
    .join('\n')
    .replace(/^error: /, '')
    .replaceAll(`${folder}/files/`, '')
    .replace(/^[^]*recursed accumulation of path '[^']*': /, '')
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim();
  const path = [...texts.keys()].find((each) => !isKustomization(each) && message.includes(basename(each))) ?? top;
  const text = texts.get(path) ?? '';
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: Math.max(text.search(/\r?\n|$/), 1) } };
  return {
    outcome: 'failed',
    message,
    findings: [{ uri: uriOf(path), diagnostic: { range, severity: 'error', message, code: 'Kustomize', path: '', fixes: [] } }],
  };
}

function commonFolder(files: readonly string[]): string {
  let common = dirname(files[0] ?? '/').split(sep);
  for (const file of files) {
    const parts = dirname(file).split(sep);
    let same = 0;
    while (same < common.length && common[same] === parts[same]) same++;
    common = common.slice(0, same);
  }
  return common.join(sep) || sep;
}
