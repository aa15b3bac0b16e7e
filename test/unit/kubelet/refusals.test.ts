import assert from 'node:assert/strict';
import { EVENTS, PERSISTENTVOLUMECLAIMS } from '../../../src/api/schema/resources.ts';
import type { Cluster } from '../../../src/cluster/cluster.ts';
import { createPod, getPod, readyCluster, run, summary } from './support.ts';

function complaints(cluster: Cluster): readonly string[] {
  return cluster
    .admin()
    .list(EVENTS)
    .filter(({ reason }) => reason === 'FailedMount' || reason === 'Unhealthy')
    .map(({ message }) => message ?? '');
}

describe('a Pod that no scheduler placed', () => {
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'none' } }];

  it('waits for a claim that does not exist', () => {
    const cluster = readyCluster();
    createPod(cluster, 'p', 'image present; run', { volumes });
    run(cluster, 5);
    const problem = 'failed to fetch PVC from API server: persistentvolumeclaims "none" not found';
    assert.deepEqual(complaints(cluster), [
      `Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[], failed to process volumes=[data]: error processing PVC default/none: ${problem}`,
    ]);
    assert.equal(summary(cluster, 'p'), 'Pending rc=0 unready');
  });

  it('waits for a claim that has no volume', () => {
    const cluster = readyCluster();
    cluster.admin().create(PERSISTENTVOLUMECLAIMS, {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'none', namespace: 'default' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, storageClassName: '' },
    });
    createPod(cluster, 'p', 'image present; run', { volumes });
    run(cluster, 5);
    assert.match(complaints(cluster)[0] ?? '', /: error processing PVC default\/none: PVC is not bound$/);
  });
});

describe('a probe over TLS', () => {
  it('fails where a program serves plain HTTP', () => {
    const cluster = readyCluster();
    const readinessProbe = { httpGet: { port: 8443, scheme: 'HTTPS' as const } };
    createPod(cluster, 'p', 'image present; run; serve 8443 200', {
      containers: [{ name: 'app', image: 'registry.test/app:1', readinessProbe }],
    });
    run(cluster, 5);
    assert.match(complaints(cluster)[0] ?? '', /^Readiness probe failed: Get "https:.*": http: server gave HTTP response to HTTPS client$/);
  });
});

describe('a hook that opens a socket', () => {
  it('is no hook that could be run', () => {
    const cluster = readyCluster();
    const lifecycle = { postStart: { tcpSocket: { port: 8080 } } };
    createPod(cluster, 'p', 'image present; run; tcp 8080 open', {
      containers: [{ name: 'app', image: 'registry.test/app:1', lifecycle }],
    });
    run(cluster, 5);
    const waiting = getPod(cluster, 'p')?.status?.containerStatuses?.[0]?.state?.waiting;
    assert.equal(waiting?.reason, 'PostStartHookError');
    assert.match(waiting?.message ?? '', /^Cannot run handler: invalid handler: .*TCPSocketAction{Port:{0 8080 },Host:,}/);
  });
});

describe('volumes that cannot be mounted', () => {
  it('are complained of each by itself, the sources of one together', () => {
    const cluster = readyCluster();
    createPod(cluster, 'p', 'image present; run', {
      volumes: [
        { name: 'a', configMap: { name: 'a' } },
        { name: 'b', secret: { secretName: 'b' } },
        { name: 'c', projected: { sources: [{ configMap: { name: 'd' } }, { secret: { name: 'e' } }] } },
      ],
    });
    run(cluster, 0.3);
    const failed = (volume: string, why: string): string => `MountVolume.SetUp failed for volume "${volume}" : ${why}`;
    assert.deepEqual(complaints(cluster).toSorted(), [
      failed('a', 'configmap "a" not found'),
      failed('b', 'secret "b" not found'),
      failed('c', '[configmap "d" not found, secret "e" not found]'),
    ]);
  });
});
