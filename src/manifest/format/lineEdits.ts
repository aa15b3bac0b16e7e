import type { Position, TextEdit } from '../model.ts';

/** How far apart equal lines are looked for. */
const REACH = 60;

/**
 * Edits of whole lines that make one text of another; lines that stay are not touched, so that cursors and marks stay, too.
 * @param firstLine the line on which the text begins
 */
export function lineEdits(before: string, after: string, firstLine: number): readonly TextEdit[] {
  const [old, next] = [linesOf(before), linesOf(after)];
  const edits: TextEdit[] = [];
  const at = (line: number): Position =>
    line < old.length || before.endsWith('\n')
      ? { line: firstLine + line, character: 0 }
      : { line: firstLine + line - 1, character: old[line - 1]?.length ?? 0 };
  const replace = (from: number, to: number, text: string): unknown =>
    edits.push({ range: { start: at(from), end: at(to) }, newText: text });
  let [i, j] = [0, 0];
  while (i < old.length || j < next.length) {
    if (old[i] === next[j]) {
      i++;
      j++;
      continue;
    }
    const [a, b] = nextEqual(old, next, i, j);
    if (a - i === b - j) for (; i < a; i++, j++) replace(i, i + 1, next[j] ?? '');
    else replace(i, a, next.slice(j, b).join(''));
    [i, j] = [a, b];
  }
  return edits;
}

/** With their ends. */
function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

/** The nearest places from which the texts go on alike. */
function nextEqual(old: readonly string[], next: readonly string[], i: number, j: number): readonly [number, number] {
  for (let sum = 1; sum <= REACH; sum++) {
    for (let da = 0; da <= sum; da++) {
      const [a, b] = [i + da, j + sum - da];
      if (a < old.length && b < next.length && old[a] === next[b]) return [a, b];
    }
  }
  const step = Math.min(REACH, old.length - i, next.length - j);
  return step < REACH ? [old.length, next.length] : [i + step, j + step];
}

/** The text after edits that do not overlap, in their order. */
export function edited(text: string, edits: readonly TextEdit[], firstLine: number): string {
  const starts = [0];
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  const offset = ({ line, character }: Position): number => (starts[line - firstLine] ?? text.length) + character;
  let [result, from] = ['', 0];
  for (const { range, newText } of edits) {
    result += text.slice(from, offset(range.start)) + newText;
    from = offset(range.end);
  }
  return result + text.slice(from);
}
