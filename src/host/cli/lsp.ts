/**
 * `kubepad lsp --stdio`: the editor's language service for other editors.
 */
import type { Command } from 'commander';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { programRoot } from '../documentation.ts';
import { serveLanguage } from '../lsp/server.ts';
import { PROGRAM } from '../program.ts';

export function addLspCommand(program: Command): void {
  program
    .command('lsp')
    .description('Serve diagnostics, hovers, completions and navigation of manifests over the Language Server Protocol.')
    .option('--stdio', 'speak over standard input and output (the only way, and the default)')
    .action(() => {
      const connection = createMessageConnection(new StreamMessageReader(process.stdin), new StreamMessageWriter(process.stdout));
      // A client that is gone needs no server.
      connection.onClose(() => process.exit(1));
      serveLanguage(connection, { root: programRoot(), version: PROGRAM.split(' ')[1] ?? '', exit: (code) => process.exit(code) });
    });
}
