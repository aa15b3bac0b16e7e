// Each folder with an input.yaml is a scenario; timeline.txt is what has to be seen. UPDATE_GOLDEN=1 writes it anew.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { playScenario } from './support/scenario.ts';

describe('scenarios', () => {
  const folders = readdirSync(import.meta.dirname).filter((name) => existsSync(join(import.meta.dirname, name, 'input.yaml')));

  for (const folder of folders) {
    it(`${folder} goes as recorded`, function () {
      this.timeout(20_000);
      const golden = join(import.meta.dirname, folder, 'timeline.txt');
      const { title, lines } = playScenario(readFileSync(join(import.meta.dirname, folder, 'input.yaml'), 'utf8'));
      const text = `${title}\n\n${lines.join('\n')}\n`;
      if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden, text);
      assert.equal(text, existsSync(golden) ? readFileSync(golden, 'utf8') : '');
    });
  }
});
