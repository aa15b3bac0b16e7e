// `npm test`: everything that must hold, stage by stage, and one line at the end that sums it up.
// A stage that fails does not hide the others; those that need a build are skipped (as failed) if there is none.

import { readSummary, root, run, type Summary, writeSummary } from './support/process.ts';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

interface Stage {
  readonly name: string;
  readonly title: string;
  readonly script: string;
  readonly needsBuild?: boolean;
}

const stages: readonly Stage[] = [
  { name: 'lint', title: 'Lint and format', script: 'lint' },
  { name: 'typecheck', title: 'Types', script: 'typecheck' },
  { name: 'package', title: 'Production build and package', script: 'package' },
  { name: 'build', title: 'Build', script: 'build' },
  { name: 'unit', title: 'Unit, scenario, tidy and corpus tests', script: 'test:unit' },
  { name: 'clients', title: 'Real kubectl and helm', script: 'test:clients' },
  { name: 'integration', title: 'Inside VS Code', script: 'test:integration', needsBuild: true },
  { name: 'e2e', title: 'End to end, in a browser', script: 'test:e2e', needsBuild: true },
];

rmSync(join(root, 'out', 'summary'), { recursive: true, force: true });
const results: { readonly stage: Stage; readonly summary: Summary; readonly seconds: number }[] = [];
for (const stage of stages) {
  console.log(`\n━━━ ${stage.title} (npm run ${stage.script}) ━━━`);
  const started = performance.now();
  const summary = await runStage(stage);
  results.push({ stage, summary, seconds: (performance.now() - started) / 1000 });
}

console.log('\n━━━ Result ━━━');
for (const { stage, summary, seconds } of results) {
  const mark = summary.failed === 0 ? '✔' : '✖';
  console.log(`${mark} ${stage.title.padEnd(40)} ${summary.passed} passed, ${summary.failed} failed (${seconds.toFixed(1)} s)`);
}
const passed = results.reduce((sum, { summary }) => sum + summary.passed, 0);
const failed = results.reduce((sum, { summary }) => sum + summary.failed, 0);
writeSummary('all', { passed, failed });
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

/** A stage without a summary of its own counts as one check; one that fails without a failed test counts as one failure. */
async function runStage(stage: Stage): Promise<Summary> {
  const built = results.every(({ stage: earlier, summary }) => earlier.name !== 'build' || summary.failed === 0);
  if (stage.needsBuild === true && !built) {
    console.log('skipped: the build failed');
    return { passed: 0, failed: 1 };
  }
  const code = await run('npm', ['run', '--silent', stage.script]);
  const summary = readSummary(stage.name) ?? { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 };
  return code !== 0 && summary.failed === 0 ? { ...summary, failed: 1 } : summary;
}
