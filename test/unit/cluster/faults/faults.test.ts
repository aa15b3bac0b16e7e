import assert from 'node:assert/strict';
import { DEPLOYMENTS, LEASES, NODES, PODS, SERVICES } from '../../../../src/api/schema/resources.ts';
import type { Lease } from '../../../../src/api/schema/types/coordination/v1.ts';
import { ADMIN } from '../../../../src/apiserver/authentication/users.ts';
import { handleRequest } from '../../../../src/apiserver/endpoints/handle.ts';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import type { FaultSpec } from '../../../../src/api/kubepad/types.ts';
import { createPod, getPod, readyCluster, run, summary } from '../../kubelet/support.ts';
import { webDeployment } from '../support.ts';
import { addFault, dropFault, faultOf, nodeCondition, podsOf, reasons } from './support.ts';

const renewTime = (cluster: Cluster, node: string): string =>
  cluster.admin().get<Lease>(LEASES, 'kube-node-lease', node)?.spec?.renewTime ?? '';

describe('a Fault in time', () => {
  it('begins after its delay, ends after its duration, and says so', () => {
    const cluster = readyCluster();
    addFault(cluster, 'outage', { type: 'NodeDown', target: { node: 'worker-1' }, from: '10s', duration: '2m' });
    run(cluster, 5);
    assert.equal(faultOf(cluster, 'outage')?.status?.phase, 'Pending');
    run(cluster, 10);
    const active = faultOf(cluster, 'outage')?.status;
    assert.deepEqual([active?.phase, active?.activeSince, active?.endsAt], ['Active', '2026-01-01T00:00:20Z', '2026-01-01T00:02:20Z']);
    assert.deepEqual([active?.hits, active?.hit], [1, ['Node worker-1']]);
    assert.equal(active?.conditions?.[0]?.reason, 'InForce');
    run(cluster, 90);
    assert.equal(nodeCondition(cluster, 'worker-1'), 'Unknown NodeStatusUnknown');
    run(cluster, 60);
    assert.equal(faultOf(cluster, 'outage')?.status?.phase, 'Ended');
    assert.equal(nodeCondition(cluster, 'worker-1'), 'True KubeletReady');
    assert.ok(reasons(cluster, 'worker-1').includes('Rebooted'));
  });

  it('takes a whole zone down', () => {
    const cluster = readyCluster();
    addFault(cluster, 'dark', { type: 'ZoneDown', target: { zone: 'zone-b' } });
    run(cluster, 120);
    const states = cluster
      .admin()
      .list(NODES)
      .map(({ metadata }) => `${metadata.name} ${nodeCondition(cluster, metadata.name ?? '').split(' ')[0]}`);
    assert.deepEqual(states, ['control-plane-1 True', 'worker-1 True', 'worker-2 Unknown', 'worker-3 True']);
    dropFault(cluster, 'dark');
    run(cluster, 10);
    assert.equal(nodeCondition(cluster, 'worker-2'), 'True KubeletReady');
  });
});

