/**
 * `kubepad validate --render`: the charts and kustomizations under the paths, rendered by the user's tools and judged.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isChart, readChartFolder } from '../rendering/chartFolder.ts';
import { renderedChart } from '../rendering/chartReport.ts';
import type { Judging, RenderReport } from '../rendering/judging.ts';
import { isKustomization } from '../../manifest/rendered/kustomize/kustomization.ts';
import { readKustomizeFiles, renderedKustomization } from '../rendering/kustomize.ts';
import { Kustomizations } from '../rendering/kustomizations.ts';
import type { Finding } from './report.ts';

const IGNORED: ReadonlySet<string> = new Set(['node_modules', '.git']);
/** Where tools that test charts expect values to try. */
const CI_VALUES = /^ci\/[^/]*values\.ya?ml$/;

/** The findings of all charts, or why one cannot be rendered at all. */
export async function renderedFindings(
  paths: readonly string[],
  judging: Judging,
  minor: number,
): Promise<readonly Finding[] | { readonly failure: string }> {
  const findings: Finding[] = [];
  const kustomizations = paths.flatMap(kustomizationsUnder);
  const tops = topsOf(kustomizations);
  const jobs = [
    ...paths.flatMap(chartsUnder).map((folder) => [folder, () => renderOne(folder, judging, minor)] as const),
    ...tops.map((file) => [file, () => kustomizeOne(file, judging, minor)] as const),
  ];
  for (const [folder, render] of jobs) {
    const report = await render();
    if (report.outcome === 'missing' || report.outcome === 'stopped') return { failure: `${folder}: ${report.message}` };
    findings.push(...report.findings.map(({ uri, diagnostic }) => ({ file: uri, diagnostic })));
  }
  return findings;
}

async function renderOne(folder: string, judging: Judging, minor: number): Promise<RenderReport> {
  const chart = await readChartFolder(folder, () => undefined);
  const rendered = await renderedChart(chart, {
    helm: 'helm',
    namespace: 'default',
    minor,
    values: [...chart.files.keys()].filter((path) => CI_VALUES.test(path)),
    signal: new AbortController().signal,
    uriOf: (file) => file,
  });
  return rendered(judging);
}

async function kustomizeOne(file: string, judging: Judging, minor: number): Promise<RenderReport> {
  const files = await readKustomizeFiles(resolve(file), () => undefined);
  // As the paths were given: relative to where the command runs, if they were.
  const uriOf = (path: string): string => (isAbsolute(file) ? path : relative(process.cwd(), path));
  const rendered = await renderedKustomization(files, { kubectl: 'kubectl', minor, signal: new AbortController().signal, uriOf });
  return rendered(judging);
}

function kustomizationsUnder(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return isKustomization(path) ? [path] : [];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => !IGNORED.has(entry.name) && (entry.isDirectory() || isKustomization(entry.name)))
    .map((entry) => join(path, entry.name))
    .toSorted()
    .flatMap(kustomizationsUnder);
}

/** Those that no other one is made of. */
function topsOf(files: readonly string[]): readonly string[] {
  const known = new Kustomizations();
  const uris = new Map(files.map((file) => [resolve(file), file]));
  for (const [path, file] of uris) known.change(pathToFileURL(path).href, readFileSync(file, 'utf8'));
  const tops = new Set([...uris.keys()].flatMap((path) => known.tops(pathToFileURL(path).href)));
  return [...uris].filter(([path]) => tops.has(path)).map(([, file]) => file);
}

/** The outermost charts: those in a chart are rendered with it. */
function chartsUnder(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [];
  if (isChart(path)) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !IGNORED.has(entry.name))
    .map((entry) => join(path, entry.name))
    .toSorted()
    .flatMap(chartsUnder);
}
