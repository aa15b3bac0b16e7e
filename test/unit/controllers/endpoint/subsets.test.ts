import assert from 'node:assert/strict';
import { repackSubsets, truncateSubsets, type Reached } from '../../../../src/controllers/endpoint/subsets.ts';

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

describe('truncateSubsets', () => {
  const addresses = (count: number) => Array.from({ length: count }, (_, index) => ({ ip: `10.0.${index >> 8}.${index & 255}` }));
  const sizes = (subsets: Parameters<typeof truncateSubsets>[0]): readonly string[] =>
    truncateSubsets(subsets).subsets.map((subset) => `${subset.addresses?.length ?? 0}+${subset.notReadyAddresses?.length ?? 0}`);

  for (const [title, given, expected] of [
    ['keeps a thousand', [{ addresses: addresses(600), notReadyAddresses: addresses(400) }], ['600+400']],
    [
      'takes those that are not ready first, each subset by its share',
      [{ addresses: addresses(900), notReadyAddresses: addresses(200) }, { notReadyAddresses: addresses(100) }],
      ['900+67', '0+33'],
    ],
    [
      'drops all that are not ready when the ready ones are too many',
      [{ addresses: addresses(1500), notReadyAddresses: addresses(5) }, { addresses: addresses(500) }],
      ['750+0', '250+0'],
    ],
  ] as const) {
    it(title, () => assert.deepEqual(sizes(given), expected));
  }

  it('says whether it took any', () => {
    assert.equal(truncateSubsets([{ addresses: addresses(1000) }]).truncated, false);
    assert.equal(truncateSubsets([{ addresses: addresses(1001) }]).truncated, true);
  });
});
