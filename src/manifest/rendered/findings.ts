/**
 * The verdict on what a chart renders to, each finding at the line of the template that made it, with the value that it used.
 * Invariant: judged is what Helm rendered, letter for letter; marks tell places only. Counterpart: none in Kubernetes.
 */
import { isScalar } from 'yaml';
import { withApiVersions } from '../apiversions/diagnose.ts';
import { diagnoseDocument } from '../diagnose.ts';
import { readDocument, type YamlDocument } from '../yaml/document.ts';
import { shift } from '../documents.ts';
import type { Judge } from '../judge.ts';
import { Lines } from '../yaml/lines.ts';
import { locate, parsePath } from '../locate.ts';
import type { Diagnostic, Range, RelatedPlace } from '../model.ts';
import { splitDocuments } from '../yaml/split.ts';
import { Path } from '../../apimachinery/field/path.ts';
import type { ChartFiles } from './chartFiles.ts';
import { renderedPath, type HintContext, type RenderedObjects } from './hints.ts';
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
  /** It is no verdict of the API server's, but a hint or of a rule. */
  readonly hint?: true;
  /** The value of the user's that is the whole of what is wrong, letter for letter. */
  readonly cause?: RelatedPlace;
}

export interface ChartContext {
  /** Of the release that manifests are for. */
  readonly minor: number;
  readonly chart: ChartFiles;
  /** @param path of a file of the chart */
  readonly uriOf: (path: string) => string;
}

export function chartFindings(rendering: Rendering, context: ChartContext & { readonly judge: Judge }): readonly FileFinding[] {
  return once(rendering.files.flatMap((file) => new FilePlaces(file, rendering, context).findings(context.judge)));
}

/** @param objects of the rendering, by the paths of its templates */
export function chartHints(
  rendering: Rendering,
  context: ChartContext,
  objects: RenderedObjects,
  hints: HintContext,
): readonly FileFinding[] {
  const places = new Map(rendering.files.map((file) => [file.path, new FilePlaces(file, rendering, context)]));
  const related = (place: RelatedPlace): RelatedPlace => {
    const path = renderedPath(place.uri);
    return (path === undefined ? undefined : places.get(path)?.inTemplate(place)) ?? place;
  };
  return once(
    [...places].flatMap(([path, file]) =>
      objects
        .of(path, hints)
        .map(({ diagnostic, line }) => file.placedHint({ ...diagnostic, related: (diagnostic.related ?? []).map(related) }, line)),
    ),
  );
}

function once(found: readonly FileFinding[]): readonly FileFinding[] {
  return [...Map.groupBy(found, keyOf).values()].flatMap(([first]) => first ?? []);
}

/** A loop or a definition that is used often makes the same finding often. */
function keyOf({ uri, diagnostic: { range, message } }: FileFinding): string {
  return `${uri} ${range.start.line}:${range.start.character} ${message.replaceAll(/\[\d+\]/g, '[]')}`;
}

/** A rendered file, and what in the chart made it. */
class FilePlaces {
  private readonly file: RenderedFile;
  private readonly rendering: Rendering;
  private readonly context: ChartContext;
  private readonly map: RenderedMap | undefined;
  /** By their first line. */
  private readonly documents = new Map<number, YamlDocument>();

  constructor(file: RenderedFile, rendering: Rendering, context: ChartContext) {
    this.file = file;
    this.rendering = rendering;
    this.context = context;
    const source = rendering.sources.indexOf(file.path);
    this.map = file.marked === undefined ? undefined : new RenderedMap(file.text, file.marked, rendering.marks, source);
  }

  findings(judge: Judge): readonly FileFinding[] {
    return splitDocuments(this.file.text).flatMap(({ line, text }) => {
      const document = readDocument(text);
      const diagnostics = withApiVersions(diagnoseDocument(judge, document), document, this.context.minor);
      return diagnostics.map((diagnostic) => this.placed(diagnostic, document, line));
    });
  }

  /** @param line the first one of the document in the rendered file */
  placedHint(diagnostic: Diagnostic, line: number): FileFinding {
    return { ...this.placed(diagnostic, this.documentAt(line), line), hint: true };
  }

