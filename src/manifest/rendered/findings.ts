/**
 * The verdict on what a chart renders to, each finding at the line of the template that made it, with the value that it used.
 * Invariant: judged is what Helm rendered, letter for letter; marks tell places only. Counterpart: none in Kubernetes.
 */
import { withApiVersions } from '../apiversions/diagnose.ts';
import { diagnoseDocument } from '../diagnose.ts';
import { readDocument, type YamlDocument } from '../document.ts';
import { shift } from '../documents.ts';
import type { Judge } from '../judge.ts';
import { Lines } from '../lines.ts';
import { locate, parsePath } from '../locate.ts';
import type { Diagnostic, Range, RelatedPlace } from '../model.ts';
import { splitDocuments } from '../split.ts';
import { Path } from '../../apimachinery/field/path.ts';
import type { ChartFiles } from './chartFiles.ts';
import type { Mark, Origin } from './marks.ts';
import { RenderedMap } from './renderedMap.ts';
import { scanTemplate } from './template/scan.ts';
import { scopedActions, valuesIn, type ValuePath } from './template/values.ts';

export interface RenderedFile {
  /** Path of the template within the chart. */
  readonly path: string;
  readonly text: string;
  /** The same with marks; undefined: it could not be had. */
  readonly marked: string | undefined;
}

export interface Rendering {
  readonly files: readonly RenderedFile[];
  readonly marks: readonly Mark[];
  /** Templates by the number that marks give them. */
  readonly sources: readonly string[];
}

export interface FileFinding {
  readonly uri: string;
  readonly diagnostic: Diagnostic;
}

export interface ChartContext {
  readonly judge: Judge;
  /** Of the release that manifests are for. */
  readonly minor: number;
  readonly chart: ChartFiles;
  /** @param path of a file of the chart */
  readonly uriOf: (path: string) => string;
}

export function chartFindings(rendering: Rendering, context: ChartContext): readonly FileFinding[] {
  const found = rendering.files.flatMap((file) => new FileJudge(file, rendering, context).findings());
  return [...Map.groupBy(found, keyOf).values()].flatMap(([first]) => first ?? []);
}

/** A loop or a definition that is used often makes the same finding often. */
function keyOf({ uri, diagnostic: { range, message } }: FileFinding): string {
  return `${uri} ${range.start.line}:${range.start.character} ${message.replaceAll(/\[\d+\]/g, '[]')}`;
}

class FileJudge {
  private readonly file: RenderedFile;
  private readonly rendering: Rendering;
  private readonly context: ChartContext;
  private readonly map: RenderedMap | undefined;

  constructor(file: RenderedFile, rendering: Rendering, context: ChartContext) {
    this.file = file;
    this.rendering = rendering;
    this.context = context;
    const source = rendering.sources.indexOf(file.path);
    this.map = file.marked === undefined ? undefined : new RenderedMap(file.text, file.marked, rendering.marks, source);
  }

  findings(): readonly FileFinding[] {
    return splitDocuments(this.file.text).flatMap(({ line, text }) => {
      const document = readDocument(text);
      const { judge, minor } = this.context;
      const diagnostics = withApiVersions(diagnoseDocument(judge, document), document, minor);
      return diagnostics.map((diagnostic) => this.placed(diagnostic, document, line));
    });
  }

  private placed(diagnostic: Diagnostic, document: YamlDocument, line: number): FileFinding {
    const range = shift(diagnostic.range, line);
    const start = this.map?.origin(range.start);
    const path = start === undefined ? this.file.path : (this.rendering.sources[start.source] ?? this.file.path);
    const uri = this.context.uriOf(path);
    const text = this.context.chart.text(path) ?? '';
    if (start === undefined) return { uri, diagnostic: { ...diagnostic, range: firstLine(text), fixes: [] } };
    const last = { line: range.end.line, character: Math.max(range.end.character - 1, 0) };
    const end = range.end.line === range.start.line ? this.map?.origin(last) : undefined;
    const [from, to] = spanOf(start, end, text);
    const actions = actionsBetween(text, from, to);
    const tail = start.kind === 'action' ? this.tailOf(diagnostic, document, line, start) : [];
    const value = this.file.text.split('\n')[range.start.line]?.slice(range.start.character, range.end.character);
    const related = [
      ...actions.flatMap((names) => this.valuePlaces(path, names, tail, value)),
      ...(start.via === undefined ? [] : [this.included(start.via)]),
    ];
    const place: Diagnostic = { ...diagnostic, range: new Lines(text).range(from, to), fixes: [] };
    return { uri, diagnostic: related.length === 0 ? place : { ...place, related } };
  }

  /** The steps of the field's path that are within what an action rendered. */
  private tailOf(diagnostic: Diagnostic, document: YamlDocument, line: number, action: Origin): ValuePath {
    const segments = parsePath(diagnostic.path).segments();
    let path: Path = Path.root;
    for (const [index, { segment, style }] of segments.entries()) {
      path = style === 'index' ? path.index(Number(segment)) : style === 'key' ? path.key(String(segment)) : path.child(String(segment));
      const place = locate(document, path);
      if (!place.complete) return [];
      const origin = this.map?.origin(shift(place.key, line).start);
      if (origin?.kind === 'action' && origin.source === action.source && origin.start === action.start)
        return segments.slice(index).map((each) => String(each.segment));
    }
    return [];
  }

  private valuePlaces(owner: string, path: ValuePath, tail: ValuePath, value: string | undefined): readonly RelatedPlace[] {
    const { chart, uriOf } = this.context;
    const name = `.Values.${path.join('.')}`.replaceAll('.[]', '[]');
    for (const full of tail.length === 0 ? [path] : [[...path, ...tail], path]) {
      const [place] = chart.value(owner, full, value);
      if (place !== undefined) return [{ uri: uriOf(place.path), range: place.value, message: `${name} is set here` }];
    }
    return [];
  }

  private included(via: Mark): RelatedPlace {
    const path = this.rendering.sources[via.source] ?? this.file.path;
    const text = this.context.chart.text(path) ?? '';
    return { uri: this.context.uriOf(path), range: new Lines(text).range(via.start, via.end), message: 'rendered through this action' };
  }
}

/** In the template: from the first to the last piece that the range was made of, if they stand in one line. */
function spanOf(start: Origin, end: Origin | undefined, text: string): readonly [number, number] {
  const from = start.at ?? start.start;
  if (end === undefined || end.source !== start.source) return [from, start.end];
  const to = end.at === undefined ? end.end : end.at + 1;
  return to > from && !text.slice(from, to).includes('\n') ? [from, to] : [from, start.end];
}

function firstLine(text: string): Range {
  const end = text.search(/\r?\n|$/);
  return { start: { line: 0, character: 0 }, end: { line: 0, character: end } };
}

/** The values that the actions in a span of a template name. */
function actionsBetween(text: string, from: number, to: number): readonly ValuePath[] {
  const paths = scopedActions(scanTemplate(text))
    .filter(({ action }) => action.kind === 'output' && action.start < to && action.end > from)
    .flatMap(({ action, scope }) => valuesIn(action, scope).map(({ path }) => path))
    .filter((path) => path.length > 0);
  return [...new Map(paths.map((path) => [path.join('\0'), path])).values()];
}
