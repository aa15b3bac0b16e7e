import assert from 'node:assert/strict';
import { NODES, PODDISRUPTIONBUDGETS, PODS, PRIORITYCLASSES, SERVICEACCOUNTS } from '../../../src/api/schema/resources.ts';
import type { Pod } from '../../../src/api/schema/types/core/v1.ts';
import { Cluster } from '../../../src/cluster/cluster.ts';

function makeCluster(...nodes: readonly string[]): Cluster {
  const cluster = Cluster.create({
    seed: 'p',
    startTime: 0,
    preset: 'empty',
    kubelet: 'manual',
    controllers: ['disruption-controller'],
    freeze: true,
  });
  const client = cluster.admin();
  client.create(SERVICEACCOUNTS, { metadata: { name: 'default', namespace: 'default' } });
  for (const [name, value] of [
    ['mid', 10],
    ['high', 100],
  ] as const)
    client.create(PRIORITYCLASSES, { metadata: { name }, value });
  for (const name of nodes) {
    const amounts = { cpu: '2', memory: '4Gi', pods: '10' };
    client.create(NODES, { metadata: { name }, status: { capacity: amounts, allocatable: { ...amounts } } });
    client.modify(NODES, '', name, (node) => void delete node.spec?.taints);
  }
  settle(cluster);
  return cluster;
}

function settle(cluster: Cluster): void {
  cluster.simulation.advance(cluster.simulation.now() + 100);
}

function makePod(cluster: Cluster, name: string, cpu: string, more: { readonly class?: string; readonly node?: string } = {}): void {
  cluster.admin().create(PODS, {
    metadata: { name, namespace: 'default', labels: { app: name } },
    spec: {
      ...(more.class === undefined ? {} : { priorityClassName: more.class }),
      ...(more.node === undefined ? {} : { nodeName: more.node }),
      containers: [{ name: 'c', image: 'i', resources: { requests: { cpu } } }],
    },
  });
  settle(cluster);
}

const get = (cluster: Cluster, name: string): Pod | undefined => cluster.admin().get(PODS, 'default', name);
const isLeaving = (cluster: Cluster, name: string): boolean => get(cluster, name)?.metadata.deletionTimestamp !== undefined;

describe('preemption', () => {
  const cases: readonly [what: string, labels: Record<string, string>, victim: string][] = [
    ['spares the Pod of a budget', { app: 'a' }, 'b'],
    ['takes no notice of a budget with an empty selector', {}, 'a'],
  ];
  for (const [what, matchLabels, victim] of cases) {
    it(what, () => {
      const cluster = makeCluster('n1', 'n2');
      makePod(cluster, 'a', '2', { node: 'n1' });
      makePod(cluster, 'b', '1', { node: 'n2' });
      makePod(cluster, 'c', '1', { node: 'n2' });
      cluster.admin().create(PODDISRUPTIONBUDGETS, {
        metadata: { name: 'x', namespace: 'default' },
        spec: { minAvailable: 3, selector: { matchLabels } },
      });
      settle(cluster);
      makePod(cluster, 'urgent', '2', { class: 'high' });
      assert.equal(isLeaving(cluster, victim), true);
    });
  }

  it('takes back the promise of the node to a less important Pod', () => {
    const cluster = makeCluster('n1');
    makePod(cluster, 'low', '2', { node: 'n1' });
    makePod(cluster, 'mid', '2', { class: 'mid' });
    assert.equal(get(cluster, 'mid')?.status?.nominatedNodeName, 'n1');
    makePod(cluster, 'high', '2', { class: 'high' });
    assert.equal(get(cluster, 'high')?.status?.nominatedNodeName, 'n1');
    assert.equal(get(cluster, 'mid')?.status?.nominatedNodeName, undefined);
  });
});

describe('ImageLocality', () => {
  it('counts images of volumes', () => {
    const cluster = makeCluster('n1', 'n2', 'n3');
    cluster.admin().modify(
      NODES,
      '',
      'n2',
      (node) => {
        (node.status ??= {}).images = [{ names: ['data:1'], sizeBytes: 4_000_000_000 }];
      },
      'status',
    );
    settle(cluster);
    cluster.admin().create(PODS, {
      metadata: { name: 'p', namespace: 'default' },
      spec: { containers: [{ name: 'c', image: 'i' }], volumes: [{ name: 'v', image: { reference: 'data:1' } }] },
    });
    settle(cluster);
    assert.equal(get(cluster, 'p')?.spec?.nodeName, 'n2');
  });
});