  /** What a place in the rendered file was made by. */
  inTemplate({ range, message }: RelatedPlace): RelatedPlace {
    const { path, text, span, start } = this.source(range);
    const own = start === undefined ? firstLine(text) : new Lines(text).range(span[0], span[1]);
    return { uri: this.context.uriOf(path), range: own, message };
  }

  private documentAt(line: number): YamlDocument {
    const known = this.documents.get(line);
    if (known !== undefined) return known;
    const document = readDocument(splitDocuments(this.file.text).find((each) => each.line === line)?.text ?? '');
    this.documents.set(line, document);
    return document;
  }

  private source(range: Range): Source {
    const start = this.map?.origin(range.start);
    const path = start === undefined ? this.file.path : (this.rendering.sources[start.source] ?? this.file.path);
    const text = this.context.chart.text(path) ?? '';
    if (start === undefined) return { path, text, start, span: [0, 0] };
    const last = { line: range.end.line, character: Math.max(range.end.character - 1, 0) };
    const end = range.end.line === range.start.line ? this.map?.origin(last) : undefined;
    return { path, text, start, span: spanOf(start, end, text) };
  }

  private placed(diagnostic: Diagnostic, document: YamlDocument, line: number): FileFinding {
    const range = shift(diagnostic.range, line);
    const { path, text, start, span } = this.source(range);
    const uri = this.context.uriOf(path);
    if (start === undefined) return { uri, diagnostic: { ...diagnostic, range: firstLine(text), fixes: [] } };
    const [from, to] = span;
    const actions = actionsBetween(text, from, to);
    const tail = start.kind === 'action' ? this.tailOf(diagnostic, document, line, start) : [];
    const value = this.file.text.split('\n')[range.start.line]?.slice(range.start.character, range.end.character);
    const values = actions.flatMap((names) => this.valuePlaces(path, names, tail, value));
    const related = [
      ...(diagnostic.related ?? []),
      ...values.map(({ place }) => place),
      ...(start.via === undefined ? [] : [this.included(start.via)]),
    ];
    const { related: _, ...rest } = diagnostic;
    const place: Diagnostic = { ...rest, range: new Lines(text).range(from, to), fixes: [] };
    const [one] = values;
    const cause = values.length === 1 && start.kind === 'action' && one?.isWhole === true ? { cause: one.place } : {};
    return { uri, diagnostic: related.length === 0 ? place : { ...place, related }, ...cause };
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

  private valuePlaces(owner: string, path: ValuePath, tail: ValuePath, value: string | undefined): readonly ValuePlace[] {
    const { chart, uriOf } = this.context;
    const name = `.Values.${path.join('.')}`.replaceAll('.[]', '[]');
    for (const full of tail.length === 0 ? [path] : [[...path, ...tail], path]) {
      const [place] = chart.value(owner, full, value);
      if (place === undefined) continue;
      const isWhole = isScalar(place.node) && (place.node.source ?? String(place.node.value)) === unquoted(value);
      return [{ place: { uri: uriOf(place.path), range: place.value, message: `${name} is set here` }, isWhole }];
    }
    return [];
  }

  private included(via: Mark): RelatedPlace {
    const path = this.rendering.sources[via.source] ?? this.file.path;
    const text = this.context.chart.text(path) ?? '';
    return { uri: this.context.uriOf(path), range: new Lines(text).range(via.start, via.end), message: 'rendered through this action' };
  }
}

interface ValuePlace {
  readonly place: RelatedPlace;
  /** What was rendered is this value and nothing besides. */
  readonly isWhole: boolean;
}

function unquoted(text: string | undefined): string | undefined {
  return text === undefined ? undefined : (/^(["'])(.*)\1$/.exec(text)?.[2] ?? text);
}

/** What in a template made a range; `start` is undefined where nothing tells. */
interface Source {
  readonly path: string;
  readonly text: string;
  readonly start: Origin | undefined;
  readonly span: readonly [number, number];
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
