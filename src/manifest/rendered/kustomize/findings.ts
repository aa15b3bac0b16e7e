/**
 * The verdict on what a kustomization renders to, each finding at the patch, the transformer or the file that made it.
 * Invariant: what is wrong with a file alone is said where that file is judged, not again. Counterpart: none in Kubernetes.
 */
import { withApiVersions } from '../../apiversions/diagnose.ts';
import { diagnoseDocument } from '../../diagnose.ts';
import { readDocument } from '../../document.ts';
import { shift } from '../../documents.ts';
import type { Judge } from '../../judge.ts';
import { parsePath } from '../../locate.ts';
import type { Diagnostic, Range } from '../../model.ts';
import { headOf, isRecord } from '../../recognise.ts';
import { splitDocuments } from '../../split.ts';
import type { FileFinding } from '../findings.ts';
import { isKustomization } from './kustomization.ts';
import { KustomizeSources, resolvePath, valueAt, type FieldPlace, type Step } from './sources.ts';

export interface KustomizeContext {
  readonly judge: Judge;
  readonly minor: number;
  /** Texts by path from one root. */
  readonly texts: ReadonlyMap<string, string>;
  /** The folder that the paths of annotations start from. */
  readonly folder: string;
  /** The kustomization that was rendered. */
  readonly top: string;
  readonly uriOf: (path: string) => string;
}

const ORIGIN = 'config.kubernetes.io/origin';
const TRANSFORMATIONS = 'alpha.config.kubernetes.io/transformations';

/** @param output what was rendered with annotations of origin and transformers */
export function kustomizeFindings(output: string, context: KustomizeContext): readonly FileFinding[] {
  const sources = new KustomizeSources(context.texts);
  const known = new Map<string, ReadonlySet<string>>();
  const ownFindings = (path: string): ReadonlySet<string> => {
    const own = known.get(path) ?? new Set(judged(sources.text(path), context).map(({ range, code }) => keyOf(range, code)));
    known.set(path, own);
    return own;
  };
  const found = splitDocuments(output).flatMap(({ text }) => {
    const document = readDocument(text);
    const { value } = document;
    const { origin, layers } = historyOf(value, context);
    return withApiVersions(diagnoseDocument(context.judge, document), document, context.minor).flatMap(
      (diagnostic): readonly FileFinding[] => {
        const steps = stepsOf(diagnostic.path, value);
        const place = sources.placeOf(value, steps, layers, origin) ?? { path: context.top, range: FIRST, key: FIRST, depth: 0 };
        const isOwn = place.path === origin && !isKustomization(place.path);
        const at = ON_KEY.has(diagnostic.code) ? place.key : place.range;
        if (isOwn && ownFindings(place.path).has(keyOf(at, diagnostic.code))) return [];
        const object = origin === undefined || isOwn ? undefined : sources.originPlace(origin, value, []);
        return [finding(diagnostic, place, object, value, context)];
      },
    );
  });
  return [...Map.groupBy(found, ({ uri, diagnostic }) => `${uri} ${keyOf(diagnostic.range, diagnostic.message)}`).values()].flatMap(
    ([first]) => first ?? [],
  );
}

/** What should not stand there at all. */
const ON_KEY: ReadonlySet<string> = new Set(['UnknownField', 'DuplicateField', 'FieldValueForbidden']);

const FIRST: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };

function finding(
  diagnostic: Diagnostic,
  place: FieldPlace,
  object: FieldPlace | undefined,
  value: unknown,
  context: KustomizeContext,
): FileFinding {
  const head = headOf(value);
  const related =
    object === undefined
      ? []
      : [
          {
            uri: context.uriOf(object.path),
            range: object.range,
            message: `${head?.kind ?? 'the object'} ${head?.name ?? ''} comes from here`,
          },
        ];
  const top = { uri: context.uriOf(context.top), range: FIRST, message: 'found in what this kustomization renders to' };
  return {
    uri: context.uriOf(place.path),
    diagnostic: { ...diagnostic, range: ON_KEY.has(diagnostic.code) ? place.key : place.range, fixes: [], related: [...related, top] },
  };
}

function judged(text: string, { judge, minor }: KustomizeContext): readonly Diagnostic[] {
  return splitDocuments(text).flatMap(({ line, text: own }) => {
    const document = readDocument(own);
    return withApiVersions(diagnoseDocument(judge, document), document, minor).map((each) => ({ ...each, range: shift(each.range, line) }));
  });
}

function keyOf({ start }: Range, what: string): string {
  return `${start.line}:${start.character} ${what}`;
}

/** Where an object was read, and the kustomizations that it went through, the outermost first. */
function historyOf(
  value: unknown,
  { folder, top }: KustomizeContext,
): { readonly origin: string | undefined; readonly layers: readonly string[] } {
  const annotations = isRecord(value) && isRecord(value['metadata']) ? value['metadata']['annotations'] : undefined;
  const read = (name: string): unknown => {
    const text = isRecord(annotations) ? annotations[name] : undefined;
    return typeof text === 'string' ? readDocument(text).value : undefined;
  };
  const at = (path: unknown): readonly string[] => (typeof path === 'string' ? [resolvePath(folder, path)] : []);
  const origin = read(ORIGIN);
  const transformations = read(TRANSFORMATIONS);
  const layers = (Array.isArray(transformations) ? (transformations as readonly unknown[]) : []).flatMap((each) =>
    isRecord(each) ? at(each['configuredIn']) : [],
  );
  const own =
    isRecord(origin) && typeof origin['repo'] !== 'string' ? [...at(origin['path']), ...at(origin['configuredIn'])][0] : undefined;
  return { origin: own, layers: [...new Set([...layers.toReversed(), top])] };
}

/** The steps of a printed path, items of lists with what they hold. */
function stepsOf(path: string, object: unknown): readonly Step[] {
  const steps: Step[] = [];
  const segments = parsePath(path).segments();
  for (let at = 0; at < segments.length; at++) {
    const { segment, style } = segments[at] ?? { segment: '', style: 'field' };
    const holder = valueAt(object, steps);
    if (style === 'index' || Array.isArray(holder)) {
      const index = Number(segment);
      steps.push({ index, item: Array.isArray(holder) ? (holder as readonly unknown[])[index] : undefined });
      continue;
    }
    // Keys may hold dots, which a printed path does not tell from steps.
    let name = String(segment);
    for (let end = at + 1; isRecord(holder) && !(name in holder) && end < segments.length && end < at + 6; end++) {
      const longer = segments
        .slice(at, end + 1)
        .map((each) => String(each.segment))
        .join('.');
      if (!(longer in holder)) continue;
      name = longer;
      at = end;
    }
    steps.push(name);
  }
  return steps;
}
