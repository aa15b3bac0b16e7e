/**
 * Hints about open documents that depend on other files and on the cluster, and which documents must be asked about again.
 * Invariant: an object is looked at again only if it, another file or a resource that references lead to has changed.
 * Counterpart: none in Kubernetes.
 */
import type { Path } from '../../apimachinery/field/path.ts';
import { matches } from '../../apimachinery/labels/selector.ts';
import { groupResource, type ResourceType } from '../../apimachinery/meta/resource.ts';
import type { Revision } from '../../apiserver/storage/revision.ts';
import type { Store } from '../../apiserver/storage/store.ts';
import type { Disposable } from '../../base/lifecycle.ts';
import type { Diagnostic, Range } from '../../manifest/model.ts';
import { Places } from '../../manifest/references/diagnose.ts';
import { labelsOf, type Facts } from '../../manifest/references/facts.ts';
import { valueAt } from '../../manifest/references/fieldPattern.ts';
import { REFERENCE_FIELDS } from '../../manifest/references/fields.ts';
import { POD_TEMPLATES } from '../../manifest/references/podTemplates.ts';
import { WorkspaceIndex } from '../../manifest/references/workspaceIndex.ts';
import { groupKindOf, type ClusterObjects, type World } from '../../manifest/references/world.ts';
import { NO_RULES } from '../../manifest/rules/settings.ts';
import { hintsOf, type HintSettings } from '../../manifest/rules/hints.ts';
import type { DiagnosticSettings } from '../protocol/protocol.ts';
import { clusterObjects, resourceOfKind } from './clusterObjects.ts';

export interface ReferencesOptions {
  readonly store: () => Pick<Store, 'get' | 'list' | 'onRevision'>;
  readonly resourceOf: (apiVersion: string, kind: string) => ResourceType | undefined;
  /** Files of which something else is to be said now. */
  readonly changed: (uris: readonly string[]) => void;
}

/** Hints follow the cluster and other files no faster than a person reads, milliseconds. */
const PAUSE_MS = 400;

/** Says of which files it would tell something else now. */
export interface Dependant {
  readonly changed: () => readonly string[];
  readonly close: (uri: string) => void;
}

interface Known {
  readonly line: number;
  readonly stamp: string;
  readonly diagnostics: readonly Diagnostic[];
}

export class References {
  readonly index = new WorkspaceIndex();
  private readonly options: ReferencesOptions;
  readonly places = new Places();
  private readonly open = new Map<string, { readonly settings: DiagnosticSettings; readonly told: string }>();
  private readonly known = new WeakMap<Facts, Known>();
  private readonly cluster: ClusterObjects;
  private targets: ReadonlySet<string> = new Set();
  private readonly dependants: Dependant[] = [];
  private writes = 0;
  private subscription: Disposable | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(options: ReferencesOptions) {
    this.options = options;
    this.cluster = clusterObjects(options.store, options.resourceOf);
  }

  /** Listens to the cluster that is there now. */
  attach(): void {
    this.subscription?.dispose();
    this.targets = new Set(TARGET_KINDS.flatMap((kind) => this.resource(kind) ?? []).map(groupResource));
    this.subscription = this.options.store().onRevision((revision) => {
      if (this.open.size === 0 || !this.matters(revision)) return;
      this.writes++;
      this.wake();
    });
    this.writes++;
    this.wake();
  }

  /** An empty text forgets the file. */
  change(uri: string, text: string): void {
    const { version } = this.index;
    this.index.change(uri, text);
    if (this.index.version !== version) this.wake();
  }

  close(uri: string): void {
    this.open.delete(uri);
    for (const dependant of this.dependants) dependant.close(uri);
  }

  /** Others whose answers depend on workspace and cluster, asked when these changed. */
  alsoAsk(dependant: Dependant): void {
    this.dependants.push(dependant);
  }

  /** Asked once, a file is watched until it is closed: `changed` says when to ask again. */
  diagnostics(uri: string, settings: DiagnosticSettings): readonly Diagnostic[] {
    const found = this.hints(uri, settings);
    this.open.set(uri, { settings, told: textOf(found) });
    return found;
  }

  /** Those that were told last, of the file as it is now; none where none were asked for. */
  shown(uri: string): readonly Diagnostic[] {
    const open = this.open.get(uri);
    return open === undefined ? [] : this.hints(uri, open.settings);
  }

