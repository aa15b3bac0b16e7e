/**
 * A language server under the clock: the same client, text and edits for ours and for another.
 * Invariant: an edit is sent when the answer to the one before has come. Counterpart: an editor that somebody types in.
 */
import { spawn } from 'node:child_process';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter, type MessageConnection } from 'vscode-jsonrpc/node';
import { type LspDiagnostic, lspNotifications, lspTells } from '../../../src/host/lsp/protocol.ts';

export interface LanguageServer {
  readonly program: string;
  readonly args: readonly string[];
  /** What the editor's extension for this server answers and tells before a file is opened. */
  readonly prepare?: (connection: MessageConnection) => void;
  readonly ready?: (connection: MessageConnection) => Promise<void>;
}

export interface ServerTimes {
  /** From the start of the process to diagnostics that have the finding. */
  readonly firstMs: number;
  /** From each edit to the diagnostics that follow it, the server's pause included. */
  readonly keystrokesMs: readonly number[];
}

export interface Typing {
  readonly text: string;
  /** Where a letter is typed, then the next, and so on; lines from 0. */
  readonly line: number;
  readonly character: number;
  readonly keystrokes: number;
}

const uri = 'file:///bench/a.yaml';

/** @param typing a text with at least one finding */
export async function measureServer(server: LanguageServer, typing: Typing): Promise<ServerTimes> {
  const start = performance.now();
  const child = spawn(process.execPath, [server.program, ...server.args], { stdio: ['pipe', 'pipe', 'ignore'] });
  const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  const verdicts = new Verdicts(connection);
  server.prepare?.(connection);
  connection.listen();
  try {
    const textDocument = { synchronization: {}, publishDiagnostics: { relatedInformation: true } };
    const capabilities = { textDocument, workspace: { configuration: true, didChangeConfiguration: {} } };
    await connection.sendRequest('initialize', { processId: process.pid, rootUri: null, workspaceFolders: null, capabilities });
    await connection.sendNotification(lspNotifications.initialized, {});
    await server.ready?.(connection);
    const opened = { uri, languageId: 'yaml', version: 1, text: typing.text };
    await connection.sendNotification(lspNotifications.didOpen, { textDocument: opened });
    while ((await verdicts.next()).length === 0);
    const firstMs = performance.now() - start;
    const keystrokesMs: number[] = [];
    for (let key = 0; key < typing.keystrokes; key++) {
      const at = { line: typing.line, character: typing.character + key };
      const typed = performance.now();
      await connection.sendNotification(lspNotifications.didChange, {
        textDocument: { uri, version: key + 2 },
        contentChanges: [{ range: { start: at, end: at }, text: 'x' }],
      });
      await verdicts.next();
      keystrokesMs.push(performance.now() - typed);
    }
    return { firstMs, keystrokesMs };
  } finally {
    connection.dispose();
    child.kill();
  }
}

/** What the server says about the file, one after the other. */
class Verdicts {
  private readonly said: (readonly LspDiagnostic[])[] = [];
  private wake: () => void = () => undefined;

  constructor(connection: MessageConnection) {
    connection.onNotification(lspTells.diagnostics, (params) => {
      if (params.uri === uri) this.said.push(params.diagnostics);
      this.wake();
    });
  }

  async next(): Promise<readonly LspDiagnostic[]> {
    for (;;) {
      const found = this.said.shift();
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}
