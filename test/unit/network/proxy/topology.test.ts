import assert from 'node:assert/strict';
import type { EndpointRule } from '../../../../src/network/proxy/serviceRule.ts';
import { categorize } from '../../../../src/network/proxy/topology.ts';

interface Sketch {
  readonly node?: string;
  readonly state?: 'ready' | 'unready' | 'draining' | 'gone';
  readonly zones?: readonly string[];
  readonly nodes?: readonly string[];
}

/** `a`, `b`, …: one endpoint each. */
function endpoints(...all: readonly Sketch[]): readonly EndpointRule[] {
  return all.map(({ node = 'n1', state = 'ready', zones = [], nodes = [] }, index) => ({
    address: String.fromCharCode('a'.charCodeAt(0) + index),
    port: 80,
    pod: undefined,
    nodeName: node,
    ready: state === 'ready',
    serving: state === 'ready' || state === 'draining',
    terminating: state === 'draining' || state === 'gone',
    forZones: zones,
    forNodes: nodes,
  }));
}

const NODE = { name: 'n1', zone: 'z1' };
const names = (all: readonly EndpointRule[]): string => all.map(({ address }) => address).join('');

describe('Endpoints of a node', () => {
  const rows: readonly (readonly [title: string, all: readonly Sketch[], cluster: string, local: string, usable: boolean])[] = [
    ['none', [], '', '', false],
    ['those that are ready', [{}, { state: 'unready' }, { node: 'n2' }], 'ac', 'a', true],
    ['none of one that is not ready', [{ state: 'unready' }], '', '', false],
    ['those that drain only where none is ready', [{ state: 'draining' }, { node: 'n2' }], 'b', 'a', true],
    ['those that drain', [{ state: 'draining' }, { state: 'gone' }, { node: 'n2', state: 'draining' }], 'ac', 'a', true],
    ['its zone by hints', [{ zones: ['z1'] }, { zones: ['z2'] }, { zones: ['z1', 'z2'] }], 'ac', 'abc', true],
    ['all where one has no hint', [{ zones: ['z1'] }, { zones: ['z2'] }, {}], 'abc', 'abc', true],
    ['all where no hint is for its zone', [{ zones: ['z2'] }, { zones: ['z3'] }], 'ab', 'ab', true],
    [
      'its own by hints for nodes',
      [
        { nodes: ['n1'], zones: ['z1'] },
        { nodes: ['n2'], zones: ['z1'] },
      ],
      'a',
      'ab',
      true,
    ],
    [
      'its zone where no hint is for the node',
      [
        { nodes: ['n2'], zones: ['z1'] },
        { nodes: ['n3'], zones: ['z2'] },
      ],
      'a',
      'ab',
      true,
    ],
    ['by hints of ready ones only', [{ zones: ['z1'] }, { state: 'unready' }, { zones: ['z2'] }], 'a', 'ac', true],
  ];
  for (const [title, all, cluster, local, usable] of rows) {
    it(title, () => {
      const found = categorize(endpoints(...all), NODE);
      assert.deepEqual([names(found.cluster), names(found.local), found.usable], [cluster, local, usable]);
    });
  }

  it('are one list for all nodes without hints, and their own with hints', () => {
    const plain = endpoints({}, { node: 'n2' });
    assert.equal(categorize(plain, NODE).cluster, categorize(plain, { name: 'n2', zone: 'z2' }).cluster);
    assert.equal(names(categorize(plain, { name: 'n2', zone: 'z2' }).local), 'b');
    const hinted = endpoints({ zones: ['z1'] }, { zones: ['z2'] });
    assert.equal(names(categorize(hinted, NODE).cluster), 'a');
    assert.equal(names(categorize(hinted, { name: 'n2', zone: 'z2' }).cluster), 'b');
  });
});
