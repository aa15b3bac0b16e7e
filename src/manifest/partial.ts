/**
 * The rest of a text in which one line is half typed: what can be said of it whatever that line becomes.
 * Invariant: every place is that of the text as it stands. Counterpart: none; kubectl says nothing of what it cannot read.
 */
import { readDocument, type YamlDocument } from './document.ts';

/** What is wrong with a field by itself; what is missing, or does not fit to something else, may be on the line. */
export const OF_THE_FIELD: ReadonlySet<string> = new Set(['UnknownField', 'DuplicateField', 'Decode', 'FieldValueNotSupported']);

/** The document without the line that keeps it from being read; undefined: others hang on that line, or it is not the only one. */
export function withoutBrokenLine({ text, syntax, lines }: YamlDocument): YamlDocument | undefined {
  const [problem] = syntax;
  if (problem === undefined) return undefined;
  const { start, text: line } = lines.lineAt(lines.offset(problem.range.start));
  const end = start + line.length;
  if (line.trim() === '' || isHolder(line, text.slice(end))) return undefined;
  const rest = readDocument(`${text.slice(0, start)}${' '.repeat(line.length)}${text.slice(end)}`, lines.position(0).line);
  return rest.syntax.length > 0 ? undefined : rest;
}

/** Whether what follows belongs to the line: it is further to the right, or an item below a key. */
function isHolder(line: string, after: string): boolean {
  if (/^\s*- /.test(line)) return true;
  const next = /^\s*[^\s#].*$/m.exec(after)?.[0] ?? '';
  const [own, below] = [indentOf(line), indentOf(next.replace(/^[\r\n]+/, ''))];
  return below > own || (below === own && next.trimStart().startsWith('- '));
}

function indentOf(line: string): number {
  return /^[ \t]*/.exec(line)?.[0].length ?? 0;
}
