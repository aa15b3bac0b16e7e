// docs/concepts.md: every concept has something to apply and a test, and both are there.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './support/sources.ts';

/** The concepts that have to be made visible, by letter; B8, E5 and E7 are no numbers of such. */
const CONCEPTS: Readonly<Record<string, readonly number[]>> = {
  A: range(1, 14),
  B: [...range(1, 7), ...range(9, 11)],
  C: range(1, 15),
  D: range(1, 10),
  E: [...range(1, 4), 6, ...range(8, 14)],
};
const TRAPS = 6;

interface Row {
  readonly id: string;
  readonly links: readonly (readonly string[])[];
}

const text = readFileSync(join(root, 'docs/concepts.md'), 'utf8');
const rows = text.split('\n').flatMap((line): readonly Row[] => {
  const cells = line.split('|').map((cell) => cell.trim());
  const id = cells[1] ?? '';
  if (!/^[A-E]\d+$/.test(id)) return [];
  return [{ id, links: cells.slice(4, 6).map((cell) => [...cell.matchAll(/\]\(\.\.\/([^)]+)\)/g)].map(([, path]) => path ?? '')) }];
});

describe('docs/concepts.md', () => {
  it('has a row for each concept, in their order', () => {
    const wanted = Object.entries(CONCEPTS).flatMap(([letter, numbers]) => numbers.map((number) => `${letter}${number}`));
    assert.deepEqual(
      rows.map(({ id }) => id),
      wanted,
    );
  });

  for (const { id, links } of rows) {
    it(`${id} names a sample and a story or test that exist`, () => {
      const [samples = [], tests = []] = links;
      assert.ok(samples.length > 0 && samples.every((path) => path.startsWith('samples/')), 'no sample');
      assert.ok(tests.length > 0 && tests.every((path) => path.startsWith('test/')), 'no story or test');
      for (const path of [...samples, ...tests]) assert.ok(existsSync(join(root, path)), `${path} does not exist`);
    });
  }

  it('tells a story of each trap', () => {
    const traps = text
      .slice(text.indexOf('## Traps'))
      .split('\n')
      .filter((line) => line.includes('timeline.txt'));
    assert.equal(traps.length, TRAPS);
  });
});

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
