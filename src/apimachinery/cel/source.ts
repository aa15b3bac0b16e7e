/** What is wrong with an expression, and where: `offset` counts code points. */
export interface Issue {
  readonly offset: number;
  readonly message: string;
}

const MAX_ISSUES = 100;

/** All issues as cel-go prints them, with the line and a mark under the place. */
export function formatIssues(source: string, issues: readonly Issue[]): string {
  const lines = source.split('\n').map((line) => [...line]);
  const texts = issues
    .toSorted((left, right) => left.offset - right.offset)
    .slice(0, MAX_ISSUES)
    .map((issue) => formatIssue(lines, issue));
  if (issues.length > MAX_ISSUES) texts.push(`${issues.length - MAX_ISSUES} more errors were truncated`);
  return texts.join('\n');
}

function formatIssue(lines: readonly (readonly string[])[], { offset, message }: Issue): string {
  let line = 0;
  let column = offset;
  for (let text = lines[line]; text !== undefined && column > text.length && line < lines.length - 1; text = lines[line]) {
    column -= text.length + 1;
    line++;
  }
  // An empty source has neither a first column nor a line to show.
  if (lines.length === 1 && lines[0]?.length === 0) return `ERROR: <input>:1:0: ${message}`;
  const text = (lines[line] ?? []).map((character) => (character === '\t' ? ' ' : character));
  const marks = text.slice(0, column).map((character) => (isWide(character) ? WIDE_DOT : '.'));
  const mark = isWide(text[column] ?? '') ? WIDE_MARK : '^';
  return `ERROR: <input>:${line + 1}:${column + 1}: ${message}\n | ${text.join('')}\n | ${marks.join('')}${mark}`;
}

const WIDE_DOT = '\uff0e';
const WIDE_MARK = '\uff3e';

function isWide(character: string): boolean {
  return (character.codePointAt(0) ?? 0) > 0x7f;
}
