/**
 * The language service over the Language Server Protocol: the editor's answers for any editor, without a cluster.
 * Invariant: nothing is decided here; what VS Code shows and what another editor shows come from the same `Editor`.
 * Counterpart: none in Kubernetes.
 */
import { ResponseError, type MessageConnection } from 'vscode-jsonrpc';
import { createApiJudge } from '../../manifest/apiJudge.ts';
import { withScenarios } from '../../scenario/judge.ts';
import type { PlacedEntry } from '../../manifest/documents.ts';
import { foldings, outlineTree, selectionRanges } from '../../manifest/structure.ts';
import { contains } from '../../manifest/lines.ts';
import { Editor } from '../worker/editor.ts';
import {
  changed,
  codeAction,
  FIX_ALL,
  fixAllAction,
  isWanted,
  completionItem,
  documentSymbol,
  foldingRange,
  location,
  lspDiagnostic,
  selectionRange,
  symbolInformation,
} from './convert.ts';
import { manifestFilesUnder, readManifest } from './files.ts';
import { lspSettings } from './settings.ts';
import { type InitializeParams, lspNotifications, lspRequests, lspTells, REQUEST_FAILED, SERVER_NOT_INITIALIZED } from './protocol.ts';

/** While somebody types, a verdict waits this long. */
const PAUSE_MS = 50;

const INCREMENTAL = 2;

const CAPABILITIES = {
  positionEncoding: 'utf-16',
  textDocumentSync: { openClose: true, change: INCREMENTAL },
  hoverProvider: true,
  completionProvider: { triggerCharacters: ['\n', ' ', ':', '-', '.', '"'] },
  codeActionProvider: { codeActionKinds: ['quickfix', FIX_ALL] },
  documentSymbolProvider: true,
  inlayHintProvider: true,
  documentFormattingProvider: true,
  documentRangeFormattingProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  renameProvider: { prepareProvider: true },
  documentLinkProvider: { resolveProvider: false },
  foldingRangeProvider: true,
  selectionRangeProvider: true,
  workspaceSymbolProvider: true,
} as const;

interface OpenText {
  readonly version: number;
  readonly text: string;
}

export interface LspServerOptions {
  /** Where the data files of the program lie. */
  readonly root: string;
  readonly version: string;
  /** @param code 0 after a shutdown, else 1 */
  readonly exit: (code: number) => void;
}

/** Answers a client until it says `exit`. Listening begins with the call. */
export function serveLanguage(connection: MessageConnection, options: LspServerOptions): void {
  const server: Server = new Server(connection, options, (hintsChanged) => {
    const nothing = { list: () => NO_OBJECTS, get: () => undefined, onRevision: () => ({ dispose: () => undefined }) };
    return new Editor({
      judge: withScenarios(createApiJudge()),
      extensionPath: options.root,
      store: () => nothing,
      resourceOf: () => undefined,
      now: Date.now,
      hintsChanged,
    });
  });
  server.listen();
}

/** Always the same list: nothing has changed. */
const NO_OBJECTS: readonly never[] = [];

class Server {
  private readonly connection: MessageConnection;
  private readonly editor: Editor;
  private readonly options: LspServerOptions;
  private readonly open = new Map<string, OpenText>();
  private readonly waiting = new Map<string, NodeJS.Timeout>();
  private settings = lspSettings(undefined);
  private state: 'new' | 'ready' | 'shutdown' = 'new';

  constructor(connection: MessageConnection, options: LspServerOptions, editor: (changed: (uris: readonly string[]) => void) => Editor) {
    this.connection = connection;
    this.options = options;
    this.editor = editor((uris) => {
      for (const uri of uris) this.judgeSoon(uri);
    });
  }

  listen(): void {
    this.handleLife();
    this.handleTexts();
    this.handleQuestions();
    this.handleShape();
    this.handleNavigation();
    this.connection.listen();
  }

  private handleLife(): void {
    const { connection } = this;
    connection.onRequest(lspRequests.initialize, (params) => this.initialize(params));
    connection.onNotification(lspNotifications.initialized, () => undefined);
    connection.onRequest(lspRequests.shutdown, () => {
      this.state = 'shutdown';
      for (const timer of this.waiting.values()) clearTimeout(timer);
      this.waiting.clear();
      return null;
    });
    connection.onNotification(lspNotifications.exit, () => this.options.exit(this.state === 'shutdown' ? 0 : 1));
  }

  private initialize({ rootUri, workspaceFolders, initializationOptions }: InitializeParams): unknown {
    this.state = 'ready';
    this.settings = lspSettings(initializationOptions);
    const folders = workspaceFolders?.map(({ uri }) => uri) ?? (typeof rootUri === 'string' ? [rootUri] : []);
    this.editor.found(folders.flatMap(manifestFilesUnder));
    return { capabilities: CAPABILITIES, serverInfo: { name: 'kubepad', version: this.options.version } };
  }

  private handleTexts(): void {
    const { connection } = this;
    connection.onNotification(lspNotifications.didOpen, ({ textDocument: { uri, version, text } }) => this.take(uri, version, text));
    connection.onNotification(lspNotifications.didChange, ({ textDocument: { uri, version }, contentChanges }) => {
      const known = this.open.get(uri);
      if (known !== undefined) this.take(uri, version, changed(known.text, contentChanges));
    });
    connection.onNotification(lspNotifications.didClose, ({ textDocument: { uri } }) => {
      clearTimeout(this.waiting.get(uri));
      this.waiting.delete(uri);
      this.open.delete(uri);
      this.editor.close(uri);
      // What was typed and not saved is gone; what the file says holds again.
      this.editor.found([readManifest(uri) ?? { uri, text: '' }]);
      void connection.sendNotification(lspTells.diagnostics, { uri, version: 0, diagnostics: [] });
    });
    connection.onNotification(lspNotifications.configuration, ({ settings }) => {
      this.settings = lspSettings(settings);
      for (const uri of this.open.keys()) this.judgeSoon(uri);
    });
    connection.onNotification(lspNotifications.watchedFiles, ({ changes }) => {
      this.editor.found(changes.map(({ uri }) => readManifest(uri) ?? { uri, text: '' }));
      for (const uri of this.open.keys()) this.judgeSoon(uri);
    });
  }

