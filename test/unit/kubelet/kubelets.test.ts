import assert from 'node:assert/strict';
import { DEPLOYMENTS, EVENTS, LEASES, NODES, PODS, SECRETS } from '../../../src/api/schema/resources.ts';
import { Cluster } from '../../../src/cluster/cluster.ts';
import { annotateNode, createPod, getPod, readyCluster, run, START, summary } from './support.ts';

describe('the kubelets', () => {
  it('register their nodes and keep them alive', () => {
    const cluster = readyCluster();
    const node = cluster.admin().get(NODES, '', 'worker-1');
    assert.equal(node?.status?.nodeInfo?.kubeletVersion, 'v1.36.3');
    assert.deepEqual(
      node?.status?.conditions?.map(({ type, status, reason }) => `${type} ${status} ${reason ?? ''}`),
      [
        'MemoryPressure False KubeletHasSufficientMemory',
        'DiskPressure False KubeletHasNoDiskPressure',
        'PIDPressure False KubeletHasSufficientPID',
        'Ready True KubeletReady',
      ],
    );
    const reasons = cluster
      .admin()
      .list(EVENTS)
      .filter(({ involvedObject }) => involvedObject.kind === 'Node' && involvedObject.name === 'worker-1')
      .map(({ reason }) => reason ?? '');
    for (const reason of ['Starting', 'NodeHasSufficientMemory', 'NodeHasNoDiskPressure', 'NodeHasSufficientPID', 'NodeReady']) {
      assert.ok(reasons.includes(reason), reason);
    }
    const renewed = (): number => Date.parse(cluster.admin().get(LEASES, 'kube-node-lease', 'worker-1')?.spec?.renewTime ?? '');
    // Between two beats: at a beat itself its watchers have a millisecond's work.
    run(cluster, 65);
    assert.ok(cluster.simulation.now() - renewed() <= 10_000);
    assert.ok(cluster.simulation.stable, 'heartbeats are in the background');
  });

  it('state containers by name and init containers in their order', () => {
    const cluster = readyCluster();
    const named = (name: string) => ({ name, image: 'registry.test/app:1' });
    const init = ['y', 'x'].map((name) => ({ ...named(name), restartPolicy: 'Always' as const }));
    createPod(cluster, 'p', undefined, { containers: ['b', 'a'].map(named), initContainers: init });
    run(cluster, 30);
    const { status } = getPod(cluster, 'p') ?? {};
    const names = (statuses: readonly { readonly name: string }[] = []): string => statuses.map(({ name }) => name).join(' ');
    assert.equal(`${names(status?.initContainerStatuses)}, ${names(status?.containerStatuses)}`, 'y x, a b');
  });

  it('give every Pod an address of its own', () => {
    const cluster = readyCluster();
    for (let i = 0; i < 20; i++) createPod(cluster, `p${i}`, 'image present; run', { nodeName: `worker-${(i % 3) + 1}` });
    run(cluster, 5);
    const ips = cluster
      .admin()
      .list(PODS, 'default')
      .map(({ status }) => status?.podIP);
    assert.equal(new Set(ips).size, 20);
  });

  it('give no Pod the use of an image that another one had a secret for', () => {
    const cluster = readyCluster();
    const config = btoa(JSON.stringify({ auths: { 'registry.test': { username: 'good', password: 'x' } } }));
    const data = { '.dockerconfigjson': config };
    cluster.admin().create(SECRETS, { metadata: { name: 's', namespace: 'default' }, type: 'kubernetes.io/dockerconfigjson', data });
    createPod(cluster, 'with', 'image private; run', { imagePullSecrets: [{ name: 's' }] });
    run(cluster, 5);
    createPod(cluster, 'without', 'run');
    createPod(cluster, 'again', 'run', { imagePullSecrets: [{ name: 's' }] });
    run(cluster, 5);
    assert.deepEqual(
      ['with', 'without', 'again'].map((name) => summary(cluster, name)),
      ['Running rc=0 ready', 'Pending rc=0 unready', 'Running rc=0 ready'],
    );
    const waiting = getPod(cluster, 'without')?.status?.containerStatuses?.[0]?.state?.waiting;
    assert.equal(waiting?.reason, 'ErrImagePull');
  });

  it('run a Pod on a node that anybody made', () => {
    const cluster = readyCluster();
    cluster.admin().create(NODES, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'extra' } });
    run(cluster, 3);
    createPod(cluster, 'p', 'image present; run', { nodeName: 'extra' });
    run(cluster, 3);
    assert.equal(summary(cluster, 'p'), 'Running rc=0 ready');
    assert.equal(cluster.admin().get(NODES, '', 'extra')?.status?.allocatable?.['pods'], '110');
  });

  it('leave nodes alone that say so', () => {
    const cluster = readyCluster();
    cluster
      .admin()
      .create(NODES, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'mine', annotations: { 'kubepad.dev/kubelet': 'manual' } } });
    createPod(cluster, 'p', 'image present; run', { nodeName: 'mine' });
    run(cluster, 30);
    assert.equal(getPod(cluster, 'p')?.status?.phase, 'Pending');
    assert.equal(cluster.admin().get(LEASES, 'kube-node-lease', 'mine'), undefined);
  });

  it('read the lines a container wrote', () => {
    const cluster = readyCluster();
    createPod(cluster, 'p', 'image present; log one; sleep 2; log two; sleep 1; exit 1 | log again; run');
    run(cluster, 20);
    const read = (previous: boolean, tailLines?: number): readonly string[] | undefined =>
      cluster.kubelets
        .readLogs({ namespace: 'default', pod: 'p', container: 'app', previous, ...(tailLines === undefined ? {} : { tailLines }) })
        ?.map(({ text }) => text);
    assert.deepEqual(read(false), ['again']);
    assert.deepEqual(read(true), ['one', 'two']);
    assert.deepEqual(read(true, 1), ['two']);
    assert.equal(cluster.kubelets.readLogs({ namespace: 'default', pod: 'none', container: 'app' }), undefined);
  });
});

