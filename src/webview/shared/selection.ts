/**
 * Which rows of a list are chosen, beside the one that is active.
 * Invariant: nothing is chosen until somebody chooses; then the active row alone stands for the choice again after any plain move.
 * Counterpart: the multi-selectable tree of the ARIA Authoring Practices; keys and clicks as in VS Code's own trees.
 */
import type { Row } from '../../host/protocol/view.ts';

export class Selection<R extends Row> {
  private chosen = new Map<string, R>();
  /** Where a range begins. */
  private start: string | undefined;

  /** How many are chosen; 0: only the active row counts. */
  get size(): number {
    return this.chosen.size;
  }

  get rows(): readonly R[] {
    return [...this.chosen.values()];
  }

  has(key: string): boolean {
    return this.chosen.has(key);
  }

  clear(): void {
    this.chosen.clear();
    this.start = undefined;
  }

  /** The key that a range to another row begins with. @param active the key of the active row */
  pivot(active: string): string {
    return (this.start ??= active);
  }

  /** Takes a row in, or out of it. @param active the row that stood for the choice before; it stays chosen */
  toggle(row: R, active: R | undefined): void {
    if (this.chosen.size === 0 && active !== undefined && active.key !== row.key) this.chosen.set(active.key, active);
    if (!this.chosen.delete(row.key)) this.chosen.set(row.key, row);
    this.start = row.key;
  }

  replace(rows: readonly R[]): void {
    this.chosen = new Map(rows.map((row) => [row.key, row]));
  }

  /** What is chosen is as the list knows it now. */
  refresh(get: (key: string) => R | undefined): void {
    for (const key of this.chosen.keys()) {
      const row = get(key);
      if (row !== undefined) this.chosen.set(key, row);
    }
  }
}
