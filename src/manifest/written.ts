import type { YamlDocument } from './yaml/document.ts';
import type { Range } from './model.ts';
import { writtenAs } from './navigation/newName.ts';

/** A text as it is to be written in place of what stands at a range: within the same quotes, which JSON needs. */
export function writtenAt(document: YamlDocument, range: Range, text: string): string {
  switch (document.text[document.lines.offset(range.start)]) {
    case '"':
      return JSON.stringify(text);
    case "'":
      return `'${text.replaceAll("'", "''")}'`;
    default:
      return writtenAs(text);
  }
}

/** Whether the text is JSON, or YAML that begins as JSON does. */
export function isInBraces({ text }: Pick<YamlDocument, 'text'>): boolean {
  return /^[\s\uFEFF]*\{/.test(text);
}
