/** Where the keyboard leads on a picture: along lines to the left and right, through a column up and down; undefined: nowhere. */
import type { Layout, LayoutBox, LayoutLine } from './layout.ts';

export function nextKey(
  pressed: string,
  key: string,
  boxes: readonly LayoutBox[],
  lines: readonly LayoutLine[],
  layout: Layout,
): string | undefined {
  const own = layout.boxes.get(key);
  const box = boxes.find((each) => each.key === key);
  if (own === undefined || box === undefined) return undefined;
  const nearest = (keys: readonly string[]): string | undefined => {
    const distance = (each: string): number => Math.abs((layout.boxes.get(each)?.y ?? Infinity) - own.y);
    return keys.filter((each) => each !== key && layout.boxes.has(each)).toSorted((a, b) => distance(a) - distance(b))[0];
  };
  const inColumn = (column: number): readonly string[] => boxes.filter((each) => each.column === column).map((each) => each.key);
  const top = (each: string): number => layout.boxes.get(each)?.y ?? 0;
  const column = inColumn(box.column).toSorted((a, b) => top(a) - top(b));
  const at = column.indexOf(key);
  switch (pressed) {
    case 'ArrowRight':
      return nearest(lines.filter(({ from }) => from === key).map(({ to }) => to)) ?? nearest(inColumn(box.column + 1));
    case 'ArrowLeft':
      return nearest(lines.filter(({ to }) => to === key).map(({ from }) => from)) ?? nearest(inColumn(box.column - 1));
    case 'ArrowDown':
      return column[at + 1];
    case 'ArrowUp':
      return column[at - 1];
    case 'Home':
      return column[0];
    case 'End':
      return column.at(-1);
    default:
      return undefined;
  }
}
