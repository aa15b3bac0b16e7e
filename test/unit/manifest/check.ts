import assert from 'node:assert/strict';
import { createApiJudge } from '../../../src/manifest/apiJudge.ts';
import { completeAt } from '../../../src/manifest/completion/completion.ts';
import { Documents } from '../../../src/manifest/documents.ts';
import { hoverAt, type Documentation } from '../../../src/manifest/hover.ts';
import type { Completion, Diagnostic, Hover, Position, Range } from '../../../src/manifest/model.ts';

export const judge = createApiJudge();

/** A text with its problems written below the lines they are in: `# ^^^ Code: message`. Compares the marks only. */
export function checkDiagnostics(marked: string, uri = 'file:///a.yaml'): void {
  const lines = marked.split('\n');
  const isMark = (line: string): boolean => /^ *#? *\^+ /.test(line);
  const text = lines.filter((line) => !isMark(line)).join('\n');
  const documents = new Documents(judge);
  documents.change(uri, text);
  const found = (documents.diagnostics(uri)?.diagnostics ?? []).toSorted(
    (a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character,
  );
  const shown: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    shown.push(line);
    for (const { range, code, message } of found.filter(({ range }) => range.start.line === index)) {
      const end = range.end.line === index ? range.end.character : line.length;
      const column = range.start.character;
      const head = column === 0 ? '' : `#${' '.repeat(column - 1)}`;
      shown.push(`${head}${'^'.repeat(Math.max(1, end - column))} ${code}: ${message}`);
    }
  }
  assert.equal(shown.join('\n'), lines.join('\n'));
}

/** The text without `|`, and where it stood. */
export function cursorOf(marked: string): { readonly text: string; readonly position: Position } {
  const offset = marked.indexOf('|');
  const before = marked.slice(0, offset).split('\n');
  return {
    text: marked.slice(0, offset) + marked.slice(offset + 1),
    position: { line: before.length - 1, character: before.at(-1)?.length ?? 0 },
  };
}

export function completions(marked: string): readonly Completion[] {
  const { text, position } = cursorOf(marked);
  const documents = new Documents(judge);
  documents.change('a.yaml', text);
  return completeAt(documents, 'a.yaml', position, undefined);
}

export function hover(marked: string, documentation?: Documentation, live?: unknown): Hover | undefined {
  const { text, position } = cursorOf(marked);
  const documents = new Documents(judge);
  documents.change('a.yaml', text);
  return hoverAt(documents, 'a.yaml', position, {
    documentation,
    live: () => live,
    selected: () => undefined,
    nowMs: () => Date.UTC(2026, 0, 1),
  });
}

/** The text after a fix of the first problem whose title begins so. */
export function fixed(text: string, title: string): string {
  const documents = new Documents(judge);
  documents.change('a.yaml', text);
  const found: readonly Diagnostic[] = documents.diagnostics('a.yaml')?.diagnostics ?? [];
  const fix = found.flatMap(({ fixes }) => fixes).find((each) => each.title.startsWith(title));
  assert.ok(fix, `no fix ${title} among ${JSON.stringify(found)}`);
  // The places of all edits are those of the text before.
  return fix.edits
    .toSorted((a, b) => b.range.start.line - a.range.start.line || b.range.start.character - a.range.start.character)
    .reduce((result, { range, newText }) => replace(result, range, newText), text);
}

export function replace(text: string, range: Range, newText: string): string {
  const lines = text.split('\n');
  const offset = ({ line, character }: Position): number =>
    lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0) + character;
  return text.slice(0, offset(range.start)) + newText + text.slice(offset(range.end));
}
