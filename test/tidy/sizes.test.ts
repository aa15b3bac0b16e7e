import assert from 'node:assert/strict';
import { readSources } from './support/sources.ts';

const limitLines = 400;
const extensionLimitLines = 120;

describe('file sizes', () => {
  const sizes = readSources('src', 'scripts', 'test')
    .filter(({ path }) => !path.startsWith('src/api/schema/'))
    .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }));

  it(`are at most ${limitLines} lines`, () => {
    assert.deepEqual(
      sizes.filter(({ lines }) => lines > limitLines).map(({ path, lines }) => `${path}: ${lines}`),
      [],
    );
  });

  it(`leave extension.ts with at most ${extensionLimitLines} lines`, () => {
    assert.ok((sizes.find(({ path }) => path === 'src/extension.ts')?.lines ?? Infinity) <= extensionLimitLines);
  });

  it('have a median of at most 150 lines', () => {
    const sorted = sizes
      .filter(({ path }) => path.startsWith('src/'))
      .map(({ lines }) => lines)
      .toSorted((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
    console.log(
      `      src: ${sorted.length} files, ${sorted.reduce((sum, lines) => sum + lines, 0)} lines, median ${median}, longest ${sorted.at(-1) ?? 0}`,
    );
    assert.ok(median <= 150, `median ${median}`);
  });
});
