import assert from 'node:assert/strict';
import { CONFIGMAPS, DEPLOYMENTS, EVENTS, NAMESPACES, PODS, REPLICASETS } from '../../../../src/api/schema/resources.ts';
import type { OwnerReference } from '../../../../src/apimachinery/meta/types.ts';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import { createDeployment, newCluster, podsOf } from '../support.ts';

type Owner = Partial<OwnerReference>;

/** A ConfigMap with owners; returns its uid. */
function create(cluster: Cluster, name: string, owners: readonly Owner[] = [], namespace = 'default', finalizers: string[] = []): string {
  const ownerReferences = owners.map((owner) => ({ apiVersion: 'v1', kind: 'ConfigMap', name: '', uid: '', ...owner }));
  const metadata = {
    name,
    namespace,
    ...(finalizers.length === 0 ? {} : { finalizers }),
    ...(owners.length === 0 ? {} : { ownerReferences }),
  };
  return cluster.admin().create(CONFIGMAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata }).metadata.uid ?? '';
}

const names = (cluster: Cluster, namespace = 'default'): readonly string[] =>
  cluster
    .admin()
    .list(CONFIGMAPS, namespace)
    .map(({ metadata }) => metadata.name ?? '')
    .filter((name) => name !== 'kube-root-ca.crt');

const settle = (cluster: Cluster): void => void cluster.simulation.runUntil('stable');

