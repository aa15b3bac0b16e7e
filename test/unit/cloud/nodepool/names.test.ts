import assert from 'node:assert/strict';
import { machineIndex, machineName } from '../../../../src/cloud/nodepool/names.ts';
import { NODEPOOLS } from '../../../../src/api/kubepad/types.ts';
import { NODES } from '../../../../src/api/schema/resources.ts';
import { readyCluster, run } from '../../kubelet/support.ts';

const TABLE: readonly { readonly nodeNames?: readonly string[]; readonly names: readonly string[] }[] = [
  { names: ['web-1', 'web-2', 'web-3'] },
  { nodeNames: ['kind-worker'], names: ['kind-worker', 'kind-worker2', 'kind-worker3'] },
  { nodeNames: ['kind-worker', 'kind-worker3'], names: ['kind-worker', 'kind-worker3', 'kind-worker4'] },
  { nodeNames: ['alpha', 'beta'], names: ['alpha', 'beta', 'beta2'] },
];

describe('names of machines', () => {
  for (const { nodeNames, names } of TABLE)
    it(names.join(', '), () => {
      const pool = { metadata: { name: 'web' }, spec: { count: 3, ...(nodeNames === undefined ? {} : { nodeNames }) } };
      assert.deepEqual(
        names.map((_name, place) => machineName(pool, place + 1)),
        names,
      );
      const places = names.map((name) => machineIndex(pool, name));
      assert.deepEqual(
        places.toSorted((a, b) => a - b),
        places,
      );
    });

  it('of another pool are passed over, and the last ones go first', () => {
    const cluster = readyCluster();
    const create = (name: string, count: number): void => {
      const spec = { count, nodeNames: [name] };
      cluster.admin().create(NODEPOOLS, { apiVersion: 'kubepad.dev/v1', kind: 'NodePool', metadata: { name }, spec });
    };
    const names = (): readonly string[] =>
      cluster
        .admin()
        .list(NODES)
        .map(({ metadata }) => metadata.name ?? '')
        .filter((name) => name.startsWith('kind'));
    create('kind-worker2', 1);
    run(cluster, 5);
    create('kind-worker', 3);
    run(cluster, 5);
    assert.deepEqual(names(), ['kind-worker', 'kind-worker2', 'kind-worker3', 'kind-worker4']);
    cluster.admin().modify(NODEPOOLS, '', 'kind-worker', ({ spec }) => void (spec!.count = 1));
    run(cluster, 30);
    assert.deepEqual(names(), ['kind-worker', 'kind-worker2']);
  });
});
