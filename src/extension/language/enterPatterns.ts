/** What Enter adds to the indentation of the line before, without VS Code. */

export interface EnterRule {
  /** The line up to the cursor. */
  readonly before: RegExp;
  /** One step deeper, as wide as the editor's. */
  readonly indents: boolean;
  /** Beyond that. */
  readonly blanks: string;
}

const KEY = /(?:"[^"]*"|'[^']*'|[\w$./-]+):/.source;
/** Nothing, anchors and tags, or the mark of a text in lines; then perhaps a comment. */
const WAITS = /(?:\s+[&!]\S+)*(?:\s+[|>][-+\d]*)?\s*(?:\s#.*)?$/.source;

/** The first one that fits counts. */
export const ENTER_RULES: readonly EnterRule[] = [
  // `- configMap:` waits for what stands below it, deeper than its own key, which stands two behind the dash.
  { before: new RegExp(`^\\s*- +${KEY}${WAITS}`), indents: true, blanks: '  ' },
  // `- name: web` is followed by the next field of the item, below `name`.
  { before: new RegExp(`^\\s*- +${KEY}\\s+\\S`), indents: false, blanks: '  ' },
  { before: /^\s*- +[|>][-+\d]*\s*$/, indents: true, blanks: '' },
  { before: new RegExp(`^\\s*${KEY}${WAITS}`), indents: true, blanks: '' },
];
