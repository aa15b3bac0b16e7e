import assert from 'node:assert/strict';
import type { ImageProgram } from '../../../src/api/kubepad/image/types.ts';
import { describedMemory, exceedsAfter } from '../../../src/runtime/programs/memory.ts';

const MEBI = 1024 * 1024;
const growing: ImageProgram = { memory: [{ amount: '64Mi' }, { after: '1m', amount: '256Mi' }] };
const later: ImageProgram = { memory: [{ after: '10s', amount: '8Mi' }] };

describe('the memory of a described program', () => {
  const cases: readonly (readonly [string, ImageProgram | undefined, number, number | undefined])[] = [
    ['at its start', growing, 0, 64],
    ['half way', growing, 30_000, 160],
    ['after the last entry', growing, 100_000, 256],
    ['before the first entry', later, 0, 8],
    ['of which nothing is said', {}, 0, undefined],
    ['without a description', undefined, 0, undefined],
  ];
  for (const [title, program, ageMs, mebi] of cases)
    it(title, () => assert.equal(describedMemory(program, ageMs), mebi === undefined ? undefined : mebi * MEBI));

  const limits: readonly (readonly [ImageProgram | undefined, number, number | undefined])[] = [
    [growing, 128, 20_000],
    [growing, 256, undefined],
    [growing, 32, 0],
    [undefined, 1, undefined],
  ];
  for (const [program, mebi, afterMs] of limits)
    it(`a limit of ${mebi}Mi is exceeded after ${afterMs ?? 'no time'}`, () => assert.equal(exceedsAfter(program, mebi * MEBI), afterMs));
});
