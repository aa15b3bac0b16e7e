/**
 * The part of the Language Server Protocol that the server speaks, typed: its messages and what they carry.
 * Invariant: positions count UTF-16 units from 0, which is what the manifest room counts too. Counterpart: none; LSP 3.17.
 */
import { NotificationType, NotificationType0, RequestType, RequestType0 } from 'vscode-jsonrpc';
import type { Position, Range, TextEdit } from '../../manifest/model.ts';
import type { HierarchyItem } from '../../manifest/navigation/hierarchy.ts';
import type { Forecast } from '../protocol/forecast.ts';

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
  readonly capabilities?: unknown;
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
  /** 2: deprecated. */
  readonly tags?: readonly number[];
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

/** One of both: without versions, or with them for clients that take them. */
export interface WorkspaceEdit {
  readonly changes?: Readonly<Record<string, readonly TextEdit[]>>;
  readonly documentChanges?: readonly {
    /** Null: the file is not open. */
    readonly textDocument: Identifier & { readonly version: number | null };
    readonly edits: readonly TextEdit[];
  }[];
}

export type WorkDone =
  | { readonly kind: 'begin'; readonly title: string; readonly cancellable: boolean; readonly percentage: number }
  | { readonly kind: 'report'; readonly message: string; readonly percentage: number }
  | { readonly kind: 'end'; readonly message: string };

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

export interface CallHierarchyItem {
  readonly name: string;
  readonly kind: number;
  /** The namespace. */
  readonly detail: string;
  readonly uri: string;
  readonly range: Range;
  readonly selectionRange: Range;
  /** What the item stands for; the client hands it back as it is. */
  readonly data: HierarchyItem;
}

export interface IncomingCall {
  readonly from: CallHierarchyItem;
  readonly fromRanges: readonly Range[];
}

export interface OutgoingCall {
  readonly to: CallHierarchyItem;
  readonly fromRanges: readonly Range[];
}

export interface SignatureHelp {
  readonly signatures: readonly {
    readonly label: string;
    readonly documentation: Markup;
    readonly parameters: readonly { readonly label: string | readonly [number, number]; readonly documentation: Markup }[];
  }[];
  readonly activeSignature: number;
  readonly activeParameter: number;
}

export interface SemanticTokens {
  readonly data: readonly number[];
}

export interface CodeLens {
  readonly range: Range;
  readonly command: { readonly title: string; readonly command: string; readonly arguments: readonly unknown[] };
}

/** `window/showMessage` */
export const MESSAGE_TYPES = { error: 1, warning: 2, info: 3, log: 4 } as const;

export interface CodeActionParams extends OfDocument {
  readonly range: Range;
  readonly context: { readonly diagnostics: readonly LspDiagnostic[]; readonly only?: readonly string[] };
}

export interface ExecuteCommandParams {
  readonly command: string;
  readonly arguments?: readonly unknown[];
  /** By which the client wants to hear how far it is. */
  readonly workDoneToken?: string | number;
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
  prepareCallHierarchy: new RequestType<At, readonly CallHierarchyItem[], void>('textDocument/prepareCallHierarchy'),
  incomingCalls: new RequestType<{ readonly item: CallHierarchyItem }, readonly IncomingCall[], void>('callHierarchy/incomingCalls'),
  outgoingCalls: new RequestType<{ readonly item: CallHierarchyItem }, readonly OutgoingCall[], void>('callHierarchy/outgoingCalls'),
  signatureHelp: new RequestType<
    At & { readonly context?: { readonly triggerCharacter?: string; readonly isRetrigger: boolean } },
    SignatureHelp | null,
    void
  >('textDocument/signatureHelp'),
  semanticTokens: new RequestType<OfDocument, SemanticTokens, void>('textDocument/semanticTokens/full'),
  semanticTokensRange: new RequestType<OfDocument & { readonly range: Range }, SemanticTokens, void>('textDocument/semanticTokens/range'),
  codeLens: new RequestType<OfDocument, readonly CodeLens[], void>('textDocument/codeLens'),
  executeCommand: new RequestType<ExecuteCommandParams, unknown, void>('workspace/executeCommand'),
  /** Kubepad's own: what would become of a file. Null: there is no cluster, or nothing in the file that can be read. */
  forecast: new RequestType<OfDocument, Forecast | null, void>('kubepad/forecast'),
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
  workspaceFolders: new NotificationType<{
    readonly event: { readonly added: readonly Identifier[]; readonly removed: readonly Identifier[] };
  }>('workspace/didChangeWorkspaceFolders'),
} as const;

/** What the server asks. */
export const lspAsks = {
  configuration: new RequestType<{ readonly items: readonly { readonly section: string }[] }, readonly unknown[], void>(
    'workspace/configuration',
  ),
  register: new RequestType<{ readonly registrations: readonly object[] }, null, void>('client/registerCapability'),
  showDocument: new RequestType<{ readonly uri: string }, unknown, void>('window/showDocument'),
  codeLensRefresh: new RequestType0<null, void>('workspace/codeLens/refresh'),
  semanticTokensRefresh: new RequestType0<null, void>('workspace/semanticTokens/refresh'),
  inlayHintRefresh: new RequestType0<null, void>('workspace/inlayHint/refresh'),
} as const;

/** What the server tells. */
export const lspTells = {
  showMessage: new NotificationType<{ readonly type: number; readonly message: string }>('window/showMessage'),
  logMessage: new NotificationType<{ readonly type: number; readonly message: string }>('window/logMessage'),
  diagnostics: new NotificationType<{ readonly uri: string; readonly version?: number; readonly diagnostics: readonly LspDiagnostic[] }>(
    'textDocument/publishDiagnostics',
  ),
  progress: new NotificationType<{ readonly token: string | number; readonly value: WorkDone }>('$/progress'),
} as const;

export const REQUEST_FAILED = -32803;
export const SERVER_NOT_INITIALIZED = -32002;
export const INVALID_REQUEST = -32600;
