/**
 * What the editor is told about a manifest, as plain data: problems, hovers, completions, fixes, with ranges.
 * Invariant: lines and characters count from 0, characters are UTF-16 units, as editors count them.
 * Counterpart: the result types of the Language Server Protocol.
 */

export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

export type Severity = 'error' | 'warning' | 'information' | 'hint';

export interface Diagnostic {
  readonly range: Range;
  readonly severity: Severity;
  readonly message: string;
  /**
   * The reason as the API server names it (`FieldValueInvalid`), or `Syntax`, `UnknownField`, `DuplicateField`, `Decode`, `Warning`,
   * `Program`; of hints the name of the check.
   */
  readonly code: string;
  /** The field as the API server prints it; empty where the problem has none. */
  readonly path: string;
  /** What would put it right. The first one is preferred. */
  readonly fixes: readonly CodeFix[];
  /** Other places that have to do with it. */
  readonly related?: readonly RelatedPlace[];
}

export interface RelatedPlace {
  readonly uri: string;
  readonly range: Range;
  readonly message: string;
}

export interface TextEdit {
  readonly range: Range;
  readonly newText: string;
}

export interface CodeFix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  readonly preferred: boolean;
}

export interface Hover {
  readonly range: Range;
  /** Markdown. */
  readonly markdown: string;
}

export type CompletionKind = 'kind' | 'field' | 'value' | 'apiVersion' | 'name';

export interface Completion {
  readonly label: string;
  readonly kind: CompletionKind;
  /** What is replaced. */
  readonly range: Range;
  /** Text with `$1`, `${2:text}` places if `snippet`. */
  readonly insertText: string;
  readonly snippet: boolean;
  /** A short type: `string`, `[]Container`. */
  readonly detail: string;
  readonly documentation: string;
  readonly required: boolean;
  /** Orders the list. */
  readonly sortText: string;
}

/** One document of a file, for code lenses and outlines. */
export interface DocumentOutline {
  readonly range: Range;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}
