/**
 * Cuts a file into its YAML documents without reading YAML, so that an unchanged document is recognised by its text.
 * A line that begins with `---` or `...` always ends a document, also within a block text, by the rules of YAML. Where a file
 * begins as JSON, kubectl reads object after object; so is it cut here, up to the first such line.
 */
import { beginsAsJson, splitJson } from './splitJson.ts';

export interface Chunk {
  /** Line of the file on which the chunk begins, from 0. */
  readonly line: number;
  /** Where it begins on that line, from 0: not at 0 where one JSON object follows another in the same line. */
  readonly column: number;
  /** The text with its own `---` line, and with blanks in place of what stands before it on its line. */
  readonly text: string;
}

export function splitDocuments(text: string): readonly Chunk[] {
  const chunks = splitYaml(text);
  const [first, ...others] = chunks;
  return first !== undefined && beginsAsJson(first.text) ? [...splitJson(first.text), ...others] : chunks;
}

function splitYaml(text: string): readonly Chunk[] {
  const chunks: Chunk[] = [];
  let begin = 0;
  let beginLine = 0;
  let line = 0;
  let hasContent = false;
  let hasMarker = false;
  for (let at = 0; at <= text.length; line++) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline + 1;
    if (isMarker(text, at, '---')) {
      if (hasContent || hasMarker) {
        chunks.push({ line: beginLine, column: 0, text: text.slice(begin, at) });
        begin = at;
        beginLine = line;
      }
      hasMarker = true;
      hasContent = restHasContent(text, at + 3, end);
    } else if (isMarker(text, at, '...')) {
      chunks.push({ line: beginLine, column: 0, text: text.slice(begin, end) });
      begin = end;
      beginLine = line + 1;
      hasContent = false;
      hasMarker = false;
    } else if (!hasContent) {
      hasContent = restHasContent(text, at, end) && text[at] !== '%';
    }
    if (newline < 0) break;
    at = end;
  }
  if (begin < text.length || chunks.length === 0) chunks.push({ line: beginLine, column: 0, text: text.slice(begin) });
  return chunks;
}

function isMarker(text: string, at: number, marker: string): boolean {
  if (!text.startsWith(marker, at)) return false;
  const after = text[at + 3];
  return after === undefined || after === '\n' || after === '\r' || after === ' ' || after === '\t';
}

/** Whether there is something but blanks and a comment. */
function restHasContent(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const character = text[at];
    if (character === '#') return false;
    if (character !== ' ' && character !== '\t' && character !== '\r' && character !== '\n' && character !== '\uFEFF') return true;
  }
  return false;
}
