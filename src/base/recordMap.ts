import { cloneJson } from './json.ts';

/**
 * Mutable records of plain data by key, with snapshots that cost no copies: records are shared with the snapshot until they
 * are taken out with `get` or `values`, and copied then.
 *
 * Promised: a snapshot never changes; `get` gives a record that may be changed in place.
 * Owed: nobody keeps a record over a snapshot; take it out again. (Components do not: a checkpoint is taken between two
 * events, and keys are all they remember.)
 */
export class RecordMap<V extends object> {
  private readonly records = new Map<string, V>();
  /** Keys of the records that no snapshot has. */
  private readonly owned = new Set<string>();

  get size(): number {
    return this.records.size;
  }

  has(key: string): boolean {
    return this.records.has(key);
  }

  get(key: string): V | undefined {
    const record = this.records.get(key);
    if (record === undefined || this.owned.has(key)) return record;
    const copy = cloneJson(record);
    this.records.set(key, copy);
    this.owned.add(key);
    return copy;
  }

  /** The record to look at; it must not be changed. */
  peek(key: string): Readonly<V> | undefined {
    return this.records.get(key);
  }

  set(key: string, record: V): void {
    this.records.set(key, record);
    this.owned.add(key);
  }

  delete(key: string): void {
    this.records.delete(key);
    this.owned.delete(key);
  }

  keys(): IterableIterator<string> {
    return this.records.keys();
  }

  /** In the order in which they were first set. */
  snapshot(): readonly V[] {
    this.owned.clear();
    return [...this.records.values()];
  }

  restore(snapshot: Iterable<V>, keyOf: (record: V) => string): void {
    this.records.clear();
    this.owned.clear();
    for (const record of snapshot) this.records.set(keyOf(record), record);
  }
}
