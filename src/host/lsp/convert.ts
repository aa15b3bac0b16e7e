/** From the plain data of the manifest room to the words of the Language Server Protocol. */
import type { CodeFix, Completion, CompletionKind, Diagnostic, Position, Range, Severity, TextEdit } from '../../manifest/model.ts';
import type { TextPlace, WorkspaceSymbol } from '../../manifest/navigation/navigator.ts';
import type { HierarchyItem } from '../../manifest/navigation/hierarchy.ts';
import type { Folding, Outline } from '../../manifest/structure.ts';
import type { Signature } from '../../manifest/signature.ts';
import { Lines } from '../../manifest/yaml/lines.ts';
import { isDeprecation } from '../protocol/deprecation.ts';
import type {
  CallHierarchyItem,
  CodeAction,
  CompletionItem,
  ContentChange,
  DocumentSymbol,
  FoldingRange,
  Location,
  LspDiagnostic,
  Markup,
  SelectionRange,
  SignatureHelp,
  SymbolInformation,
  WorkspaceEdit,
} from './protocol.ts';

const SEVERITIES = { error: 1, warning: 2, information: 3, hint: 4 } as const satisfies Readonly<Record<Severity, number>>;

/** Class, Field, EnumMember, Module, Reference. */
const COMPLETION_KINDS = { kind: 7, field: 5, value: 20, apiVersion: 9, name: 18 } as const satisfies Readonly<
  Record<CompletionKind, number>
>;

const SNIPPET = 2;
const PLAIN = 1;

const DEPRECATED = 2;

export function lspDiagnostic(diagnostic: Diagnostic): LspDiagnostic {
  const { range, severity, code, message, related = [] } = diagnostic;
  const links = related.map((each) => ({ location: { uri: each.uri, range: each.range }, message: each.message }));
  const tags = isDeprecation(diagnostic) ? { tags: [DEPRECATED] } : {};
  return { range, severity: SEVERITIES[severity], code, source: 'Kubepad', message, relatedInformation: links, ...tags };
}

/**
 * @param snippets whether the client takes places to fill in
 * @param ending of the lines of the document
 */
export function completionItem(completion: Completion, snippets: boolean, ending: LineEnding): CompletionItem {
  const { label, range, insertText, required, detail, documentation, sortText, snippet } = completion;
  return {
    label,
    labelDetails: required ? { description: 'required' } : {},
    kind: COMPLETION_KINDS[completion.kind],
    detail,
    documentation: { kind: 'markdown', value: documentation },
    sortText,
    filterText: label,
    insertTextFormat: snippet && snippets ? SNIPPET : PLAIN,
    textEdit: withEnding({ range, newText: snippet && !snippets ? withoutPlaces(insertText) : insertText }, ending),
  };
}

/** A snippet as it is before anything is filled in. */
function withoutPlaces(snippet: string): string {
  return snippet.replaceAll(/\\([$}\\])|\$\{\d+(?::([^}]*))?\}|\$\d+/g, (_, escaped?: string, text?: string) => escaped ?? text ?? '');
}

/** @param versionOf of an open document; left out: the client takes no versions */
export function workspaceEdit(
  changes: Readonly<Record<string, readonly TextEdit[]>>,
  versionOf: ((uri: string) => number | undefined) | undefined,
): WorkspaceEdit {
  if (versionOf === undefined) return { changes };
  return {
    documentChanges: Object.entries(changes).map(([uri, edits]) => ({ textDocument: { uri, version: versionOf(uri) ?? null }, edits })),
  };
}

export function codeAction({ title, preferred }: CodeFix, edit: WorkspaceEdit, diagnostics: readonly LspDiagnostic[]): CodeAction {
  return { title, kind: 'quickfix', isPreferred: preferred, diagnostics, edit };
}

export const FIX_ALL = 'source.fixAll.kubepad';

