import assert from 'node:assert/strict';
import type { NodePool, NodePoolSpec } from '../../../../src/api/kubepad/types.ts';
import { NODEPOOL_STRATEGY } from '../../../../src/api/kubepad/nodepool/strategy.ts';
import { machine } from '../../../../src/cloud/nodepool/machine.ts';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import { NODES } from '../../../../src/api/schema/resources.ts';

const pool = (spec: NodePoolSpec, name = 'p'): NodePool => ({ metadata: { name, uid: 'u' }, spec });

describe('validation of a NodePool', () => {
  const cases: readonly (readonly [string, NodePool, readonly string[]])[] = [
    ['a good one', pool({ count: 2, zones: ['a', 'b'], labels: { a: 'b' }, resources: { cpu: '500m' } }), []],
    ['neither count nor bounds', pool({}), ['spec.count']],
    ['a count beyond the bounds', pool({ count: 9, min: 0, max: 2 }), ['spec.count']],
    ['bounds the wrong way round', pool({ min: 3, max: 2 }), ['spec.min']],
    ['a zone that is no label', pool({ count: 1, zones: ['a', 'not one!'] }), ['spec.zones[1]']],
    ['an amount that is none', pool({ count: 1, resources: { cpu: 'lots' } }), ['spec.resources[cpu]']],
    [
      'taints that no node can have',
      pool({ count: 1, taints: [{ key: 'a b', value: 'c d', effect: 'NoSchedule' }] }),
      ['spec.taints[0].key', 'spec.taints[0].value'],
    ],
    [
      'a static Pod',
      pool({
        count: 1,
        staticPods: [{ metadata: { name: 'web', namespace: 'kube-system' }, spec: { containers: [{ name: 'c', image: 'i' }] } }],
      }),
      [],
    ],
    [
      'static Pods without a name and with one that is none, without containers and with one that has no image',
      pool({
        count: 1,
        staticPods: [{ metadata: {} }, { metadata: { name: 'Not one', namespace: 'a b' }, spec: { containers: [{ name: 'c' }] } }],
      }),
      [
        'spec.staticPods[0].metadata.name',
        'spec.staticPods[0].spec.containers',
        'spec.staticPods[1].metadata.name',
        'spec.staticPods[1].metadata.namespace',
        'spec.staticPods[1].spec.containers[0].image',
      ],
    ],
    ['a size that nobody sells', pool({ count: 1, instanceType: 'm5.tiny' }), ['spec.instanceType']],
    ['a name too long for its machines', pool({ count: 1 }, 'n'.repeat(58)), ['metadata.name']],
  ];
  for (const [title, object, fields] of cases) {
    it(title, () =>
      assert.deepEqual(
        NODEPOOL_STRATEGY.validate(object).map(({ path }) => path.toString()),
        fields,
      ),
    );
  }

  it('lets through only what can be made: 99,999 machines of the longest name', () => {
    const longest = pool({ count: 1, zones: ['z'.repeat(63)], labels: { a: 'b' } }, 'n'.repeat(57));
    assert.deepEqual(NODEPOOL_STRATEGY.validate(longest), []);
    const cluster = Cluster.create({ seed: 's', startTime: 0, preset: 'empty' });
    const created = cluster.admin().create(NODES, machine(longest, `${longest.metadata.name ?? ''}-99999`, 99_999));
    assert.equal(created.metadata.name?.length, 63);
  });
});
