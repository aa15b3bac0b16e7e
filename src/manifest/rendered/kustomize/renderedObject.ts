/** An object that a kustomization renders to: where it was read, and where each of its fields was set. */
import { readDocument, type YamlDocument } from '../../yaml/document.ts';
import { parsePath, pathAt } from '../../locate.ts';
import type { Position, Range } from '../../model.ts';
import { isRecord } from '../../recognise.ts';
import { isKustomization } from './kustomization.ts';
import { resolvePath, valueAt, type FieldPlace, type KustomizeSources, type Step } from './sources.ts';

export interface KustomizeContext {
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

export const FIRST: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };

export class RenderedObject {
  readonly document: YamlDocument;
  /** The file that it was read from, or the kustomization that generated it. */
  readonly origin: string | undefined;
  private readonly layers: readonly string[];
  private readonly sources: KustomizeSources;
  private readonly top: string;

  constructor(text: string, sources: KustomizeSources, context: KustomizeContext) {
    this.document = readDocument(text);
    const { origin, layers } = historyOf(this.value, context);
    this.origin = origin;
    this.layers = layers;
    this.sources = sources;
    this.top = context.top;
  }

  get value(): unknown {
    return this.document.value;
  }

  /** Where a field was set, or what is there of its path. @param path as it is printed */
  place(path: string): FieldPlace {
    const found = this.sources.placeOf(this.value, stepsOf(path, this.value), this.layers, this.origin);
    return found ?? { path: this.top, range: FIRST, key: FIRST, depth: 0 };
  }

  /** Where that was set which stands at a position of the rendered text. */
  placeAt(position: Position): FieldPlace {
    return this.place(pathAt(this.document, this.document.lines.offset(position)).path.toString());
  }

  originPlace(): FieldPlace | undefined {
    return this.origin === undefined ? undefined : this.sources.originPlace(this.origin, this.value, []);
  }

  /** Whether a place is in the object's own manifest. */
  isOwn({ path }: FieldPlace): boolean {
    return path === this.origin && !isKustomization(path);
  }
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
