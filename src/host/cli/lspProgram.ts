/**
 * The program behind `main.ts` for `lsp` alone, which needs no cluster unless its client wants one.
 */
import { Command } from 'commander';
import { addLspCommand } from './lsp.ts';

const program = new Command('kubepad');
addLspCommand(program);
await program.parseAsync();
