import assert from 'node:assert/strict';
import { addLine, bytesOfFiles, formerLines, lookAtFile, newLogFile, type Rotation } from '../../../src/runtime/logFile.ts';

const ROTATION: Rotation = { maxBytes: 200, maxFiles: 3, intervalMs: 10_000, phaseMs: 4_000 };
/** 50 bytes with the time and the stream. */
const TEXT = 'nine char';

describe('the file of a log', () => {
  const cases: readonly (readonly [what: string, times: readonly number[], now: number, former: number])[] = [
    ['is the first one while it is small', [1, 2, 3, 4], 60, 0],
    ['stays as it is until the kubelet looks', [1, 1, 1, 1, 1, 1], 3, 0],
    ['is a new one after the look that finds it too large', [1, 1, 1, 1, 1, 1], 5, 6],
    ['takes lines that come between two looks, however many', [1, 1, 1, 1, 1, 5, 5, 5, 5, 5, 5], 13, 5],
    ['is a new one again after the next look', [1, 1, 1, 1, 1, 5, 5, 5, 5, 5, 5], 14, 11],
  ];
  for (const [what, times, now, former] of cases) {
    it(what, () => {
      const lines = times.map((second) => ({ atMs: second * 1000, text: TEXT }));
      assert.equal(formerLines(lines, ROTATION, now * 1000), former);
    });
  }

  it('and those before it take room, compressed but for the last', () => {
    const file = newLogFile();
    const sizes: number[] = [];
    for (let round = 0; round < 4; round++) {
      lookAtFile(file, round * 5, ROTATION, round * 10_000 + 5_000);
      for (let line = 0; line < 5; line++) addLine(file, TEXT);
      sizes.push(bytesOfFiles(file, ROTATION));
    }
    const size = 5 * (TEXT.length + 41);
    assert.deepEqual(sizes, [size, size + 200, size + 220, size + 220]);
  });
});
