/**
 * Hints and rules over what a kustomization renders to, each at the patch, the transformer or the file that made it.
 * Invariant: what a file is told by itself is not told again. Counterpart: none in Kubernetes.
 */
import type { RelatedPlace } from '../../model.ts';
import { Places } from '../../references/diagnose.ts';
import { hintsOf } from '../../rules/hints.ts';
import { splitDocuments } from '../../yaml/split.ts';
import type { FileFinding } from '../findings.ts';
import { isSuppressed, renderedPath, type HintContext, type RenderedObjects } from '../hints.ts';
import { finding, once } from './findings.ts';
import { RenderedObject, type KustomizeContext } from './renderedObject.ts';
import { KustomizeSources, type FieldPlace } from './sources.ts';

/** The path of a kustomization's output among rendered texts. */
export const OUTPUT = 'kustomization';

/** @param objects of the output, which is their only text */
export function kustomizeHints(
  output: string,
  context: KustomizeContext,
  objects: RenderedObjects,
  hints: HintContext,
): readonly FileFinding[] {
  const sources = new KustomizeSources(context.texts);
  const rendered = new Map(splitDocuments(output).map(({ line, text }) => [line, new RenderedObject(text, sources, context)]));
  const said = new SaidOfFiles(hints, context);
  const related = (place: RelatedPlace): RelatedPlace => {
    if (renderedPath(place.uri) === undefined) return place;
    const line = [...rendered.keys()].findLast((each) => each <= place.range.start.line) ?? 0;
    const found = rendered.get(line)?.placeAt({ ...place.range.start, line: place.range.start.line - line });
    return found === undefined ? place : { uri: context.uriOf(found.path), range: found.range, message: place.message };
  };
  const found = objects.of(OUTPUT, hints).flatMap(({ diagnostic, line }): readonly FileFinding[] => {
    const object = rendered.get(line);
    if (object === undefined) return [];
    const place = object.place(diagnostic.path);
    if (object.isOwn(place) && said.has(place, diagnostic.code)) return [];
    const placed = finding(diagnostic, place, object, context);
    if (isSuppressed(placed.diagnostic, sources.text(place.path))) return [];
    const links = [...(diagnostic.related ?? []).map(related), ...(placed.diagnostic.related ?? [])];
    return [{ ...placed, diagnostic: { ...placed.diagnostic, related: links }, hint: true }];
  });
  return once(found);
}

/** The hints that the files of the workspace have by themselves. */
class SaidOfFiles {
  private readonly hints: HintContext;
  private readonly context: KustomizeContext;
  private readonly places = new Places();
  private readonly known = new Map<string, ReadonlySet<string>>();

  constructor(hints: HintContext, context: KustomizeContext) {
    this.hints = hints;
    this.context = context;
  }

  has({ path, range }: FieldPlace, code: string): boolean {
    const own = this.known.get(path) ?? this.read(path);
    this.known.set(path, own);
    return own.has(`${range.start.line} ${code}`);
  }

  private read(path: string): ReadonlySet<string> {
    const { settings, world, isPatch } = this.hints;
    const uri = this.context.uriOf(path);
    const objects = isPatch(uri) ? [] : world.index.of(uri);
    const found = objects.flatMap((object) => hintsOf(object, settings, world, this.places));
    return new Set(found.map(({ range, code }) => `${range.start.line} ${code}`));
  }
}
