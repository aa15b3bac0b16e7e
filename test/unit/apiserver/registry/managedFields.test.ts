import assert from 'node:assert/strict';
import { CONFIGMAPS } from '../../../../src/api/schema/resources.ts';
import { managedOf, PendingOwners } from '../../../../src/apiserver/storage/managed.ts';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../../../src/host/persistence/encode.ts';
import { configMap, Wire } from '../support.ts';

const PATH = '/api/v1/namespaces/default/configmaps';

describe('metadata.managedFields', () => {
  const managers = (body: { readonly metadata: { readonly managedFields?: readonly { readonly manager: string }[] } }): readonly string[] =>
    (body.metadata.managedFields ?? []).map(({ manager }) => manager);

  it('is shown in every answer and is no member of the stored object', () => {
    const wire = new Wire();
    wire.call('POST', PATH, configMap('a'));
    const stored = wire.cluster.api.store.get('configmaps', 'default/a');
    assert.equal(stored?.metadata.managedFields, undefined);
    assert.deepEqual(managers(wire.call('GET', `${PATH}/a`).body), ['test']);
    const list = wire.call('GET', PATH).body.items as Parameters<typeof managers>[0][];
    assert(list.every((item) => managers(item).length > 0));
  });

  it('names the parts of the cluster, and writes of one in a row cost one look', () => {
    const wire = new Wire();
    const client = wire.cluster.admin();
    wire.call('POST', PATH, configMap('a'));
    for (const text of ['1', '2', '3']) client.modify(CONFIGMAPS, 'default', 'a', (object) => void ((object.data ??= {})['y'] = text));
    const stored = wire.cluster.api.store.get('configmaps', 'default/a');
    assert(stored !== undefined);
    const owned = managedOf(stored).map(({ fields }) => fields);
    assert.deepEqual(owned, [{ 'f:data': { '.': {}, 'f:x': {} } }, { 'f:data': { 'f:y': {} } }]);
  });

  it('survives a checkpoint as text', () => {
    const wire = new Wire();
    wire.call('POST', PATH, configMap('a'));
    wire.cluster.admin().modify(CONFIGMAPS, 'default', 'a', (object) => void ((object.data ??= {})['y'] = '2'));
    const text = encodeCheckpoint(wire.cluster.checkpoint() as unknown as Parameters<typeof encodeCheckpoint>[0]);
    const restored = Cluster.restore(decodeCheckpoint(text) as unknown as Parameters<typeof Cluster.restore>[0]);
    const [before, after] = [wire.cluster, restored].map(({ api }) => api.store.get('configmaps', 'default/a'));
    assert(before !== undefined && after !== undefined);
    assert.deepEqual(managedOf(after), managedOf(before));
    assert.equal(managedOf(after).length, 2);
  });

  it('is not changed by a write that changes nothing', () => {
    const wire = new Wire();
    wire.call('POST', PATH, configMap('a'));
    const before = wire.call('GET', `${PATH}/a`).body;
    wire.advance(5000);
    const after = wire.call('PUT', `${PATH}/a`, before).body;
    assert.deepEqual(after, before);
  });

  it('passes from kubectl apply to server-side apply without a conflict', () => {
    const wire = new Wire();
    const last = JSON.stringify(configMap('a'));
    const annotated = configMap('a', { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': last } });
    wire.call('POST', `${PATH}?fieldManager=kubectl-client-side-apply`, annotated);
    const wanted = { ...configMap('a'), data: { x: '2' } };
    const apply = (manager: string) =>
      wire.call('PATCH', `${PATH}/a?fieldManager=${manager}`, wanted, { 'content-type': 'application/apply-patch+yaml' });
    assert.equal(apply('other').code, 409);
    const { code, body } = apply('kubectl');
    assert.equal(code, 200);
    assert.deepEqual(body.data, { x: '2' });
    assert.equal(
      body.metadata.annotations['kubectl.kubernetes.io/last-applied-configuration'],
      `${JSON.stringify({ apiVersion: 'v1', data: { x: '2' }, kind: 'ConfigMap', metadata: { name: 'a' } })}\n`,
    );
  });

  it('keeps few old objects alive', () => {
    const entries = [{ manager: 'a', operation: 'Update', apiVersion: 'v1', fields: { 'f:data': {} } }] as const;
    const object = { metadata: {} };
    let settled = 0;
    const write = (manager: string) => ({
      old: object,
      object,
      writer: { manager, apiVersion: 'v1', subresource: '', time: '', reset: {} },
      settle: (_write: unknown, before: typeof entries | readonly never[]) => {
        settled++;
        return before;
      },
    });
    let owners = PendingOwners.after(entries, write('m0') as never);
    for (let i = 1; i <= 3; i++) owners = PendingOwners.after(owners, write(`m${i}`) as never);
    assert.equal(settled, 3);
    owners = PendingOwners.after(owners, write('m3') as never);
    assert.equal(settled, 3);
    assert(owners instanceof PendingOwners);
  });
});
