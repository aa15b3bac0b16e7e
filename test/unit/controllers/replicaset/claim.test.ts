import assert from 'node:assert/strict';
import { PODS, REPLICASETS } from '../../../../src/api/schema/resources.ts';
import type { Draft } from '../../../../src/base/json.ts';
import type { Pod } from '../../../../src/api/schema/types/core/v1.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { newCluster, podsOf, podTemplate } from '../support.ts';

function createSet(cluster: Cluster, replicas: number): void {
  cluster.admin().create(REPLICASETS, {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'web', namespace: 'default' },
    spec: { replicas, selector: { matchLabels: { app: 'web' } }, template: podTemplate('web') },
  });
}

function createPod(cluster: Cluster, name: string, more: Partial<Draft<Pod>['metadata']> = {}): void {
  cluster.admin().create(PODS, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels: { app: 'web' }, ...more },
    spec: { containers: [{ name: 'main', image: 'nginx:1' }] },
  });
}

const ownerOf = (cluster: Cluster, name: string): string | undefined =>
  cluster.admin().get(PODS, 'default', name)?.metadata.ownerReferences?.[0]?.name;

function setPhase(cluster: Cluster, name: string, phase: 'Failed' | 'Succeeded'): void {
  cluster.admin().modify(PODS, 'default', name, (pod) => void ((pod.status ??= {}).phase = phase), 'status');
}

describe('a ReplicaSet', () => {
  it('takes Pods that nobody has, but none that has ended', () => {
    const cluster = newCluster();
    for (const name of ['live', 'ended']) createPod(cluster, name);
    cluster.simulation.runUntil('settled');
    setPhase(cluster, 'ended', 'Failed');
    createSet(cluster, 2);
    cluster.simulation.runUntil('stable');
    assert.equal(ownerOf(cluster, 'live'), 'web');
    assert.equal(ownerOf(cluster, 'ended'), undefined);
    assert.equal(podsOf(cluster).length, 3);
  });

  it('lets go of a Pod that its selector does not mean any more, but keeps one that has ended', () => {
    const cluster = newCluster();
    createSet(cluster, 2);
    cluster.simulation.runUntil('stable');
    const [first = '', second = ''] = podsOf(cluster).map(({ metadata }) => metadata.name ?? '');
    setPhase(cluster, second, 'Succeeded');
    for (const name of [first, second]) cluster.admin().modify(PODS, 'default', name, ({ metadata }) => void (metadata.labels = {}));
    cluster.simulation.runUntil('stable');
    assert.equal(ownerOf(cluster, first), undefined);
    assert.equal(ownerOf(cluster, second), 'web');
    assert.equal(cluster.admin().get(REPLICASETS, 'default', 'web')?.status?.readyReplicas, 2);
  });

  it('counts its Pods on their way out, and leaves those of nobody alone', () => {
    const cluster = newCluster();
    createSet(cluster, 1);
    createPod(cluster, 'stranger', { finalizers: ['kubepad.dev/hold'] });
    cluster.admin().delete(PODS, 'default', 'stranger');
    cluster.simulation.runUntil('stable');
    const [own] = podsOf(cluster).filter(({ metadata }) => metadata.name !== 'stranger');
    cluster.admin().modify(PODS, 'default', own?.metadata.name ?? '', ({ metadata }) => void (metadata.finalizers = ['kubepad.dev/hold']));
    cluster.admin().delete(PODS, 'default', own?.metadata.name ?? '');
    cluster.simulation.runUntil('stable');
    assert.equal(ownerOf(cluster, 'stranger'), undefined);
    const { status } = cluster.admin().get(REPLICASETS, 'default', 'web')!;
    assert.equal(status?.terminatingReplicas, 1);
    assert.equal(status?.replicas, 1);
  });
});
