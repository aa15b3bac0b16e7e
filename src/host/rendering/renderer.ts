/**
 * Renders what a file is part of, with the texts of open editors, and judges the result.
 * Invariant: the same inputs are rendered once; a cancelled rendering leaves no process behind. Counterpart: none in Kubernetes.
 */
import { createHash } from 'node:crypto';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { minorOf } from '../../manifest/apiversions/releases.ts';
import type { Judge } from '../../manifest/judge.ts';
import type { FileFinding } from '../../manifest/rendered/findings.ts';
import type { RenderedRoot, RenderParams } from '../renderingProtocol.ts';
import { chartRootOf, readChartFolder, within, type ChartFolder } from './chartFolder.ts';
import { chartReport, type RenderReport } from './chartReport.ts';

export interface RendererOptions {
  readonly judge: () => Judge;
  /** The text of an open document. */
  readonly openText: (uri: string) => string | undefined;
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
    return chart === undefined ? [] : [await this.chart(chart, params, signal)];
  }

  private async chart(root: string, params: RenderParams, signal: AbortSignal): Promise<RenderedRoot> {
    const report = await this.chartReport(root, params, signal).catch((error: unknown): RenderReport => ({
      outcome: 'stopped',
      message: error instanceof Error ? error.message : String(error),
      findings: [],
    }));
    return rooted(root, 'helm', report, params);
  }

  private async chartReport(root: string, params: RenderParams, signal: AbortSignal): Promise<RenderReport> {
    const folder = await readChartFolder(root, (file) => this.options.openText(uriOf(file)));
    const values = this.openValues(folder);
    const judge = this.options.judge();
    const stamp = stampOf(folder, [params.helm, params.namespace, params.targetVersion, ...values]);
    const known = this.known.get(root);
    if (known?.stamp === stamp && known.judge === judge) return known.report;
    const report = await chartReport(folder, {
      helm: params.helm,
      judge,
      namespace: params.namespace,
      minor: minorOf(params.targetVersion),
      values,
      signal,
      uriOf,
    });
    if (report.outcome === 'rendered' || report.outcome === 'failed') this.known.set(root, { stamp, judge, report });
    return report;
  }

  /** Files of values beside the chart's own that somebody looks at: `values-prod.yaml`, `ci/small-values.yaml`. */
  private openValues(folder: ChartFolder): readonly string[] {
    const paths = [...this.options.openUris()].map((uri) => within(folder.folder, pathOf(uri) ?? '') ?? '');
    return paths.filter((path) => OTHER_VALUES.test(path) && folder.files.has(path)).slice(0, MAX_VALUES);
  }
}

const OTHER_VALUES = /^(?:values[.-][\w.-]+|ci\/[\w.-]*values)\.ya?ml$/;
const MAX_VALUES = 4;

function stampOf({ files }: ChartFolder, others: readonly string[]): string {
  const hash = createHash('sha256');
  for (const [path, content] of files) hash.update(`${path}\0${content.length}\0`).update(content);
  return hash.update(others.join('\0')).digest('hex');
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
