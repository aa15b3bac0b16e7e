import assert from 'node:assert/strict';
import { DEPLOYMENTS, EVENTS, REPLICASETS } from '../../../../src/api/schema/resources.ts';
import type { Deployment } from '../../../../src/api/schema/types/apps/v1.ts';
import type { Draft } from '../../../../src/base/json.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { createDeployment, newCluster, setImage } from '../support.ts';

const MISSING = 'registry.test/missing/app:1';

/** 10 Pods of nginx:1, and a rollout to an image that is not there: it stands at 8 old and 5 new ones, as worked out in rolling.ts. */
function stuck(): Cluster {
  const cluster = newCluster({ kubelet: 'realistic' });
  createDeployment(cluster, 10, { progressDeadlineSeconds: 60 });
  run(cluster, 30);
  setImage(cluster, MISSING);
  run(cluster, 30);
  return cluster;
}

function run(cluster: Cluster, seconds: number): void {
  cluster.simulation.advance(cluster.simulation.now() + seconds * 1000);
}

/** `revision: wanted/available` of the ReplicaSets that want Pods. */
function sizes(cluster: Cluster): readonly string[] {
  return cluster
    .admin()
    .list(REPLICASETS, 'default')
    .filter(({ spec }) => (spec?.replicas ?? 0) > 0)
    .map(({ metadata, spec, status }) => {
      const revision = metadata.annotations?.['deployment.kubernetes.io/revision'] ?? '';
      return `${revision}: ${spec?.replicas ?? 0}/${status?.availableReplicas ?? 0}`;
    })
    .toSorted((a, b) => (a < b ? -1 : 1));
}

function change(cluster: Cluster, act: (deployment: Draft<Deployment>) => void): void {
  cluster.admin().modify(DEPLOYMENTS, 'default', 'web', act);
}

function progressing(cluster: Cluster): string {
  const conditions = cluster.admin().get(DEPLOYMENTS, 'default', 'web')?.status?.conditions;
  const condition = conditions?.find(({ type }) => type === 'Progressing');
  return `${condition?.status} ${condition?.reason}`;
}

describe('a rollout that is stuck', () => {
  it('keeps within its bounds', () => assert.deepEqual(sizes(stuck()), ['1: 8/8', '2: 5/0']));

  it('is rolled over by the next one: its Pods, which serve nobody, go first', () => {
    const cluster = stuck();
    const before = cluster.api.store.revision;
    setImage(cluster, 'nginx:3');
    run(cluster, 30);
    assert.deepEqual(sizes(cluster), ['3: 10/10']);
    const [first] = cluster
      .admin()
      .list(EVENTS, 'default')
      .filter(({ metadata, message }) => Number(metadata.resourceVersion) > before && message?.startsWith('Scaled down') === true)
      .toSorted((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion));
    assert.match(first?.message ?? '', /from 5 to 0$/);
  });

  it('is taken back by the template before it', () => {
    const cluster = stuck();
    setImage(cluster, 'nginx:1');
    run(cluster, 30);
    assert.deepEqual(sizes(cluster), ['3: 10/10']);
    assert.equal(progressing(cluster), 'True NewReplicaSetAvailable');
  });

  it('grows in proportion', () => {
    const cluster = stuck();
    change(cluster, ({ spec }) => void (spec!.replicas = 20));
    run(cluster, 20);
    // 25 in all, 12 more than 13: old 8 × 25 / 13 = 15.4, new 5 × 25 / 13 = 9.6.
    assert.deepEqual(sizes(cluster), ['1: 15/15', '2: 10/0']);
  });

  it('shrinks in proportion', () => {
    const cluster = stuck();
    change(cluster, ({ spec }) => void (spec!.replicas = 5));
    run(cluster, 20);
    // 7 in all (5 + 2): old 8 × 7 / 13 = 4.3, new 5 × 7 / 13 = 2.7; then the old ones stay at 5 - 1 available.
    assert.deepEqual(sizes(cluster), ['1: 4/4', '2: 3/0']);
  });

  it('runs out of time once, and has it back with the next template', () => {
    const cluster = stuck();
    assert.equal(progressing(cluster), 'True ReplicaSetUpdated');
    run(cluster, 50);
    assert.equal(progressing(cluster), 'False ProgressDeadlineExceeded');
    run(cluster, 200);
    assert.equal(progressing(cluster), 'False ProgressDeadlineExceeded');
    setImage(cluster, 'nginx:3');
    run(cluster, 30);
    assert.equal(progressing(cluster), 'True NewReplicaSetAvailable');
  });

  it('does not run out of time while it is paused', () => {
    const cluster = stuck();
    change(cluster, ({ spec }) => void (spec!.paused = true));
    run(cluster, 300);
    assert.equal(progressing(cluster), 'Unknown DeploymentPaused');
    change(cluster, ({ spec }) => void delete spec!.paused);
    run(cluster, 50);
    assert.equal(progressing(cluster), 'Unknown DeploymentResumed');
    run(cluster, 30);
    assert.equal(progressing(cluster), 'False ProgressDeadlineExceeded');
  });
});
