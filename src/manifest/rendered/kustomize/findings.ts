/**
 * The verdict on what a kustomization renders to, each finding at the patch, the transformer or the file that made it.
 * Invariant: what is wrong with a file alone is said where that file is judged, not again. Counterpart: none in Kubernetes.
 */
import { withApiVersions } from '../../apiversions/diagnose.ts';
import { diagnoseDocument } from '../../diagnose.ts';
import { readDocument } from '../../yaml/document.ts';
import { shift } from '../../documents.ts';
import type { Judge } from '../../judge.ts';
import type { Diagnostic, Range } from '../../model.ts';
import { headOf } from '../../recognise.ts';
import { splitDocuments } from '../../yaml/split.ts';
import type { FileFinding } from '../findings.ts';
import { FIRST, RenderedObject, type KustomizeContext } from './renderedObject.ts';
import { KustomizeSources, type FieldPlace } from './sources.ts';

type JudgedContext = KustomizeContext & { readonly judge: Judge };

/** @param output what was rendered with annotations of origin and transformers */
export function kustomizeFindings(output: string, context: JudgedContext): readonly FileFinding[] {
  const sources = new KustomizeSources(context.texts);
  const known = new Map<string, ReadonlySet<string>>();
  const ownFindings = (path: string): ReadonlySet<string> => {
    const own = known.get(path) ?? new Set(judged(sources.text(path), context).map(({ range, code }) => keyOf(range, code)));
    known.set(path, own);
    return own;
  };
  const found = splitDocuments(output).flatMap(({ text }) => {
    const object = new RenderedObject(text, sources, context);
    return withApiVersions(diagnoseDocument(context.judge, object.document), object.document, context.minor).flatMap(
      (diagnostic): readonly FileFinding[] => {
        const place = object.place(diagnostic.path);
        const at = ON_KEY.has(diagnostic.code) ? place.key : place.range;
        if (object.isOwn(place) && ownFindings(place.path).has(keyOf(at, diagnostic.code))) return [];
        return [finding(diagnostic, place, object, context)];
      },
    );
  });
  return once(found);
}

/** Several objects may show the same fault of a file. */
export function once(found: readonly FileFinding[]): readonly FileFinding[] {
  return [...Map.groupBy(found, ({ uri, diagnostic }) => `${uri} ${keyOf(diagnostic.range, diagnostic.message)}`).values()].flatMap(
    ([first]) => first ?? [],
  );
}

/** What should not stand there at all. */
const ON_KEY: ReadonlySet<string> = new Set(['UnknownField', 'DuplicateField', 'FieldValueForbidden']);

export function finding(diagnostic: Diagnostic, place: FieldPlace, object: RenderedObject, context: KustomizeContext): FileFinding {
  const head = headOf(object.value);
  const from = object.isOwn(place) ? undefined : object.originPlace();
  const related =
    from === undefined
      ? []
      : [
          {
            uri: context.uriOf(from.path),
            range: from.range,
            message: `${head?.kind ?? 'the object'} ${head?.name ?? ''} comes from here`,
          },
        ];
  const top = { uri: context.uriOf(context.top), range: FIRST, message: 'found in what this kustomization renders to' };
  return {
    uri: context.uriOf(place.path),
    diagnostic: { ...diagnostic, range: ON_KEY.has(diagnostic.code) ? place.key : place.range, fixes: [], related: [...related, top] },
  };
}

function judged(text: string, { judge, minor }: JudgedContext): readonly Diagnostic[] {
  return splitDocuments(text).flatMap(({ line, text: own }) => {
    const document = readDocument(own);
    return withApiVersions(diagnoseDocument(judge, document), document, minor).map((each) => ({ ...each, range: shift(each.range, line) }));
  });
}

function keyOf({ start }: Range, what: string): string {
  return `${start.line}:${start.character} ${what}`;
}
