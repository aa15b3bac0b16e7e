/** One document of a file that holds several. Pure. */
import type { DocumentOutline } from '../../manifest/model.ts';

/** The document on or above a line; on the lines before the first document the first one. */
export function documentAt(outline: readonly DocumentOutline[], line: number): DocumentOutline | undefined {
  return outline.findLast(({ range }) => range.start.line <= line) ?? outline[0];
}

/** The text with every other document blanked, so that all places stay where they are. */
export function onlyDocument(text: string, { range: { start, end } }: Pick<DocumentOutline, 'range'>): string {
  return text
    .split('\n')
    .map((line, index) => {
      if (index < start.line || index > end.line) return '';
      // One JSON object may follow another in the same line. Blanks at an end may be of a block text.
      const own = index === end.line && line.slice(end.character).trim() !== '' ? line.slice(0, end.character) : line;
      return index === start.line && own[start.character] === '{' ? ' '.repeat(start.character) + own.slice(start.character) : own;
    })
    .join('\n');
}