describe('a node that is cut off', () => {
  it('goes on with its containers and says later what happened', () => {
    const cluster = readyCluster();
    createPod(cluster, 'flaky', 'sleep 30; exit 1 | run');
    run(cluster, 5);
    addFault(cluster, 'cut', { type: 'Partition', target: { node: 'worker-1' } });
    const before = renewTime(cluster, 'worker-1');
    run(cluster, 90);
    assert.ok(renewTime(cluster, 'worker-1') <= before);
    assert.equal(nodeCondition(cluster, 'worker-1'), 'Unknown NodeStatusUnknown');
    assert.equal(summary(cluster, 'flaky'), 'Running rc=0 unready');
    dropFault(cluster, 'cut');
    run(cluster, 3);
    assert.equal(summary(cluster, 'flaky'), 'Running rc=1 ready');
    assert.equal(nodeCondition(cluster, 'worker-1'), 'True KubeletReady');
    assert.ok(!reasons(cluster, 'worker-1').includes('Rebooted'));
  });

  it('lets go of a Pod that ended meanwhile, though the power went before it could say so', () => {
    const cluster = readyCluster();
    createPod(cluster, 'ending', 'on-term exit 0 after 10s; run');
    run(cluster, 5);
    cluster.admin().delete(PODS, 'default', 'ending');
    run(cluster, 1);
    addFault(cluster, 'cut', { type: 'Partition', target: { node: 'worker-1' } });
    run(cluster, 60);
    addFault(cluster, 'off', { type: 'NodeDown', target: { node: 'worker-1' } });
    run(cluster, 5);
    dropFault(cluster, 'cut');
    run(cluster, 5);
    assert.notEqual(cluster.admin().get(PODS, 'default', 'ending')?.metadata.deletionTimestamp, undefined);
    dropFault(cluster, 'off');
    run(cluster, 60);
    assert.equal(cluster.admin().get(PODS, 'default', 'ending'), undefined);
  });

  it('stops Pods that were deleted meanwhile, and tells of those that ended', () => {
    const cluster = readyCluster();
    createPod(cluster, 'gone', 'run');
    createPod(cluster, 'leaving', 'on-term exit 0; run');
    createPod(cluster, 'done', 'sleep 20; exit 0', { restartPolicy: 'Never' });
    run(cluster, 5);
    addFault(cluster, 'cut', { type: 'Partition', target: { node: 'worker-1' } });
    run(cluster, 1);
    cluster.admin().delete(PODS, 'default', 'gone', { gracePeriodSeconds: 0 });
    cluster.admin().delete(PODS, 'default', 'leaving');
    createPod(cluster, 'late', 'run');
    run(cluster, 60);
    assert.equal(getPod(cluster, 'gone'), undefined);
    assert.equal(getPod(cluster, 'leaving')?.status?.phase, 'Running');
    assert.equal(summary(cluster, 'done'), 'Running rc=0 unready');
    assert.equal(getPod(cluster, 'late')?.status?.phase, 'Pending');
    dropFault(cluster, 'cut');
    run(cluster, 5);
    assert.equal(getPod(cluster, 'leaving'), undefined);
    assert.equal(summary(cluster, 'done'), 'Succeeded rc=0 unready');
    assert.equal(summary(cluster, 'late'), 'Running rc=0 ready');
  });
});

