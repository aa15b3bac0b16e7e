/**
 * The memory of a program that an Image describes, over the time since its start.
 * Invariant: pure. Between two entries it grows or shrinks evenly, before the first and after the last it is theirs.
 * Worked example: 64Mi at 0s and 256Mi at 1m: 160Mi after 30 s; a limit of 128Mi is reached after 20 s.
 */
import { value } from '../../apimachinery/quantity/quantity.ts';
import { parseDuration } from '../../api/kubepad/duration.ts';
import type { ImageProgram } from '../../api/kubepad/image/types.ts';

interface Point {
  readonly afterMs: number;
  readonly bytes: number;
}

/** Undefined: the program says nothing of its memory. */
export function describedMemory(program: ImageProgram | undefined, ageMs: number): number | undefined {
  const points = pointsOf(program);
  const next = points.findIndex(({ afterMs }) => afterMs > ageMs);
  const [before, after] = [points[next - 1], points[next]];
  if (next < 0) return points.at(-1)?.bytes;
  if (before === undefined || after === undefined) return points[0]?.bytes;
  const share = (ageMs - before.afterMs) / (after.afterMs - before.afterMs);
  return Math.round(before.bytes + (after.bytes - before.bytes) * share);
}

/** Milliseconds after the start when it needs more than so many bytes; undefined: never. */
export function exceedsAfter(program: ImageProgram | undefined, limitBytes: number): number | undefined {
  const points = pointsOf(program);
  for (const [index, { afterMs, bytes }] of points.entries()) {
    if (bytes <= limitBytes) continue;
    const before = points[index - 1];
    if (before === undefined) return 0;
    return Math.ceil(before.afterMs + ((limitBytes - before.bytes) / (bytes - before.bytes)) * (afterMs - before.afterMs));
  }
  return undefined;
}

function pointsOf(program: ImageProgram | undefined): readonly Point[] {
  return (program?.memory ?? [])
    .map(({ after, amount }) => ({ afterMs: after === undefined ? 0 : (parseDuration(after) ?? 0), bytes: value(amount) }))
    .toSorted((a, b) => a.afterMs - b.afterMs);
}
