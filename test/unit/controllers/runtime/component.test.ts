import assert from 'node:assert/strict';
import { DEPLOYMENTS, PODS, REPLICASETS } from '../../../../src/api/schema/resources.ts';
import { isEnabled } from '../../../../src/controllers/descriptors.ts';
import { createDeployment, newCluster, podsOf, recordHistory, setImage } from '../support.ts';

describe('controllers as components', () => {
  it('go on after a checkpoint as if nothing had happened', () => {
    const cluster = newCluster();
    createDeployment(cluster, 7);
    for (const milliseconds of [0, 1, 3, 6, 12, 30]) {
      const original = cluster.fork();
      original.simulation.advance(original.simulation.now() + milliseconds);
      const copy = original.fork();
      const histories = [original, copy].map((one) => {
        const history = recordHistory(one);
        setImage(one, 'nginx:2');
        one.simulation.runUntil('stable');
        return history;
      });
      assert.ok(histories[0]!.length > 20);
      assert.deepEqual(histories[0], histories[1], `after ${milliseconds} ms`);
    }
  });

  it('name the write that led to each of their writes', () => {
    const cluster = newCluster();
    const { store } = cluster.api;
    createDeployment(cluster, 1);
    cluster.simulation.runUntil('stable');
    const [pod] = podsOf(cluster);
    const made = store.since('pods', 0)!.find(({ type, key }) => type === 'ADDED' && key === `default/${pod!.metadata.name}`)!;
    assert.equal(made.actor, 'system:serviceaccount:kube-system:replicaset-controller');
    const set = store.since('replicasets.apps', 0)!.find(({ revision }) => revision === made.cause)!;
    assert.equal(set.actor, 'system:serviceaccount:kube-system:deployment-controller');
    const deployment = store.since('deployments.apps', 0)!.find(({ revision }) => revision === set.cause)!;
    assert.equal(deployment.actor, 'kubernetes-admin');
  });

  it('write nothing in a steady state but leases', () => {
    const cluster = newCluster();
    createDeployment(cluster, 3);
    cluster.simulation.runUntil('stable');
    cluster.simulation.advance(cluster.simulation.now() + 10_000);
    const history: string[] = [];
    cluster.api.store.onRevision(({ resource, key }) => history.push(`${resource} ${key}`));
    cluster.simulation.advance(cluster.simulation.now() + 120_000);
    assert.deepEqual(
      history.filter((line) => !line.startsWith('leases')),
      [],
    );
  });

  it('can be left out one by one', () => {
    const cluster = newCluster({ controllers: ['*', '-replicaset-controller'] });
    createDeployment(cluster, 2);
    cluster.simulation.advance(cluster.simulation.now() + 1000);
    assert.equal(cluster.admin().list(REPLICASETS).length, 1);
    assert.equal(cluster.admin().list(PODS).length, 0);
    assert.equal(cluster.admin().list(DEPLOYMENTS)[0]!.status?.observedGeneration, 1);
  });

  const flags: readonly [readonly string[], boolean][] = [
    [['*'], true],
    [['*', '-deployment-controller'], false],
    [['*', '-deployment'], false],
    [['deployment-controller'], true],
    [['replicaset-controller'], false],
    [['-replicaset-controller'], false],
    [['*', '-replicaset'], true],
  ];
  for (const [value, expected] of flags) {
    it(`--controllers ${value.join(',')} ${expected ? 'runs' : 'leaves out'} the deployment controller`, () => {
      assert.equal(isEnabled('deployment-controller', value), expected);
    });
  }

  it('know the short names of two words', () => {
    assert.equal(isEnabled('node-lifecycle-controller', ['*', '-nodelifecycle']), false);
    assert.equal(isEnabled('garbage-collector-controller', ['*', '-garbagecollector']), false);
  });
});