describe('containers that go wrong', () => {
  const target = { pods: { namespace: 'default', name: 'app' } };
  const readiness = { httpGet: { path: '/', port: 8080 }, periodSeconds: 2, failureThreshold: 1 };

  it('crash as long as the fault is there', () => {
    const cluster = readyCluster();
    createPod(cluster, 'app', 'run');
    run(cluster, 5);
    addFault(cluster, 'crash', { type: 'CrashLoop', target, exitCode: 42 });
    run(cluster, 20);
    const status = getPod(cluster, 'app')?.status?.containerStatuses?.[0];
    assert.ok((status?.restartCount ?? 0) >= 1);
    assert.equal((status?.state?.terminated ?? status?.lastState?.terminated)?.exitCode, 42);
    assert.deepEqual(faultOf(cluster, 'crash')?.status?.hit, ['Pod default/app']);
    dropFault(cluster, 'crash');
    run(cluster, 400);
    const restarts = getPod(cluster, 'app')?.status?.containerStatuses?.[0]?.restartCount;
    run(cluster, 400);
    assert.equal(summary(cluster, 'app'), `Running rc=${restarts} ready`);
  });

  it('leak up to their limit, and are killed for it', () => {
    const cluster = readyCluster();
    createPod(cluster, 'app', 'run', { containers: [{ name: 'app', image: 'a:1', resources: { limits: { memory: '74Mi' } } }] });
    run(cluster, 5);
    addFault(cluster, 'leak', { type: 'MemoryLeak', target, rate: '64Mi' });
    const used = (): number => cluster.kubelets.usage(getPod(cluster, 'app')!)[0]?.memoryBytes ?? 0;
    const before = used();
    run(cluster, 30);
    assert.ok(used() - before >= 30 * 1024 * 1024, 'what is measured shows the leak');
    run(cluster, 25);
    assert.equal(summary(cluster, 'app'), 'Running rc=0 ready');
    run(cluster, 10);
    const status = getPod(cluster, 'app')?.status?.containerStatuses?.[0];
    const end = status?.lastState?.terminated ?? status?.state?.terminated;
    assert.deepEqual([end?.exitCode, end?.reason], [137, 'OOMKilled']);
    dropFault(cluster, 'leak');
    run(cluster, 300);
    assert.equal(summary(cluster, 'app'), 'Running rc=1 ready');
  });

  it('fail their probes', () => {
    const cluster = readyCluster();
    createPod(cluster, 'app', 'serve 8080 200; run', { containers: [{ name: 'app', image: 'a:1', readinessProbe: readiness }] });
    run(cluster, 5);
    assert.equal(summary(cluster, 'app'), 'Running rc=0 ready');
    addFault(cluster, 'ill', { type: 'ProbeFailure', target, probes: ['readiness'] });
    run(cluster, 5);
    assert.equal(summary(cluster, 'app'), 'Running rc=0 unready');
    dropFault(cluster, 'ill');
    run(cluster, 5);
    assert.equal(summary(cluster, 'app'), 'Running rc=0 ready');
  });

  it('take their time to answer', () => {
    const cluster = readyCluster();
    addFault(cluster, 'slow', { type: 'SlowStart', target, latency: '20s' });
    createPod(cluster, 'app', 'serve 8080 200; run', { containers: [{ name: 'app', image: 'a:1', readinessProbe: readiness }] });
    run(cluster, 15);
    assert.equal(summary(cluster, 'app'), 'Running rc=0 unready');
    run(cluster, 10);
    assert.equal(summary(cluster, 'app'), 'Running rc=0 ready');
  });

  it('do not get their image', () => {
    const cluster = readyCluster();
    addFault(cluster, 'registry', { type: 'ImagePullError', target: { image: 'registry.test/*' }, error: 'denied' });
    createPod(cluster, 'app', 'run');
    run(cluster, 20);
    const waiting = getPod(cluster, 'app')?.status?.containerStatuses?.[0]?.state?.waiting;
    assert.match(waiting?.reason ?? '', /^(ErrImagePull|ImagePullBackOff)$/);
    assert.match(waiting?.message ?? '', /pull access denied/);
    dropFault(cluster, 'registry');
    run(cluster, 60);
    assert.equal(summary(cluster, 'app'), 'Running rc=0 ready');
  });
});