describe('a node that fails', () => {
  it('says nothing more, and restarts its containers in the same Pods when it is back', () => {
    const cluster = readyCluster();
    createPod(cluster, 'p', 'image present; run');
    run(cluster, 5);
    const before = getPod(cluster, 'p');
    annotateNode(cluster, 'worker-1', 'kubepad.dev/fault', 'NodeDown');
    const { store } = cluster.api;
    const silent: string[] = [];
    const subscription = store.onRevision(({ actor, key }) => actor === 'system:node:worker-1' && silent.push(key));
    run(cluster, 20);
    subscription.dispose();
    assert.deepEqual(silent, []);
    annotateNode(cluster, 'worker-1', 'kubepad.dev/fault', undefined);
    run(cluster, 15);
    const after = getPod(cluster, 'p');
    assert.equal(after?.metadata.uid, before?.metadata.uid);
    assert.equal(summary(cluster, 'p'), 'Running rc=1 ready');
    assert.notEqual(after?.status?.podIP, before?.status?.podIP);
    assert.equal(after?.status?.containerStatuses?.[0]?.lastState?.terminated?.exitCode, 255);
  });

  it('lets Pods go that were deleted meanwhile', () => {
    const cluster = readyCluster();
    createPod(cluster, 'p', 'image present; run');
    run(cluster, 5);
    annotateNode(cluster, 'worker-1', 'kubepad.dev/fault', 'NodeDown');
    cluster.admin().delete(PODS, 'default', 'p');
    run(cluster, 60);
    assert.notEqual(getPod(cluster, 'p')?.metadata.deletionTimestamp, undefined);
    annotateNode(cluster, 'worker-1', 'kubepad.dev/fault', undefined);
    run(cluster, 5);
    assert.equal(summary(cluster, 'p'), 'gone');
  });
});

