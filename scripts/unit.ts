// `npm run test:unit [-- PATTERN…] [-- --grep TEXT] [-- --serial]`: the tests that need no VS Code.
// Files run in two worker processes; Node runs the TypeScript sources directly.

import Mocha from 'mocha';
import { availableParallelism } from 'node:os';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root, writeSummary } from './support/process.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { grep: { type: 'string' }, serial: { type: 'boolean' }, reporter: { type: 'string', default: 'dot' } },
});

const patterns = positionals.length > 0 ? positionals : ['test/{unit,scenarios,tidy,corpus}/**/*.test.ts'];
const files = patterns
  .flatMap((pattern) => globSync(pattern.endsWith('.ts') ? pattern : `${pattern}/**/*.test.ts`, { cwd: root }))
  .toSorted();
if (files.length === 0) throw new Error(`no test file matches ${patterns.join(' ')}`);

const mocha = new Mocha({
  ui: 'bdd',
  reporter: values.reporter,
  timeout: 60_000,
  forbidOnly: true,
  parallel: values.serial !== true && files.length > 1,
  jobs: Math.max(2, Math.min(4, availableParallelism())),
  ...(values.grep === undefined ? {} : { grep: values.grep }),
});
for (const file of new Set(files)) mocha.addFile(join(root, file));
await mocha.loadFilesAsync();

const runner = mocha.run((failures) => {
  writeSummary('unit', { passed: runner.stats?.passes ?? 0, failed: failures });
  process.exitCode = failures > 0 ? 1 : 0;
});
