/**
 * Hints between objects and rules of good practice over what was rendered, among the rest of the workspace and the cluster.
 * Invariant: nothing is said here but what hints and rules say of the same objects in a file. Counterpart: none in Kubernetes.
 */
import type { Diagnostic } from '../model.ts';
import { Places } from '../references/diagnose.ts';
import { WorkspaceIndex } from '../references/workspaceIndex.ts';
import type { World } from '../references/world.ts';
import { unshiftedHints, type HintSettings } from '../rules/hints.ts';
import { withoutSuppressed } from '../rules/suppress.ts';
import { splitDocuments } from '../yaml/split.ts';
import { JoinedIndex } from './joinedIndex.ts';

/** What hints are asked for, and what there is beside the rendered objects. */
export interface HintContext {
  readonly settings: HintSettings;
  readonly world: World;
  /** Files that stand for no objects of their own: those that kustomizations merge into others. */
  readonly isPatch: (uri: string) => boolean;
}

export interface RenderedText {
  /** Of the file that made it, or of the whole. */
  readonly path: string;
  readonly text: string;
}

/** A hint about a rendered document. */
export interface RenderedHint {
  /** Its place is within the document; related places are in files, or in rendered texts under `renderedUri`. */
  readonly diagnostic: Diagnostic;
  /** The document's first line in the rendered text. */
  readonly line: number;
}

const SCHEME = 'rendered:';

export function renderedPath(uri: string): string | undefined {
  return uri.startsWith(SCHEME) ? uri.slice(SCHEME.length) : undefined;
}

/** The objects of a rendering; read once, asked as often as the world changes. */
export class RenderedObjects {
  private readonly index = new WorkspaceIndex();
  private readonly places = new Places();
  private readonly sources: ReadonlySet<string>;

  /** @param sources files of the workspace that the objects were made from */
  constructor(texts: readonly RenderedText[], sources: Iterable<string>) {
    // Rendered text is a manifest, whatever braces it holds.
    for (const { path, text } of texts) this.index.change(SCHEME + path, text, 'manifest');
    this.sources = new Set(sources);
  }

  of(path: string, { settings, world, isPatch }: HintContext): readonly RenderedHint[] {
    const index = new JoinedIndex(this.index, world.index, (uri) => this.sources.has(uri) || isPatch(uri));
    const own: World = { ...world, index };
    return this.index
      .of(SCHEME + path)
      .flatMap((object) => unshiftedHints(object, settings, own, this.places).map((diagnostic) => ({ diagnostic, line: object.line })));
  }
}

/** Whether a comment in the file that a finding was placed in leaves it out: a renderer may have dropped the comment. */
export function isSuppressed(diagnostic: Diagnostic, text: string): boolean {
  const { line } = diagnostic.range.start;
  const document = splitDocuments(text).findLast((each) => each.line <= line);
  if (document === undefined) return false;
  const { start, end } = diagnostic.range;
  const range = { start: { ...start, line: line - document.line }, end: { ...end, line: end.line - document.line } };
  return withoutSuppressed([{ ...diagnostic, range }], document.text, text).length === 0;
}