describe('the mode fast', () => {
  it('makes Pods ready with one write and deletes them at once', () => {
    const cluster = readyCluster({ kubelet: 'fast' });
    const writes: string[] = [];
    cluster.api.store.onRevision(({ resource, actor, key }) => resource === 'pods' && actor.startsWith('system:node:') && writes.push(key));
    cluster.admin().create(DEPLOYMENTS, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'd', namespace: 'default' },
      spec: {
        replicas: 30,
        selector: { matchLabels: { a: 'b' } },
        template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'app', image: 'nginx' }] } },
      },
    });
    run(cluster, 2);
    assert.equal(cluster.admin().get(DEPLOYMENTS, 'default', 'd')?.status?.readyReplicas, 30);
    assert.equal(writes.length, 30);
    createPod(cluster, 'p', undefined);
    run(cluster, 1);
    cluster.admin().delete(PODS, 'default', 'p');
    run(cluster, 1);
    assert.equal(summary(cluster, 'p'), 'gone');
  });

  it('completes the Pods of a Job', () => {
    const cluster = readyCluster({ kubelet: 'fast' });
    cluster.admin().create(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'j-1',
        namespace: 'default',
        ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'j', uid: '1', controller: true }],
        finalizers: ['kubepad.dev/hold'],
      },
      spec: { nodeName: 'worker-1', restartPolicy: 'Never', containers: [{ name: 'app', image: 'busybox' }] },
    });
    run(cluster, 1);
    assert.equal(getPod(cluster, 'j-1')?.status?.phase, 'Succeeded');
  });
});

describe('a restored kubelet', () => {
  const programs = [
    'image present; sleep 3; exit 1',
    'image missing; run',
    'image pull 2s; exec ok until 5s then fail; run',
    'image present; on-term exit 0 after 7s; run',
    'image present; serve 8080 503 until 6s then 200; run',
    'image present; start-latency 2; sleep 9',
  ];

  /** Everything that was written, as text. */
  function history(cluster: Cluster): string {
    return JSON.stringify(cluster.api.store.checkpoint());
  }

  function populate(): Cluster {
    const cluster = readyCluster({ freeze: false });
    for (const [index, program] of programs.entries()) {
      createPod(cluster, `p${index}`, program, {
        containers: [
          {
            name: 'app',
            image: `registry.test/image-${index}:1`,
            ...(index === 2 ? { livenessProbe: { exec: { command: ['check'] }, periodSeconds: 2 } } : {}),
            ...(index === 4 ? { readinessProbe: { httpGet: { port: 8080 }, periodSeconds: 2 } } : {}),
            ...(index === 3 ? { lifecycle: { preStop: { exec: { command: ['sleep', '4'] } } } } : {}),
          },
        ],
      });
    }
    return cluster;
  }

  for (const stopAt of [0, 250, 1_100, 2_345, 5_001, 9_999, 14_321, 20_500, 33_333]) {
    it(`goes on exactly as the original would, ${stopAt} ms after the start`, () => {
      const original = populate();
      const play = (cluster: Cluster, from: number, to: number): void => {
        if (from < 8_000 && to >= 8_000) {
          cluster.simulation.advance(START + 18_000);
          cluster.admin().delete(PODS, 'default', 'p3');
        }
        if (from < 12_000 && to >= 12_000) {
          cluster.simulation.advance(START + 22_000);
          annotateNode(cluster, 'worker-1', 'kubepad.dev/fault', 'NodeDown');
        }
        if (from < 16_000 && to >= 16_000) {
          cluster.simulation.advance(START + 26_000);
          annotateNode(cluster, 'worker-1', 'kubepad.dev/fault', undefined);
        }
        cluster.simulation.advance(START + 10_000 + to);
      };
      play(original, 0, stopAt);
      const copy = Cluster.restore(JSON.parse(JSON.stringify(original.checkpoint())) as ReturnType<Cluster['checkpoint']>);
      play(original, stopAt, 60_000);
      play(copy, stopAt, 60_000);
      assert.equal(history(copy), history(original));
    });
  }
});
