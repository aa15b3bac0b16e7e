/**
 * The language service over the Language Server Protocol: the editor's answers for any editor, with a cluster where a client wants one.
 * Invariant: nothing is decided here; what VS Code shows and what another editor shows come from the same `Editor`.
 * Counterpart: none in Kubernetes.
 */
import { ResponseError, type CancellationToken, type MessageConnection } from 'vscode-jsonrpc';
import { createApiJudge } from '../../manifest/apiJudge.ts';
import type { TextEdit } from '../../manifest/model.ts';
import { withScenarios } from '../../scenario/judge.ts';
import { signatureTriggers, tokenLegend } from '../protocol/language.ts';
import { Editor } from '../worker/editor.ts';
import { LspClient } from './client.ts';
import { ClusterSide } from './clusterSide.ts';
import { COMMANDS, executeCommand, type CommandContext } from './commands.ts';
import { changed, FIX_ALL, lineEnding, type LineEnding, lspDiagnostic, withEnding, withLineFeeds, workspaceEdit } from './convert.ts';
import { changedManifest, manifestFilesUnder } from './files.ts';
import { Findings } from './findings.ts';
import {
  type ExecuteCommandParams,
  INVALID_REQUEST,
  type InitializeParams,
  lspNotifications,
  lspRequests,
  REQUEST_FAILED,
  SERVER_NOT_INITIALIZED,
  type WorkspaceEdit,
} from './protocol.ts';
import { handleQuestions } from './questions.ts';
import { LspRendering } from './rendering.ts';
import { isTrusted, lspSettings } from './settings.ts';

/** While somebody types, a verdict waits this long. */
const PAUSE_MS = 50;

const INCREMENTAL = 2;

const CAPABILITIES = {
  positionEncoding: 'utf-16',
  textDocumentSync: { openClose: true, change: INCREMENTAL },
  hoverProvider: true,
  completionProvider: { triggerCharacters: [' ', ':', '-', '.', '"'] },
  signatureHelpProvider: { triggerCharacters: signatureTriggers.begin, retriggerCharacters: signatureTriggers.goOn },
  semanticTokensProvider: { legend: { tokenTypes: tokenLegend, tokenModifiers: [] }, full: true, range: true },
  codeActionProvider: { codeActionKinds: ['quickfix', FIX_ALL] },
  codeLensProvider: { resolveProvider: false },
  executeCommandProvider: { commands: Object.values(COMMANDS), workDoneProgress: true },
  documentSymbolProvider: true,
  inlayHintProvider: true,
  documentFormattingProvider: true,
  documentRangeFormattingProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  callHierarchyProvider: true,
  renameProvider: { prepareProvider: true },
  documentLinkProvider: { resolveProvider: false },
  foldingRangeProvider: true,
  selectionRangeProvider: true,
  workspaceSymbolProvider: true,
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
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
  new Server(connection, options).listen();
}

/** What there is before there is a cluster: always the same list, nothing has changed. */
const NO_OBJECTS: readonly never[] = [];
const NO_STORE = { list: () => NO_OBJECTS, get: () => undefined, onRevision: () => ({ dispose: () => undefined }) };

class Server {
  private readonly connection: MessageConnection;
  private readonly options: LspServerOptions;
  private readonly client: LspClient;
  private readonly editor: Editor;
  private readonly findings: Findings;
  private readonly rendering: LspRendering;
  private readonly clusterSide: ClusterSide;
  private readonly open = new Map<string, OpenText>();
  private readonly waiting = new Map<string, NodeJS.Timeout>();
  private initial: unknown;
  private settings = lspSettings();
  private roots: readonly string[] = [];
  private trusted = false;
  private state: 'new' | 'ready' | 'shutdown' = 'new';