describe('a component that is down', () => {
  const stop = (cluster: Cluster, component: string, more: Partial<NonNullable<FaultSpec['target']>> = {}): void =>
    addFault(cluster, 'down', { type: 'ComponentDown', target: { component, ...more } });

  it('kube-scheduler: Pods stay Pending, and are placed when it is back', () => {
    const cluster = readyCluster();
    stop(cluster, 'kube-scheduler');
    cluster.admin().create(DEPLOYMENTS, webDeployment(3));
    run(cluster, 60);
    assert.deepEqual(
      podsOf(cluster).map(({ spec }) => spec?.nodeName),
      [undefined, undefined, undefined],
    );
    dropFault(cluster, 'down');
    run(cluster, 10);
    assert.deepEqual(
      podsOf(cluster).map(({ status }) => status?.phase),
      ['Running', 'Running', 'Running'],
    );
  });

  it('a single controller: its work alone is left undone', () => {
    const cluster = readyCluster();
    stop(cluster, 'replicaset-controller');
    cluster.admin().create(DEPLOYMENTS, webDeployment(2));
    run(cluster, 30);
    assert.equal(cluster.api.store.list('replicasets.apps').length, 1);
    assert.equal(podsOf(cluster).length, 0);
    dropFault(cluster, 'down');
    run(cluster, 10);
    assert.equal(podsOf(cluster).length, 2);
  });

  it('kube-controller-manager: nothing is reconciled until it is back', () => {
    const cluster = readyCluster();
    stop(cluster, 'kube-controller-manager');
    cluster.admin().create(DEPLOYMENTS, webDeployment(2));
    run(cluster, 30);
    assert.equal(cluster.api.store.list('replicasets.apps').length, 0);
    assert.deepEqual(faultOf(cluster, 'down')?.status?.hit, ['Component kube-controller-manager']);
    const fork = cluster.fork();
    for (const one of [cluster, fork]) {
      dropFault(one, 'down');
      run(one, 10);
      assert.deepEqual(
        podsOf(one).map(({ status }) => status?.phase),
        ['Running', 'Running'],
      );
    }
    assert.deepEqual(fork.checkpoint(), cluster.checkpoint());
  });

  it('kubelet: the node falls silent, its containers go on', () => {
    const cluster = readyCluster();
    createPod(cluster, 'app', 'run');
    createPod(cluster, 'short', 'sleep 20; exit 1');
    run(cluster, 5);
    stop(cluster, 'kubelet', { node: 'worker-1' });
    run(cluster, 70);
    assert.equal(nodeCondition(cluster, 'worker-1'), 'Unknown NodeStatusUnknown');
    dropFault(cluster, 'down');
    run(cluster, 10);
    assert.equal(nodeCondition(cluster, 'worker-1'), 'True KubeletReady');
    assert.equal(summary(cluster, 'app'), 'Running rc=0 ready');
    assert.equal(summary(cluster, 'short'), 'Running rc=1 ready');
    assert.ok(!reasons(cluster, 'worker-1').includes('Rebooted'));
  });

  it('kubelet: a Pod that was ending when it stopped is gone when it is back', () => {
    const cluster = readyCluster();
    createPod(cluster, 'app', 'on-term exit 0 after 5s; run');
    createPod(cluster, 'quick', 'run');
    run(cluster, 5);
    for (const name of ['app', 'quick']) cluster.admin().delete(PODS, 'default', name);
    cluster.simulation.advance(cluster.simulation.now() + 1);
    stop(cluster, 'kubelet', { node: 'worker-1' });
    run(cluster, 30);
    assert.equal(getPod(cluster, 'app')?.metadata.name, 'app');
    dropFault(cluster, 'down');
    run(cluster, 10);
    assert.deepEqual(podsOf(cluster), []);
    assert.deepEqual([getPod(cluster, 'app'), getPod(cluster, 'quick')], [undefined, undefined]);
  });

  it('kubelet: what containers do meanwhile is seen when it is back', () => {
    const cluster = readyCluster();
    createPod(cluster, 'app', 'run');
    run(cluster, 5);
    stop(cluster, 'kubelet', { node: 'worker-1' });
    run(cluster, 1);
    addFault(cluster, 'crash', { type: 'CrashLoop', target: { pods: { namespace: 'default', name: 'app' } }, duration: '10s' });
    run(cluster, 2);
    cluster.admin().delete(PODS, 'default', 'app', { gracePeriodSeconds: 1 });
    run(cluster, 30);
    assert.equal(getPod(cluster, 'app')?.status?.phase, 'Running');
    dropFault(cluster, 'down');
    run(cluster, 10);
    assert.equal(getPod(cluster, 'app'), undefined);
  });

  it('etcd: the server answers, but not with objects, and open watches stay', () => {
    const cluster = readyCluster();
    createPod(cluster, 'app', 'run');
    run(cluster, 5);
    const ask = (path: string, query = ''): ReturnType<typeof handleRequest> =>
      handleRequest(cluster.api, { method: 'GET', path, query: new URLSearchParams(query), headers: {}, body: '', user: ADMIN });
    const code = (path: string): string => {
      const answer = ask(path);
      return answer.kind === 'response' ? `${answer.code} ${answer.body}` : '';
    };
    const watch = ask('/api/v1/pods', 'watch=1');
    stop(cluster, 'etcd');
    run(cluster, 1);
    assert.ok(watch.kind === 'watch' && !watch.ended);
    assert.match(code('/api/v1/pods'), /^500 .*"message":"etcdserver: request timed out","code":500/);
    assert.match(code('/readyz'), /^500 \[\+\]ping ok\n\[-\]etcd failed: reason withheld\nreadyz check failed/);
    assert.match(code('/version'), /^200 /);
    assert.match(code('/apis/kubepad.dev/v1/faults'), /^200 /);
    assert.throws(() => cluster.admin().create(DEPLOYMENTS, webDeployment(1)), /etcdserver: request timed out/);
    const { revision } = cluster.api.store;
    run(cluster, 300);
    assert.equal(cluster.api.store.revision, revision);
    dropFault(cluster, 'down');
    run(cluster, 30);
    assert.match(code('/readyz'), /^200 /);
    assert.equal(summary(cluster, 'app'), 'Running rc=0 ready');
  });

  it('cloud-controller-manager: no balancer is made until it is back', () => {
    const cluster = Cluster.create({ seed: 'cloud', startTime: 0, preset: 'eks', kubelet: 'fast' });
    run(cluster, 30);
    stop(cluster, 'cloud-controller-manager');
    cluster.admin().create(SERVICES, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'default' },
      spec: { type: 'LoadBalancer', ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }] },
    });
    const hostname = (): string | undefined =>
      cluster.admin().get(SERVICES, 'default', 'web')?.status?.loadBalancer?.ingress?.[0]?.hostname;
    run(cluster, 60);
    assert.equal(hostname(), undefined);
    dropFault(cluster, 'down');
    run(cluster, 60);
    assert.match(hostname() ?? '', /elb\.amazonaws\.com$/);
  });

  it('kube-apiserver: requests are refused, containers go on, everything catches up', () => {
    const cluster = readyCluster();
    createPod(cluster, 'app', 'sleep 40; exit 1 | run');
    run(cluster, 5);
    const watch = handleRequest(cluster.api, {
      method: 'GET',
      path: '/api/v1/pods',
      query: new URLSearchParams('watch=1'),
      headers: {},
      body: '',
      user: ADMIN,
    });
    assert.ok(watch.kind === 'watch' && !watch.ended);
    let told = 0;
    const subscription = watch.onChange(() => told++);
    stop(cluster, 'kube-apiserver');
    run(cluster, 1);
    subscription.dispose();
    assert.ok(watch.ended && told > 0, 'open watches end');
    const ask = (method: string, path: string): number => {
      const answer = handleRequest(cluster.api, { method, path, query: new URLSearchParams(), headers: {}, body: '', user: ADMIN });
      return answer.kind === 'response' ? answer.code : 0;
    };
    assert.deepEqual(
      [ask('GET', '/api/v1/pods'), ask('GET', '/readyz'), ask('GET', '/apis'), ask('GET', '/apis/kubepad.dev/v1/faults')],
      [503, 503, 200, 200],
    );
    assert.throws(() => cluster.admin().create(DEPLOYMENTS, webDeployment(1)), /currently unable to handle/);
    const { revision } = cluster.api.store;
    run(cluster, 300);
    assert.equal(cluster.api.store.revision, revision);
    assert.equal(ask('DELETE', '/apis/kubepad.dev/v1/faults/down'), 200);
    run(cluster, 5);
    assert.equal(summary(cluster, 'app'), 'Running rc=1 ready');
    cluster.admin().create(DEPLOYMENTS, webDeployment(2));
    run(cluster, 120);
    assert.deepEqual(
      cluster
        .admin()
        .list(NODES)
        .map(({ metadata }) => nodeCondition(cluster, metadata.name ?? '')),
      Array(4).fill('True KubeletReady'),
    );
    assert.equal(podsOf(cluster).length, 3);
  });
});
