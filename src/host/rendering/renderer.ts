/**
 * Renders what a file is part of, with the texts of open editors, and judges the result.
 * Invariant: the same inputs are rendered once; a cancelled rendering leaves no process behind. Counterpart: none in Kubernetes.
 */
import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { minorOf } from '../../manifest/apiversions/releases.ts';
import type { Judge } from '../../manifest/judge.ts';
import type { FileFinding } from '../../manifest/rendered/findings.ts';
import type { RenderedRoot, RenderParams } from '../protocol/rendering.ts';
import { chartRootOf, readChartFolder, within, type ChartFolder } from './chartFolder.ts';
import { chartReport, type RenderReport } from './chartReport.ts';
import { kustomizeReport, readKustomizeFiles } from './kustomize.ts';
import type { Kustomizations } from './kustomizations.ts';

export interface RendererOptions {
  readonly kustomizations: Kustomizations;
  readonly judge: () => Judge;
  /** The text of an open document. */
  readonly openText: (uri: string) => string | undefined;
  /** What the schema of a chart refuses in this file is said while it is typed. */
  readonly isSaid: (uri: string) => boolean;
  readonly openUris: () => Iterable<string>;
}

interface Known {
  readonly stamp: string;
  readonly judge: Judge;
  readonly report: RenderReport;
}

export class Renderer {
  private readonly options: RendererOptions;
  private readonly known = new Map<string, Known>();

  constructor(options: RendererOptions) {
    this.options = options;
  }

  async render(params: RenderParams, signal: AbortSignal): Promise<readonly RenderedRoot[]> {
    const file = pathOf(params.uri);
    if (file === undefined) return [];
    const chart = chartRootOf(file);
    const found = chart === undefined ? [] : [await this.chart(chart, params, signal)];
    for (const top of this.options.kustomizations.tops(params.uri)) found.push(await this.kustomization(top, params, signal));
    return found;
  }

  private async kustomization(top: string, params: RenderParams, signal: AbortSignal): Promise<RenderedRoot> {
    const report = await this.kustomizeReport(top, params, signal).catch(stopped);
    return rooted(dirname(top), 'kubectl', report, params);
  }

  private async kustomizeReport(top: string, params: RenderParams, signal: AbortSignal): Promise<RenderReport> {
    const files = await readKustomizeFiles(top, (file) => this.options.openText(uriOf(file)));
    const contents = new Map([...files.texts].map(([path, text]) => [path, Buffer.from(text)]));
    return this.once(top, contents, [params.kubectl, params.targetVersion], (judge) =>
      kustomizeReport(files, { kubectl: params.kubectl, judge, minor: minorOf(params.targetVersion), signal, uriOf }),
    );
  }

  private async chart(root: string, params: RenderParams, signal: AbortSignal): Promise<RenderedRoot> {
    const report = await this.chartReport(root, params, signal).catch(stopped);
    const findings = report.findings.filter(({ uri, diagnostic }) => diagnostic.code !== 'Schema' || !this.options.isSaid(uri));
    return rooted(root, 'helm', { ...report, findings }, params);
  }

  private async chartReport(root: string, params: RenderParams, signal: AbortSignal): Promise<RenderReport> {
    const folder = await readChartFolder(root, (file) => this.options.openText(uriOf(file)));
    const values = this.openValues(folder);
    return this.once(root, folder.files, [params.helm, params.namespace, params.targetVersion, ...values], (judge) =>
      chartReport(folder, {
        helm: params.helm,
        judge,
        namespace: params.namespace,
        minor: minorOf(params.targetVersion),
        values,
        signal,
        uriOf,
      }),
    );
  }

  /** What was rendered from the same inputs is not rendered again. */
  private async once(
    root: string,
    files: ReadonlyMap<string, Buffer>,
    others: readonly string[],
    report: (judge: Judge) => Promise<RenderReport>,
  ): Promise<RenderReport> {
    const judge = this.options.judge();
    const stamp = stampOf(files, others);
    const known = this.known.get(root);
    if (known?.stamp === stamp && known.judge === judge) return known.report;
    const fresh = await report(judge);
    if (fresh.outcome !== 'missing' && fresh.outcome !== 'stopped') this.known.set(root, { stamp, judge, report: fresh });
    return fresh;
  }

  /** Files of values beside the chart's own that somebody looks at: `values-prod.yaml`, `ci/small-values.yaml`. */
  private openValues(folder: ChartFolder): readonly string[] {
    const paths = [...this.options.openUris()].map((uri) => within(folder.folder, pathOf(uri) ?? '') ?? '');
    return paths.filter((path) => OTHER_VALUES.test(path) && folder.files.has(path)).slice(0, MAX_VALUES);
  }
}

const OTHER_VALUES = /^(?:values[.-][\w.-]+|ci\/[\w.-]*values)\.ya?ml$/;
const MAX_VALUES = 4;

function stampOf(files: ReadonlyMap<string, Buffer>, others: readonly string[]): string {
  const hash = createHash('sha256');
  for (const [path, content] of files) hash.update(`${path}\0${content.length}\0`).update(content);
  return hash.update(others.join('\0')).digest('hex');
}

function stopped(error: unknown): RenderReport {
  return { outcome: 'stopped', message: error instanceof Error ? error.message : String(error), findings: [] };
}

function rooted(root: string, tool: RenderedRoot['tool'], report: RenderReport, { warnings }: RenderParams): RenderedRoot {
  const { outcome, message, findings } = report;
  const wanted = findings.filter(({ diagnostic }) => warnings || diagnostic.severity === 'error');
  const files = [...Map.groupBy(wanted, ({ uri }: FileFinding) => uri)].map(([uri, own]) => ({
    uri,
    diagnostics: own.map(({ diagnostic }) => diagnostic),
  }));
  return { root: uriOf(root), tool, outcome, message, files };
}

function uriOf(file: string): string {
  return pathToFileURL(file).href;
}

function pathOf(uri: string): string | undefined {
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}
