// `npm run test:e2e [-- PATTERN]`: the mocha suites of test/e2e, which look at VS Code through a browser as a person does.
// Screenshots land in out/screenshots/, logs of the server in .cache/.

import Mocha from 'mocha';
import { globSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, writeSummary } from './support/process.ts';

const pattern = process.argv[2] ?? '';
const files = globSync('test/e2e/**/*.test.ts', { cwd: root }).filter((file) => file.includes(pattern));
if (files.length === 0) throw new Error(`no file of test/e2e matches ${pattern}`);
if (pattern === '') rmSync(join(root, 'out/screenshots'), { recursive: true, force: true });

const mocha = new Mocha({ ui: 'bdd', reporter: 'spec', timeout: 120_000, slow: 30_000, forbidOnly: true });
for (const file of files.toSorted()) mocha.addFile(join(root, file));
await mocha.loadFilesAsync();
const runner = mocha.run((failures) => {
  const summary = { passed: runner.stats?.passes ?? 0, failed: failures };
  console.log(`${summary.passed} passed, ${summary.failed} failed`);
  writeSummary('e2e', summary);
  process.exit(failures > 0 ? 1 : 0);
});
