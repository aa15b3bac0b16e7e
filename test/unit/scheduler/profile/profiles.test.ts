import assert from 'node:assert/strict';
import { EVENTS, NODES, PODS, SERVICES } from '../../../../src/api/schema/resources.ts';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import type { SchedulerProfile } from '../../../../src/scheduler/apis/config/types.ts';
import { nodesToFind } from '../../../../src/scheduler/scheduleOne.ts';

const SECONDS = 1000;

function newCluster(profiles: readonly SchedulerProfile[]): Cluster {
  const cluster = Cluster.create({
    seed: 'profiles',
    startTime: Date.UTC(2026, 0, 1),
    preset: 'empty',
    nodes: 3,
    kubelet: 'fast',
    freeze: true,
    schedulerConfiguration: { profiles },
  });
  cluster.simulation.advance(cluster.simulation.now() + 10 * SECONDS);
  return cluster;
}

/** Creates a Pod and says on which node it is. */
function place(cluster: Cluster, name: string, spec: object = {}, labels: Record<string, string> = {}): string | undefined {
  const containers = [{ name: 'main', image: 'nginx:1.29', resources: { requests: { cpu: '1', memory: '1Gi' } } }];
  cluster
    .admin()
    .create(PODS, { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default', labels }, spec: { containers, ...spec } });
  cluster.simulation.advance(cluster.simulation.now() + 5 * SECONDS);
  return cluster.admin().get(PODS, 'default', name)?.spec?.nodeName;
}

const scores = (cluster: Cluster, name: string, plugin: string): readonly (number | undefined)[] => {
  const found = cluster.scheduler.explanation(cluster.admin().get(PODS, 'default', name)?.metadata.uid ?? '')?.scores ?? {};
  return ['worker-1', 'worker-2', 'worker-3'].map((node) => found[node]?.[plugin]?.weighted);
};

const fit = (scoringStrategy: object): SchedulerProfile => ({ pluginConfig: [{ name: 'NodeResourcesFit', args: { scoringStrategy } }] });

describe('profiles of the scheduler', () => {
  it('place the Pods that name them, each in its own way, and say so in events', () => {
    const packed = { ...fit({ type: 'MostAllocated' }), schedulerName: 'packing' };
    const cluster = newCluster([{ schedulerName: 'default-scheduler' }, packed]);
    const first = place(cluster, 'a');
    assert.equal(place(cluster, 'b', { schedulerName: 'packing' }), first);
    assert.notEqual(place(cluster, 'c'), first);
    assert.equal(place(cluster, 'd', { schedulerName: 'nobody' }), undefined);
    const by = cluster
      .admin()
      .list(EVENTS, 'default')
      .filter(({ reason }) => reason === 'Scheduled');
    assert.deepEqual(
      by.map(({ reportingComponent }) => reportingComponent),
      ['default-scheduler', 'packing', 'default-scheduler'],
    );
    const fork = cluster.fork();
    for (const each of [cluster, fork]) assert.equal(place(each, 'e', { schedulerName: 'packing' }), first);
  });

  it('ask plugins in the order of the profile: a moved one last, one named at a point first', () => {
    const message = (plugins: SchedulerProfile['plugins'] & object): string | undefined => {
      const cluster = newCluster([{ plugins }]);
      cluster.admin().modify(NODES, '', 'worker-1', (node) => void ((node.spec ??= {}).unschedulable = true));
      const requests = { cpu: '100' };
      place(cluster, 'a', { containers: [{ name: 'main', image: 'i', resources: { requests } }] });
      return cluster.admin().get(PODS, 'default', 'a')?.status?.conditions?.[0]?.message;
    };
    const both = /1 node\(s\) were unschedulable, 2 Insufficient cpu/;
    const first = [{ name: 'NodeUnschedulable' }];
    assert.match(message({}) ?? '', both);
    assert.match(message({ multiPoint: { enabled: first } }) ?? '', both, 'enabled again, it stays where it is');
    assert.match(message({ multiPoint: { disabled: first, enabled: first } }) ?? '', /0\/3 nodes are available: 3 Insufficient cpu/);
    assert.match(message({ filter: { enabled: [{ name: 'NodeResourcesFit' }] } }) ?? '', /0\/3 nodes are available: 3 Insufficient cpu/);
  });

  it('score resources as the strategy says', () => {
    const table: readonly (readonly [object, number])[] = [
      [{ type: 'LeastAllocated' }, 81],
      [{ type: 'MostAllocated' }, 18],
      [
        {
          type: 'MostAllocated',
          resources: [
            { name: 'cpu', weight: 3 },
            { name: 'memory', weight: 1 },
          ],
        },
        21,
      ],
      [
        {
          type: 'RequestedToCapacityRatio',
          requestedToCapacityRatio: {
            shape: [
              { utilization: 0, score: 0 },
              { utilization: 100, score: 10 },
            ],
          },
        },
        19,
      ],
      [
        {
          type: 'RequestedToCapacityRatio',
          requestedToCapacityRatio: {
            shape: [
              { utilization: 20, score: 10 },
              { utilization: 80, score: 0 },
            ],
          },
        },
        96,
      ],
      [{ type: 'LeastAllocated', resources: [{ name: 'example.com/gpu', weight: 1 }] }, 0],
    ];
    for (const [strategy, expected] of table) {
      const cluster = newCluster([fit(strategy)]);
      place(cluster, 'a');
      assert.deepEqual(scores(cluster, 'a', 'NodeResourcesFit'), [expected, expected, expected], JSON.stringify(strategy));
    }
  });

  it('run the plugins that they leave on, with their weights', () => {
    const cluster = newCluster([
      {
        plugins: {
          multiPoint: { disabled: [{ name: 'ImageLocality' }], enabled: [{ name: 'NodeResourcesFit', weight: 5 }] },
          filter: { disabled: [{ name: 'NodeUnschedulable' }, { name: 'TaintToleration' }] },
          score: { disabled: [{ name: 'TaintToleration' }] },
        },
      },
    ]);
    for (const name of ['worker-1', 'worker-2', 'worker-3'])
      cluster.admin().modify(NODES, '', name, ({ spec }) => void (spec!.unschedulable = true));
    assert.notEqual(place(cluster, 'a'), undefined);
    assert.deepEqual(scores(cluster, 'a', 'ImageLocality'), [undefined, undefined, undefined]);
    assert.deepEqual(scores(cluster, 'a', 'TaintToleration'), [undefined, undefined, undefined]);
    assert.deepEqual(scores(cluster, 'a', 'NodeResourcesFit'), [405, 405, 405]);
  });

  it('keep Pods to the nodes of their added affinity', () => {
    const affinity = (name: string): SchedulerProfile => ({
      pluginConfig: [
        {
          name: 'NodeAffinity',
          args: {
            addedAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [name] }] }],
              },
            },
          },
        },
      ],
    });
    assert.equal(place(newCluster([affinity('worker-2')]), 'a'), 'worker-2');
    const nowhere = newCluster([affinity('worker-9')]);
    assert.equal(place(nowhere, 'a'), undefined);
    const { message } = nowhere.admin().get(PODS, 'default', 'a')?.status?.conditions?.[0] ?? {};
    assert.match(message ?? '', /^0\/3 nodes are available: 3 node\(s\) didn't match scheduler-enforced node affinity\./);
  });

  it('spread Pods of one Service by constraints of their own', () => {
    const constraint = { maxSkew: 1, topologyKey: 'rack', whenUnsatisfiable: 'DoNotSchedule' };
    const cluster = newCluster([{ pluginConfig: [{ name: 'PodTopologySpread', args: { defaultConstraints: [constraint] } }] }]);
    const admin = cluster.admin();
    for (const [node, rack] of Object.entries({ 'worker-1': 'a', 'worker-2': 'b' }))
      admin.modify(NODES, '', node, ({ metadata }) => void ((metadata.labels ??= {})['rack'] = rack));
    admin.create(SERVICES, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'default' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }] },
    });
    const placed = ['a', 'b', 'c', 'd'].map((name) => place(cluster, name, {}, { app: 'web' }));
    for (const node of ['worker-1', 'worker-2']) assert.equal(placed.filter((each) => each === node).length, 2);
    admin.modify(NODES, '', 'worker-2', ({ spec }) => void (spec!.unschedulable = true));
    place(cluster, 'e', {}, { app: 'web' });
    assert.equal(place(cluster, 'f', {}, { app: 'web' }), undefined);
    assert.notEqual(place(cluster, 'other'), undefined);
  });

  it('ignore resources that another program looks after', () => {
    const asking = (): object => ({
      containers: [
        { name: 'main', image: 'nginx:1.29', resources: { requests: { 'example.com/gpu': '1' }, limits: { 'example.com/gpu': '1' } } },
      ],
    });
    const args = (value: object): SchedulerProfile => ({ pluginConfig: [{ name: 'NodeResourcesFit', args: value }] });
    assert.equal(place(newCluster([]), 'a', asking()), undefined);
    assert.notEqual(place(newCluster([args({ ignoredResources: ['example.com/gpu'] })]), 'a', asking()), undefined);
    assert.notEqual(place(newCluster([args({ ignoredResourceGroups: ['example.com'] })]), 'a', asking()), undefined);
  });

  it('weigh the required terms of placed Pods', () => {
    const near = {
      podAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'x' } } },
        ],
      },
    };
    for (const [hardPodAffinityWeight, expected] of [
      [10, 200],
      [0, undefined],
    ] as const) {
      const cluster = newCluster([{ pluginConfig: [{ name: 'InterPodAffinity', args: { hardPodAffinityWeight } }] }]);
      const node = place(cluster, 'a', { affinity: near }, { app: 'x' });
      place(cluster, 'b', {}, { app: 'x' });
      assert.equal(scores(cluster, 'b', 'InterPodAffinity')[Number(node?.slice(-1)) - 1], expected);
    }
  });
});

describe('nodesToFind', () => {
  for (const [total, percentage, expected] of [
    [50, 10, 50],
    [1000, 0, 420],
    [1000, 30, 300],
    [1000, 5, 100],
    [1000, 100, 1000],
  ] as const)
    it(`is ${expected} of ${total} at ${percentage} %`, () => assert.equal(nodesToFind(total, percentage), expected));
});
