import assert from 'node:assert/strict';
import { Wire } from '../support.ts';

const NS = '/api/v1/namespaces/default';
const ADDRESSES = '/apis/networking.k8s.io/v1/ipaddresses';

describe('the addresses of Services', () => {
  const service = (name: string, spec: object = {}) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { ports: [{ port: 80 }], ...spec },
  });
  let wire: Wire;
  before(() => {
    wire = new Wire();
  });

  it('are objects as long as a Service holds them', () => {
    const { clusterIP } = wire.call('POST', `${NS}/services`, service('a')).body.spec;
    const { body } = wire.call('GET', `${ADDRESSES}/${clusterIP}`);
    assert.deepEqual(body.spec, { parentRef: { resource: 'services', namespace: 'default', name: 'a' } });
    assert.equal(body.metadata.labels['ipaddress.kubernetes.io/managed-by'], 'ipallocator.k8s.io');
    wire.call('DELETE', `${NS}/services/a`);
    assert.equal(wire.call('GET', `${ADDRESSES}/${clusterIP}`).code, 404);
  });

  it('are not kept for dry runs and headless Services', () => {
    const before = wire.call('GET', ADDRESSES).body.items.length;
    assert.equal(wire.call('POST', `${NS}/services?dryRun=All`, service('dry')).code, 201);
    assert.equal(wire.call('POST', `${NS}/services`, service('headless', { clusterIP: 'None' })).code, 201);
    assert.equal(wire.call('GET', ADDRESSES).body.items.length, before);
  });

  it('are given back with the type ExternalName', () => {
    const { clusterIP } = wire.call('POST', `${NS}/services`, service('b')).body.spec;
    const change = { spec: { type: 'ExternalName', externalName: 'example.com', clusterIP: null, clusterIPs: null } };
    assert.equal(wire.call('PATCH', `${NS}/services/b`, change, { 'content-type': 'application/merge-patch+json' }).code, 200);
    assert.equal(wire.call('GET', `${ADDRESSES}/${clusterIP}`).code, 404);
  });

  it('cannot be taken from somebody else who reserved one', () => {
    const parentRef = { group: 'example.com', resource: 'things', namespace: 'default', name: 'x' };
    const reserved = { apiVersion: 'networking.k8s.io/v1', kind: 'IPAddress', metadata: { name: '10.96.0.77' }, spec: { parentRef } };
    assert.equal(wire.call('POST', ADDRESSES, reserved).code, 201);
    const { code, body } = wire.call('POST', `${NS}/services`, service('c', { clusterIP: '10.96.0.77' }));
    assert.equal(code, 422);
    assert.match(body.message, /failed to allocate IP 10\.96\.0\.77: provided IP is already allocated$/);
  });
});

describe('a token Secret', () => {
  const secret = (name: string, annotations: object) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, annotations },
    type: 'kubernetes.io/service-account-token',
  });

  it('goes with its account, and at once if that is another one', () => {
    const wire = new Wire();
    wire.call('POST', `${NS}/serviceaccounts`, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'sa' } });
    wire.call('POST', `${NS}/secrets`, secret('own', { 'kubernetes.io/service-account.name': 'sa' }));
    wire.call(
      'POST',
      `${NS}/secrets`,
      secret('other', { 'kubernetes.io/service-account.name': 'sa', 'kubernetes.io/service-account.uid': 'not-it' }),
    );
    wire.advance(100);
    assert.equal(wire.call('GET', `${NS}/secrets/own`).code, 200);
    assert.equal(wire.call('GET', `${NS}/secrets/other`).code, 404);
    wire.call('DELETE', `${NS}/serviceaccounts/sa`);
    wire.advance(100);
    assert.equal(wire.call('GET', `${NS}/secrets/own`).code, 404);
  });
});
