import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Draft, JsonObject } from '../../../../src/base/json.ts';
import { CONFIGMAPS, PODS, SERVICES } from '../../../../src/api/schema/resources.ts';
import type { PodSpec } from '../../../../src/api/schema/types/core/v1.ts';
import { Cluster, type ClusterCheckpoint } from '../../../../src/cluster/cluster.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../../../src/host/persistence/encode.ts';
import { history } from '../../cluster/support.ts';
import { createPod, readyCluster, START } from '../support.ts';

const busybox = (
  name: string,
  script: string,
  more: Partial<Draft<PodSpec['containers'][number]>> = {},
): Draft<PodSpec['containers'][number]> =>
  ({ name, image: 'busybox:1.37', command: ['sh', '-c', script], ...more }) as Draft<PodSpec['containers'][number]>;

/** Programs of every kind: loops, pipes, background processes, traps, hooks, probes, network, files that are shared. */
function lively(): Cluster {
  const cluster = readyCluster({ seed: 'programs', freeze: false });
  cluster
    .admin()
    .create(CONFIGMAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'default' }, data: { key: 'one' } });
  createPod(cluster, 'loop', undefined, {
    containers: [
      busybox('app', 'i=0; while true; do i=$((i+1)); echo "$i $RANDOM $(date +%s)" | tee -a /tmp/log | grep -v none; sleep 1; done'),
    ],
  });
  createPod(cluster, 'pair', undefined, {
    volumes: [{ name: 'v', emptyDir: {} }],
    containers: [
      busybox('app', 'while :; do date +%s >> /v/log; sleep 2; done', { volumeMounts: [{ name: 'v', mountPath: '/v' }] }),
      busybox('side', 'tail -F /v/log | while read l; do echo "got $l"; done', { volumeMounts: [{ name: 'v', mountPath: '/v' }] }),
    ],
  });
  createPod(cluster, 'trap', undefined, {
    terminationGracePeriodSeconds: 6,
    containers: [
      busybox('app', 'trap "sleep 1; echo bye; exit 3" TERM; sleep 100 & wait', {
        lifecycle: {
          preStop: { exec: { command: ['sleep', '2'] } },
          postStart: { exec: { command: ['sh', '-c', 'sleep 1; echo hi > /tmp/x'] } },
        },
      }),
    ],
  });
  createPod(cluster, 'probe', undefined, {
    containers: [
      busybox('app', 'touch /tmp/a; sleep 7; rm /tmp/a; sleep 1000', {
        livenessProbe: { exec: { command: ['sh', '-c', 'sleep 0.3; cat /tmp/a'] }, periodSeconds: 2, failureThreshold: 2 },
      }),
    ],
  });
  createPod(cluster, 'crash', undefined, { containers: [busybox('app', 'echo start; sleep 3; exit 1')] });
  createPod(cluster, 'client', undefined, {
    initContainers: [busybox('wait', 'until nslookup web; do sleep 2; done')],
    containers: [busybox('app', 'while true; do wget -T 1 -qO- http://web; sleep 3; done')],
  });
  createPod(cluster, 'busy', undefined, {
    containers: [busybox('app', 'while true; do :; done', { resources: { limits: { cpu: '500m' } } })],
  });
  createPod(cluster, 'web', undefined, { containers: [{ name: 'app', image: 'nginx:1.29' }] });
  return cluster;
}

/** What happens to them later. */
function disturb(cluster: Cluster): void {
  const client = cluster.admin();
  client.create(SERVICES, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default' },
    spec: { ports: [{ port: 80 }] },
  });
  if (client.get(PODS, 'default', 'trap') !== undefined) client.delete(PODS, 'default', 'trap');
}

/** All that can be seen: the API server's history, and what the programs have written. */
function seen(cluster: Cluster): string {
  const logs = ['loop', 'pair', 'probe', 'crash', 'client', 'busy', 'web'].map((pod) =>
    cluster.kubelets.readLogs({ namespace: 'default', pod, container: 'app' }),
  );
  return history(cluster) + JSON.stringify([logs, cluster.kubelets.readLogs({ namespace: 'default', pod: 'pair', container: 'side' })]);
}

describe('programs under way', () => {
  it('go on from a fork or a stored cluster exactly as the original does', function () {
    this.timeout(60_000);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 25_000 }), fc.boolean(), fc.integer({ min: 0, max: 9_000 }), (atMs, stored, laterMs) => {
        const original = lively();
        original.simulation.advance(START + 10_000 + atMs);
        const other = stored
          ? Cluster.restore(
              decodeCheckpoint(encodeCheckpoint(original.checkpoint() as unknown as JsonObject)) as unknown as ClusterCheckpoint,
            )
          : original.fork();
        for (const cluster of [original, other]) {
          cluster.simulation.advance(START + 10_000 + atMs + laterMs);
          disturb(cluster);
          cluster.simulation.advance(START + 60_000);
        }
        assert.equal(seen(other), seen(original));
      }),
      { numRuns: 8 },
    );
  });

  it('are not touched by a fork that goes another way', () => {
    const original = lively();
    original.simulation.advance(START + 20_000);
    const before = seen(original);
    const fork = original.fork();
    fork.simulation.advance(START + 60_000);
    assert.equal(seen(original), before);
    assert.notEqual(seen(fork), before);
  });
});
