import assert from 'node:assert/strict';
import type { Draft } from '../../../../src/base/json.ts';
import { NODEPOOLS, type NodePoolSpec } from '../../../../src/api/kubepad/types.ts';
import { CONFIGMAPS, NODES, PODDISRUPTIONBUDGETS, PODS } from '../../../../src/api/schema/resources.ts';
import type { PodTemplateSpec } from '../../../../src/api/schema/types/core/v1.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import type { ClusterOptions } from '../../../../src/cluster/options.ts';
import { run } from '../../kubelet/support.ts';
import { autoscaled, deploy, nodes, scale, SMALL, told } from './support.ts';

const running = (cluster: Cluster): number =>
  cluster
    .admin()
    .list(PODS, 'default')
    .filter(({ status }) => status?.phase === 'Running').length;

describe('cluster autoscaler, growing', () => {
  it('orders machines for Pods that fit nowhere, which come after the delay of the pool', () => {
    const cluster = autoscaled({ web: SMALL });
    assert.equal(nodes(cluster), 'web-1');
    deploy(cluster, 'app', 5, '900m');
    run(cluster, 15);
    assert.deepEqual(told(cluster, 'TriggeredScaleUp'), ['pod triggered scale-up: [{web 1->3 (max: 3)}]']);
    assert.deepEqual(told(cluster, 'ScaledUpGroup'), [
      'Scale-up: group web size set to 3 instead of 1 (max: 3)',
      'Scale-up: setting group web size to 3 instead of 1 (max: 3)',
    ]);
    const pool = cluster.admin().get(NODEPOOLS, '', 'web');
    assert.deepEqual([pool?.spec?.count, pool?.status?.nodes, pool?.status?.pending], [3, 1, 2]);
    assert.equal(pool?.status?.autoscaler?.scaleUp, 'InProgress');
    run(cluster, 75);
    assert.equal(nodes(cluster), 'web-1 web-2 web-3');
    assert.equal(running(cluster), 5);
    run(cluster, 20);
    assert.equal(cluster.admin().get(NODEPOOLS, '', 'web')?.status?.autoscaler?.scaleUp, 'NoActivity');
  });

  it('says why it does not grow', () => {
    const cluster = autoscaled({
      full: { ...SMALL, min: 0, max: 0 },
      small: SMALL,
      gpu: { ...SMALL, taints: [{ key: 'gpu', effect: 'NoSchedule' }] },
    });
    deploy(cluster, 'huge', 1, '3');
    run(cluster, 30);
    const [text = ''] = told(cluster, 'NotTriggerScaleUp');
    assert.equal(
      text,
      "pod didn't trigger scale-up: 1 node(s) had untolerated taint(s), 1 Insufficient cpu, 1 max node group size reached",
    );
    assert.deepEqual(cluster.admin().get(NODEPOOLS, '', 'small')?.status?.autoscaler?.notScaledUp, ['1 Pod: Insufficient cpu']);
    assert.equal(cluster.simulation.runUntil('stable', 900_000).reason, 'Done');
  });

  it('leaves out Pods of low priority', () => {
    const cluster = autoscaled({ web: SMALL });
    deploy(cluster, 'low', 4, '900m', {
      spec: {
        containers: [{ name: 'app', image: 'registry.k8s.io/pause:3.10', resources: { requests: { cpu: '900m' } } }],
        priorityClassName: 'low',
      },
    });
    cluster
      .admin()
      .create({ group: 'scheduling.k8s.io', version: 'v1', plural: 'priorityclasses', kind: 'PriorityClass', namespaced: false }, {
        apiVersion: 'scheduling.k8s.io/v1',
        kind: 'PriorityClass',
        metadata: { name: 'low' },
        value: -11,
      } as never);
    run(cluster, 60);
    assert.equal(cluster.admin().list(PODS, 'default').length, 4);
    assert.equal(nodes(cluster), 'web-1');
  });

  const choices: readonly (readonly [string, ClusterOptions['clusterAutoscaler'], string])[] = [
    ['least-waste takes the machine that is filled best', {}, 'tight'],
    ['least-nodes takes the larger machine', { expander: ['least-nodes'] }, 'wide'],
  ];
  for (const [title, clusterAutoscaler, grown] of choices)
    it(title, () => {
      const pool = (cpu: string): NodePoolSpec => ({ min: 0, max: 5, resources: { cpu, memory: `${Number(cpu) * 2}Gi`, pods: '50' } });
      const cluster = autoscaled({ tight: pool('2') as never, wide: pool('8') as never }, { clusterAutoscaler: clusterAutoscaler! });
      deploy(cluster, 'app', 4, '900m');
      run(cluster, 20);
      const counts = ['tight', 'wide'].filter((name) => (cluster.admin().get(NODEPOOLS, '', name)?.spec?.count ?? 0) > 0);
      assert.deepEqual(counts, [grown]);
    });

  it('balances equal groups when it is told to', () => {
    const pool = { ...SMALL, min: 0, max: 4 };
    const cluster = autoscaled({ a: pool, b: pool }, { clusterAutoscaler: { balanceSimilarNodeGroups: true } });
    deploy(cluster, 'app', 8, '900m');
    run(cluster, 20);
    assert.deepEqual(
      ['a', 'b'].map((name) => cluster.admin().get(NODEPOOLS, '', name)?.spec?.count),
      [2, 2],
    );
  });

  it('gives up on machines that do not come, and leaves the group alone for a time', () => {
    const cluster = autoscaled({ slow: { ...SMALL, provisioningDelay: '1h' } });
    deploy(cluster, 'app', 3, '900m');
    run(cluster, 20);
    assert.equal(cluster.admin().get(NODEPOOLS, '', 'slow')?.spec?.count, 2);
    run(cluster, 16 * 60);
    assert.deepEqual(told(cluster, 'ScaleUpTimedOut'), ['Nodes added to group slow failed to register within 15m10s']);
    const pool = cluster.admin().get(NODEPOOLS, '', 'slow');
    assert.deepEqual([pool?.spec?.count, pool?.status?.pending, pool?.status?.autoscaler?.scaleUp], [1, undefined, 'Backoff']);
    assert.deepEqual(told(cluster, 'NotTriggerScaleUp'), ["pod didn't trigger scale-up: 1 in backoff after failed scale-up"]);
    run(cluster, 5 * 60);
    assert.equal(cluster.admin().get(NODEPOOLS, '', 'slow')?.spec?.count, 2);
  });
});

