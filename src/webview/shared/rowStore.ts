/**
 * The rows of a list that the page knows: the window of the last message.
 * Invariant: holds exactly the rows whose keys the last message named; a missed message is noticed by its sequence number.
 * Counterpart: the receiving end of src/host/projection/views.ts.
 */
import type { Health, Row, ViewDiff } from '../../host/protocol/view.ts';
import { keysAfter, rowAfter } from '../../base/keyedRows.ts';

export interface Taken {
  /** A message is missing: nothing was taken in, the list must be asked for anew. */
  readonly gap: boolean;
  /** Rows that were known and are different now, and rows that came to be in a window that stayed. */
  readonly changed: readonly string[];
}

const NOTHING: Taken = { gap: false, changed: [] };

export class RowStore<R extends Row> {
  total = 0;
  objects = 0;
  first = 0;
  keys: readonly string[] = [];
  health: Health | undefined;
  /** Sequence number of the last message; 0: none has come. */
  sequence = 0;
  private rows = new Map<string, R>();
  private waitsForReset = false;

  take(diff: ViewDiff<R>): Taken {
    if (diff.sequence === 1) this.reset();
    else if (this.waitsForReset) return NOTHING;
    else if (diff.sequence !== this.sequence + 1) {
      this.waitsForReset = true;
      return { gap: true, changed: [] };
    }
    const sameWindow = diff.first === this.first && diff.sequence > 1;
    if (diff.keys !== undefined) this.follow(keysAfter(this.keys, diff.keys));
    const changed: string[] = [];
    for (const row of diff.rows) {
      if (sameWindow) changed.push(row.key);
      this.rows.set(row.key, row);
    }
    for (const [offset, fields] of diff.patches) {
      const key = this.keys[offset];
      const row = key === undefined ? undefined : this.rows.get(key);
      if (key === undefined || row === undefined) continue;
      if (Object.keys(fields).some((name) => !PLACE.has(name))) changed.push(key);
      this.rows.set(key, rowAfter(row, fields));
    }
    this.sequence = diff.sequence;
    this.total = diff.total;
    this.objects = diff.objects;
    this.first = diff.first;
    if (diff.health !== undefined) this.health = diff.health;
    return { gap: false, changed };
  }

  /** Undefined: not in the window. */
  at(index: number): R | undefined {
    const key = this.keys[index - this.first];
    return key === undefined ? undefined : this.rows.get(key);
  }

  get(key: string): R | undefined {
    return this.rows.get(key);
  }

  indexOf(key: string): number | undefined {
    const offset = this.keys.indexOf(key);
    return offset < 0 ? undefined : this.first + offset;
  }

  /** Of the rows that are known, those remain whose keys are in the window. */
  private follow(keys: readonly string[]): void {
    const rows = new Map<string, R>();
    for (const key of keys) {
      const row = this.rows.get(key);
      if (row !== undefined) rows.set(key, row);
    }
    this.keys = keys;
    this.rows = rows;
  }

  private reset(): void {
    this.sequence = 0;
    this.keys = [];
    this.rows.clear();
    this.waitsForReset = false;
  }
}

/** Where a row stands and whether it is open is no news about the object. */
const PLACE: ReadonlySet<string> = new Set(['position', 'siblings', 'expanded', 'count']);
