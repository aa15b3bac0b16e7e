import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter, type MessageConnection } from 'vscode-jsonrpc/node';
import { serveLanguage } from '../../../../src/host/lsp/server.ts';
import { lspAsks, type LspDiagnostic, lspNotifications, lspRequests, lspTells } from '../../../../src/host/lsp/protocol.ts';

const root = join(import.meta.dirname, '../../../..');

interface Link {
  readonly input: Readable;
  readonly output: Writable;
  /** With the exit code. */
  readonly exited: Promise<number | null>;
  readonly kill: () => void;
}

/** The program, in a process of its own. */
export function programLink(): Link {
  const program = join(root, 'src/host/cli/main.ts');
  const child = spawn(process.execPath, [program, 'lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  return { input: child.stdout, output: child.stdin, exited, kill: () => void child.kill() };
}

/** The server alone, in this process. */
export function serverLink(): Link {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const connection = createMessageConnection(new StreamMessageReader(output), new StreamMessageWriter(input));
  const exited = new Promise<number>((resolve) => serveLanguage(connection, { root, version: '0', exit: resolve }));
  return { input, output, exited, kill: () => connection.dispose() };
}

interface Said {
  readonly uri: string;
  readonly version?: number;
  readonly diagnostics: readonly LspDiagnostic[];
}

interface Start {
  readonly rootUri?: string | null;
  readonly initializationOptions?: unknown;
  /** What the client can do with documents, and whether its edits have versions. */
  readonly textDocument?: object;
  readonly workspaceEdit?: object;
  /** What the client answers when it is asked for its settings; undefined: it cannot be asked. */
  readonly settings?: unknown;
}

/** An editor as a script. */
export class Client {
  readonly connection: MessageConnection;
  readonly messages: string[] = [];
  /** What the server wanted to be told of. */
  readonly registered: string[] = [];
  /** Documents that the server opened. */
  readonly shown: string[] = [];
  /** How often the server said that other lenses stand above documents. */
  refreshes = 0;
  private readonly link: Link;
  private readonly said: Said[] = [];
  private waiting: (() => void)[] = [];
  private version = 1;

  /** @param link to a server that listens */
  constructor(link: Link) {
    this.link = link;
    this.connection = createMessageConnection(new StreamMessageReader(link.input), new StreamMessageWriter(link.output));
    this.connection.onNotification(lspTells.diagnostics, (params) => this.heard(() => this.said.push(params)));
    const message = ({ message: text }: { readonly message: string }): void => this.heard(() => this.messages.push(text));
    this.connection.onNotification(lspTells.showMessage, message);
    this.connection.onNotification(lspTells.logMessage, message);
    this.connection.onRequest(lspAsks.register, ({ registrations }) => {
      for (const { method } of registrations as readonly { readonly method: string }[]) this.registered.push(method);
      return null;
    });
    this.connection.onRequest(lspAsks.showDocument, ({ uri }) => {
      this.heard(() => this.shown.push(uri));
      return { success: true };
    });
    this.connection.onRequest(lspAsks.codeLensRefresh, () => {
      this.heard(() => (this.refreshes += 1));
      return null;
    });
    this.connection.onRequest(lspAsks.inlayHintRefresh, () => null);
    this.connection.listen();
  }

  async start(start: Start): Promise<{ readonly capabilities: Readonly<Record<string, unknown>> }> {
    const { rootUri = null, initializationOptions, settings, textDocument, workspaceEdit } = start;
    const dynamic = { dynamicRegistration: true };
    const answer = await this.connection.sendRequest(lspRequests.initialize, {
      rootUri,
      initializationOptions,
      capabilities: {
        workspace: {
          configuration: settings !== undefined,
          didChangeWatchedFiles: dynamic,
          didChangeConfiguration: dynamic,
          codeLens: { refreshSupport: true },
          workspaceEdit,
        },
        textDocument,
        window: { showDocument: { support: true } },
      },
    });
    this.connection.onRequest(lspAsks.configuration, ({ items }) => items.map(() => settings));
    await this.connection.sendNotification(lspNotifications.initialized, {});
    return answer as { readonly capabilities: Readonly<Record<string, unknown>> };
  }

  async open(uri: string, text: string): Promise<readonly LspDiagnostic[]> {
    await this.connection.sendNotification(lspNotifications.didOpen, { textDocument: { uri, version: ++this.version, text } });
    return this.verdict(uri, this.version);
  }

  async edit(uri: string, line: number, from: number, to: number, text: string): Promise<readonly LspDiagnostic[]> {
    await this.connection.sendNotification(lspNotifications.didChange, {
      textDocument: { uri, version: ++this.version },
      contentChanges: [{ range: { start: { line, character: from }, end: { line, character: to } }, text }],
    });
    return this.verdict(uri, this.version);
  }

  /** What was said last about a file. */
  findings(uri: string): readonly LspDiagnostic[] {
    return this.said.findLast((each) => each.uri === uri)?.diagnostics ?? [];
  }

  /** Waits for what the server says until it has said what is asked for. */
  async until<T>(found: () => T | undefined | false): Promise<T> {
    for (;;) {
      const answer = found();
      if (answer !== undefined && answer !== false) return answer;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** The exit code of the server. */
  async end(): Promise<number | null> {
    await this.connection.sendRequest(lspRequests.shutdown);
    await this.connection.sendNotification(lspNotifications.exit);
    const code = await this.link.exited;
    this.connection.dispose();
    return code;
  }

  kill(): void {
    this.link.kill();
  }

  private heard(note: () => unknown): void {
    note();
    const woken = this.waiting;
    this.waiting = [];
    for (const wake of woken) wake();
  }

  private async verdict(uri: string, version: number): Promise<readonly LspDiagnostic[]> {
    return (await this.until(() => this.said.find((each) => each.uri === uri && each.version === version))).diagnostics;
  }
}
