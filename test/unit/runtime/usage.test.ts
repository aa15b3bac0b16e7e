import assert from 'node:assert/strict';
import { idleUsage } from '../../../src/runtime/usage.ts';

const NONE = { requestedMilliCpu: 0, requestedBytes: 0, limitMilliCpu: Number.POSITIVE_INFINITY, limitBytes: Number.POSITIVE_INFINITY };

describe('what an idle program uses', () => {
  it('is the same for the same container at the same time, and differs between containers', () => {
    assert.deepEqual(idleUsage('a', NONE, 5000), idleUsage('a', NONE, 5000));
    assert.notDeepEqual(idleUsage('a', NONE, 5000), idleUsage('b', NONE, 5000));
  });

  it('follows what was asked for', () => {
    const small = idleUsage('a', { ...NONE, requestedMilliCpu: 100, requestedBytes: 64e6 }, 60_000);
    const large = idleUsage('a', { ...NONE, requestedMilliCpu: 1000, requestedBytes: 640e6 }, 60_000);
    assert.equal(Math.round(large.nanoCpu / small.nanoCpu), 10);
    assert.equal(Math.round(large.memoryBytes / small.memoryBytes), 10);
    assert(large.nanoCpu < 1000 * 1e6 && large.memoryBytes < 640e6);
  });

  it('is what is known of a program by its name, whatever was asked for', () => {
    const profile = { memoryBytes: 100e6, idleMilliCpu: 5 };
    const asked = idleUsage('a', { ...NONE, requestedMilliCpu: 1000, requestedBytes: 640e6 }, 60_000, profile);
    assert.deepEqual(asked, idleUsage('a', NONE, 60_000, profile));
    assert(asked.memoryBytes >= 80e6 && asked.memoryBytes <= 120e6 && asked.nanoCpu > 1e6 && asked.nanoCpu < 10e6);
    assert(idleUsage('a', { ...NONE, limitBytes: 50e6 }, 60_000, profile).memoryBytes < 50e6);
  });

  it('stays under its limits', () => {
    const { nanoCpu, memoryBytes } = idleUsage('a', { ...NONE, requestedMilliCpu: 1000, limitMilliCpu: 5, limitBytes: 1e6 }, 60_000);
    assert(nanoCpu <= 5e6 && memoryBytes < 1e6);
  });
});
