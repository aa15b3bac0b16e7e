import assert from 'node:assert/strict';
import { CONTROLLERREVISIONS, DAEMONSETS } from '../../../../src/api/schema/resources.ts';
import type { DaemonSetSpec } from '../../../../src/api/schema/types/apps/v1.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import type { Draft } from '../../../../src/base/json.ts';
import { newManualCluster, podsOf, podTemplate, reportPod } from '../support.ts';

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
