import assert from 'node:assert/strict';
import { FAULTS } from '../../../../src/api/kubepad/types.ts';
import { EVENTS, NODES } from '../../../../src/api/schema/resources.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { newCluster } from '../support.ts';

const REGION = 'eu-central-1';
const MANAGED = { 'eks.amazonaws.com/nodegroup': 'web' };

function cloud(labels: Record<string, string>): Cluster {
  return newCluster({
    preset: 'eks',
    kubelet: 'realistic',
    nodePools: { web: { count: 1, instanceType: 'm5.large', zones: [`${REGION}a`, `${REGION}b`], labels } },
  });
}

function fail(cluster: Cluster, type: 'NodeDown' | 'NodeShutdown'): void {
  const spec = { type, target: { node: 'web-1' } };
  cluster.admin().create(FAULTS, { apiVersion: 'kubepad.dev/v1', kind: 'Fault', metadata: { name: 'off' }, spec });
}

function wait(cluster: Cluster, seconds: number): void {
  cluster.simulation.advance(cluster.simulation.now() + seconds * 1000);
}

const names = (cluster: Cluster): readonly (string | undefined)[] =>
  cluster
    .admin()
    .list(NODES)
    .map(({ metadata }) => metadata.name);
const taints = (cluster: Cluster): readonly string[] => (cluster.admin().get(NODES, '', 'web-1')?.spec?.taints ?? []).map(({ key }) => key);
const reasons = (cluster: Cluster, component: string): readonly string[] =>
  cluster
    .admin()
    .list(EVENTS, 'default')
    .filter(({ source }) => source?.component === component)
    .map(({ reason = '', message = '' }) => `${reason}: ${message}`);
const SHUTDOWN = 'node.cloudprovider.kubernetes.io/shutdown';

describe('the controllers of the cloud and its machines', () => {
  it('look at a machine that has registered, and know its instance and names', () => {
    const cluster = cloud(MANAGED);
    wait(cluster, 10);
    const node = cluster.admin().get(NODES, '', 'web-1');
    assert.match(node?.spec?.providerID ?? '', /^aws:\/\/\/eu-central-1a\/i-0[0-9a-f]{16}$/);
    assert.deepEqual(taints(cluster), []);
    assert.deepEqual(reasons(cluster, 'cloud-node-controller'), ['Synced: Node synced successfully']);
    const names = node?.status?.addresses?.map(({ type, address }) => `${type} ${address}`);
    assert.deepEqual(names, ['InternalIP 192.168.0.4', 'InternalDNS ip-192-168-0-4.eu-central-1.compute.internal', 'Hostname web-1']);
    assert.deepEqual(cluster.network.lookupOutside('ip-192-168-0-4.eu-central-1.compute.internal').ok, true);
    assert.deepEqual(cluster.network.lookupOutside('ip-192-168-9-9.eu-central-1.compute.internal').ok, false);
  });

  it('delete the Node of an instance that its group has ended, and no other', () => {
    const cluster = cloud(MANAGED);
    wait(cluster, 10);
    fail(cluster, 'NodeDown');
    wait(cluster, 170);
    assert.deepEqual(names(cluster), ['web-1'], 'a machine that has failed is there to the cloud');
    wait(cluster, 20);
    assert.deepEqual(names(cluster), ['web-2']);
    assert.deepEqual(reasons(cluster, 'cloud-node-lifecycle-controller'), [
      'DeletingNode: Deleting node web-1 because it does not exist in the cloud provider',
    ]);
  });

  it('taint a machine that is stopped, for as long as it is', () => {
    const cluster = cloud({});
    wait(cluster, 10);
    fail(cluster, 'NodeShutdown');
    wait(cluster, 300);
    assert.deepEqual(names(cluster), ['web-1'], 'nobody replaces machines of a group that is not managed');
    assert.ok(taints(cluster).includes(SHUTDOWN));
    cluster.admin().delete(FAULTS, '', 'off');
    wait(cluster, 20);
    assert.deepEqual(taints(cluster), []);
  });

  it('go on after a fork as without it', () => {
    const cluster = cloud(MANAGED);
    wait(cluster, 10);
    fail(cluster, 'NodeDown');
    wait(cluster, 183);
    const fork = cluster.fork();
    for (const each of [cluster, fork]) wait(each, 60);
    assert.deepEqual(names(fork), names(cluster));
    assert.equal(fork.api.store.revision, cluster.api.store.revision);
  });
});
