/**
 * Renders a chart with the user's helm: as it is, and once more with marks that tell which line of a template made what.
 * Invariant: works on copies in a folder of its own, which is gone afterwards; no cluster is asked. Counterpart: helm template.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { renderedFiles } from '../../manifest/rendered/helmOutput.ts';
import { Marks } from '../../manifest/rendered/marks.ts';
import type { RenderedFile, Rendering } from '../../manifest/rendered/findings.ts';
import { templateOf } from '../../manifest/rendered/chartFiles.ts';
import type { ChartFolder } from './chartFolder.ts';
import { runTool, withoutCluster, type ToolOutcome } from './runTool.ts';

export interface HelmOptions {
  /** `helm`, or where it lies. */
  readonly helm: string;
  readonly name: string;
  readonly namespace: string;
  /** The minor release of Kubernetes that the chart sees. */
  readonly minor: number;
  /** More files of values, by their path in the chart; the last one wins. */
  readonly values: readonly string[];
  readonly signal: AbortSignal;
}

export type HelmResult =
  | { readonly outcome: 'rendered'; readonly rendering: Rendering }
  /** What helm said. */
  | { readonly outcome: 'failed'; readonly err: string }
  | Exclude<ToolOutcome, { readonly outcome: 'ended' }>;

/**
 * A template that is no YAML: for its sake helm prints all files as they were rendered, before it sorts and cuts them.
 * Nothing else that helm says differs.
 */
const LAST = 'templates/zz-kubepad-last.yaml';
const NO_YAML = 'a: b: c\n';

export async function renderChart(chart: ChartFolder, options: HelmOptions): Promise<HelmResult> {
  const folder = await mkdtemp(join(tmpdir(), 'kubepad-chart-'));
  try {
    const sources = [...chart.files.keys()].filter((path) => templateOf(path) !== undefined && !path.endsWith('NOTES.txt'));
    const marks = new Marks();
    const [plain, marked] = await Promise.all([
      run(chart, join(folder, 'plain'), options),
      runMarked(chart, join(folder, 'marked'), sources, marks, options),
    ]);
    if (plain.outcome !== 'ended') return plain;
    const files = renderedFiles(plain.out);
    if (files.size === 0) return { outcome: 'failed', err: plain.err };
    const shadow = marked.outcome === 'ended' ? renderedFiles(marked.out) : new Map<string, string>();
    const rendered = [...files].flatMap(([name, text]): readonly RenderedFile[] => {
      const path = name.slice(name.indexOf('/') + 1);
      return path === LAST ? [] : [{ path, text, marked: shadow.get(name) }];
    });
    return { outcome: 'rendered', rendering: { files: rendered.toSorted(byPath), marks: marks.all, sources } };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Where marks within definitions disturb a function, the files' own lines are marked alone. */
async function runMarked(
  chart: ChartFolder,
  folder: string,
  sources: readonly string[],
  marks: Marks,
  options: HelmOptions,
): Promise<ToolOutcome> {
  for (const definitions of [true, false]) {
    marks.all.length = 0;
    const files = new Map(chart.files);
    for (const [index, path] of sources.entries())
      files.set(path, Buffer.from(marks.put(String(chart.files.get(path)), index, { definitions })));
    const outcome = await run({ ...chart, files }, `${folder}${definitions ? '' : '2'}`, options);
    if (outcome.outcome !== 'ended' || renderedFiles(outcome.out).size > 0) return outcome;
  }
  return { outcome: 'stopped', reason: 'the chart cannot be marked' };
}

async function run(chart: ChartFolder, folder: string, options: HelmOptions): Promise<ToolOutcome> {
  await writeFiles(folder, chart);
  const args = [
    'template',
    options.name,
    folder,
    '--debug',
    '--namespace',
    options.namespace,
    '--kube-version',
    `1.${options.minor}.0`,
    ...options.values.flatMap((path) => ['--values', join(folder, ...path.split('/'))]),
  ];
  return runTool(options.helm, args, { cwd: folder, env: withoutCluster(folder), signal: options.signal });
}

async function writeFiles(folder: string, { files }: ChartFolder): Promise<void> {
  const made = new Set<string>();
  for (const [path, content] of [...files, [LAST, Buffer.from(NO_YAML)] as const]) {
    const file = join(folder, ...path.split('/'));
    const parent = dirname(file);
    if (!made.has(parent)) await mkdir(parent, { recursive: true });
    made.add(parent);
    await writeFile(file, content);
  }
}

function byPath(a: RenderedFile, b: RenderedFile): number {
  return a.path < b.path ? -1 : 1;
}
