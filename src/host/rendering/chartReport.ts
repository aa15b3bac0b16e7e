/**
 * The findings in a chart: what the judge says of the rendered result, or what kept helm from rendering it, at its place.
 * Invariant: a chart that cannot be rendered has one finding that says why. Counterpart: helm lint with an API server behind it.
 */
import { join } from 'node:path';
import { Lines } from '../../manifest/yaml/lines.ts';
import type { Diagnostic, Range } from '../../manifest/model.ts';
import { isRecord } from '../../manifest/recognise.ts';
import { ChartFiles, chartFolder, placeAt, valuesFile } from '../../manifest/rendered/chartFiles.ts';
import { chartFindings, chartHints, type FileFinding } from '../../manifest/rendered/findings.ts';
import { RenderedObjects } from '../../manifest/rendered/hints.ts';
import { helmProblem, schemaProblems, type HelmProblem } from '../../manifest/rendered/helmOutput.ts';
import { isTextOfChart, type ChartFolder } from './chartFolder.ts';
import { renderChart } from './helm.ts';
import { judgedOnce, type Rendered } from './judging.ts';

export interface ChartOptions {
  readonly helm: string;
  readonly namespace: string;
  readonly minor: number;
  /** More files of values, each rendered for itself over the chart's own. */
  readonly values: readonly string[];
  readonly signal: AbortSignal;
  /** How a file is named in findings. */
  readonly uriOf: (file: string) => string;
}

export async function renderedChart(folder: ChartFolder, options: ChartOptions): Promise<Rendered> {
  const texts = new Map(
    [...folder.files].filter(([path]) => isTextOfChart(path)).map(([path, content]) => [path, content.toString('utf8')]),
  );
  const chart = new ChartFiles(texts);
  const { value } = chart.document('Chart.yaml') ?? {};
  if (isRecord(value) && value['type'] === 'library')
    return () => ({ outcome: 'skipped', message: 'a library chart is rendered by the charts that use it', findings: [] });
  const name = releaseName(isRecord(value) ? value['name'] : undefined);
  const rendered: Rendered[] = [];
  for (const values of [[], ...options.values.map((file) => [file])]) {
    const own = values.length === 0 ? chart : new ChartFiles(texts, values);
    rendered.push(await renderedWith(folder, own, { ...options, values }, name));
  }
  return (judging) => {
    const reports = rendered.map((each) => each(judging));
    const findings = new Map(reports.flatMap((report) => report.findings).map((finding) => [keyOf(finding), finding]));
    const worst = reports.find(({ outcome }) => outcome !== 'rendered') ?? reports[0];
    return { outcome: worst?.outcome ?? 'skipped', message: worst?.message ?? '', findings: [...findings.values()] };
  };
}

async function renderedWith(folder: ChartFolder, chart: ChartFiles, options: ChartOptions, name: string): Promise<Rendered> {
  const uriOf = (path: string): string => options.uriOf(join(folder.folder, ...path.split('/')));
  const result = await renderChart(folder, { ...options, name });
  switch (result.outcome) {
    case 'rendered': {
      const { rendering } = result;
      const context = { minor: options.minor, chart, uriOf };
      const objects = new RenderedObjects(rendering.files, []);
      return judgedOnce(
        (judge) => chartFindings(rendering, { ...context, judge }),
        (hints) => chartHints(rendering, context, objects, hints),
      );
    }
    case 'failed': {
      const problem = helmProblem(result.err);
      return () => ({ outcome: 'failed', message: problem.message, findings: problemFindings(problem, chart, uriOf) });
    }
    case 'missing':
      return () => ({ outcome: 'missing', message: `${options.helm} was not found`, findings: [] });
    case 'stopped':
      return () => ({ outcome: 'stopped', message: result.reason, findings: [] });
  }
}

/** A release needs a name; that of the chart, if it can be one. */
function releaseName(chart: unknown): string {
  return typeof chart === 'string' && /^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$/.test(chart) ? chart : 'release-name';
}