  constructor(connection: MessageConnection, options: LspServerOptions) {
    this.connection = connection;
    this.options = options;
    this.client = new LspClient(connection);
    this.findings = new Findings(connection, (uri) => this.open.get(uri)?.version);
    const judge = withScenarios(createApiJudge());
    const settings = (): typeof this.settings => this.settings;
    this.clusterSide = new ClusterSide({
      judge,
      settings,
      client: this.client,
      findings: this.findings,
      editor: () => this.editor,
      roots: () => this.roots,
      openUris: () => this.open.keys(),
      entered: () => this.editor.references.attach(),
    });
    const cluster = () => this.clusterSide.cluster?.session.cluster;
    this.editor = new Editor({
      judge,
      extensionPath: options.root,
      store: () => cluster()?.api.store ?? NO_STORE,
      resourceOf: (apiVersion, kind) => cluster()?.api.catalog.strategyForKind(apiVersion, kind)?.resource,
      now: () => cluster()?.simulation.now() ?? Date.now(),
      hintsChanged: (uris) => {
        this.judgeAll(uris);
        // Names may lead somewhere now.
        this.client.tokensChanged();
      },
    });
    this.rendering = new LspRendering({
      settings,
      editor: this.editor,
      client: this.client,
      isTrusted: () => this.trusted,
      show: (uri, diagnostics) => this.findings.set(uri, 'rendered', diagnostics.map(lspDiagnostic)),
    });
  }

  listen(): void {
    this.handleLife();
    this.handleTexts();
    this.handleWorkspace();
    this.handleCluster();
    const { connection, editor, client } = this;
    handleQuestions({
      connection,
      editor,
      client,
      settings: () => this.settings,
      edited: (changes) => this.edited(changes),
      ending: (uri) => this.ending(uri),
      answer: (question) => this.answer(question),
    });
    connection.listen();
  }

  private ending(uri: string): LineEnding {
    return lineEnding(this.open.get(uri)?.text ?? '');
  }

  private edited(changes: Readonly<Record<string, readonly TextEdit[]>>): WorkspaceEdit {
    const own = Object.entries(changes).map(([uri, edits]) => [uri, edits.map((edit) => withEnding(edit, this.ending(uri)))] as const);
    const versionOf = this.client.takesVersionedEdits ? (uri: string) => this.open.get(uri)?.version : undefined;
    return workspaceEdit(Object.fromEntries(own), versionOf);
  }

  private handleLife(): void {
    const { connection } = this;
    connection.onRequest(lspRequests.initialize, (params) =>
      this.state === 'new' ? this.initialize(params) : new ResponseError<void>(INVALID_REQUEST, 'the server is initialized'),
    );
    connection.onNotification(lspNotifications.initialized, () => void this.initialized());
    connection.onRequest(lspRequests.shutdown, () => {
      this.state = 'shutdown';
      for (const timer of this.waiting.values()) clearTimeout(timer);
      this.waiting.clear();
      for (const part of [this.rendering, this.clusterSide, this.client]) part.dispose();
      return null;
    });
    connection.onNotification(lspNotifications.exit, () => this.options.exit(this.state === 'shutdown' ? 0 : 1));
  }

  private initialize({ rootUri, workspaceFolders, initializationOptions, capabilities }: InitializeParams): unknown {
    this.state = 'ready';
    this.client.is(capabilities);
    this.initial = initializationOptions;
    this.settings = lspSettings(initializationOptions);
    this.trusted = isTrusted(initializationOptions);
    this.roots = workspaceFolders?.map(({ uri }) => uri) ?? (typeof rootUri === 'string' ? [rootUri] : []);
    this.editor.found(this.roots.flatMap(manifestFilesUnder));
    return { capabilities: CAPABILITIES, serverInfo: { name: 'kubepad', version: this.options.version } };
  }

  /** From now on the client may be asked. */
  private async initialized(): Promise<void> {
    const [settings] = await Promise.all([this.client.settings(), this.client.follow()]);
    if (settings === undefined) this.clusterSide.settingsChanged();
    else this.set(settings);
  }

