import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter, type MessageConnection } from 'vscode-jsonrpc/node';
import { type LspDiagnostic, lspNotifications, lspRequests, lspTells } from '../../../../src/host/lsp/protocol.ts';

/** An editor as a script: it speaks to `kubepad lsp --stdio`, a process of its own. */
export class Client {
  readonly connection: MessageConnection;
  private readonly child: ChildProcess;
  private readonly said: { readonly uri: string; readonly version: number; readonly diagnostics: readonly LspDiagnostic[] }[] = [];
  private readonly waiting: (() => void)[] = [];
  private version = 1;

  constructor() {
    const program = join(import.meta.dirname, '../../../../src/host/cli/main.ts');
    const child = spawn(process.execPath, [program, 'lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.child = child;
    this.connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    this.connection.onNotification(lspTells.diagnostics, (params) => {
      this.said.push(params);
      for (const wake of this.waiting.splice(0)) wake();
    });
    this.connection.listen();
  }

  async start(rootUri: string | null): Promise<{ readonly capabilities: Readonly<Record<string, unknown>> }> {
    const answer = await this.connection.sendRequest(lspRequests.initialize, { rootUri });
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

  /** The exit code of the server. */
  async end(): Promise<number | null> {
    const exit = once(this.child, 'exit') as Promise<[number | null]>;
    await this.connection.sendRequest(lspRequests.shutdown);
    await this.connection.sendNotification(lspNotifications.exit);
    const [code] = await exit;
    this.connection.dispose();
    return code;
  }

  kill(): void {
    this.child.kill();
  }

  private async verdict(uri: string, version: number): Promise<readonly LspDiagnostic[]> {
    for (;;) {
      const found = this.said.find((each) => each.uri === uri && each.version === version);
      if (found !== undefined) return found.diagnostics;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }
}
