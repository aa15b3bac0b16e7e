/**
 * The program behind `main.ts` for `validate` alone, which needs no cluster.
 */
import { Command } from 'commander';
import { addValidateCommand } from './validate.ts';

const program = new Command('kubepad');
addValidateCommand(program);
await program.parseAsync();
