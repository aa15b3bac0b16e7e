import assert from 'node:assert/strict';
import { limitsOf } from '../../../src/kubelet/limits.ts';

describe('limitsOf', () => {
  const MI = 1_048_576;
  const rows: readonly (readonly [limits: Readonly<Record<string, string>> | undefined, milliCpu: number, memoryBytes: number])[] = [
    [undefined, Infinity, Infinity],
    [{}, Infinity, Infinity],
    [{ cpu: '500m', memory: '64Mi' }, 500, 64 * MI],
    // Zero is no limit, not nothing.
    [{ cpu: '0', memory: '0' }, Infinity, Infinity],
    [{ cpu: '0' }, Infinity, Infinity],
    // A quota has a least.
    [{ cpu: '1m' }, 10, Infinity],
  ];
  for (const [limits, milliCpu, memoryBytes] of rows) {
    it(`of ${JSON.stringify(limits)}`, () => {
      assert.deepEqual(limitsOf(limits === undefined ? {} : { resources: { limits } }), { milliCpu, memoryBytes });
    });
  }
});
