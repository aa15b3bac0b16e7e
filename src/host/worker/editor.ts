/**
 * The worker's answers about open documents. Counterpart: a language server's text document requests.
 */
import { CUSTOMRESOURCEDEFINITIONS } from '../../api/schema/resources.ts';
import { groupResource, objectKey, type ResourceType } from '../../apimachinery/meta/resource.ts';
import type { Store } from '../../apiserver/storage/store.ts';
import { minorOf } from '../../manifest/apiversions/releases.ts';
import { completeAt } from '../../manifest/completion/completion.ts';
import { Documents, type PlacedEntry } from '../../manifest/documents.ts';
import { fixAll } from '../../manifest/fixAll.ts';
import { formatEdits, type FormatOptions } from '../../manifest/format/format.ts';
import { hoverAt, type Documentation, type HoverSources } from '../../manifest/hover.ts';
import { defaultHints, type InlayHint } from '../../manifest/inlay/defaults.ts';
import type { Judge } from '../../manifest/judge.ts';
import { contains } from '../../manifest/yaml/lines.ts';
import type { CodeFix, Completion, Hover, Range, TextEdit } from '../../manifest/model.ts';
import { Hierarchy } from '../../manifest/navigation/hierarchy.ts';
import { Navigator, type TextPlace } from '../../manifest/navigation/navigator.ts';
import { signatureAt, type Signature } from '../../manifest/signature.ts';
import { encoded } from '../../manifest/tokens/token.ts';
import { Tokens } from '../../manifest/tokens/tokens.ts';
import type { ObjectHead } from '../../manifest/recognise.ts';
import { Definitions } from './definitions.ts';
import { References } from './references.ts';
import { Charts } from '../rendering/charts.ts';
import { filePath, Kustomizations } from '../rendering/kustomizations.ts';
import { readDocumentation } from '../documentation.ts';
import { elsewhereOf } from '../tours/glossaryFile.ts';
import type { DiagnosticSettings, DocumentDiagnostics, DocumentPosition, DocumentText, ManifestFile } from '../protocol/protocol.ts';

const DEFINITIONS = groupResource(CUSTOMRESOURCEDEFINITIONS);

export interface EditorOptions {
  readonly judge: Judge;
  readonly extensionPath: string;
  /** Asked at every hover: the cluster may be another one by then. */
  readonly store: () => Pick<Store, 'get' | 'list' | 'onRevision'>;
  /** What is shown, for live values in hovers, and of the past which moment. Left out: the present is. */
  readonly looked?: () => { readonly store: Pick<Store, 'get'>; readonly past: string | undefined };
  /** What the cluster serves now. */
  readonly resourceOf: (apiVersion: string, kind: string) => ResourceType | undefined;
  /** The cluster's clock, milliseconds since 1970. */
  readonly now: () => number;
  /** Told of open documents that must be asked about again. */
  readonly hintsChanged: (uris: readonly string[]) => void;
}

export class Editor {
  readonly documents: Documents;
  private readonly options: EditorOptions;
  private readonly versions = new Map<string, number>();
  private documentation: Documentation | undefined;
  private readonly definitions: Definitions;
  readonly references: References;
  readonly navigator: Navigator;
  private readonly words = new Tokens();
  readonly hierarchy: Hierarchy;
  readonly kustomizations = new Kustomizations();
  readonly charts = new Charts((uri) => this.documents.textOf(uri));

  constructor(options: EditorOptions) {
    this.options = options;
    this.documents = new Documents(options.judge);
    this.documents.leaveAlone((uri) => this.kustomizations.isPatch(uri));
    this.definitions = new Definitions(options.judge, () => options.store().list(DEFINITIONS));
    this.references = new References({ store: options.store, resourceOf: options.resourceOf, changed: options.hintsChanged });
    this.navigator = new Navigator(this.references.index, this.references.places);
    this.hierarchy = new Hierarchy(this.references.index, this.references.places, this.navigator);
  }

  change({ uri, version, text }: DocumentText): void {
    this.versions.set(uri, version);
    this.documents.change(uri, text);
    this.definitions.change(uri, text);
    this.references.change(uri, text);
    this.follow(uri, text);
  }

  /** What a kustomization calls a patch is no object by itself. */
  private follow(uri: string, text: string): void {
    const paths = this.kustomizations.change(uri, text);
    if (paths.size === 0) return;
    const uris = [...this.documents.uris()].filter((open) => paths.has(filePath(open) ?? ''));
    for (const open of uris) this.documents.forget(open);
    if (uris.length > 0) this.options.hintsChanged(uris);
  }

  /** Manifests of the workspace; of those that are open, the text of the editor counts. */
  found(files: readonly ManifestFile[]): void {
    this.charts.changed(files.map(({ uri }) => uri));
    for (const { uri, text } of files) {
      if (this.versions.has(uri)) continue;
      this.definitions.change(uri, text);
      this.references.change(uri, text);
      this.follow(uri, text);
    }
  }

  close(uri: string): void {
    this.versions.delete(uri);
    this.documents.close(uri);
    this.references.close(uri);
  }

  /** Null: the document is not open. */
  diagnostics(uri: string, settings: DiagnosticSettings): DocumentDiagnostics | null {
    this.documents.judgeFor(minorOf(settings.targetVersion ?? ''));
    const found = this.judged().diagnostics(uri);
    if (found === undefined) return null;
    const hints = this.kustomizations.isPatch(uri) ? [] : this.references.diagnostics(uri, settings);
    const own = this.kustomizations.diagnostics(uri) ?? [...found.diagnostics, ...this.charts.diagnostics(uri)];
    const diagnostics = [...wanted(own, settings), ...hints];
    return { uri, version: this.versions.get(uri) ?? 0, ...found, diagnostics };
  }