  private set(settings: unknown): void {
    this.settings = lspSettings(this.initial, settings);
    this.rendering.settingsChanged();
    this.clusterSide.settingsChanged();
    this.client.hintsChanged();
    this.client.lensesChanged();
    this.judgeAll(this.open.keys());
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
      this.editor.found([changedManifest(uri)]);
      this.rendering.close(uri);
      this.clusterSide.close(uri);
      this.findings.close(uri);
    });
  }

  private handleWorkspace(): void {
    const { connection } = this;
    connection.onNotification(lspNotifications.configuration, async ({ settings }) =>
      // A client that lets itself be asked says no more than that something changed.
      this.set((await this.client.settings()) ?? settings),
    );
    connection.onNotification(lspNotifications.watchedFiles, ({ changes }) => {
      this.editor.found(changes.map(({ uri }) => changedManifest(uri)));
      this.judgeAll(this.open.keys());
    });
    connection.onNotification(lspNotifications.workspaceFolders, ({ event: { added, removed } }) => {
      const gone = new Set(removed.map(({ uri }) => uri));
      this.roots = [...this.roots.filter((uri) => !gone.has(uri)), ...added.map(({ uri }) => uri)];
      this.editor.found(removed.flatMap(({ uri }) => manifestFilesUnder(uri)).map(({ uri }) => ({ uri, text: '' })));
      this.editor.found(this.roots.flatMap(manifestFilesUnder));
      this.judgeAll(this.open.keys());
    });
  }

  private handleCluster(): void {
    const { connection, clusterSide, editor } = this;
    const context: CommandContext = {
      editor,
      client: this.client,
      findings: this.findings,
      settings: () => this.settings.diagnostics,
      cluster: () => clusterSide.wanted(),
      workspaceFiles: () => this.roots.flatMap(manifestFilesUnder),
      isOpen: (uri) => this.open.has(uri),
    };
    const run = (params: ExecuteCommandParams, token: CancellationToken) =>
      this.answer(() => executeCommand(context, params, token).catch(refusal));
    connection.onRequest(lspRequests.codeLens, ({ textDocument: { uri } }) => this.answer(() => clusterSide.lenses(uri)));
    connection.onRequest(lspRequests.executeCommand, run);
    connection.onRequest(lspRequests.forecast, ({ textDocument: { uri } }, token) =>
      this.answer(async () => {
        const text = editor.documents.readable(uri);
        if (text === undefined || this.settings.cluster === undefined) return null;
        return (await clusterSide.wanted()).preview([{ uri, text }], this.settings.diagnostics.namespace, token);
      }),
    );
  }

  private answer<T>(question: () => T): T | ResponseError<void> {
    if (this.state === 'ready') return question();
    return new ResponseError(this.state === 'new' ? SERVER_NOT_INITIALIZED : INVALID_REQUEST, `the server is ${this.state}`);
  }

  private take(uri: string, version: number, text: string): void {
    this.open.set(uri, { version, text });
    this.editor.change({ uri, version, text: withLineFeeds(text) });
    this.judgeSoon(uri);
  }

  private judgeAll(uris: Iterable<string>): void {
    for (const uri of uris) this.judgeSoon(uri);
  }

  private judgeSoon(uri: string): void {
    clearTimeout(this.waiting.get(uri));
    const timer = setTimeout(() => this.judge(uri), PAUSE_MS);
    this.waiting.set(uri, timer);
    this.rendering.schedule(uri);
    this.clusterSide.schedule(uri);
  }

  private judge(uri: string): void {
    this.waiting.delete(uri);
    const found = this.editor.diagnostics(uri, this.settings.diagnostics);
    if (found === null) return;
    this.findings.set(uri, 'text', this.settings.enabled ? found.diagnostics.map(lspDiagnostic) : []);
  }
}

function refusal(error: unknown): ResponseError<void> {
  return new ResponseError(REQUEST_FAILED, error instanceof Error ? error.message : String(error));
}
