const COLUMN = 14;

/** `Name:         web` */
export function label(name: string, value: string | number, column = COLUMN): string {
  return `${`${name}:`.padEnd(column + 1)} ${value}`.trimEnd();
}

/** A map under a label, one entry a line; annotations that kubectl hides are left out. */
export function mapLines(
  name: string,
  map: Readonly<Record<string, string>> | undefined,
  separator?: string,
  column = COLUMN,
): readonly string[] {
  const shown = Object.entries(map ?? {})
    .filter(([key]) => key !== 'kubectl.kubernetes.io/last-applied-configuration')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}${separator ?? (name === 'Annotations' ? ': ' : '=')}${value}`);
  if (shown.length === 0) return [label(name, '<none>', column)];
  return shown.map((text, index) => (index === 0 ? label(name, text, column) : `${' '.repeat(column + 2)}${text}`));
}

export function indent(list: readonly string[], by: number): readonly string[] {
  return list.map((line) => `${' '.repeat(by)}${line}`);
}

export function lines(list: readonly string[]): string {
  return `${list.join('\n')}\n`;
}

/** Cells under each other. */
export function table(rows: readonly (readonly string[])[], by = 0): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)));
  return rows.map((row) => `${' '.repeat(by)}${row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ')}`.trimEnd());
}