  /** Files that need not be open; nothing is kept of them. */
  validate(files: readonly ManifestFile[], settings: DiagnosticSettings): readonly DocumentDiagnostics[] {
    this.found(files);
    const documents = new Documents(this.definitions.judge());
    documents.leaveAlone((uri) => this.kustomizations.isPatch(uri));
    documents.judgeFor(minorOf(settings.targetVersion ?? ''));
    return files.map(({ uri, text }) => {
      documents.change(uri, text);
      const found = documents.diagnostics(uri) ?? { diagnostics: [], judged: 0, cached: 0 };
      documents.close(uri);
      const hints = this.kustomizations.isPatch(uri) ? [] : this.references.hints(uri, settings);
      const own = this.kustomizations.diagnostics(uri) ?? found.diagnostics;
      return { uri, version: 0, ...found, diagnostics: [...wanted(own, settings), ...hints] };
    });
  }

  hover({ uri, position }: DocumentPosition, namespace: string): Hover | null {
    const live = (head: ObjectHead): unknown => this.liveObject(head, namespace);
    const sources: HoverSources = {
      documentation: this.texts(),
      live,
      past: this.options.looked?.().past,
      selected: (file, line, path) => this.references.selected(file, line, path, namespace),
      world: this.references.world(namespace),
      nowMs: this.options.now,
      elsewhere: (kind) => elsewhereOf(this.options.extensionPath, kind),
    };
    return this.charts.hover(uri, position) ?? hoverAt(this.judged(), uri, position, sources) ?? null;
  }

  completion({ uri, position }: DocumentPosition, namespace: string): readonly Completion[] {
    const world = this.references.world(namespace);
    return [...this.charts.completion(uri, position), ...completeAt(this.judged(), uri, position, this.texts(), world)];
  }

  fixes(uri: string, range: Range): readonly CodeFix[] {
    const diagnostics = this.kustomizations.diagnostics(uri) ?? this.judged().diagnostics(uri)?.diagnostics ?? [];
    return [...diagnostics, ...this.references.shown(uri)]
      .filter((each) => contains(each.range, range.start) || contains(range, each.range.start))
      .flatMap(({ fixes }) => fixes);
  }

  /** The edits that mend what has one right way to be mended. */
  fixAll(uri: string): readonly TextEdit[] {
    return fixAll([
      ...(this.kustomizations.diagnostics(uri) ?? this.judged().diagnostics(uri)?.diagnostics ?? []),
      ...this.references.shown(uri),
    ]);
  }

  /** What an item of the list around a position may be. @param typed what brought the question up; undefined: a person asks */
  signature({ uri, position }: DocumentPosition, typed?: string): Signature | null {
    return signatureAt(this.judged(), uri, position, this.texts(), typed) ?? null;
  }

  /** The words that mean more than their text. @param range undefined: of the whole file */
  tokens(uri: string, namespace: string, range?: Range): readonly number[] {
    const documents = this.judged();
    const { index } = this.references;
    return encoded(this.words.of(documents.judge, documents.entries(uri), index.of(uri), this.references.world(namespace), range));
  }

  format(uri: string, options: FormatOptions): readonly TextEdit[] {
    return formatEdits(this.documents.entries(uri), options);
  }

  /** What the server would set in the objects of a range. */
  defaults(uri: string, range: Range): readonly InlayHint[] {
    return defaultHints(this.documents.entries(uri), range);
  }

  definition({ uri, position }: DocumentPosition): readonly TextPlace[] {
    return [...this.charts.definition(uri, position), ...this.navigator.definition(uri, position)];
  }

  usesOf({ uri, position }: DocumentPosition, declaration: boolean): readonly TextPlace[] {
    return [...this.charts.references(uri, position), ...this.navigator.references(uri, position, declaration)];
  }

  links(uri: string): ReturnType<Navigator['links']> {
    return [...this.navigator.links(uri), ...this.kustomizations.links(uri)];
  }

  /** The documents of an open file that an apply would read; undefined: it is not open. */
  entriesToApply(uri: string): readonly PlacedEntry[] | undefined {
    return this.documents.textOf(uri) === undefined ? undefined : this.judged().entries(uri);
  }

  /** The documents, judged by what is known now. */
  private judged(): Documents {
    this.documents.judgeBy(this.definitions.judge());
    return this.documents;
  }

  /** What knows the kinds of this moment. */
  get judge(): Judge {
    return this.definitions.judge();
  }

  private liveObject(head: ObjectHead, namespace: string): unknown {
    const resource = this.options.resourceOf(head.apiVersion ?? '', head.kind ?? '');
    if (resource === undefined || head.name === '') return undefined;
    const own = head.namespace === '' ? namespace : head.namespace;
    const { store } = this.options.looked?.() ?? { store: this.options.store() };
    return store.get(groupResource(resource), objectKey(resource.namespaced ? own : '', head.name));
  }

  /** Read when someone first asks; without the file there are hovers without prose. */
  texts(): Documentation {
    this.documentation ??= readDocumentation(this.options.extensionPath);
    return this.documentation;
  }
}

function wanted(diagnostics: DocumentDiagnostics['diagnostics'], settings: DiagnosticSettings): DocumentDiagnostics['diagnostics'] {
  return settings.warnings ? diagnostics : diagnostics.filter(({ severity }) => severity === 'error');
}
