/**
 * `kubepad validate --render`: the charts and kustomizations under the paths, rendered by the user's tools and judged.
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CURRENT_MINOR } from '../../manifest/apiversions/releases.ts';
import type { Judge } from '../../manifest/judge.ts';
import { isChart, readChartFolder } from '../rendering/chartFolder.ts';
import { chartReport, type RenderReport } from '../rendering/chartReport.ts';
import type { Finding } from './report.ts';

const IGNORED: ReadonlySet<string> = new Set(['node_modules', '.git']);
/** Where tools that test charts expect values to try. */
const CI_VALUES = /^ci\/[^/]*values\.ya?ml$/;

/** The findings of all charts, or why one cannot be rendered at all. */
export async function renderedFindings(paths: readonly string[], judge: Judge): Promise<readonly Finding[] | { readonly failure: string }> {
  const findings: Finding[] = [];
  for (const folder of paths.flatMap(chartsUnder)) {
    const report = await renderOne(folder, judge);
    if (report.outcome === 'missing' || report.outcome === 'stopped') return { failure: `${folder}: ${report.message}` };
    findings.push(...report.findings.map(({ uri, diagnostic }) => ({ file: uri, diagnostic })));
  }
  return findings;
}

async function renderOne(folder: string, judge: Judge): Promise<RenderReport> {
  const chart = await readChartFolder(folder, () => undefined);
  return chartReport(chart, {
    helm: 'helm',
    judge,
    namespace: 'default',
    minor: CURRENT_MINOR,
    values: [...chart.files.keys()].filter((path) => CI_VALUES.test(path)),
    signal: new AbortController().signal,
    uriOf: (file) => file,
  });
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
