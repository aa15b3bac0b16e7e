/**
 * Renders what a file is part of, with the texts of open editors, and judges the result.
 * Invariant: the same inputs are rendered once; a cancelled rendering leaves no process behind. Counterpart: none in Kubernetes.
 */
import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { minorOf } from '../../manifest/apiversions/releases.ts';
import type { Judge } from '../../manifest/judge.ts';
import type { World } from '../../manifest/references/world.ts';
import type { FileFinding } from '../../manifest/rendered/findings.ts';
import type { HintContext } from '../../manifest/rendered/hints.ts';
import { areOff } from '../../manifest/rules/settings.ts';
import type { RenderedRoot, RenderParams } from '../protocol/rendering.ts';
import { chartRootOf, readChartFolder, within, type ChartFolder } from './chartFolder.ts';
import { renderedChart } from './chartReport.ts';
import type { Rendered, RenderReport } from './judging.ts';
import { readKustomizeFiles, renderedKustomization } from './kustomize.ts';
import type { Kustomizations } from './kustomizations.ts';

export interface RendererOptions {
  readonly kustomizations: Kustomizations;
  readonly judge: () => Judge;
  /** What there is beside the rendered objects. @param namespace of objects that name none */
  readonly world: (namespace: string) => World;
  /** The text of an open document. */
  readonly openText: (uri: string) => string | undefined;
  /** What the schema of a chart refuses in this file is said while it is typed. */
  readonly isSaid: (uri: string) => boolean;
  readonly openUris: () => Iterable<string>;
}

interface Known {
  readonly stamp: string;
  readonly rendered: Rendered;
  /** What hints were asked for last, and in which files. */
  readonly hints: HintContext | undefined;
  readonly askedBy: Set<string>;
  readonly told: string;
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

  /** Files of which other hints are to be told now, as the workspace or the cluster changed. */
  changed(): readonly string[] {
    return [...this.known.values()].flatMap((known) => {
      if (known.hints === undefined) return [];
      const { findings } = known.rendered({ judge: this.options.judge(), hints: known.hints });
      return textOf(findings) === known.told ? [] : [...known.askedBy];
    });
  }

  /** Nobody looks at the file any more. */
  close(uri: string): void {
    for (const [root, { askedBy }] of this.known) if (askedBy.delete(uri) && askedBy.size === 0) this.known.delete(root);
  }

  private hints({ namespace, references, rules }: RenderParams): HintContext | undefined {
    if (!references && areOff(rules)) return undefined;
    const { kustomizations, world } = this.options;
    return { settings: { references, rules }, world: world(namespace), isPatch: (uri) => kustomizations.isPatch(uri) };
  }

  private async kustomization(top: string, params: RenderParams, signal: AbortSignal): Promise<RenderedRoot> {
    const report = await this.kustomizeReport(top, params, signal).catch(stopped);
    return rooted(dirname(top), 'kubectl', report, params);
  }

  private async kustomizeReport(top: string, params: RenderParams, signal: AbortSignal): Promise<RenderReport> {
    const files = await readKustomizeFiles(top, (file) => this.options.openText(uriOf(file)));
    const contents = new Map([...files.texts].map(([path, text]) => [path, Buffer.from(text)]));
    return this.once(top, contents, [params.kubectl, params.targetVersion], params, () =>
      renderedKustomization(files, { kubectl: params.kubectl, minor: minorOf(params.targetVersion), signal, uriOf }),
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
    return this.once(root, folder.files, [params.helm, params.namespace, params.targetVersion, ...values], params, () =>
      renderedChart(folder, {
        helm: params.helm,
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
    params: RenderParams,
    render: () => Promise<Rendered>,
  ): Promise<RenderReport> {
    const stamp = stampOf(files, others);
    const before = this.known.get(root);
    const rendered = before?.stamp === stamp ? before.rendered : await render();
    const hints = this.hints(params);
    const report = rendered({ judge: this.options.judge(), hints });
    if (report.outcome === 'missing' || report.outcome === 'stopped') return report;
    const askedBy = before?.askedBy ?? new Set();
    this.known.set(root, { stamp, rendered, hints, askedBy: askedBy.add(params.uri), told: textOf(report.findings) });
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

function stampOf(files: ReadonlyMap<string, Buffer>, others: readonly string[]): string {
  const hash = createHash('sha256');
  for (const [path, content] of files) hash.update(`${path}\0${content.length}\0`).update(content);
  return hash.update(others.join('\0')).digest('hex');
}

function textOf(findings: readonly FileFinding[]): string {
  return findings.map(({ uri, diagnostic: { code, range, message } }) => `${uri} ${range.start.line} ${code} ${message}`).join('\n');
}

function stopped(error: unknown): RenderReport {
  return { outcome: 'stopped', message: error instanceof Error ? error.message : String(error), findings: [] };
}

function rooted(root: string, tool: RenderedRoot['tool'], report: RenderReport, { warnings }: RenderParams): RenderedRoot {
  const { outcome, message, findings } = report;
  const wanted = findings.filter(({ diagnostic, hint }) => warnings || hint === true || diagnostic.severity === 'error');
  const files = [...Map.groupBy(atValuesToo(wanted), ({ uri }: FileFinding) => uri)].map(([uri, own]) => ({
    uri,
    diagnostics: own.map(({ diagnostic }) => diagnostic),
  }));
  return { root: uriOf(root), tool, outcome, message, files };
}

/** Beside each finding that one value alone makes a hint at that value, which editors show there and do not count. */
export function atValuesToo(findings: readonly FileFinding[]): readonly FileFinding[] {
  const hints = findings.flatMap(({ uri, diagnostic, cause }): readonly FileFinding[] => {
    if (cause === undefined || diagnostic.severity === 'hint') return [];
    const related = [{ uri, range: diagnostic.range, message: 'found where it is used' }];
    return [{ uri: cause.uri, hint: true, diagnostic: { ...diagnostic, severity: 'hint', range: cause.range, fixes: [], related } }];
  });
  const told = ({ uri, diagnostic: { range, message } }: FileFinding): string =>
    `${uri} ${range.start.line}:${range.start.character} ${message}`;
  return [...findings, ...new Map(hints.map((hint) => [told(hint), hint])).values()];
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
