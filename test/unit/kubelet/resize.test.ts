import assert from 'node:assert/strict';
import { EVENTS, PODS } from '../../../src/api/schema/resources.ts';
import type { Pod } from '../../../src/api/schema/types/core/v1.ts';
import { draft, type Draft } from '../../../src/base/json.ts';
import type { Cluster } from '../../../src/cluster/cluster.ts';
import { createPod, getPod, readyCluster, run, summary } from './support.ts';

const cpu = (amount: string) => ({ resources: { requests: { cpu: amount } } });

/** What the API server refused, or undefined. */
function resize(cluster: Cluster, name: string, amount: string): string | undefined {
  const context = { user: { name: 'admin', groups: ['system:masters'] }, fieldManager: 'test' };
  const outcome = cluster.api.update(context, PODS, 'default', name, 'resize', (object) => {
    (object as Draft<Pod>).spec!.containers[0]!.resources = cpu(amount).resources;
    return undefined;
  });
  run(cluster, 5);
  return outcome.ok ? undefined : outcome.status.message;
}

/** Nodes have 4 CPU. */
function twoPods(): Cluster {
  const cluster = readyCluster();
  for (const [name, amount] of [
    ['small', '500m'],
    ['large', '3'],
  ] as const) {
    createPod(cluster, name, 'image present; run', { containers: [{ name: 'app', image: 'registry.test/app:1', ...cpu(amount) }] });
  }
  run(cluster, 5);
  return cluster;
}

const pending = (cluster: Cluster): string | undefined => {
  const condition = getPod(cluster, 'small')?.status?.conditions?.find(({ type }) => type === 'PodResizePending');
  return condition === undefined ? undefined : `${condition.reason}: ${condition.message}`;
};
const actual = (cluster: Cluster): string | undefined =>
  getPod(cluster, 'small')?.status?.containerStatuses?.[0]?.resources?.requests?.['cpu'];

describe('resizing a Pod in place', () => {
  it('is refused by the API server beyond what the node has at all', () => {
    const cluster = twoPods();
    assert.equal(
      resize(cluster, 'small', '5'),
      'pods "small" is forbidden: node didn\'t have enough allocatable resources: cpu, requested: 5000, allocatable: 4000',
    );
  });

  it('waits for room beside the other Pods, with the old resources', () => {
    const cluster = twoPods();
    assert.equal(resize(cluster, 'small', '2'), undefined);
    assert.equal(pending(cluster), "Deferred: Node didn't have enough resource: cpu, requested: 2000, used: 3000, capacity: 4000");
    assert.equal(actual(cluster), '500m');
    cluster.admin().delete(PODS, 'default', 'large');
    run(cluster, 40);
    assert.equal(pending(cluster), undefined);
    assert.equal(actual(cluster), '2');
    const reasons = cluster
      .admin()
      .list(EVENTS, 'default')
      .filter(({ reason, involvedObject }) => reason?.startsWith('Resize') === true && involvedObject.name === 'small')
      .map(({ reason }) => reason);
    assert.deepEqual(new Set(reasons), new Set(['ResizeDeferred', 'ResizeStarted', 'ResizeCompleted']));
  });

  it('does not wait any more when it is taken back', () => {
    const cluster = twoPods();
    resize(cluster, 'small', '2');
    resize(cluster, 'small', '500m');
    assert.equal(pending(cluster), undefined);
  });

  it('counts for the Pods that come after it', () => {
    const cluster = twoPods();
    resize(cluster, 'small', '1');
    assert.equal(actual(cluster), '1');
    createPod(cluster, 'third', 'image present; run', { containers: [{ name: 'app', image: 'registry.test/app:1', ...cpu('500m') }] });
    run(cluster, 5);
    assert.equal(summary(cluster, 'third'), 'Failed rc=0 unready');
    assert.equal(getPod(cluster, 'third')?.status?.reason, 'OutOfcpu');
  });
});

describe('a resize that restarts a container', () => {
  it('is over when the container has started again, not before', () => {
    const cluster = readyCluster();
    createPod(cluster, 'small', 'image present; run; on-term exit 0 after 10s', {
      containers: [
        {
          name: 'app',
          image: 'registry.test/app:1',
          ...cpu('500m'),
          resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }],
        },
      ],
    });
    run(cluster, 5);
    resize(cluster, 'small', '1');
    const told = (): readonly string[] => {
      const { status } = getPod(cluster, 'small')!;
      const events = cluster
        .admin()
        .list(EVENTS, 'default')
        .map(({ reason }) => reason ?? '');
      return [
        ...(status?.conditions ?? []).flatMap(({ type }) => (type.startsWith('PodResize') ? [type] : [])),
        ...events.filter((reason) => reason.startsWith('Resize')),
        `set aside ${status?.allocatedResources?.['cpu']}`,
        `has ${status?.containerStatuses?.[0]?.resources?.requests?.['cpu']}`,
        `restarts ${status?.containerStatuses?.[0]?.restartCount}`,
      ];
    };
    assert.deepEqual(told(), ['PodResizeInProgress', 'ResizeStarted', 'set aside 1', 'has 500m', 'restarts 0']);
    run(cluster, 10);
    assert.deepEqual(told(), ['ResizeStarted', 'ResizeCompleted', 'set aside 1', 'has 1', 'restarts 1']);
  });
});

describe('what a Pod’s status says of the whole', () => {
  const container = (name: string, requests: Record<string, string>, limits: Record<string, string>) => ({
    name,
    image: 'registry.test/app:1',
    resources: { requests, limits },
  });
  const cases = [
    ['nothing', [{ name: 'a', image: 'registry.test/app:1' }], undefined, {}],
    [
      'one container',
      [container('a', { cpu: '100m' }, { memory: '64Mi' })],
      { cpu: '100m', memory: '64Mi' },
      { limits: { memory: '64Mi' }, requests: { cpu: '100m', memory: '64Mi' } },
    ],
    [
      'two, of which one has no bound for its CPU',
      [container('a', { cpu: '100m' }, { memory: '64Mi' }), container('b', {}, { cpu: '200m', memory: '64Mi' })],
      { cpu: '300m', memory: '128Mi' },
      { limits: { memory: '128Mi' }, requests: { cpu: '300m', memory: '128Mi' } },
    ],
  ] as const;
  for (const [what, containers, allocated, resources] of cases) {
    it(`is the sum of ${what}`, () => {
      const cluster = readyCluster();
      createPod(cluster, 'p', 'image present; run', { containers: draft(containers) });
      run(cluster, 5);
      const { status } = getPod(cluster, 'p')!;
      assert.deepEqual([status?.allocatedResources, status?.resources], [allocated, resources]);
    });
  }
});
