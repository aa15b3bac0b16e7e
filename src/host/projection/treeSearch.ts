/** Rows of the tree that are looked for: by name, and those that somebody chooses beside each other. */
import type { TreeRow } from '../protocol/view.ts';

/** What a search needs of the tree. */
export interface RowSource {
  readonly total: number;
  row(index: number): TreeRow | undefined;
  nameAt(index: number): string | undefined;
  locate(key: string): number | undefined;
  siblingsOf(row: TreeRow): Iterable<number>;
}

/** The next row after an index whose name begins so, going round. Makes that row only. */
export function findByName(tree: RowSource, prefix: string, after: number): { readonly index: number; readonly key: string } | undefined {
  const wanted = prefix.toLowerCase();
  const { total } = tree;
  for (let step = 1; step <= total; step++) {
    const index = (after + step) % total;
    if (tree.nameAt(index)?.toLowerCase().startsWith(wanted) !== true) continue;
    const row = tree.row(index);
    if (row !== undefined) return { index, key: row.key };
  }
  return undefined;
}

/** The rows from one key to another, whichever is above; without a second all siblings of the first. Costs those rows. */
export function rowsBetween(tree: RowSource, from: string, to: string | undefined, limit: number): readonly TreeRow[] {
  const first = tree.locate(from);
  const row = first === undefined ? undefined : tree.row(first);
  const last = to === undefined ? undefined : tree.locate(to);
  if (first === undefined || row === undefined) return [];
  const indexes = to === undefined ? tree.siblingsOf(row) : last === undefined ? [first] : range(first, last);
  const rows: TreeRow[] = [];
  for (const index of indexes) {
    const each = tree.row(index);
    if (each !== undefined && (to !== undefined || each.parent === row.parent)) rows.push(each);
    if (rows.length === limit) break;
  }
  return rows;
}

/** Both ends, in either order. */
export function* range(a: number, b: number): Iterable<number> {
  for (let index = Math.min(a, b); index <= Math.max(a, b); index++) yield index;
}
