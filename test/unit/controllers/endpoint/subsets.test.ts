import assert from 'node:assert/strict';
import { repackSubsets, type Reached } from '../../../../src/controllers/endpoint/subsets.ts';

const reach = (ip: string, port: number, ready = true): Reached => ({ address: { ip }, ready, port: { port, protocol: 'TCP' } });
const text = (reached: readonly Reached[]): readonly string[] =>
  repackSubsets(reached).map(({ addresses = [], notReadyAddresses = [], ports = [] }) =>
    [addresses.map(({ ip }) => ip).join(), notReadyAddresses.map(({ ip }) => ip).join(), ports.map(({ port }) => port).join()].join(' | '),
  );

describe('repackSubsets', () => {
  it('puts ports that reach the same addresses together', () => {
    assert.deepEqual(text([reach('b', 80), reach('a', 80), reach('a', 443), reach('b', 443)]), ['a,b |  | 443,80']);
  });
  it('keeps ports apart that reach different addresses', () => {
    assert.deepEqual([...text([reach('a', 80), reach('b', 80), reach('a', 443)])].sort(), ['a |  | 443', 'a,b |  | 80']);
  });
  it('tells ready from not ready', () => {
    assert.deepEqual(text([reach('a', 80), reach('b', 80, false)]), ['a | b | 80']);
  });
});
