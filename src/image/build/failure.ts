/** How BuildKit says what is wrong: the step, the lines of the Dockerfile around it, and the error. */
import type { Problem } from '../dockerfile/parse.ts';

const AROUND = 2;

/** The lines after the progress of the steps. @param step the name of the step that failed, and what it wrote last */
export function failureLines(
  name: string,
  text: string,
  problem: Problem,
  step?: { readonly name: string; readonly output: readonly string[] },
): readonly string[] {
  const lines: string[] = [];
  if (step !== undefined) lines.push('------', ` > ${step.name}:`, ...step.output, '------');
  if (problem.line !== undefined) lines.push(...excerpt(name, text, problem.line, problem.endLine ?? problem.line));
  return [...lines, `ERROR: failed to solve: ${problem.message}`];
}

/** `   4 | >>> COPY missing.txt ./` */
function excerpt(name: string, text: string, first: number, last: number): readonly string[] {
  const lines = text.split(/\r?\n/);
  const from = Math.max(first - AROUND, 1);
  const to = Math.min(last + AROUND, lines.length);
  const shown = lines.slice(from - 1, to).map((line, index) => {
    const number = from + index;
    return `${String(number).padStart(4)} | ${number >= first && number <= last ? '>>>' : '   '} ${line}`.trimEnd();
  });
  return [`${name}:${first}`, '--------------------', ...shown, '--------------------'];
}
