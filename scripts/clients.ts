// `npm run test:clients`: the real kubectl and helm against `kubepad serve`. The two files run one after the other, as each
// has a server of its own and waits for real programs.

import Mocha from 'mocha';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { root, writeSummary } from './support/process.ts';

const mocha = new Mocha({ ui: 'bdd', reporter: 'spec', forbidOnly: true });
for (const file of globSync('test/clients/*.test.ts', { cwd: root }).toSorted()) mocha.addFile(join(root, file));
await mocha.loadFilesAsync();
mocha.run((failures) => {
  writeSummary('clients', { passed: mocha.suite.total() - failures, failed: failures });
  process.exitCode = failures > 0 ? 1 : 0;
});
