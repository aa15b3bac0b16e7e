import assert from 'node:assert/strict';
import { SECRETS, SERVICEACCOUNTS } from '../../../../src/api/schema/resources.ts';
import { Cluster } from '../../../../src/cluster/cluster.ts';

describe('the token controller', () => {
  it('takes a Secret that is gone out of the accounts that name it, and touches no other', () => {
    const cluster = Cluster.create({ seed: 't', startTime: 0, preset: 'empty', freeze: true });
    const admin = cluster.admin();
    const advance = (): void => void cluster.simulation.advance(cluster.simulation.now() + 1000);
    const metadata = { name: 'robot', namespace: 'default' };
    admin.create(SERVICEACCOUNTS, { apiVersion: 'v1', kind: 'ServiceAccount', metadata, secrets: [{ name: 'token' }, { name: 'plain' }] });
    const annotations = { 'kubernetes.io/service-account.name': 'robot' };
    admin.create(SECRETS, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'token', namespace: 'default', annotations },
      type: 'kubernetes.io/service-account-token',
    });
    admin.create(SECRETS, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'plain', namespace: 'default', annotations } });
    advance();
    assert.deepEqual(Object.keys(admin.get(SECRETS, 'default', 'token')?.data ?? {}).toSorted(), ['ca.crt', 'namespace']);
    assert.equal(admin.get(SECRETS, 'default', 'plain')?.data, undefined);
    admin.delete(SECRETS, 'default', 'token');
    admin.delete(SECRETS, 'default', 'plain');
    advance();
    assert.deepEqual(admin.get(SERVICEACCOUNTS, 'default', 'robot')?.secrets, [{ name: 'plain' }]);
  });
});