  private handleQuestions(): void {
    const { connection, editor } = this;
    connection.onRequest(lspRequests.hover, ({ textDocument: { uri }, position }) =>
      this.answer(() => {
        const hover = editor.hover({ uri, position }, this.settings.diagnostics.namespace);
        return hover === null ? null : { contents: { kind: 'markdown', value: hover.markdown }, range: hover.range };
      }),
    );
    connection.onRequest(lspRequests.completion, ({ textDocument: { uri }, position }) =>
      this.answer(() => editor.completion({ uri, position }, this.settings.diagnostics.namespace).map(completionItem)),
    );
    connection.onRequest(lspRequests.codeAction, ({ textDocument: { uri }, range, context: { diagnostics, only } }) =>
      this.answer(() => {
        const fixes = isWanted('quickfix', only) ? editor.fixes(uri, range) : [];
        const all = isWanted(FIX_ALL, only) ? editor.fixAll(uri) : [];
        return [
          ...fixes.map((fix) => {
            const touched = diagnostics.filter((each) => fix.edits.some((edit) => contains(each.range, edit.range.start)));
            return codeAction(uri, fix, touched);
          }),
          ...(all.length > 0 ? [fixAllAction(uri, all)] : []),
        ];
      }),
    );
  }

  private handleShape(): void {
    const { connection, editor } = this;
    const entries = (uri: string): readonly PlacedEntry[] => editor.documents.entries(uri);
    connection.onRequest(lspRequests.documentSymbol, ({ textDocument: { uri } }) =>
      this.answer(() => outlineTree(entries(uri)).map(documentSymbol)),
    );
    connection.onRequest(lspRequests.foldingRange, ({ textDocument: { uri } }) =>
      this.answer(() => foldings(entries(uri)).map(foldingRange)),
    );
    connection.onRequest(lspRequests.formatting, ({ textDocument: { uri }, options }) =>
      this.answer(() => editor.format(uri, { indent: options.tabSize })),
    );
    connection.onRequest(lspRequests.rangeFormatting, ({ textDocument: { uri }, range, options }) =>
      this.answer(() => editor.format(uri, { indent: options.tabSize, range })),
    );
    connection.onRequest(lspRequests.inlayHint, ({ textDocument: { uri }, range }) =>
      this.answer(() => (this.settings.inlayHints ? editor.defaults(uri, range).map((hint) => ({ ...hint, paddingLeft: true })) : [])),
    );
    connection.onRequest(lspRequests.selectionRange, ({ textDocument: { uri }, positions }) =>
      this.answer(() => positions.map((position) => selectionRange(selectionRanges(entries(uri), position), position))),
    );
  }

  private handleNavigation(): void {
    const { connection } = this;
    const { navigator } = this.editor;
    connection.onRequest(lspRequests.definition, ({ textDocument: { uri }, position }) =>
      this.answer(() => this.editor.definition({ uri, position }).map(location)),
    );
    connection.onRequest(lspRequests.references, ({ textDocument: { uri }, position, context }) =>
      this.answer(() => this.editor.usesOf({ uri, position }, context.includeDeclaration).map(location)),
    );
    connection.onRequest(lspRequests.prepareRename, ({ textDocument: { uri }, position }) =>
      this.answer(() => {
        const found = navigator.renameable(uri, position);
        return found === undefined ? null : { range: found.range, placeholder: found.text };
      }),
    );
    connection.onRequest(lspRequests.rename, ({ textDocument: { uri }, position, newName }) =>
      this.answer(() => {
        const renamed = navigator.rename(uri, position, newName);
        return 'refusal' in renamed ? new ResponseError<void>(REQUEST_FAILED, renamed.refusal) : { changes: renamed.edits };
      }),
    );
    connection.onRequest(lspRequests.documentLink, ({ textDocument: { uri } }) =>
      this.answer(() =>
        this.editor.links(uri).map(({ range, target }) => ({ range, target: `${target.uri}#L${target.range.start.line + 1}` })),
      ),
    );
    connection.onRequest(lspRequests.workspaceSymbol, ({ query }) => this.answer(() => navigator.symbols(query).map(symbolInformation)));
  }

  private answer<T>(question: () => T): T | ResponseError<void> {
    if (this.state !== 'ready') return new ResponseError(SERVER_NOT_INITIALIZED, `the server is ${this.state}`);
    return question();
  }

  private take(uri: string, version: number, text: string): void {
    this.open.set(uri, { version, text });
    this.editor.change({ uri, version, text });
    this.judgeSoon(uri);
  }

  private judgeSoon(uri: string): void {
    clearTimeout(this.waiting.get(uri));
    this.waiting.set(
      uri,
      setTimeout(() => this.judge(uri), PAUSE_MS),
    );
  }

  private judge(uri: string): void {
    this.waiting.delete(uri);
    const found = this.editor.diagnostics(uri, this.settings.diagnostics);
    if (found === null) return;
    const { version } = found;
    const diagnostics = this.settings.enabled ? found.diagnostics : [];
    void this.connection.sendNotification(lspTells.diagnostics, { uri, version, diagnostics: diagnostics.map(lspDiagnostic) });
  }
}