describe('the garbage collector', () => {
  let cluster: Cluster;
  beforeEach(() => {
    cluster = newCluster({ nodes: 1 });
  });

  it('takes what a deleted Deployment owned, and what that owned', () => {
    createDeployment(cluster, 2);
    settle(cluster);
    cluster.admin().delete(DEPLOYMENTS, 'default', 'web', { propagationPolicy: 'Background' });
    settle(cluster);
    assert.deepEqual(cluster.admin().list(REPLICASETS, 'default'), []);
    assert.deepEqual(podsOf(cluster), []);
  });

  it('leaves orphans without their owner, for the next one to adopt', () => {
    createDeployment(cluster, 2);
    settle(cluster);
    const before = podsOf(cluster).map(({ metadata }) => metadata.uid);
    cluster.admin().delete(DEPLOYMENTS, 'default', 'web', { propagationPolicy: 'Orphan' });
    settle(cluster);
    assert.equal(cluster.admin().list(REPLICASETS, 'default')[0]?.metadata.ownerReferences, undefined);
    createDeployment(cluster, 2);
    settle(cluster);
    assert.deepEqual(
      podsOf(cluster).map(({ metadata }) => metadata.uid),
      before,
    );
    assert.equal(cluster.admin().list(REPLICASETS, 'default')[0]?.metadata.ownerReferences?.[0]?.name, 'web');
  });

  it('in the foreground lets the owner wait for the dependents that block it, and for no others', () => {
    const uid = create(cluster, 'owner');
    create(cluster, 'blocking', [{ name: 'owner', uid, blockOwnerDeletion: true }], 'default', ['kubepad.dev/hold']);
    create(cluster, 'other', [{ name: 'owner', uid }], 'default', ['kubepad.dev/hold']);
    cluster.admin().delete(CONFIGMAPS, 'default', 'owner', { propagationPolicy: 'Foreground' });
    settle(cluster);
    assert.deepEqual(names(cluster), ['blocking', 'other', 'owner']);
    for (const name of ['blocking', 'other']) assert.ok(cluster.admin().get(CONFIGMAPS, 'default', name)?.metadata.deletionTimestamp, name);
    cluster.admin().modify(CONFIGMAPS, 'default', 'blocking', ({ metadata }) => void delete metadata.finalizers);
    settle(cluster);
    assert.deepEqual(names(cluster), ['other']);
  });

  it('takes an object whose owner never was', () => {
    create(cluster, 'lost', [{ name: 'nobody', uid: 'no-such-uid' }]);
    settle(cluster);
    assert.deepEqual(names(cluster), []);
  });

  it('takes an object whose owner was replaced by another one of its name', () => {
    const uid = create(cluster, 'owner');
    create(cluster, 'dependent', [{ name: 'owner', uid }]);
    cluster.admin().delete(CONFIGMAPS, 'default', 'owner', { propagationPolicy: 'Background' });
    create(cluster, 'owner');
    settle(cluster);
    assert.deepEqual(names(cluster), ['owner']);
  });

  it('does not look for owners in other namespaces', () => {
    cluster.admin().create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other' } });
    const uid = create(cluster, 'owner', [], 'other');
    create(cluster, 'dependent', [{ name: 'owner', uid }]);
    settle(cluster);
    assert.deepEqual(names(cluster), []);
    assert.deepEqual(names(cluster, 'other'), ['owner']);
  });

  it('keeps an object as long as one owner is left, and takes the others off it', () => {
    const [first, second] = ['first', 'second'].map((name) => ({ name, uid: create(cluster, name) }));
    create(cluster, 'dependent', [first!, second!]);
    cluster.admin().delete(CONFIGMAPS, 'default', 'first', { propagationPolicy: 'Background' });
    settle(cluster);
    const owners = (): readonly string[] =>
      (cluster.admin().get(CONFIGMAPS, 'default', 'dependent')?.metadata.ownerReferences ?? []).map(({ name }) => name);
    assert.deepEqual(names(cluster), ['dependent', 'second']);
    assert.deepEqual(owners(), ['second']);
    cluster.admin().delete(CONFIGMAPS, 'default', 'second', { propagationPolicy: 'Orphan' });
    settle(cluster);
    assert.deepEqual(names(cluster), ['dependent']);
    assert.deepEqual(owners(), []);
  });

  it('gets through circles of owners that wait for each other', () => {
    const a = create(cluster, 'a');
    const b = create(cluster, 'b', [{ name: 'a', uid: a, blockOwnerDeletion: true }]);
    cluster.admin().modify(CONFIGMAPS, 'default', 'a', ({ metadata }) => {
      metadata.ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'b', uid: b, blockOwnerDeletion: true }];
    });
    cluster.admin().delete(CONFIGMAPS, 'default', 'a', { propagationPolicy: 'Foreground' });
    settle(cluster);
    assert.deepEqual(names(cluster), []);
  });

  it('says of an owner in another namespace that it cannot be one; of one that is nowhere it says nothing', () => {
    cluster.admin().create(NAMESPACES, { metadata: { name: 'other' } });
    const uid = create(cluster, 'owner', [], 'other');
    create(cluster, 'foreign', [{ name: 'owner', uid }]);
    create(cluster, 'lost', [{ name: 'owner', uid: 'nobody' }]);
    settle(cluster);
    assert.deepEqual(names(cluster), []);
    const said = cluster
      .admin()
      .list(EVENTS, 'default')
      .filter(({ involvedObject }) => involvedObject.kind === 'ConfigMap')
      .map(({ involvedObject, type, reason, message, source }) => [involvedObject.name, type, reason, message, source?.component]);
    const text = `ownerRef [v1/ConfigMap, namespace: default, name: owner, uid: ${uid}] does not exist in namespace "default"`;
    assert.deepEqual(said, [['foreign', 'Warning', 'OwnerRefInvalidNamespace', text, 'garbage-collector-controller']]);
  });

  it('keeps what names a kind that nobody serves', () => {
    create(cluster, 'kept', [{ apiVersion: 'example.com/v1', kind: 'Thing', name: 't', uid: 'u' }]);
    settle(cluster);
    assert.deepEqual(names(cluster), ['kept']);
  });

  it('takes Pods of a ReplicaSet that was deleted while it was not looking', () => {
    createDeployment(cluster, 1);
    settle(cluster);
    const [pod] = podsOf(cluster);
    cluster.admin().delete(DEPLOYMENTS, 'default', 'web', { propagationPolicy: 'Background' });
    const restarted = Cluster.restart(cluster.checkpoint());
    settle(restarted);
    assert.equal(restarted.admin().get(PODS, 'default', pod?.metadata.name ?? ''), undefined);
  });
});