describe('cluster autoscaler, shrinking', () => {
  it('takes away a node that was not needed for ten minutes, after its Pods have moved', () => {
    const cluster = autoscaled({ web: SMALL });
    deploy(cluster, 'app', 5, '900m');
    run(cluster, 120);
    scale(cluster, 'app', 1);
    // What had no place for its Pods is asked about again after five minutes.
    run(cluster, 6 * 60);
    const marked = cluster
      .admin()
      .list(NODES)
      .filter(({ spec }) => spec?.taints?.some(({ key }) => key === 'DeletionCandidateOfClusterAutoscaler'));
    assert.equal(marked.length, 2);
    assert.equal(nodes(cluster), 'web-1 web-2 web-3');
    run(cluster, 11 * 60);
    assert.equal(nodes(cluster).split(' ').length, 1);
    assert.equal(running(cluster), 1);
    assert.equal(cluster.admin().get(NODEPOOLS, '', 'web')?.spec?.count, 1);
    assert.equal(told(cluster, 'ScaleDownEmpty').length > 0, true);
    assert.equal(cluster.simulation.runUntil('stable', 60_000).reason, 'Done');
  });

  const holding: readonly (readonly [string, Partial<Draft<PodTemplateSpec>>, string])[] = [
    [
      'an annotation',
      { metadata: { annotations: { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false' } } },
      'NotSafeToEvictAnnotation',
    ],
    ['local storage', { spec: { containers: [], volumes: [{ name: 'scratch', emptyDir: {} }] } }, 'LocalStorageRequested'],
  ];
  for (const [title, { metadata, spec }, reason] of holding)
    it(`keeps a node for ${title}`, () => {
      const cluster = autoscaled({ web: { ...SMALL, min: 0, count: 2 } });
      const containers = [{ name: 'app', image: 'registry.k8s.io/pause:3.10', resources: { requests: { cpu: '100m' } } }];
      deploy(cluster, 'app', 1, '100m', {
        ...(metadata === undefined ? {} : { metadata: { labels: { app: 'app' }, ...metadata } }),
        spec: { ...spec, containers },
      });
      run(cluster, 15 * 60);
      const { unremovable = [] } = cluster.admin().get(NODEPOOLS, '', 'web')?.status?.autoscaler ?? {};
      assert.equal(nodes(cluster).split(' ').length, 1);
      assert.equal(unremovable.length, 1);
      assert.equal(unremovable[0]?.endsWith(`(${reason})`), true, unremovable[0]);
    });

  it('keeps a node for a budget and drains it when the budget is gone', () => {
    const cluster = autoscaled({ web: { ...SMALL, count: 2, zones: ['a', 'b'] } });
    cluster.admin().create(PODDISRUPTIONBUDGETS, {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'app', namespace: 'default' },
      spec: { minAvailable: 2, selector: { matchLabels: { app: 'app' } } },
    });
    deploy(cluster, 'app', 2, '300m');
    run(cluster, 15 * 60);
    assert.equal(nodes(cluster), 'web-1 web-2');
    const { unremovable = [] } = cluster.admin().get(NODEPOOLS, '', 'web')?.status?.autoscaler ?? {};
    assert.equal(unremovable.every((text) => text.endsWith('(NotEnoughPdb)')) && unremovable.length > 0, true, unremovable.join());
    cluster.admin().delete(PODDISRUPTIONBUDGETS, 'default', 'app');
    run(cluster, 20 * 60);
    assert.equal(nodes(cluster).split(' ').length, 1);
    assert.equal(running(cluster), 2);
    assert.match(told(cluster, 'ScaleDown').join('\n'), /removed with drain[^]*deleting pod for node scale down/);
  });

  it('keeps its status in a ConfigMap', () => {
    const cluster = autoscaled({ web: SMALL });
    const { status = '' } = cluster.admin().get(CONFIGMAPS, 'kube-system', 'cluster-autoscaler-status')?.data ?? {};
    assert.match(status, /^autoscalerStatus: Running$/m);
    assert.match(status, /cloudProviderTarget: 1\n {6}minSize: 1\n {6}maxSize: 3/);
  });
});

const picture = (cluster: Cluster): unknown =>
  ['nodes', 'pods', 'events', 'configmaps', 'nodepools.kubepad.dev'].map((resource) => cluster.api.store.list(resource));

describe('cluster autoscaler, forked', () => {
  it('goes on the same way', () => {
    const cluster = autoscaled({ web: SMALL, other: { ...SMALL, min: 0 } });
    deploy(cluster, 'app', 7, '900m');
    for (const seconds of [12, 50, 40, 500]) {
      const fork = cluster.fork();
      for (const each of [cluster, fork]) run(each, seconds);
      assert.deepEqual(picture(fork), picture(cluster));
      if (seconds === 40) scale(cluster, 'app', 1);
    }
    const fork = cluster.fork();
    for (const each of [cluster, fork]) run(each, 1_500);
    assert.deepEqual(picture(fork), picture(cluster));
    assert.equal(nodes(cluster).split(' ').length, 1);
  });
});
