import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { samplesIn } from '../../../src/extension/samples/sampleList.ts';

const samples = join(import.meta.dirname, '../../../samples');

describe('the list of samples', () => {
  it('is read from the rows that link to a folder', () => {
    const table =
      '| folder | shows | try |\n| --- | --- | --- |\n| [a-b](a-b) | one **idea** | `apply` it; see [c](c) |\n| [x](http://x) | | |';
    assert.deepEqual(samplesIn(table), [{ folder: 'a-b', shows: 'one idea', hint: 'apply it; see c' }]);
  });

  it('has every folder of samples with what it shows and a README', () => {
    const listed = samplesIn(readFileSync(join(samples, 'README.md'), 'utf8'));
    const folders = readdirSync(samples, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
    assert.deepEqual(listed.map(({ folder }) => folder).toSorted(), folders.toSorted());
    for (const { folder, shows, hint } of listed) {
      assert.ok(shows !== '' && hint !== '', folder);
      assert.ok(existsSync(join(samples, folder, 'README.md')), folder);
    }
  });
});
