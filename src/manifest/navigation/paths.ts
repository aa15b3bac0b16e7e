import type { Path } from '../../apimachinery/field/path.ts';

/** Whether two paths take the same steps, however each step was written. */
export function samePath(a: Path, b: Path): boolean {
  const [left, right] = [a.segments(), b.segments()];
  return left.length === right.length && left.every(({ segment }, index) => String(segment) === String(right[index]?.segment));
}

/** The one step by which a path is longer than another; undefined if it is not. */
export function fieldAfter(parent: Path, path: Path): string | undefined {
  const [above, own] = [parent.segments(), path.segments()];
  if (own.length !== above.length + 1) return undefined;
  return above.every(({ segment }, index) => String(segment) === String(own[index]?.segment)) ? String(own.at(-1)?.segment) : undefined;
}
