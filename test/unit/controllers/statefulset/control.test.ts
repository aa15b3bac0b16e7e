import assert from 'node:assert/strict';
import { RESOURCEQUOTAS, STATEFULSETS } from '../../../../src/api/schema/resources.ts';
import type { StatefulSetSpec } from '../../../../src/api/schema/types/apps/v1.ts';
import type { Draft } from '../../../../src/base/json.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { newManualCluster, podsOf, podTemplate, reportPod, said } from '../support.ts';

function createSet(cluster: Cluster, spec: Partial<Draft<StatefulSetSpec>>): void {
  const template = podTemplate('db');
  template.spec!.terminationGracePeriodSeconds = 0;
  cluster.admin().create(STATEFULSETS, {
    metadata: { name: 'db', namespace: 'default' },
    spec: { serviceName: 'db', selector: { matchLabels: { app: 'db' } }, template, podManagementPolicy: 'Parallel', ...spec },
  });
  cluster.simulation.runUntil('settled');
}

function reportAll(cluster: Cluster): void {
  for (const pod of podsOf(cluster)) if (pod.status?.phase !== 'Running') reportPod(cluster, pod, true);
}

describe('a StatefulSet with Pods in parallel', () => {
  it('updates the next Pod when the last one has been ready for minReadySeconds', () => {
    const cluster = newManualCluster(1);
    createSet(cluster, { replicas: 3, minReadySeconds: 30 });
    reportAll(cluster);
    cluster.simulation.advance(cluster.simulation.now() + 40_000);
    cluster.admin().modify(STATEFULSETS, 'default', 'db', (set) => void (set.spec!.template.spec!.containers[0]!.image = 'nginx:2'));
    const renewed = (): number => podsOf(cluster).filter(({ spec }) => spec!.containers[0]!.image === 'nginx:2').length;
    const counts: number[] = [];
    // A new Pod reports itself in the first second of ten.
    for (let tenSeconds = 0; tenSeconds < 9; tenSeconds++) {
      cluster.simulation.advance(cluster.simulation.now() + 1_000);
      reportAll(cluster);
      cluster.simulation.advance(cluster.simulation.now() + 9_000);
      counts.push(renewed());
    }
    assert.deepEqual(counts, [1, 1, 1, 2, 2, 2, 2, 3, 3]);
  });

  it('tries all Pods of a batch though one of them is refused', () => {
    const cluster = newManualCluster(1);
    cluster.admin().create(RESOURCEQUOTAS, { metadata: { name: 'few', namespace: 'default' }, spec: { hard: { pods: '1' } } });
    cluster.simulation.runUntil('settled');
    createSet(cluster, { replicas: 5 });
    assert.deepEqual(
      podsOf(cluster).map(({ metadata }) => metadata.name),
      ['db-0'],
    );
    const refused = new Set(said(cluster, 'FailedCreate').map((message) => message.split(' ')[2] ?? ''));
    assert.deepEqual([...refused].sort(), ['db-1', 'db-2']);
  });
});