function problemFindings(problem: HelmProblem, chart: ChartFiles, uriOf: (path: string) => string): readonly FileFinding[] {
  const { message, path: named, line, column, asked } = problem;
  const schema = schemaProblems(message);
  if (schema !== undefined) return schema.map((each) => schemaFinding(each, chart, uriOf));
  const path = named.slice(named.indexOf('/') + 1);
  const text = chart.text(path);
  if (named !== '' && text !== undefined) {
    const severity = asked ? 'information' : 'error';
    const own = asked ? `${message} (with the chart's own values alone)` : message;
    return [{ uri: uriOf(path), diagnostic: { ...FAILED, severity, message: own, range: actionAt(text, line - 1, column) } }];
  }
  const isValues = /values\.yaml/.test(message) && chart.text('values.yaml') !== undefined;
  const yamlLine = Number(/yaml: line (\d+)/.exec(message)?.[1] ?? 1) - 1;
  const file = isValues ? 'values.yaml' : 'Chart.yaml';
  const isMissingChart = /helm dependency (?:build|update)/.test(message);
  const range = isMissingChart ? keyOfChart(chart, 'dependencies') : lineRange(chart.text(file) ?? '', isValues ? yamlLine : 0);
  return [{ uri: uriOf(file), diagnostic: { ...FAILED, severity: isMissingChart ? 'warning' : 'error', message, range } }];
}

const FAILED: Omit<Diagnostic, 'range' | 'message'> = { severity: 'error', code: 'Helm', path: '', fixes: [] };

function schemaFinding(
  { chart: name, path, message }: { readonly chart: string; readonly path: readonly string[]; readonly message: string },
  chart: ChartFiles,
  uriOf: (path: string) => string,
): FileFinding {
  const owner = chart.paths().find((each) => /(?:^|\/)Chart\.yaml$/.test(each) && nameOf(chart, each) === name) ?? 'Chart.yaml';
  const text = `at '${path.map((part) => `/${part}`).join('')}': ${message}`;
  for (let length = path.length; length >= 0; length--) {
    const [place] = length === 0 ? [] : chart.value(owner, path.slice(0, length));
    if (place !== undefined)
      return { uri: uriOf(place.path), diagnostic: { ...FAILED, code: 'Schema', message: text, path: path.join('.'), range: place.value } };
  }
  const file = valuesFile(chartFolder(owner));
  return {
    uri: uriOf(file),
    diagnostic: { ...FAILED, code: 'Schema', message: text, path: path.join('.'), range: lineRange(chart.text(file) ?? '', 0) },
  };
}

function nameOf(chart: ChartFiles, path: string): unknown {
  const value = chart.document(path)?.value;
  return isRecord(value) ? value['name'] : undefined;
}

function keyOfChart(chart: ChartFiles, key: string): Range {
  const document = chart.document('Chart.yaml');
  return (document === undefined ? undefined : placeAt(document, [key])?.key) ?? lineRange(chart.text('Chart.yaml') ?? '', 0);
}

/** From where helm points to the end of the action; the whole line if it names no column. */
function actionAt(text: string, line: number, column: number | undefined): Range {
  const whole = lineRange(text, line);
  if (column === undefined) return whole;
  const own = text.split('\n')[line] ?? '';
  const open = own.lastIndexOf('{{', column);
  const close = own.indexOf('}}', column);
  if (open < 0 || close < 0) return whole;
  return { start: { line, character: open }, end: { line, character: close + 2 } };
}

function lineRange(text: string, line: number): Range {
  const lines = new Lines(text);
  const { start, text: own } = lines.lineAt(lines.offset({ line: Math.max(line, 0), character: 0 }));
  return lines.range(start + own.length - own.trimStart().length, start + own.trimEnd().length);
}

function keyOf({ uri, diagnostic: { range, message } }: FileFinding): string {
  return `${uri} ${range.start.line}:${range.start.character} ${message}`;
}