/** The edits that mend what has one right way to be mended. */
export function fixAllAction(edit: WorkspaceEdit): CodeAction {
  const title = 'Fix all problems that Kubepad can fix';
  return { title, kind: FIX_ALL, isPreferred: true, diagnostics: [], edit };
}

/** Whether a client that asks for some kinds of actions wants one; a kind stands for those below it. */
export function isWanted(kind: string, only: readonly string[] | undefined): boolean {
  return only === undefined ? kind === 'quickfix' : only.some((each) => each === '' || kind === each || kind.startsWith(`${each}.`));
}

export function location({ uri, range }: TextPlace): Location {
  return { uri, range };
}

/** Object, Struct, Array, Property. */
const SYMBOL_KINDS = { object: 19, map: 23, list: 18, value: 7 } as const satisfies Readonly<Record<Outline['type'], number>>;

export function documentSymbol({ name, detail, type, range, selection, children }: Outline): DocumentSymbol {
  return { name, detail, kind: SYMBOL_KINDS[type], range, selectionRange: selection, children: children.map(documentSymbol) };
}

export function callHierarchyItem(item: HierarchyItem): CallHierarchyItem {
  const { kind, namespace, name, uri, range, selection } = item;
  const title = `${kind.slice(kind.lastIndexOf('/') + 1)}/${name}`;
  return { name: title, kind: SYMBOL_KINDS.object, detail: namespace, uri, range, selectionRange: selection, data: item };
}

/** @param offsets whether the client takes the places of parameters in the label, else it looks for their text */
export function signatureHelp({ label, documentation, parameters, active }: Signature, offsets: boolean): SignatureHelp {
  const markup = (value: string): Markup => ({ kind: 'markdown', value });
  const parts = parameters.map((each) => ({
    label: offsets ? each.label : label.slice(...each.label),
    documentation: markup(each.documentation),
  }));
  return {
    signatures: [{ label, documentation: markup(documentation), parameters: parts }],
    activeSignature: 0,
    activeParameter: active,
  };
}

export function symbolInformation({ uri, range, kind, namespace, name }: WorkspaceSymbol): SymbolInformation {
  return { name: `${kind}/${name}`, kind: SYMBOL_KINDS.object, containerName: namespace, location: { uri, range } };
}

export function foldingRange({ start, end, comment }: Folding): FoldingRange {
  return { startLine: start, endLine: end, ...(comment ? { kind: 'comment' } : {}) };
}

/** @param ranges from the narrowest to the widest */
export function selectionRange(ranges: readonly Range[], position: Position): SelectionRange {
  let found: SelectionRange | undefined;
  for (const range of ranges.toReversed()) found = found === undefined ? { range } : { range, parent: found };
  return found ?? { range: { start: position, end: position } };
}

/** A carriage return alone ends a line for clients, and for YAML. */
export function withLineFeeds(text: string): string {
  return text.includes('\r') ? text.replaceAll(/\r(?!\n)/g, '\n') : text;
}

export type LineEnding = '\n' | '\r\n';

/** How the first line of a text ends: what is put into the text ends its lines so, too. Clients put in what they are sent. */
export function lineEnding(text: string): LineEnding {
  const first = text.indexOf('\n');
  return first > 0 && text[first - 1] === '\r' ? '\r\n' : '\n';
}

export function withEnding(edit: TextEdit, ending: LineEnding): TextEdit {
  return ending === '\n' ? edit : { ...edit, newText: edit.newText.replaceAll(/\r?\n/g, ending) };
}

/** The text after changes, each of which speaks of the text that the one before it left. */
export function changed(text: string, changes: readonly ContentChange[]): string {
  let result = text;
  for (const { range, text: inserted } of changes) {
    if (range === undefined) {
      result = inserted;
      continue;
    }
    const lines = new Lines(withLineFeeds(result));
    result = result.slice(0, lines.offset(range.start)) + inserted + result.slice(lines.offset(range.end));
  }
  return result;
}
