/** One document of a file that holds several. Pure. */
import type { DocumentOutline } from '../../manifest/model.ts';

/** The document on or above a line; on the lines before the first document the first one. */
export function documentAt(outline: readonly DocumentOutline[], line: number): DocumentOutline | undefined {
  return outline.findLast(({ range }) => range.start.line <= line) ?? outline[0];
}

/** The text with every other document blanked, so that all places stay where they are. */
export function onlyDocument(text: string, { range }: Pick<DocumentOutline, 'range'>): string {
  return text
    .split('\n')
    .map((line, index) => (index >= range.start.line && index <= range.end.line ? line : ''))
    .join('\n');
}
