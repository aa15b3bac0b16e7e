import assert from 'node:assert/strict';
import { NODEPOOLS } from '../../../../src/api/kubepad/types.ts';
import { CONTROLLERREVISIONS, DAEMONSETS, NODES } from '../../../../src/api/schema/resources.ts';
import type { DaemonSetSpec, RollingUpdateDaemonSet } from '../../../../src/api/schema/types/apps/v1.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import type { Draft } from '../../../../src/base/json.ts';
import { newCluster, newManualCluster, podsOf, podTemplate, reportPod } from '../support.ts';

function withSet(nodes: number, spec: Partial<Draft<DaemonSetSpec>> = {}): Cluster {
  const cluster = newManualCluster(nodes);
  const template = podTemplate('agent', 'agent:1');
  // No kubelet would take them away.
  template.spec!.terminationGracePeriodSeconds = 0;
  cluster.admin().create(DAEMONSETS, {
    metadata: { name: 'agent', namespace: 'default' },
    spec: { selector: { matchLabels: { app: 'agent' } }, template, ...spec },
  });
  cluster.simulation.runUntil('settled');
  return cluster;
}

function runningSet(rollingUpdate: RollingUpdateDaemonSet): Cluster {
  const cluster = newCluster();
  cluster.admin().create(DAEMONSETS, {
    metadata: { name: 'agent', namespace: 'default' },
    spec: {
      selector: { matchLabels: { app: 'agent' } },
      template: podTemplate('agent'),
      updateStrategy: { type: 'RollingUpdate', rollingUpdate },
    },
  });
  cluster.simulation.runUntil('settled');
  return cluster;
}

const image = (cluster: Cluster): readonly string[] => podsOf(cluster).map(({ spec }) => spec!.containers[0]!.image!);

function update(cluster: Cluster, name: string): void {
  cluster.admin().modify(DAEMONSETS, 'default', 'agent', (set) => void (set.spec!.template.spec!.containers[0]!.image = name));
  cluster.simulation.runUntil('settled');
}

describe('the rolling update of a DaemonSet', () => {
  it('leaves the good Pods alone when one bad template follows another', () => {
    const cluster = withSet(3);
    for (const pod of podsOf(cluster)) reportPod(cluster, pod, true);
    cluster.simulation.runUntil('settled');
    for (const bad of ['agent:2', 'agent:3', 'agent:4']) {
      update(cluster, bad);
      for (const pod of podsOf(cluster)) if (pod.status?.phase !== 'Running') reportPod(cluster, pod, false);
      cluster.simulation.runUntil('settled');
      assert.deepEqual([...image(cluster)].sort(), ['agent:1', 'agent:1', bad]);
    }
  });

  for (const rollingUpdate of [
    { maxSurge: 1, maxUnavailable: 0 },
    { maxSurge: 0, maxUnavailable: 1 },
  ]) {
    it(`makes no Pods for a node that is gone, with ${JSON.stringify(rollingUpdate)}`, () => {
      const cluster = runningSet(rollingUpdate);
      const admin = cluster.admin();
      const made: string[] = [];
      cluster.api.store.onRevision(({ resource, type, key }) => {
        if (resource === 'pods' && type === 'ADDED') made.push(key);
      });
      admin.modify(NODEPOOLS, '', 'worker', (pool) => {
        pool.spec!.count = 2;
      });
      const { simulation } = cluster;
      while (admin.list(NODES).length > 2) simulation.advance(simulation.now() + 100);
      assert.equal(podsOf(cluster).length, 3, 'the Pod of the node that is gone is there still');
      admin.modify(DAEMONSETS, 'default', 'agent', (set) => {
        set.spec!.template.spec!.containers[0]!.image = 'nginx:2';
      });
      assert.equal(simulation.advance(simulation.now() + 300_000, { events: 20_000 }).reason, 'Done');
      assert.deepEqual(
        podsOf(cluster).map(({ spec }) => spec?.containers[0]?.image),
        admin.list(NODES).map(() => 'nginx:2'),
      );
      assert.equal(made.length, admin.list(NODES).length);
    });
  }
});

describe('the history of a DaemonSet', () => {
  it('counts former revisions that Pods are still of', () => {
    const cluster = withSet(1, { revisionHistoryLimit: 2, updateStrategy: { type: 'OnDelete' } });
    for (const name of ['agent:2', 'agent:3', 'agent:4']) update(cluster, name);
    const numbers = cluster
      .admin()
      .list(CONTROLLERREVISIONS, 'default')
      .map(({ revision }) => String(revision));
    // Three former ones are one too many; the Pod is of the first, so the second goes.
    assert.deepEqual([...numbers].sort(), ['1', '3', '4']);
  });
});
