/**
 * Where a cursor stands in a document, however little of it is typed.
 * Invariant: the place is found by reading the text with a mark put where the cursor is, never by counting blanks. Counterpart: none.
 */
import { isMap } from 'yaml';
import type { Path } from '../../apimachinery/field/path.ts';
import { readDocument, type YamlDocument } from '../yaml/document.ts';
import { headValue } from './documentHead.ts';
import { parentOf } from '../fixes.ts';
import { locate, pathAt, rangeOf } from '../locate.ts';
import type { Range } from '../model.ts';

/** Stands in the text where the cursor is. */
export const MARK = 'kubepad-cursor';

export interface Place {
  readonly document: YamlDocument;
  readonly path: Path;
  /** What is typed already, in the lines of the document. */
  readonly range: Range;
  readonly side: 'key' | 'value';
  /** The key has its colon and value already. */
  readonly renaming: boolean;
  /** Between quotes. */
  readonly quoted: boolean;
  /** Between brackets or braces, where everything stays on its line. */
  readonly flow: boolean;
  /** Blanks that are missing before a key: the cursor is below the dash of the item that the key belongs to. */
  readonly missing: string;
  /** In JSON: whether the quote that opens the word is closed behind it. Undefined: in YAML. */
  readonly json?: 'open' | 'closed';
}

/** A key, after the dashes of a list; a value after its key; a word between brackets or braces, whose tree tells which it is. */
const KEY = /^(\s*(?:- +)*)([\w./-]*)$/;
const VALUE = /^(\s*(?:- +)*[\w./-]+:\s+|\s*(?:- +)+)(["']?)([^\s#"'[\]{},]*)$/;
const FLOW = /^([^#]*[[{,]\s*(?:[\w./-]+:\s+)?)(["']?)([^\s#"'[\]{},]*)$/;

/** Reads the text again with a mark where the cursor is: as a key of its own, or as the value of the line's key. */
export function placeOf(original: YamlDocument, offset: number): Place | undefined {
  const { text, lines } = original;
  const line = lines.lineAt(offset);
  const before = line.text.slice(0, offset - line.start);
  const key = KEY.exec(before);
  const value = key === null ? VALUE.exec(before) : null;
  const flow = key === null && value === null ? FLOW.exec(before) : null;
  const [, lead, quote = ''] = key ?? value ?? flow ?? [];
  if (lead === undefined) return undefined;
  const quoted = key === null && quote !== '';
  const start = line.start + lead.length + (quoted ? 1 : 0);
  const lineEnd = line.start + line.text.length;
  const end = offset + (/^[\w./-]*/.exec(text.slice(offset, lineEnd))?.[0].length ?? 0);
  const hasColon = /^\s*:/.test(text.slice(end, lineEnd));
  const isLine = key !== null && !hasColon;
  const read = (blanks: string): YamlDocument =>
    readDocument(`${text.slice(0, start)}${blanks}${isLine ? `${MARK}: ` : MARK}${text.slice(end)}`);
  const fits = (blanks: string): Pick<Place, 'document' | 'path' | 'side' | 'missing'> | undefined => {
    const document = read(blanks);
    const { path, on } = pathAt(document, start + blanks.length + 1);
    const side = key !== null || (flow !== null && on === 'key') ? 'key' : 'value';
    // In the lines of a text there are no keys.
    if (key !== null && (on !== 'key' || !isAligned(document, path))) return undefined;
    return { document, path, side, missing: blanks };
  };
  const fit = fits('') ?? (isLine && /^ *$/.test(lead) ? fits('  ') : undefined);
  if (fit === undefined) return undefined;
  const { document, side } = fit;
  return {
    ...fit,
    // A text that does not read as a whole still knows its tree, and the last reading is good enough for what stands around.
    document: document.value === undefined ? { ...document, value: original.value ?? headValue(document) } : document,
    range: lines.range(start, end),
    renaming: side === 'key' && hasColon,
    quoted,
    flow: flow !== null,
  };
}

/** A key that does not stand below those beside it was read into a map to which it cannot belong. */
function isAligned(document: YamlDocument, path: Path): boolean {
  const map = locate(document, parentOf(path)).node;
  if (!isMap(map) || map.flow === true) return true;
  const columns = new Set(map.items.flatMap(({ key }) => rangeOf(document, key)?.start.character ?? []));
  return columns.size < 2;
}
