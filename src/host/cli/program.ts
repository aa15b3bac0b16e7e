/**
 * The program behind `main.ts`: its commands, or, in a thread that `validate` started, that thread's share of the work.
 */
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { Command } from 'commander';
import { addServeCommand } from './serve.ts';
import { addValidateCommand } from './validate.ts';
import { checkShare } from './validateShare.ts';

if (isMainThread) {
  const program = new Command('kubepad').description('A Kubernetes cluster, simulated faithfully.').version('0.1.0');
  addServeCommand(program);
  addValidateCommand(program, join(import.meta.dirname, import.meta.filename.endsWith('.ts') ? 'main.ts' : 'kubepad.cjs'));
  // Not awaited: the bundle is CommonJS, which has no await at its top.
  void program.parseAsync();
} else checkShare();
