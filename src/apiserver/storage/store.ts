/**
 * The store: all objects of the cluster, their history of revisions, indexes, and who is woken by which write.
 * Invariant: the only place where an object changes, and objects are replaced, never changed; revisions grow by one.
 * Counterpart: etcd and the watch cache of k8s.io/apiserver/pkg/storage.
 */
import type { Json, JsonObject } from '../../base/json.ts';
import { deepFreeze } from '../../base/json.ts';
import { Emitter } from '../../base/emitter.ts';
import { keyOf, type KubeObject } from '../../apimachinery/meta/resource.ts';
import { attachManaged, ownersOf, type Owners } from './managed.ts';
import { ResourceTable, type IndexFunction } from './resourceTable.ts';
import type { Revision } from './revision.ts';

/** What the store needs of the simulation. */
export interface StoreKernel {
  now(): number;
  readonly currentCause: number | undefined;
  wake(component: string, cause?: number): void;
}

export interface StoreOptions {
  /** Freeze every object that is stored; for tests. */
  readonly freeze?: boolean;
  /** How many revisions of one resource history keeps before the older half is compacted. */
  readonly historyLimit?: number;
}

export interface Write {
  readonly type: Revision['type'];
  readonly resource: string;
  readonly object: KubeObject;
  readonly actor: string;
  readonly verb: string;
  /** Who owns the object's fields; left out, those who did before. */
  readonly owners?: Owners;
}

export class Store {
  private head = 0;
  private readonly kernel: StoreKernel;
  private readonly options: StoreOptions;
  private readonly tables = new Map<string, ResourceTable>();
  private readonly subscribers = new Map<string, Set<string>>();
  private readonly revisions = new Emitter<Revision>();
  /** Every write, for views outside the simulation; listeners must not write. */
  readonly onRevision = this.revisions.event;

  constructor(kernel: StoreKernel, options: StoreOptions = {}) {
    this.kernel = kernel;
    this.options = options;
  }

  /** The revision of the last write. */
  get revision(): number {
    return this.head;
  }

  get(resource: string, key: string): KubeObject | undefined {
    return this.tables.get(resource)?.get(key);
  }

  /** All objects, of one namespace if told, sorted by key as etcd lists them. The list must not be changed. */
  list(resource: string, namespace?: string): readonly KubeObject[] {
    return this.tables.get(resource)?.list(namespace) ?? [];
  }

  count(resource: string): number {
    return this.tables.get(resource)?.size ?? 0;
  }

  /** Names of the resources that have, or had, objects. */
  resources(): readonly string[] {
    return [...this.tables.keys()].sort();
  }

  /** The list as it was at a revision that history still holds; undefined if it was compacted. */
  listAt(resource: string, revision: number): readonly KubeObject[] | undefined {
    const table = this.tables.get(resource);
    return table === undefined ? [] : table.listAt(revision);
  }

  /** The resource's writes after a revision, oldest first; undefined if some of them were compacted. */
  since(resource: string, revision: number): readonly Revision[] | undefined {
    const table = this.tables.get(resource);
    return table === undefined ? [] : table.since(revision);
  }

  /** The write that gave a revision, of the resource if told; undefined if history has forgotten it. */
  at(revision: number, resource?: string): Revision | undefined {
    if (resource !== undefined) return this.tables.get(resource)?.at(revision);
    for (const table of this.tables.values()) {
      const entry = table.at(revision);
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  /** The last write of an object, which may be its deletion; undefined if history has forgotten it. Costs a walk through history. */
  lastOf(resource: string, key: string): Revision | undefined {
    return this.tables.get(resource)?.lastOf(key);
  }

  /** Revisions before this one cannot be asked for any more. */
  compactedRevision(resource: string): number {
    return this.tables.get(resource)?.compacted ?? 0;
  }

  /**
   * Adds an index; objects that are there already are taken in. `keys` gives the keys under which an object is found.
   * The same name twice is a bug.
   */
  addIndex(resource: string, name: string, keys: IndexFunction): void {
    this.table(resource).addIndex(name, keys);
  }

  /** The objects under one key of an index, sorted by key. The list must not be changed. */
  byIndex(resource: string, name: string, key: string): readonly KubeObject[] {
    return this.tables.get(resource)?.byIndex(name, key) ?? [];
  }

  /** How many objects `byIndex` gives. */
  countByIndex(resource: string, name: string, key: string): number {
    return this.tables.get(resource)?.countByIndex(name, key) ?? 0;
  }

  /** The component is woken (at the same virtual instant) by every write of the resource. */
  subscribe(component: string, resource: string): void {
    let set = this.subscribers.get(resource);
    if (set === undefined) this.subscribers.set(resource, (set = new Set()));
    set.add(component);
  }

  /**
   * Carries out one write. The object must carry its final content but for the resourceVersion, which is set here.
   * The caller has checked that the write is allowed; this is the last step of a request.
   */
  write(write: Write): KubeObject {
    const revision = ++this.head;
    const table = this.table(write.resource);
    const object: KubeObject = { ...write.object, metadata: { ...write.object.metadata, resourceVersion: String(revision) } };
    const key = keyOf(object);
    const previous = table.get(key);
    attachManaged(object, write.owners ?? (previous === undefined ? [] : ownersOf(previous)));
    if (this.options.freeze === true) deepFreeze(object);
    const entry: Revision = {
      revision,
      type: write.type,
      resource: write.resource,
      key,
      object,
      previous,
      at: this.kernel.now(),
      actor: write.actor,
      verb: write.verb,
      cause: this.kernel.currentCause,
    };
    table.apply(entry);
    if (table.historySize > (this.options.historyLimit ?? 20_000)) table.compactOldest();
    for (const component of this.subscribers.get(write.resource) ?? []) this.kernel.wake(component, revision);
    if (this.revisions.hasListeners) this.revisions.fire(entry);
    return object;
  }

  /** Forgets history up to and including a revision. */
  compact(revision: number): void {
    for (const table of this.tables.values()) table.compact(revision);
  }

  /** Objects and history; shares the immutable objects with the store. */
  checkpoint(): JsonObject {
    return {
      head: this.head,
      tables: Object.fromEntries([...this.tables].map(([name, table]) => [name, table.checkpoint()])) as unknown as Json,
    };
  }

  restore(state: JsonObject): void {
    this.head = state['head'] as number;
    for (const table of this.tables.values()) table.clear();
    for (const [name, memory] of Object.entries(state['tables'] as JsonObject)) this.table(name).restore(memory as JsonObject);
  }

  /** Puts an object where another one was, or none: no write, for stores that show what has been. */
  protected place(resource: string, key: string, object: KubeObject | undefined): void {
    this.table(resource).place(key, object);
  }

  private table(resource: string): ResourceTable {
    let table = this.tables.get(resource);
    if (table === undefined) this.tables.set(resource, (table = new ResourceTable()));
    return table;
  }
}
