/** Beyond this the lines are taken one by one. */
const MAX_CELLS = 1_000_000;

/**
 * For each line of one text the line of another that it is, or the one that it comes after.
 * Both are the same template carried out twice, so they differ in what chance made and in little else.
 */
export function alignLines(lines: readonly string[], others: readonly string[]): readonly number[] {
  let head = 0;
  while (head < lines.length && head < others.length && lines[head] === others[head]) head++;
  let tail = 0;
  while (tail < lines.length - head && tail < others.length - head && lines.at(-1 - tail) === others.at(-1 - tail)) tail++;
  const middle = lines.slice(head, lines.length - tail);
  const other = others.slice(head, others.length - tail);
  const same = middle.length === other.length || middle.length * other.length > MAX_CELLS;
  const between = same ? middle.map((_, index) => Math.min(index, Math.max(other.length - 1, 0))) : longestCommon(middle, other);
  return lines.map((_, index) => {
    if (index < head) return index;
    if (index >= lines.length - tail) return others.length - (lines.length - index);
    return head + (between[index - head] ?? 0);
  });
}

function longestCommon(lines: readonly string[], others: readonly string[]): readonly number[] {
  const width = others.length + 1;
  const lengths = new Uint32Array((lines.length + 1) * width);
  for (let row = lines.length - 1; row >= 0; row--)
    for (let column = others.length - 1; column >= 0; column--)
      lengths[row * width + column] =
        lines[row] === others[column]
          ? 1 + (lengths[(row + 1) * width + column + 1] ?? 0)
          : Math.max(lengths[(row + 1) * width + column] ?? 0, lengths[row * width + column + 1] ?? 0);
  const found: number[] = [];
  let column = 0;
  for (let row = 0; row < lines.length; row++) {
    while (column < others.length && lines[row] !== others[column] && skips(lengths, width, row, column)) column++;
    found.push(Math.min(column, Math.max(others.length - 1, 0)));
    if (lines[row] === others[column]) column++;
  }
  return found;
}

function skips(lengths: Uint32Array, width: number, row: number, column: number): boolean {
  return (
    (lengths[row * width + column + 1] ?? 0) >= (lengths[(row + 1) * width + column] ?? 0) && (lengths[row * width + column + 1] ?? 0) > 0
  );
}
