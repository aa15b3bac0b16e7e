/**
 * The program behind `main.ts` for `lsp` alone, which needs no cluster.
 */
import { Command } from 'commander';
import { addLspCommand } from './lsp.ts';

const program = new Command('kubepad');
addLspCommand(program);
// Not awaited: the bundle is CommonJS, which has no await at its top.
void program.parseAsync();
