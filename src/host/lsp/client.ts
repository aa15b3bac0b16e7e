/**
 * The client of the server: what it can do, and what it is told and asked.
 * Invariant: nothing is asked that it did not say it can; a refusal of the client is no failure of the server.
 * Counterpart: the client side of LSP 3.17.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { MessageConnection } from 'vscode-jsonrpc';
import { isRecord } from '../../manifest/recognise.ts';
import { lspAsks, lspTells, MESSAGE_TYPES, type WorkDone } from './protocol.ts';

/** Of the file system's changes those that matter. */
const WATCHED = ['**/*.{yaml,yml,json,tpl}', '**/Kustomization', '**/Chart.yaml'];

export class LspClient {
  private readonly connection: MessageConnection;
  private capabilities: unknown;
  private folder: string | undefined;

  constructor(connection: MessageConnection) {
    this.connection = connection;
  }

  /** @param capabilities as `initialize` had them */
  is(capabilities: unknown): void {
    this.capabilities = capabilities;
  }

  /** Of something that takes long, to a client that has given a token for it. */
  progress(token: string | number | undefined, value: WorkDone): void {
    if (token !== undefined) void this.connection.sendNotification(lspTells.progress, { token, value });
  }

  /** For people. */
  show(type: keyof typeof MESSAGE_TYPES, message: string): void {
    void this.connection.sendNotification(lspTells.showMessage, { type: MESSAGE_TYPES[type], message: `Kubepad: ${message}` });
  }

  /** For people who look for it. */
  log(type: keyof typeof MESSAGE_TYPES, message: string): void {
    void this.connection.sendNotification(lspTells.logMessage, { type: MESSAGE_TYPES[type], message });
  }

  /**
   * A text of several lines: as a document where the client can open one, else as a message.
   * @param name of the file that it becomes
   */
  async showText(name: string, text: string): Promise<void> {
    if (!this.can('window', 'showDocument', 'support')) return this.show('info', text);
    this.folder ??= mkdtempSync(join(tmpdir(), 'kubepad-lsp-'));
    const file = join(this.folder, name);
    writeFileSync(file, text);
    await this.asked(this.connection.sendRequest(lspAsks.showDocument, { uri: pathToFileURL(file).href }));
  }

  /** Undefined: the client does not let its settings be asked for, or has none. */
  async settings(): Promise<unknown> {
    if (!this.can('workspace', 'configuration')) return undefined;
    const [settings] = (await this.asked(this.connection.sendRequest(lspAsks.configuration, { items: [{ section: 'kubepad' }] }))) ?? [];
    return settings ?? undefined;
  }

  /** Asks to be told of files and settings that change. */
  async follow(): Promise<void> {
    const registrations = [
      ...(this.can('workspace', 'didChangeWatchedFiles', 'dynamicRegistration')
        ? [
            {
              id: 'files',
              method: 'workspace/didChangeWatchedFiles',
              registerOptions: { watchers: WATCHED.map((globPattern) => ({ globPattern })) },
            },
          ]
        : []),
      ...(this.can('workspace', 'didChangeConfiguration', 'dynamicRegistration')
        ? [{ id: 'settings', method: 'workspace/didChangeConfiguration', registerOptions: { section: 'kubepad' } }]
        : []),
    ];
    if (registrations.length > 0) await this.asked(this.connection.sendRequest(lspAsks.register, { registrations }));
  }

  lensesChanged(): void {
    if (this.can('workspace', 'codeLens', 'refreshSupport')) void this.asked(this.connection.sendRequest(lspAsks.codeLensRefresh));
  }

  tokensChanged(): void {
    if (this.can('workspace', 'semanticTokens', 'refreshSupport'))
      void this.asked(this.connection.sendRequest(lspAsks.semanticTokensRefresh));
  }

  /** Whether places in the label of a signature are understood. */
  get takesLabelOffsets(): boolean {
    return this.can('textDocument', 'signatureHelp', 'signatureInformation', 'parameterInformation', 'labelOffsetSupport');
  }

  /** Whether texts of completions may have places to fill in. */
  get takesSnippets(): boolean {
    return this.can('textDocument', 'completion', 'completionItem', 'snippetSupport');
  }

  /** Whether edits may say of which version of a text they speak. */
  get takesVersionedEdits(): boolean {
    return this.can('workspace', 'workspaceEdit', 'documentChanges');
  }

  hintsChanged(): void {
    if (this.can('workspace', 'inlayHint', 'refreshSupport')) void this.asked(this.connection.sendRequest(lspAsks.inlayHintRefresh));
  }

  dispose(): void {
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true, force: true });
    this.folder = undefined;
  }

  private can(...path: readonly string[]): boolean {
    let found: unknown = this.capabilities;
    for (const name of path) found = isRecord(found) ? found[name] : undefined;
    return found === true;
  }

  private async asked<T>(answer: Promise<T>): Promise<T | undefined> {
    try {
      return await answer;
    } catch {
      return undefined;
    }
  }
}
