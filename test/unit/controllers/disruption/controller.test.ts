import assert from 'node:assert/strict';
import { CUSTOMRESOURCEDEFINITIONS, PODDISRUPTIONBUDGETS, PODS } from '../../../../src/api/schema/resources.ts';
import type { Draft } from '../../../../src/base/json.ts';
import type { KubeObject } from '../../../../src/apimachinery/meta/resource.ts';
import { formatTime } from '../../../../src/apimachinery/meta/time.ts';
import type { IntOrString } from '../../../../src/apimachinery/meta/types.ts';
import type { PodDisruptionBudgetStatus } from '../../../../src/api/schema/types/policy/v1.ts';
import { createDeployment, newCluster, podTemplate } from '../support.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';

function withBudget(replicas: number, limit: { minAvailable?: IntOrString; maxUnavailable?: IntOrString }): Cluster {
  const cluster = newCluster();
  createDeployment(cluster, replicas);
  cluster.admin().create(PODDISRUPTIONBUDGETS, {
    metadata: { name: 'guard', namespace: 'default' },
    spec: { selector: { matchLabels: { app: 'web' } }, ...limit },
  });
  cluster.simulation.runUntil('settled');
  return cluster;
}

const statusOf = (cluster: Cluster): PodDisruptionBudgetStatus => cluster.admin().get(PODDISRUPTIONBUDGETS, 'default', 'guard')!.status!;

describe('a disruption budget', () => {
  const cases: readonly [limit: { minAvailable?: IntOrString; maxUnavailable?: IntOrString }, desired: number, allowed: number][] = [
    [{ minAvailable: 2 }, 2, 1],
    [{ minAvailable: '50%' }, 2, 1],
    [{ minAvailable: '100%' }, 3, 0],
    [{ maxUnavailable: 1 }, 2, 1],
    [{ maxUnavailable: '30%' }, 2, 1],
    [{ maxUnavailable: 5 }, 0, 3],
  ];
  for (const [limit, desired, allowed] of cases) {
    it(`of ${JSON.stringify(limit)} over 3 Pods wants ${desired} healthy and allows ${allowed}`, () => {
      const { desiredHealthy, disruptionsAllowed, expectedPods, currentHealthy } = statusOf(withBudget(3, limit));
      assert.deepEqual([desiredHealthy, disruptionsAllowed, expectedPods, currentHealthy], [desired, allowed, 3, 3]);
    });
  }

  it('writes nothing more once it is up to date', () => {
    const cluster = withBudget(2, { minAvailable: 1 });
    const { resourceVersion } = cluster.admin().get(PODDISRUPTIONBUDGETS, 'default', 'guard')!.metadata;
    cluster.simulation.advance(cluster.simulation.now() + 600_000);
    assert.equal(cluster.admin().get(PODDISRUPTIONBUDGETS, 'default', 'guard')!.metadata.resourceVersion, resourceVersion);
  });

  it('cannot tell how many bare Pods there should be', () => {
    const cluster = newCluster();
    cluster
      .admin()
      .create(PODS, { metadata: { name: 'bare', namespace: 'default', labels: { app: 'web' } }, spec: podTemplate('web').spec! });
    cluster.admin().create(PODDISRUPTIONBUDGETS, {
      metadata: { name: 'guard', namespace: 'default' },
      spec: { selector: { matchLabels: { app: 'web' } }, maxUnavailable: 1 },
    });
    cluster.simulation.runUntil('settled');
    assert.deepEqual([statusOf(cluster).expectedPods, statusOf(cluster).disruptionsAllowed], [0, 0]);
  });

  it('asks the scale of a custom resource, too', () => {
    const cluster = newCluster();
    const admin = cluster.admin();
    const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    admin.create(CUSTOMRESOURCEDEFINITIONS, {
      metadata: { name: 'crews.example.com' },
      spec: {
        group: 'example.com',
        scope: 'Namespaced',
        names: { plural: 'crews', singular: 'crew', kind: 'Crew', listKind: 'CrewList' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', properties: { spec: open, status: open } } },
            subresources: { status: {}, scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' } },
          },
        ],
      },
    });
    const { resource } = cluster.api.catalog.strategyForKind('example.com/v1', 'Crew')!;
    const crew = admin.create(resource, {
      apiVersion: 'example.com/v1',
      kind: 'Crew',
      metadata: { name: 'a', namespace: 'default' },
      spec: { replicas: 3 },
    } as Draft<KubeObject>);
    const owner = { apiVersion: 'example.com/v1', kind: 'Crew', name: 'a', uid: crew.metadata.uid!, controller: true };
    for (const name of ['a-0', 'a-1', 'a-2'])
      admin.create(PODS, {
        metadata: { name, namespace: 'default', labels: { app: 'web' }, ownerReferences: [owner] },
        spec: podTemplate('web').spec!,
      });
    admin.create(PODDISRUPTIONBUDGETS, {
      metadata: { name: 'guard', namespace: 'default' },
      spec: { selector: { matchLabels: { app: 'web' } }, maxUnavailable: 1 },
    });
    cluster.simulation.runUntil('settled');
    const { expectedPods, desiredHealthy, disruptionsAllowed } = statusOf(cluster);
    assert.deepEqual([expectedPods, desiredHealthy, disruptionsAllowed], [3, 2, 1]);
  });
});

describe('a Pod that was to be disrupted', () => {
  const cases: readonly [what: string, reason: string, status: string, seconds: number][] = [
    ['is marked for two minutes', 'PreemptionByScheduler', 'True', 118],
    ['and that is still there then has the mark taken back', 'PreemptionByScheduler', 'False', 121],
    ['by its kubelet stays marked', 'TerminationByKubelet', 'True', 600],
  ];
  for (const [what, reason, status, seconds] of cases) {
    it(what, () => {
      const cluster = newCluster();
      const admin = cluster.admin();
      admin.create(PODS, { metadata: { name: 'p', namespace: 'default' }, spec: podTemplate('web').spec! });
      cluster.simulation.runUntil('settled');
      const mark = { type: 'DisruptionTarget', status: 'True', reason, lastTransitionTime: formatTime(cluster.simulation.now()) };
      admin.modify(PODS, 'default', 'p', (pod) => void pod.status!.conditions!.push(mark), 'status');
      const from = cluster.simulation.now();
      cluster.simulation.advance(from + seconds * 1000);
      const condition = admin.get(PODS, 'default', 'p')!.status!.conditions!.find(({ type }) => type === 'DisruptionTarget')!;
      assert.deepEqual([condition.status, condition.reason], [status, status === 'True' ? reason : undefined]);
    });
  }
});
