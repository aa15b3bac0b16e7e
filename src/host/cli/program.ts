/**
 * The program behind `main.ts` with all its commands.
 */
import { Command } from 'commander';
import { addBuildCommand } from './build.ts';
import { addCompareCommand } from './compare.ts';
import { addForecastCommand } from './forecast.ts';
import { addImportCommand } from './import.ts';
import { addLspCommand } from './lsp.ts';
import { addMcpCommand } from './mcp.ts';
import { addServeCommand } from './serve.ts';
import { addTestCommand } from './test.ts';
import { addValidateCommand } from './validate.ts';

const program = new Command('kubepad').description('A Kubernetes cluster, simulated faithfully.').version('0.1.0');
addBuildCommand(program);
addCompareCommand(program);
addForecastCommand(program);
addImportCommand(program);
addLspCommand(program);
addMcpCommand(program);
addServeCommand(program);
addTestCommand(program);
addValidateCommand(program);
await program.parseAsync();
