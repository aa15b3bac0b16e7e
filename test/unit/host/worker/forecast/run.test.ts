import assert from 'node:assert/strict';
import { DEPLOYMENTS } from '../../../../../src/api/schema/resources.ts';
import { dipOf } from '../../../../../src/host/worker/forecast/capacity.ts';
import { lookAhead } from '../../../../../src/host/worker/forecast/run.ts';
import { schedulingReasons } from '../../../../../src/host/worker/forecast/unscheduled.ts';
import { readyCluster } from '../../../kubelet/support.ts';
import { createRest } from '../support.ts';
import { contextOf, forecast, URI } from './support.ts';

const WEB = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: app, image: nginx}]}
`;

/** Slices of one event. */
function everyOther(): () => boolean {
  let asked = 0;
  return () => ++asked % 2 === 0;
}

describe('a look ahead', () => {
  it('leaves the cluster as it is, to the last revision and event', async () => {
    const cluster = readyCluster();
    const before = [cluster.api.store.revision, cluster.simulation.eventsHandled, cluster.simulation.now()];
    await forecast(cluster, WEB);
    assert.deepEqual([cluster.api.store.revision, cluster.simulation.eventsHandled, cluster.simulation.now()], before);
    assert.equal(cluster.admin().get(DEPLOYMENTS, 'default', 'web'), undefined);
  });

  it('comes to the same each time, however it is cut into slices', async () => {
    const cluster = readyCluster();
    const once = await forecast(cluster, WEB, { expired: () => false });
    const again = await forecast(cluster, WEB, { expired: everyOther() });
    assert.deepEqual(again, once);
  });

  it('foresees what then happens: the same Pods on the same nodes', async () => {
    const cluster = readyCluster();
    const { pods } = await forecast(cluster, WEB);
    const fork = cluster.fork();
    await createRest(fork).apply(WEB);
    fork.simulation.runUntil('stable');
    const real = fork.api.store
      .list('pods', 'default')
      .map((pod) => `${pod.metadata.name ?? ''} ${(pod as { spec?: { nodeName?: string } }).spec?.nodeName ?? ''}`);
    assert.deepEqual(pods.map(({ ref, node }) => `${ref.name} ${node}`).toSorted(), real.toSorted());
  });

  it('ends when it is cancelled, and when it takes too much', async () => {
    const cluster = readyCluster();
    const params = { files: [{ uri: URI, text: WEB }], namespace: 'default' };
    let turns = 0;
    const onCancellationRequested = () => ({ dispose: () => undefined });
    const token = {
      get isCancellationRequested() {
        return turns >= 5;
      },
      onCancellationRequested,
    };
    const turn = (): Promise<void> => {
      turns++;
      return Promise.resolve();
    };
    assert.equal(await lookAhead(contextOf(cluster, { token, turn, expired: everyOther() }), params), undefined);
    assert.equal(turns, 5);
    assert.equal((await lookAhead(contextOf(cluster, { budget: 20 }), params))?.end, 'budget');
  });

  it('tells the story in order, what happens to several at once only once', async () => {
    const { moments, aheadMs, end } = await forecast(readyCluster(), WEB);
    assert.deepEqual(
      moments
        .filter(({ subject }) => !subject.startsWith('pod/'))
        .map(({ subject, text, tone }) => [subject.replace(/-\w+$/, ''), text, tone]),
      [
        ['deployment.apps/web', 'created', 'plain'],
        ['replicaset.apps/web', 'created', 'plain'],
        ['deployment.apps/web', 'rollout complete', 'good'],
      ],
    );
    const pods = moments.filter(({ subject }) => subject.startsWith('pod/'));
    assert.deepEqual(
      [pods[0]?.text, pods[0]?.more, pods[0]?.actor],
      ['created', 2, 'system:serviceaccount:kube-system:replicaset-controller'],
    );
    assert.equal(
      pods.filter(({ text }) => text === 'ready').reduce((sum, { more }) => sum + 1 + more, 0),
      3,
    );
    assert.ok(moments.every(({ afterMs }, index) => afterMs >= (moments[index - 1]?.afterMs ?? 0) && afterMs <= aheadMs));
    assert.equal(end, 'stable');
  });

  it('shows the objects before and after, those of the files first', async () => {
    const cluster = readyCluster();
    const made = await forecast(cluster, WEB);
    assert.deepEqual(
      made.changes.slice(0, 2).map(({ subject, change, before }) => [subject.replace(/-\w+$/, ''), change, before]),
      [
        ['deployment.apps/web', 'create', ''],
        ['replicaset.apps/web', 'create', ''],
      ],
    );
    assert.match(made.changes[0]?.after ?? '', /readyReplicas: 3/);
    assert.equal(made.changes.filter(({ subject }) => subject.startsWith('pod/')).length, 3);
    assert.deepEqual(
      made.changes.filter(({ subject }) => /^(node|event|lease)/.test(subject)),
      [],
    );
  });
});

describe('the words of the scheduler', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    [
      '0/4 nodes are available: 1 node(s) had untolerated taint(s), 3 Insufficient cpu. preemption: 0/4 nodes are available: 4 x.',
      ['3 Insufficient cpu', '1 node(s) had untolerated taint(s)'],
    ],
    ['0/4 nodes are available: persistentvolumeclaim "a.b" not found.', ['persistentvolumeclaim "a.b" not found']],
    [
      "0/12 nodes are available: 10 node(s) didn't match pod topology spread constraints (missing required label), 2 Too many pods.",
      ["10 node(s) didn't match pod topology spread constraints (missing required label)", '2 Too many pods'],
    ],
    ['no nodes available to schedule pods', ['no nodes available to schedule pods']],
    ['', []],
  ];
  for (const [message, expected] of cases) {
    it(`are taken apart: ${message.slice(0, 60)}`, () => {
      assert.deepEqual(
        schedulingReasons(message).map(({ nodes, text }) => (nodes === undefined ? text : `${nodes} ${text}`)),
        expected,
      );
    });
  }
});

describe('lost capacity', () => {
  const cases: readonly (readonly [string, readonly (readonly [number, number])[], number, ReturnType<typeof dipOf>])[] = [
    [
      'none',
      [
        [0, 3],
        [5, 4],
      ],
      3,
      undefined,
    ],
    [
      'of what was not there before is none',
      [
        [0, 0],
        [5, 1],
        [9, 3],
      ],
      3,
      undefined,
    ],
    [
      'that is wanted is none',
      [
        [0, 3],
        [5, 2],
      ],
      2,
      undefined,
    ],
    [
      'for a while',
      [
        [0, 3],
        [10, 0],
        [15, 1],
        [22, 3],
      ],
      3,
      { least: 0, floor: 3, ms: 12, noneMs: 5 },
    ],
    [
      'to the end',
      [
        [0, 2],
        [10, 1],
      ],
      2,
      { least: 1, floor: 2, ms: 90, noneMs: 0 },
    ],
  ];
  for (const [what, steps, wanted, expected] of cases)
    it(what, () =>
      assert.deepEqual(
        dipOf(
          steps.map(([at, available]) => ({ at, available })),
          wanted,
          100,
        ),
        expected,
      ),
    );
});
