import type { Json, JsonObject } from '../../base/json.ts';
import { splitKey, type KubeObject } from '../../apimachinery/meta/resource.ts';
import type { Revision } from './revision.ts';

/** The keys under which an index finds an object; none means that it is not in the index. */
export type IndexFunction = (object: KubeObject) => readonly string[];

interface Index {
  readonly keys: IndexFunction;
  /** index key > object key > object */
  readonly entries: Map<string, Bucket>;
}

interface Bucket {
  readonly objects: Map<string, KubeObject>;
  /** The objects sorted by key; made when asked for, dropped by a change. */
  sorted: readonly KubeObject[] | undefined;
}

/** The objects of one resource: by key, sorted, by index, and how they came to be so. */
export class ResourceTable {
  private readonly objects: Bucket = { objects: new Map(), sorted: undefined };
  private readonly namespaces = new Map<string, Bucket>();
  private readonly indexes = new Map<string, Index>();
  private history: Revision[] = [];
  /** The last revision that history has forgotten. */
  compacted = 0;

  get size(): number {
    return this.objects.objects.size;
  }

  get historySize(): number {
    return this.history.length;
  }

  get(key: string): KubeObject | undefined {
    return this.objects.objects.get(key);
  }

  list(namespace: string | undefined): readonly KubeObject[] {
    if (namespace === undefined || namespace === '') return sorted(this.objects);
    return sorted(this.namespaces.get(namespace));
  }

  listAt(revision: number): readonly KubeObject[] | undefined {
    if (revision < this.compacted) return undefined;
    const later = this.since(revision) ?? [];
    if (later.length === 0) return this.list(undefined);
    const objects = new Map(this.objects.objects);
    for (const entry of later.toReversed()) {
      if (entry.previous === undefined) objects.delete(entry.key);
      else objects.set(entry.key, entry.previous);
    }
    return sorted({ objects, sorted: undefined });
  }

  since(revision: number): readonly Revision[] | undefined {
    if (revision < this.compacted) return undefined;
    const { history } = this;
    const last = history.at(-1);
    if (last === undefined || last.revision <= revision) return [];
    let low = 0;
    let high = history.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((history[middle]?.revision ?? 0) <= revision) low = middle + 1;
      else high = middle;
    }
    return history.slice(low);
  }

  apply(entry: Revision): void {
    this.history.push(entry);
    this.replace(entry.key, entry.previous, entry.type === 'DELETED' ? undefined : entry.object);
  }

  addIndex(name: string, keys: IndexFunction): void {
    if (this.indexes.has(name)) throw new Error(`index ${name} exists already`);
    const index: Index = { keys, entries: new Map() };
    this.indexes.set(name, index);
    for (const [key, object] of this.objects.objects) addToIndex(index, key, object);
  }

  byIndex(name: string, key: string): readonly KubeObject[] {
    const index = this.indexes.get(name);
    if (index === undefined) throw new Error(`there is no index ${name}`);
    return sorted(index.entries.get(key));
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
    this.objects.objects.clear();
    this.objects.sorted = undefined;
    this.namespaces.clear();
    for (const index of this.indexes.values()) index.entries.clear();
    this.history = [];
    this.compacted = 0;
  }

  checkpoint(): JsonObject {
    return {
      compacted: this.compacted,
      objects: [...this.objects.objects.values()] as unknown as Json,
      history: this.history.slice() as unknown as Json,
    };
  }

  restore(state: JsonObject): void {
    this.clear();
    this.compacted = state['compacted'] as number;
    this.history = (state['history'] as unknown as Revision[]).slice();
    for (const object of state['objects'] as unknown as readonly KubeObject[]) {
      const { namespace, name } = object.metadata;
      this.replace(namespace === undefined ? (name ?? '') : `${namespace}/${name ?? ''}`, undefined, object);
    }
  }

  private replace(key: string, old: KubeObject | undefined, object: KubeObject | undefined): void {
    put(this.objects, key, object);
    const { namespace } = splitKey(key);
    if (namespace !== '') putInto(this.namespaces, namespace, key, object);
    for (const index of this.indexes.values()) {
      const before = old === undefined ? [] : index.keys(old);
      const after = object === undefined ? [] : index.keys(object);
      for (const indexKey of before) if (!after.includes(indexKey)) putInto(index.entries, indexKey, key, undefined);
      for (const indexKey of after) putInto(index.entries, indexKey, key, object);
    }
  }
}

function addToIndex(index: Index, key: string, object: KubeObject): void {
  for (const indexKey of index.keys(object)) putInto(index.entries, indexKey, key, object);
}

function putInto(buckets: Map<string, Bucket>, bucketKey: string, key: string, object: KubeObject | undefined): void {
  let bucket = buckets.get(bucketKey);
  if (bucket === undefined) {
    if (object === undefined) return;
    buckets.set(bucketKey, (bucket = { objects: new Map(), sorted: undefined }));
  }
  put(bucket, key, object);
  if (bucket.objects.size === 0) buckets.delete(bucketKey);
}

function put(bucket: Bucket, key: string, object: KubeObject | undefined): void {
  if (object === undefined) bucket.objects.delete(key);
  else bucket.objects.set(key, object);
  bucket.sorted = undefined;
}

/** By key, byte-wise as etcd orders them (`a-b/x` before `a/x`: `-` is below `/`). */
function sorted(bucket: Bucket | undefined): readonly KubeObject[] {
  if (bucket === undefined) return [];
  bucket.sorted ??= [...bucket.objects].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, object]) => object);
  return bucket.sorted;
}
