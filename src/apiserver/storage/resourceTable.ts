import type { Json, JsonObject } from '../../base/json.ts';
import { splitKey, type KubeObject } from '../../apimachinery/meta/resource.ts';
import { Bucket, Buckets } from './bucket.ts';
import { attachManaged, ownersOf, type Owners } from './managed.ts';
import type { Revision } from './revision.ts';

/** The keys under which an index finds an object; none means that it is not in the index. */
export type IndexFunction = (object: KubeObject) => readonly string[];

interface Index {
  readonly keys: IndexFunction;
  entries: Buckets;
}

/** What a table had in memory when a checkpoint was taken. */
interface Shared {
  readonly objects: Bucket;
  readonly namespaces: Buckets;
  readonly indexes: ReadonlyMap<string, Buckets>;
}

/**
 * Checkpoint > the table's own structures at that time, so that a fork in the same process shares them instead of building
 * them again. A checkpoint that was written down and read again is not in here and is restored object by object.
 */
const SHARED = new WeakMap<JsonObject, Shared>();

const NO_REVISIONS: readonly Revision[] = [];

/** The objects of one resource: by key, sorted, by index, and how they came to be so. */
export class ResourceTable {
  /** Marks the structures that no checkpoint shares; another one after each. */
  private owner = {};
  private objects = new Bucket(this.owner);
  private namespaces = new Buckets(this.owner);
  private readonly indexes = new Map<string, Index>();
  private history: Revision[] = [];
  /** The last revision that history has forgotten. */
  compacted = 0;

  get size(): number {
    return this.objects.size;
  }

  get historySize(): number {
    return this.history.length;
  }

  get(key: string): KubeObject | undefined {
    return this.objects.get(key);
  }

  list(namespace: string | undefined): readonly KubeObject[] {
    if (namespace === undefined || namespace === '') return this.objects.list();
    return this.namespaces.get(namespace)?.list() ?? [];
  }

  listAt(revision: number): readonly KubeObject[] | undefined {
    if (revision < this.compacted) return undefined;
    const later = this.since(revision) ?? [];
    if (later.length === 0) return this.list(undefined);
    const bucket = this.objects.copyFor({});
    for (const entry of later.toReversed()) bucket.set(entry.key, entry.previous);
    return bucket.list();
  }

  since(revision: number): readonly Revision[] | undefined {
    if (revision < this.compacted) return undefined;
    const { history } = this;
    const last = history.at(-1);
    if (last === undefined || last.revision <= revision) return NO_REVISIONS;
    return history.slice(this.placeAfter(revision));
  }

  /** The write that gave a revision; undefined if it was of another resource, or history has forgotten it. */
  at(revision: number): Revision | undefined {
    const entry = this.history[this.placeAfter(revision) - 1];
    return entry?.revision === revision ? entry : undefined;
  }

  /** The last write of an object that is gone; a walk back through history. */
  lastOf(key: string): Revision | undefined {
    return this.history.findLast((entry) => entry.key === key);
  }

  /** How many of the kept revisions are not after this one. */
  private placeAfter(revision: number): number {
    const { history } = this;
    let low = 0;
    let high = history.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((history[middle]?.revision ?? 0) <= revision) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  apply(entry: Revision): void {
    this.history.push(entry);
    this.replace(entry.key, entry.previous, entry.type === 'DELETED' ? undefined : entry.object);
  }

  /** Without a revision. */
  place(key: string, object: KubeObject | undefined): void {
    this.replace(key, this.objects.get(key), object);
  }

  addIndex(name: string, keys: IndexFunction): void {
    if (this.indexes.has(name)) throw new Error(`index ${name} exists already`);
    const index: Index = { keys, entries: new Buckets(this.owner) };
    this.indexes.set(name, index);
    this.fill(index);
  }

  byIndex(name: string, key: string): readonly KubeObject[] {
    const index = this.indexes.get(name);
    if (index === undefined) throw new Error(`there is no index ${name}`);
    return index.entries.get(key)?.list() ?? [];
  }

  countByIndex(name: string, key: string): number {
    return this.indexes.get(name)?.entries.get(key)?.size ?? 0;
  }

  compact(revision: number): void {
    const kept = this.since(revision);
    if (kept === undefined) return;
    this.history = [...kept];
    this.compacted = Math.max(this.compacted, revision);
  }

  compactOldest(): void {
    const middle = this.history[this.history.length >> 1];
    if (middle !== undefined) this.compact(middle.revision);
  }

  clear(): void {
    this.owner = {};
    this.objects = new Bucket(this.owner);
    this.namespaces = new Buckets(this.owner);
    for (const index of this.indexes.values()) index.entries = new Buckets(this.owner);
    this.history = [];
    this.compacted = 0;
  }

  checkpoint(): JsonObject {
    const { objects } = this;
    // A fork takes the table as it is: the lists are made for those only who write the checkpoint down.
    const state: JsonObject = {
      compacted: this.compacted,
      get objects() {
        return [...objects.values()] as unknown as Json;
      },
      get owners() {
        return [...objects.values()].map(ownersOf) as unknown as Json;
      },
      history: this.history.slice() as unknown as Json,
    };
    const indexes = new Map([...this.indexes].map(([name, { entries }]) => [name, entries]));
    SHARED.set(state, { objects: this.objects, namespaces: this.namespaces, indexes });
    this.owner = {};
    return state;
  }

  restore(state: JsonObject): void {
    this.clear();
    this.compacted = state['compacted'] as number;
    this.history = (state['history'] as unknown as Revision[]).slice();
    const shared = SHARED.get(state);
    if (shared !== undefined) {
      this.objects = shared.objects;
      this.namespaces = shared.namespaces;
      for (const [name, index] of this.indexes) {
        const entries = shared.indexes.get(name);
        if (entries === undefined) this.fill(index);
        else index.entries = entries;
      }
      return;
    }
    // Older programs wrote no owners.
    const owners = (state['owners'] ?? []) as unknown as readonly Owners[];
    for (const [position, object] of (state['objects'] as unknown as readonly KubeObject[]).entries()) {
      carry(object, owners[position] ?? []);
      const { namespace, name } = object.metadata;
      this.replace(namespace === undefined ? (name ?? '') : `${namespace}/${name ?? ''}`, undefined, object);
    }
  }

  private fill(index: Index): void {
    for (const [key, object] of this.objects.entries()) for (const indexKey of index.keys(object)) index.entries.put(indexKey, key, object);
  }

  private replace(key: string, old: KubeObject | undefined, object: KubeObject | undefined): void {
    this.own();
    this.objects.set(key, object);
    const { namespace } = splitKey(key);
    if (namespace !== '') this.namespaces.put(namespace, key, object);
    for (const index of this.indexes.values()) {
      const before = old === undefined ? [] : index.keys(old);
      const after = object === undefined ? [] : index.keys(object);
      for (const indexKey of before) if (!after.includes(indexKey)) index.entries.put(indexKey, key, undefined);
      for (const indexKey of after) index.entries.put(indexKey, key, object);
    }
  }

  /** Copies what a checkpoint shares, before the first change after it. */
  private own(): void {
    const { owner } = this;
    if (this.objects.owner === owner) return;
    this.objects = this.objects.copyFor(owner);
    this.namespaces = this.namespaces.copyFor(owner);
    for (const index of this.indexes.values()) index.entries = index.entries.copyFor(owner);
  }
}

/** Objects that come from a text have lost their owners; those of a fork have them still. */
function carry(object: KubeObject, owners: Owners): void {
  if (ownersOf(object) !== owners) attachManaged(object, owners);
}
