/**
 * What stands above the documents of open files, and which files must be asked about again.
 * Invariant: without an open file a write costs one test; a file is named only if its lenses would say something else.
 * Counterpart: `workspace/codeLens/refresh` of the Language Server Protocol.
 */
import { CUSTOMRESOURCEDEFINITIONS } from '../../api/schema/resources.ts';
import { groupResource, objectKey, type ResourceType } from '../../apimachinery/meta/resource.ts';
import type { Disposable } from '../../base/lifecycle.ts';
import { jsonEqual } from '../../base/json.ts';
import type { Store } from '../../apiserver/storage/store.ts';
import type { Documents } from '../../manifest/documents.ts';
import type { DocumentOutline } from '../../manifest/model.ts';
import type { DocumentLens } from '../protocol/protocol.ts';
import type { ObjectRef } from '../protocol/view.ts';
import { isScenario } from '../../scenario/types.ts';
import { liveState, OWNED_RESOURCES } from './liveState.ts';

export interface LensesOptions {
  readonly documents: Pick<Documents, 'outline' | 'judge'>;
  /** Asked at every question: the cluster may be another one by then. */
  readonly store: () => Store;
  /** What is shown, and of the past which moment. Left out: the present is. */
  readonly looked?: () => { readonly store: Pick<Store, 'get' | 'byIndex'>; readonly past: string | undefined };
  /** What the cluster serves now: custom resources come and go. */
  readonly resourceOf: (apiVersion: string, kind: string) => ResourceType | undefined;
  readonly changed: (uris: readonly string[]) => void;
}

interface Open {
  readonly namespace: string;
  readonly told: readonly DocumentLens[];
}

/** Text above a document need not move faster than a person reads, milliseconds. */
const PAUSE_MS = 250;

const DEFINITIONS = groupResource(CUSTOMRESOURCEDEFINITIONS);

export class Lenses {
  private readonly options: LensesOptions;
  private readonly open = new Map<string, Open>();
  private resources: ReadonlySet<string> = new Set();
  private subscription: Disposable | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(options: LensesOptions) {
    this.options = options;
  }

  /** Listens to the cluster that is there now. */
  attach(): void {
    this.subscription?.dispose();
    this.subscription = this.options.store().onRevision(({ resource }) => {
      if (this.open.size > 0 && this.resources.has(resource)) this.timer ??= setTimeout(() => this.tell(), PAUSE_MS);
    });
    this.tell();
  }

  ask(uri: string, namespace: string): readonly DocumentLens[] {
    const told = this.read(uri, namespace);
    this.open.set(uri, { namespace, told });
    this.listen();
    return told;
  }

  close(uri: string): void {
    if (this.open.delete(uri)) this.listen();
  }

  /** What is shown is another moment, or another cluster. */
  moved(): void {
    if (this.open.size > 0) this.timer ??= setTimeout(() => this.tell(), PAUSE_MS);
  }

  private tell(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    // Kinds may be served by now that were not.
    this.listen();
    const changed: string[] = [];
    for (const [uri, { namespace, told }] of this.open) {
      if (!jsonEqual(this.read(uri, namespace), told)) changed.push(uri);
    }
    if (changed.length > 0) this.options.changed(changed);
  }

  private read(uri: string, namespace: string): readonly DocumentLens[] {
    return this.options.documents.outline(uri).flatMap((outline) => this.lensOf(outline, namespace) ?? []);
  }

  private lensOf({ range, apiVersion, kind, namespace, name }: DocumentOutline, fallback: string): DocumentLens | undefined {
    const resource = this.options.resourceOf(apiVersion, kind);
    // A kind that is only defined in a file can be applied once its definition is.
    const absent = { range, ref: undefined, state: name === '' ? '' : 'not in the cluster' };
    // A story about a cluster is no object of it.
    if (isScenario({ apiVersion, kind })) return undefined;
    if (resource === undefined) return this.options.documents.judge.kinds.has(`${apiVersion}/${kind}`) ? absent : undefined;
    const own = resource.namespaced ? (namespace === '' ? fallback : namespace) : '';
    const ref: ObjectRef = { apiVersion, kind, namespace: own, name };
    const { store, past } = this.options.looked?.() ?? { store: this.options.store(), past: undefined };
    const object = name === '' ? undefined : store.get(groupResource(resource), objectKey(own, name));
    const state = object === undefined ? absent.state : liveState(store, kind, object);
    return { range, ref: object === undefined ? undefined : ref, state: past === undefined || state === '' ? state : `${past}: ${state}` };
  }

  /** An object that is not there yet is waited for too. */
  private listen(): void {
    const resources = new Set(this.open.size === 0 ? [] : [...OWNED_RESOURCES, DEFINITIONS]);
    for (const uri of this.open.keys()) {
      for (const { apiVersion, kind } of this.options.documents.outline(uri)) {
        const resource = this.options.resourceOf(apiVersion, kind);
        if (resource !== undefined) resources.add(groupResource(resource));
      }
    }
    this.resources = resources;
  }
}
