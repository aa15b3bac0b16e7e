/**
 * Lines whose cells end with a tab, set so that cells of neighbouring lines stand below each other.
 * Invariant: a column ends with the first line that lacks it, as in Go's text/tabwriter, which sets what kubectl describes.
 */
import { parseTime } from '../../apimachinery/meta/time.ts';

const PADDING = 2;

/** @param texts lines; a tab ends a cell, what stands behind the last tab is as wide as it is */
export function aligned(texts: readonly string[]): readonly string[] {
  const rows = texts.map((text) => text.split('\t'));
  const widths = rows.map((): number[] => []);
  setColumn(rows, widths, 0, rows.length, 0);
  return rows.map((cells, row) =>
    cells
      .map((cell, column) => cell.padEnd(widths[row]?.[column] ?? 0))
      .join('')
      .trimEnd(),
  );
}

/** Gives each run of rows that have the column its width, and goes on to the right within the run. */
function setColumn(rows: readonly (readonly string[])[], widths: readonly number[][], from: number, to: number, column: number): void {
  const has = (row: number): boolean => row < to && column < (rows[row]?.length ?? 0) - 1;
  for (let row = from; row < to; row++) {
    if (!has(row)) continue;
    const first = row;
    let width = 0;
    for (; has(row); row++) width = Math.max(width, (rows[row]?.[column]?.length ?? 0) + PADDING);
    for (let at = first; at < row; at++) widths[at]?.push(width);
    setColumn(rows, widths, first, row, column + 1);
  }
}

/** `Labels:` and its entries, sorted, one below the other; annotations that kubectl hides are left out. */
export function entries(name: string, map: Readonly<Record<string, string>> | undefined, separator = '='): readonly string[] {
  const shown = Object.entries(map ?? {})
    .filter(([key]) => key !== 'kubectl.kubernetes.io/last-applied-configuration')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return below(
    name,
    shown.map(([key, value]) => `${key}${separator}${value}`),
  );
}

/** A name and its values, one below the other. */
export function below(name: string, values: readonly string[]): readonly string[] {
  if (values.length === 0) return [`${name}:\t<none>`];
  return values.map((value, index) => `${index === 0 ? `${name}:` : ''}\t${value}`);
}

/** `Thu, 26 Nov 2026 12:03:13 +0000` */
export function longTime(time: string): string {
  const ms = parseTime(time);
  return Number.isNaN(ms) ? time : new Date(ms).toUTCString().replace('GMT', '+0000');
}
