/**
 * The program behind `main.ts` for `validate` alone, which needs no cluster.
 */
import { Command } from 'commander';
import { addValidateCommand } from './validate.ts';

const program = new Command('kubepad');
addValidateCommand(program);
// Not awaited: the bundle is CommonJS, which has no await at its top.
void program.parseAsync();
