/**
 * The part of the Language Server Protocol that the server speaks, typed: its messages and what they carry.
 * Invariant: positions count UTF-16 units from 0, which is what the manifest room counts too. Counterpart: none; LSP 3.17.
 */
import { NotificationType, NotificationType0, RequestType, RequestType0 } from 'vscode-jsonrpc';
import type { Position, Range, TextEdit } from '../../manifest/model.ts';

export interface Identifier {
  readonly uri: string;
}

export interface At {
  readonly textDocument: Identifier;
  readonly position: Position;
}

export interface OfDocument {
  readonly textDocument: Identifier;
}

export interface Location {
  readonly uri: string;
  readonly range: Range;
}

export interface InitializeParams {
  readonly rootUri?: string | null;
  readonly workspaceFolders?: readonly { readonly uri: string }[] | null;
  readonly initializationOptions?: unknown;
}

/** A change of a text; without a range it is the whole text. */
export interface ContentChange {
  readonly range?: Range;
  readonly text: string;
}

export interface LspDiagnostic {
  readonly range: Range;
  readonly severity: number;
  readonly code: string;
  readonly source: string;
  readonly message: string;
  readonly relatedInformation: readonly { readonly location: Location; readonly message: string }[];
}

export interface CompletionItem {
  readonly label: string;
  readonly labelDetails: { readonly description?: string };
  readonly kind: number;
  readonly detail: string;
  readonly documentation: Markup;
  readonly sortText: string;
  readonly filterText: string;
  /** 1: plain, 2: snippet. */
  readonly insertTextFormat: number;
  readonly textEdit: TextEdit;
}

export interface Markup {
  readonly kind: 'markdown';
  readonly value: string;
}

export interface WorkspaceEdit {
  readonly changes: Readonly<Record<string, readonly TextEdit[]>>;
}

export interface CodeAction {
  readonly title: string;
  readonly kind: string;
  readonly isPreferred: boolean;
  readonly diagnostics: readonly LspDiagnostic[];
  readonly edit: WorkspaceEdit;
}

export interface InlayHint {
  readonly position: Position;
  readonly label: string;
  readonly tooltip: string;
  readonly paddingLeft: boolean;
}

export interface FormattingOptions {
  /** Blanks a level. */
  readonly tabSize: number;
}

export interface DocumentSymbol {
  readonly name: string;
  readonly detail: string;
  readonly kind: number;
  readonly range: Range;
  readonly selectionRange: Range;
  readonly children: readonly DocumentSymbol[];
}

export interface FoldingRange {
  readonly startLine: number;
  readonly endLine: number;
  readonly kind?: 'comment';
}

export interface SelectionRange {
  readonly range: Range;
  readonly parent?: SelectionRange;
}

export interface SymbolInformation {
  readonly name: string;
  readonly kind: number;
  readonly containerName: string;
  readonly location: Location;
}

export interface CodeActionParams extends OfDocument {
  readonly range: Range;
  readonly context: { readonly diagnostics: readonly LspDiagnostic[]; readonly only?: readonly string[] };
}

/** What a client asks. */
export const lspRequests = {
  initialize: new RequestType<InitializeParams, unknown, void>('initialize'),
  shutdown: new RequestType0<null, void>('shutdown'),
  hover: new RequestType<At, { readonly contents: Markup; readonly range: Range } | null, void>('textDocument/hover'),
  completion: new RequestType<At, readonly CompletionItem[], void>('textDocument/completion'),
  codeAction: new RequestType<CodeActionParams, readonly CodeAction[], void>('textDocument/codeAction'),
  formatting: new RequestType<OfDocument & { readonly options: FormattingOptions }, readonly TextEdit[], void>('textDocument/formatting'),
  rangeFormatting: new RequestType<OfDocument & { readonly range: Range; readonly options: FormattingOptions }, readonly TextEdit[], void>(
    'textDocument/rangeFormatting',
  ),
  inlayHint: new RequestType<OfDocument & { readonly range: Range }, readonly InlayHint[], void>('textDocument/inlayHint'),
  definition: new RequestType<At, readonly Location[], void>('textDocument/definition'),
  references: new RequestType<At & { readonly context: { readonly includeDeclaration: boolean } }, readonly Location[], void>(
    'textDocument/references',
  ),
  prepareRename: new RequestType<At, { readonly range: Range; readonly placeholder: string } | null, void>('textDocument/prepareRename'),
  rename: new RequestType<At & { readonly newName: string }, WorkspaceEdit, void>('textDocument/rename'),
  documentLink: new RequestType<OfDocument, readonly { readonly range: Range; readonly target: string }[], void>(
    'textDocument/documentLink',
  ),
  foldingRange: new RequestType<OfDocument, readonly FoldingRange[], void>('textDocument/foldingRange'),
  selectionRange: new RequestType<OfDocument & { readonly positions: readonly Position[] }, readonly SelectionRange[], void>(
    'textDocument/selectionRange',
  ),
  workspaceSymbol: new RequestType<{ readonly query: string }, readonly SymbolInformation[], void>('workspace/symbol'),
  documentSymbol: new RequestType<OfDocument, readonly DocumentSymbol[], void>('textDocument/documentSymbol'),
} as const;

/** What a client tells. */
export const lspNotifications = {
  initialized: new NotificationType<unknown>('initialized'),
  exit: new NotificationType0('exit'),
  didOpen: new NotificationType<{ readonly textDocument: Identifier & { readonly version: number; readonly text: string } }>(
    'textDocument/didOpen',
  ),
  didChange: new NotificationType<{
    readonly textDocument: Identifier & { readonly version: number };
    readonly contentChanges: readonly ContentChange[];
  }>('textDocument/didChange'),
  didClose: new NotificationType<OfDocument>('textDocument/didClose'),
  configuration: new NotificationType<{ readonly settings: unknown }>('workspace/didChangeConfiguration'),
  watchedFiles: new NotificationType<{ readonly changes: readonly { readonly uri: string; readonly type: number }[] }>(
    'workspace/didChangeWatchedFiles',
  ),
} as const;

/** What the server tells. */
export const lspTells = {
  diagnostics: new NotificationType<{ readonly uri: string; readonly version: number; readonly diagnostics: readonly LspDiagnostic[] }>(
    'textDocument/publishDiagnostics',
  ),
} as const;

export const REQUEST_FAILED = -32803;
export const SERVER_NOT_INITIALIZED = -32002;
