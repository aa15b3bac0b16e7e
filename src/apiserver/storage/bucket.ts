import type { KubeObject } from '../../apimachinery/meta/resource.ts';

/** Objects by key, and the same sorted. `owner` may change it; a table that finds another owner copies first. */
export class Bucket {
  readonly owner: object;
  private readonly objects: Map<string, KubeObject>;
  private keys: readonly string[] = [];
  private listed: readonly KubeObject[] = EMPTY;
  /** Keys whose objects changed, came or went since `listed` was made; `many`: too many to patch it, so nobody keeps count. */
  private changed: Set<string> | 'many' | undefined;

  constructor(owner: object, objects: Map<string, KubeObject> = new Map()) {
    this.owner = owner;
    this.objects = objects;
  }

  get size(): number {
    return this.objects.size;
  }

  get(key: string): KubeObject | undefined {
    return this.objects.get(key);
  }

  values(): IterableIterator<KubeObject> {
    return this.objects.values();
  }

  entries(): IterableIterator<[string, KubeObject]> {
    return this.objects.entries();
  }

  set(key: string, object: KubeObject | undefined): void {
    if (object === undefined) this.objects.delete(key);
    else this.objects.set(key, object);
    const changed = this.changed ?? new Set();
    if (changed === 'many') return;
    this.changed = changed.add(key);
    // Sorting costs n log n comparisons of texts; few changes are put into the list that is there.
    if (changed.size * FEW > this.listed.length) this.changed = 'many';
  }

  copyFor(owner: object): Bucket {
    const copy = new Bucket(owner, new Map(this.objects));
    copy.keys = this.keys;
    copy.listed = this.listed;
    copy.changed = this.changed instanceof Set ? new Set(this.changed) : this.changed;
    return copy;
  }

  /** By key, byte-wise as etcd orders them (`a-b/x` before `a/x`: `-` is below `/`). The list stays as it is when objects change. */
  list(): readonly KubeObject[] {
    const { changed } = this;
    if (changed === undefined) return this.listed;
    if (changed === 'many') this.sort();
    else this.patch([...changed].sort());
    this.changed = undefined;
    return this.listed;
  }

  private sort(): void {
    const entries = [...this.objects].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    this.keys = entries.map(([key]) => key);
    this.listed = entries.map(([, object]) => object);
  }

  private patch(changed: readonly string[]): void {
    const { keys, listed, objects } = this;
    const positions = changed.map((key) => lowerBound(keys, key));
    if (changed.every((key, i) => keys[positions[i] ?? 0] === key && objects.has(key))) {
      const copy = listed.slice();
      for (const [i, key] of changed.entries()) copy[positions[i] ?? 0] = objects.get(key) as KubeObject;
      this.listed = copy;
      return;
    }
    const newKeys: string[] = [];
    const newList: KubeObject[] = [];
    let from = 0;
    const take = (to: number): void => {
      for (; from < to; from++) {
        newKeys.push(keys[from] as string);
        newList.push(listed[from] as KubeObject);
      }
    };
    for (const [i, key] of changed.entries()) {
      const position = positions[i] ?? 0;
      take(position);
      if (keys[position] === key) from++;
      const object = objects.get(key);
      if (object === undefined) continue;
      newKeys.push(key);
      newList.push(object);
    }
    take(keys.length);
    this.keys = newKeys;
    this.listed = newList;
  }
}

const EMPTY: readonly KubeObject[] = [];
/** A list is patched while it is this many times as long as there are changes. */
const FEW = 16;

function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] as string) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Buckets by a further key (a namespace, an index key), owned as one. */
export class Buckets {
  readonly owner: object;
  private readonly buckets: Map<string, Bucket>;

  constructor(owner: object, buckets: Map<string, Bucket> = new Map()) {
    this.owner = owner;
    this.buckets = buckets;
  }

  get(key: string): Bucket | undefined {
    return this.buckets.get(key);
  }

  copyFor(owner: object): Buckets {
    return new Buckets(owner, new Map(this.buckets));
  }

  put(bucketKey: string, key: string, object: KubeObject | undefined): void {
    let bucket = this.buckets.get(bucketKey);
    if (bucket === undefined) {
      if (object === undefined) return;
      bucket = new Bucket(this.owner);
      this.buckets.set(bucketKey, bucket);
    } else if (bucket.owner !== this.owner) {
      bucket = bucket.copyFor(this.owner);
      this.buckets.set(bucketKey, bucket);
    }
    bucket.set(key, object);
    if (bucket.size === 0) this.buckets.delete(bucketKey);
  }
}
