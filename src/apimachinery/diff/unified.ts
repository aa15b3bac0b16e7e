/**
 * The difference of two values as the API server prints it: both as indented JSON, line by line, with three lines of
 * context around each change.
 * Counterpart: k8s.io/apimachinery/pkg/util/diff.Diff.
 */
import { matchingBlocks, type Block } from './sequence.ts';

const CONTEXT = 3;

/** Ends with a line break; empty where the two are equal. */
export function unifiedDiff(old: unknown, value: unknown): string {
  return unifiedLines(lines(old), lines(value));
}

/** The same of two texts, line by line. */
export function unifiedLines(left: readonly string[], right: readonly string[]): string {
  let text = '';
  for (const hunk of hunks(matchingBlocks(left, right), left.length, right.length)) text += printHunk(hunk, left, right);
  return text;
}

function lines(value: unknown): readonly string[] {
  return JSON.stringify(value, undefined, 1).split('\n');
}

/** A stretch of both sides; `equal` ones are the same. */
interface Step {
  readonly equal: boolean;
  readonly left: readonly [from: number, to: number];
  readonly right: readonly [from: number, to: number];
}

/** Changes with their context; changes closer than twice the context share a hunk. */
function hunks(blocks: readonly Block[], leftLength: number, rightLength: number): readonly (readonly Step[])[] {
  const steps = toSteps(blocks, leftLength, rightLength);
  const result: Step[][] = [];
  let current: Step[] = [];
  for (const [index, step] of steps.entries()) {
    if (!step.equal) {
      current.push(step);
      continue;
    }
    const length = step.left[1] - step.left[0];
    const first = index === 0;
    const last = index === steps.length - 1;
    if (first) current = last ? [] : [tail(step)];
    else if (last) current.push(head(step));
    else if (length > 2 * CONTEXT) {
      current.push(head(step));
      result.push(current);
      current = [tail(step)];
    } else current.push(step);
  }
  if (current.some((step) => !step.equal)) result.push(current);
  return result;
}

function toSteps(blocks: readonly Block[], leftLength: number, rightLength: number): readonly Step[] {
  const steps: Step[] = [];
  let left = 0;
  let right = 0;
  for (const block of [...blocks, { left: leftLength, right: rightLength, size: 0 }]) {
    if (left < block.left || right < block.right) steps.push({ equal: false, left: [left, block.left], right: [right, block.right] });
    left = block.left + block.size;
    right = block.right + block.size;
    if (block.size > 0) steps.push({ equal: true, left: [block.left, left], right: [block.right, right] });
  }
  return steps;
}

function head(step: Step): Step {
  const size = Math.min(CONTEXT, step.left[1] - step.left[0]);
  return { equal: true, left: [step.left[0], step.left[0] + size], right: [step.right[0], step.right[0] + size] };
}

function tail(step: Step): Step {
  const size = Math.min(CONTEXT, step.left[1] - step.left[0]);
  return { equal: true, left: [step.left[1] - size, step.left[1]], right: [step.right[1] - size, step.right[1]] };
}

function printHunk(hunk: readonly Step[], left: readonly string[], right: readonly string[]): string {
  const first = hunk[0];
  const last = hunk.at(-1);
  if (!first || !last) return '';
  let text = `@@ -${range(first.left[0], last.left[1])} +${range(first.right[0], last.right[1])} @@\n`;
  for (const step of hunk) {
    if (step.equal) for (const line of left.slice(...step.left)) text += ` ${line}\n`;
    else {
      for (const line of left.slice(...step.left)) text += `-${line}\n`;
      for (const line of right.slice(...step.right)) text += `+${line}\n`;
    }
  }
  return text;
}

/** `10,7`; a single line is `10`, an empty stretch names the line before it. */
function range(from: number, to: number): string {
  const length = to - from;
  if (length === 1) return String(from + 1);
  return `${length === 0 ? from : from + 1},${length}`;
}
