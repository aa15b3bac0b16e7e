import assert from 'node:assert/strict';
import { allocatableOf, capacityOf, INSTANCE_TYPES, podLimit } from '../../../../src/api/kubepad/nodepool/instanceTypes.ts';
import { FAULTS, NODEPOOLS } from '../../../../src/api/kubepad/types.ts';
import { DEPLOYMENTS, NODES, PODDISRUPTIONBUDGETS, PODS } from '../../../../src/api/schema/resources.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { webDeployment } from '../../cluster/support.ts';
import { newCluster } from '../../controllers/support.ts';
import { readyCluster, run } from '../../kubelet/support.ts';

describe('instance types', () => {
  const limits: readonly (readonly [string, number])[] = [
    ['t3.micro', 4],
    ['t3.small', 11],
    ['t3.medium', 17],
    ['t4g.large', 35],
    ['m5.large', 29],
    ['m6g.medium', 8],
    ['c5.xlarge', 58],
    ['r6i.4xlarge', 234],
    ['m7i.24xlarge', 737],
  ];
  for (const [name, pods] of limits) it(`${name} takes ${pods} Pods`, () => assert.equal(podLimit(INSTANCE_TYPES.get(name)!), pods));

  it('say what a node offers and what is left for Pods', () => {
    const type = INSTANCE_TYPES.get('m5.large')!;
    assert.deepEqual(capacityOf(type), { cpu: '2', memory: '8192Mi', pods: '29', 'ephemeral-storage': '80Gi' });
    const { cpu, memory } = allocatableOf(type);
    assert.deepEqual([cpu, memory], ['1930m', '7518Mi']);
    assert.equal(allocatableOf(INSTANCE_TYPES.get('m5.2xlarge')!)['cpu'], '7910m');
  });

  it('make nodes with their labels', () => {
    const cluster = readyCluster();
    const spec = { count: 1, instanceType: 'c7g.xlarge', zones: ['us-east-1b'] };
    cluster.admin().create(NODEPOOLS, { apiVersion: 'kubepad.dev/v1', kind: 'NodePool', metadata: { name: 'arm' }, spec });
    run(cluster, 5);
    const node = cluster.admin().get(NODES, '', 'arm-1');
    const labels = node?.metadata.labels ?? {};
    assert.deepEqual(
      ['kubernetes.io/arch', 'node.kubernetes.io/instance-type', 'topology.kubernetes.io/region'].map((key) => labels[key]),
      ['arm64', 'c7g.xlarge', 'us-east-1'],
    );
    assert.deepEqual([node?.status?.capacity?.['pods'], node?.status?.allocatable?.['cpu']], ['58', '3920m']);
  });
});

describe('a pool that shrinks', () => {
  function loaded(minAvailable: number): Cluster {
    const cluster = readyCluster();
    const admin = cluster.admin();
    admin.create(PODDISRUPTIONBUDGETS, {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'web', namespace: 'default' },
      spec: { minAvailable, selector: { matchLabels: { app: 'web' } } },
    });
    admin.create(DEPLOYMENTS, webDeployment(6));
    run(cluster, 20);
    return cluster;
  }

  const scale = (cluster: Cluster, count: number): void =>
    void cluster.admin().modify(NODEPOOLS, '', 'worker', (pool) => {
      if (pool.spec !== undefined) pool.spec.count = count;
    });
  const names = (cluster: Cluster): readonly (string | undefined)[] =>
    cluster
      .admin()
      .list(NODES)
      .map(({ metadata }) => metadata.name);

  it('drains a node before it goes, as fast as the budget lets it', () => {
    const cluster = loaded(5);
    let fewest = 6;
    cluster.api.store.onRevision(({ resource }) => {
      if (resource !== 'pods') return;
      const ready = cluster
        .admin()
        .list(PODS, 'default')
        .filter(
          ({ status, metadata }) =>
            metadata.deletionTimestamp === undefined &&
            status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True'),
        );
      fewest = Math.min(fewest, ready.length);
    });
    scale(cluster, 2);
    run(cluster, 2);
    assert.deepEqual(names(cluster), ['control-plane-1', 'worker-1', 'worker-2', 'worker-3']);
    assert.equal(cluster.admin().get(NODES, '', 'worker-3')?.spec?.unschedulable, true);
    assert.equal(cluster.admin().get(NODEPOOLS, '', 'worker')?.status?.message, 'draining worker-3');
    run(cluster, 120);
    assert.deepEqual(names(cluster), ['control-plane-1', 'worker-1', 'worker-2']);
    assert.equal(fewest, 5);
    const status = cluster.admin().get(NODEPOOLS, '', 'worker')?.status;
    assert.deepEqual([status?.nodes, status?.message], [2, undefined]);
  });

  it('waits for a budget that allows nothing, and keeps the node if it is wanted again', () => {
    const cluster = loaded(6);
    scale(cluster, 2);
    run(cluster, 300);
    assert.equal(names(cluster).length, 4);
    assert.equal(cluster.admin().list(PODS, 'default').length, 6);
    scale(cluster, 3);
    run(cluster, 10);
    assert.equal(cluster.admin().get(NODES, '', 'worker-3')?.spec?.unschedulable, undefined);
    assert.equal(cluster.simulation.runUntil('stable').reason, 'Done');
  });
});

describe('a machine that is off', () => {
  const nodesAfter = (preset: 'default' | 'eks', node: string, seconds: number): string => {
    const cluster = readyCluster({ preset });
    cluster.admin().create(FAULTS, {
      apiVersion: 'kubepad.dev/v1',
      kind: 'Fault',
      metadata: { name: 'off' },
      spec: { type: 'NodeDown', target: { node } },
    });
    run(cluster, seconds);
    const nodes = cluster.admin().list(NODES);
    return nodes.map(({ metadata }) => metadata.name ?? '').join(' ');
  };

  it('of a managed node group is replaced by a new node', () => {
    assert.equal(nodesAfter('eks', 'ng-1-1', 170), 'ng-1-1 ng-1-2 ng-2-1 ng-2-2');
    assert.equal(nodesAfter('eks', 'ng-1-1', 200), 'ng-1-2 ng-1-3 ng-2-1 ng-2-2');
  });

  it('of another pool stays', () => {
    assert.match(nodesAfter('default', 'worker-1', 400), /worker-1 worker-2 worker-3$/);
  });
});

describe('a managed group whose zones are all down', () => {
  it('orders machines that come when a zone does', () => {
    const labels = { 'eks.amazonaws.com/nodegroup': 'web' };
    const cluster = newCluster({
      preset: 'eks',
      nodePools: { web: { count: 2, instanceType: 'm5.large', zones: ['us-east-1a'], labels } },
    });
    const spec = { type: 'ZoneDown', target: { zone: 'us-east-1a' } } as const;
    cluster.admin().create(FAULTS, { apiVersion: 'kubepad.dev/v1', kind: 'Fault', metadata: { name: 'zone' }, spec });
    run(cluster, 200);
    const status = (): unknown => cluster.admin().get(NODEPOOLS, '', 'web')?.status;
    assert.deepEqual(status(), { nodes: 0, pending: 2, message: 'no machine can be started: all zones of the pool are down' });
    assert.deepEqual(cluster.admin().list(NODES), []);
    cluster.admin().delete(FAULTS, '', 'zone');
    run(cluster, 20);
    assert.deepEqual(status(), { nodes: 2 });
  });
});