  hints(uri: string, settings: DiagnosticSettings): readonly Diagnostic[] {
    const { namespace } = settings;
    const wanted: HintSettings = { references: settings.references, rules: settings.rules ?? NO_RULES };
    const world = this.world(namespace);
    const stamp = `${this.index.version} ${this.writes} ${namespace} ${JSON.stringify(wanted)}`;
    return this.index.of(uri).flatMap((object) => {
      const before = this.known.get(object.facts);
      if (before?.stamp === stamp && before.line === object.line) return before.diagnostics;
      const diagnostics = hintsOf(object, wanted, world, this.places);
      this.known.set(object.facts, { stamp, line: object.line, diagnostics });
      return diagnostics;
    });
  }

  /** What the selector of Pods at a path selects, in the workspace and in the cluster; undefined: there is none. */
  selected(uri: string, line: number, path: Path, namespace: string): readonly string[] | undefined {
    const object = this.index.of(uri).find(({ line: own, facts }) => own === line && isAtOrAbove(facts.selector?.path(), path));
    const selector = object?.facts.selector?.selector;
    if (object === undefined || selector === undefined) return undefined;
    const written = this.index.selected(selector, object.facts.namespace).map(({ facts }) => nameOf(facts.kind, facts.name));
    const own = object.facts.namespace === '' ? namespace : object.facts.namespace;
    const live = this.cluster.list('v1/Pod', own).filter((pod) => matches(selector, labelsOf(valueAt(pod, 'metadata.labels'))));
    return [...new Set([...written, ...live.map((pod) => `Pod/${String(valueAt(pod, 'metadata.name'))} (in the cluster)`)])];
  }

  /** What there is, for questions about places in texts. @param namespace of objects that name none */
  world(namespace: string): World {
    return { index: this.index, cluster: this.cluster, namespace };
  }

  /** Whether some file has an object of the kind and name, in whatever namespace. */
  isWritten(kind: string, name: string): boolean {
    return this.index.named(groupKindOf(kind), name).size > 0;
  }

  /** Whether it was told that what a text names is missing. */
  isMissingSaid(uri: string, { start }: Range): boolean {
    return this.shown(uri).some(
      ({ code, range }) => code === 'missing-reference' && range.start.line === start.line && range.start.character === start.character,
    );
  }

  private wake(): void {
    if (this.open.size > 0) this.timer ??= setTimeout(() => this.tell(), PAUSE_MS);
  }

  private tell(): void {
    this.timer = undefined;
    const changed = [...this.open].filter(([uri, { settings, told }]) => textOf(this.hints(uri, settings)) !== told).map(([uri]) => uri);
    const all = new Set([...changed, ...this.dependants.flatMap((dependant) => dependant.changed())]);
    if (all.size > 0) this.options.changed([...all]);
  }

  /** Pods and the like change all the time; that they come and go is enough. */
  private matters({ resource, type }: Revision): boolean {
    return (
      this.targets.has(resource) && (type !== 'MODIFIED' || resource === 'configmaps' || resource === 'secrets' || resource === 'services')
    );
  }

  private resource(kind: string): ResourceType | undefined {
    return resourceOfKind(this.options.resourceOf, kind);
  }
}

function nameOf(kind: string, name: string): string {
  return `${kind.slice(kind.lastIndexOf('/') + 1)}/${name}`;
}

function isAtOrAbove(above: Path | undefined, path: Path): boolean {
  const own = path.segments();
  return above?.segments().every(({ segment }, index) => String(segment) === String(own[index]?.segment)) === true;
}

const TARGET_KINDS: readonly string[] = [
  ...new Set([
    'v1/Namespace',
    'rbac.authorization.k8s.io/v1/Role',
    'rbac.authorization.k8s.io/v1/ClusterRole',
    // Rules ask for these.
    'policy/v1/PodDisruptionBudget',
    'autoscaling/v2/HorizontalPodAutoscaler',
    ...Object.keys(POD_TEMPLATES),
    ...Object.values(REFERENCE_FIELDS).flatMap((fields) => fields.map(({ to }) => to)),
  ]),
];

function textOf(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map(({ code, path, message }) => `${code} ${path} ${message}`).join('\n');
}
