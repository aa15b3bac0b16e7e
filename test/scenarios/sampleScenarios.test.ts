// The scenarios among the samples pass, each and every time, and say the same whoever runs them.

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { scenarioFiles } from '../../src/host/scenario/files.ts';
import { createApiJudge } from '../../src/manifest/apiJudge.ts';
import { ClusterBases } from '../../src/scenario/bases.ts';
import { withScenarios } from '../../src/scenario/judge.ts';
import { textOfFailure } from '../../src/scenario/outcome.ts';
import { runScenario } from '../../src/scenario/run.ts';
import { readScenarios } from '../../src/scenario/source.ts';

const samples = join(import.meta.dirname, '../../samples');
const judge = withScenarios(createApiJudge());
const bases = new ClusterBases();

describe('scenarios of the samples', () => {
  for (const name of globSync('**/*.k8stest.yaml', { cwd: samples }).toSorted()) {
    const file = join(samples, name);
    for (const source of readScenarios(judge, readFileSync(file, 'utf8'))) {
      it(`${name}: ${source.title}`, async () => {
        const first = await runScenario(source, { files: scenarioFiles(file), bases });
        assert.deepEqual(
          first.failures.map((failure) => `${failure.range.start.line + 1}: ${textOfFailure(failure)}`),
          [],
        );
        // In slices, and on a cluster that nobody has used before.
        let asked = 0;
        const again = { isOver: () => ++asked % 500 === 0, pause: () => Promise.resolve() };
        assert.deepEqual(await runScenario(source, { files: scenarioFiles(file), bases: new ClusterBases(), ...again }), first);
      });
    }
  }
});
