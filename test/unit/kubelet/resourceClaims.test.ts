import assert from 'node:assert/strict';
import { NODEPOOLS } from '../../../src/api/kubepad/types.ts';
import { EVENTS, PODS, RESOURCECLAIMS } from '../../../src/api/schema/resources.ts';
import { Cluster } from '../../../src/cluster/cluster.ts';

describe('a Pod that nobody reserved devices for', () => {
  it('is not started, and says so, until they are', () => {
    const cluster = Cluster.create({ seed: 's', startTime: 0, preset: 'empty', freeze: true });
    const client = cluster.admin();
    const devices = [{ driver: 'nic.example.com' }];
    client.create(NODEPOOLS, { apiVersion: 'kubepad.dev/v1', kind: 'NodePool', metadata: { name: 'n' }, spec: { count: 1, devices } });
    cluster.simulation.advance(10_000);
    client.create(RESOURCECLAIMS, {
      apiVersion: 'resource.k8s.io/v1',
      kind: 'ResourceClaim',
      metadata: { name: 'one', namespace: 'default' },
      spec: { devices: { requests: [{ name: 'r', exactly: { deviceClassName: 'nic.example.com' } }] } },
    });
    const pod = (name: string, nodeName?: string): void => {
      client.create(PODS, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace: 'default' },
        spec: {
          ...(nodeName === undefined ? {} : { nodeName }),
          containers: [{ name: 'c', image: 'nginx' }],
          resourceClaims: [{ name: 'c', resourceClaimName: 'one' }],
        },
      });
    };
    pod('placed', 'n-1');
    cluster.simulation.advance(15_000);
    const { uid = '' } = client.get(RESOURCECLAIMS, 'default', 'one')?.metadata ?? {};
    const podUid = client.get(PODS, 'default', 'placed')?.metadata.uid ?? '';
    const messages = client
      .list(EVENTS, 'default')
      .flatMap(({ reason, message }) => (reason === 'FailedPrepareDynamicResources' ? [message] : []));
    assert.deepEqual(messages, [
      `Failed to prepare dynamic resources: prepare dynamic resources: pod placed (${podUid}) is not allowed to use ResourceClaim one (${uid})`,
    ]);
    assert.equal(client.get(PODS, 'default', 'placed')?.status?.phase, 'Pending');
    pod('scheduled');
    cluster.simulation.advance(60_000);
    for (const name of ['scheduled', 'placed']) assert.equal(client.get(PODS, 'default', name)?.status?.phase, 'Running', name);
  });
});
