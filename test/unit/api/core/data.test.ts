import assert from 'node:assert/strict';
import { CONFIGMAP_STRATEGY } from '../../../../src/api/core/configmap/strategy.ts';
import { NAMESPACE_STRATEGY } from '../../../../src/api/core/namespace/strategy.ts';
import { SECRET_STRATEGY } from '../../../../src/api/core/secret/strategy.ts';
import { SERVICEACCOUNT_STRATEGY } from '../../../../src/api/core/serviceaccount/strategy.ts';
import { judgeCreate, judgeUpdate } from '../judge.ts';

function redacted(key: string, problem: string): string {
  return `data[${key}]: Invalid value: "<secret contents redacted>": ${problem}`;
}

describe('ConfigMap', () => {
  it('refuses a key in both lists', () => {
    const { errors } = judgeCreate(CONFIGMAP_STRATEGY, { data: { k: 'v' }, binaryData: { k: 'aGk=' } });
    assert.deepEqual(errors, ['data[k]: Invalid value: "k": duplicate of key present in binaryData']);
  });
  it('counts bytes, not characters', () => {
    const fits = { data: { k: 'x'.repeat(1024 * 1024) } };
    assert.deepEqual(judgeCreate(CONFIGMAP_STRATEGY, fits).errors, []);
    const { errors } = judgeCreate(CONFIGMAP_STRATEGY, { data: { k: `é${'x'.repeat(1024 * 1024 - 1)}` } });
    assert.deepEqual(errors, ['[]: Too long: may not be more than 1048576 bytes']);
  });
  it('keeps an immutable one as it is', () => {
    const changes = { immutable: false, 'data/a': 'c', binaryData: { b: 'aGk=' } };
    const { errors } = judgeUpdate(CONFIGMAP_STRATEGY, { immutable: true, data: { a: 'b' } }, changes);
    const text = 'Forbidden: field is immutable when `immutable` is set';
    assert.deepEqual(errors, [`immutable: ${text}`, `data: ${text}`, `binaryData: ${text}`]);
  });
});

describe('Secret', () => {
  it('merges stringData over data', () => {
    const { object } = judgeCreate(SECRET_STRATEGY, { data: { a: 'YQ==', b: 'Yg==' }, stringData: { b: 'é', c: '' } });
    assert.deepEqual(object.data, { a: 'YQ==', b: 'w6k=', c: '' });
    assert.equal(object.stringData, undefined);
    assert.equal(object.type, 'Opaque');
  });
  const types: readonly (readonly [type: string, data: Record<string, string>, errors: readonly string[]])[] = [
    ['kubernetes.io/tls', {}, ['data[tls.crt]: Required value', 'data[tls.key]: Required value']],
    ['kubernetes.io/basic-auth', {}, ['data[username]: Required value', 'data[password]: Required value']],
    ['kubernetes.io/basic-auth', { password: '' }, []],
    ['kubernetes.io/ssh-auth', { 'ssh-privatekey': '' }, ['data[ssh-privatekey]: Required value']],
    ['kubernetes.io/service-account-token', {}, ['metadata.annotations[kubernetes.io/service-account.name]: Required value']],
    [
      'kubernetes.io/dockerconfigjson',
      { '.dockerconfigjson': '{"a":}' },
      [redacted('.dockerconfigjson', `invalid character '}' looking for beginning of value`)],
    ],
    [
      'kubernetes.io/dockercfg',
      { '.dockercfg': '[]' },
      [redacted('.dockercfg', 'json: cannot unmarshal array into Go value of type map[string]interface {}')],
    ],
    ['example.com/any thing', {}, []],
  ];
  for (const [type, stringData, errors] of types) {
    it(`asks ${type} for its keys: ${JSON.stringify(stringData)}`, () => {
      assert.deepEqual(judgeCreate(SECRET_STRATEGY, { type, stringData }).errors, errors);
    });
  }
  it('never changes its type', () => {
    const { errors } = judgeUpdate(SECRET_STRATEGY, {}, { type: 'example.com/x' });
    assert.deepEqual(errors, ['type: Invalid value: "example.com/x": field is immutable']);
  });
  it('warns of a certificate that is none', () => {
    const pem = '-----BEGIN CERTIFICATE-----\nYQ==\n-----END CERTIFICATE-----\n';
    const warningsOf = (crt: string, key: string) =>
      judgeCreate(SECRET_STRATEGY, { type: 'kubernetes.io/tls', stringData: { 'tls.crt': crt, 'tls.key': key } }).warnings;
    assert.deepEqual(warningsOf('x', 'y'), ['tls: failed to find any PEM data in certificate input']);
    assert.deepEqual(warningsOf(pem, 'y'), ['tls: failed to find any PEM data in key input']);
    assert.deepEqual(warningsOf(pem, pem.replaceAll('CERTIFICATE', 'EC PRIVATE KEY')), []);
  });
});

describe('Namespace', () => {
  it('is Active, finalized by Kubernetes and labelled with its name', () => {
    const { object } = judgeCreate(NAMESPACE_STRATEGY, { metadata: { name: 'team-a', labels: { 'kubernetes.io/metadata.name': 'z' } } });
    assert.deepEqual(object.metadata.labels, { 'kubernetes.io/metadata.name': 'team-a' });
    assert.deepEqual(object.spec, { finalizers: ['kubernetes'] });
    assert.deepEqual(object.status, { phase: 'Active' });
  });
  it('has no dots in its name', () => {
    const { errors } = judgeCreate(NAMESPACE_STRATEGY, { metadata: { name: 'a.b' } });
    assert.deepEqual(errors, ['metadata.name: Invalid value: "a.b": must not contain dots']);
  });
  it('reads Pod Security labels, and lets bad ones stay that were there', () => {
    const label = 'pod-security.kubernetes.io/enforce';
    const { errors } = judgeCreate(NAMESPACE_STRATEGY, {
      metadata: { name: 'a', labels: { [label]: 'strict', [`${label}-version`]: '1.30' } },
    });
    assert.deepEqual(errors, [
      `metadata.labels[${label}]: Invalid value: "strict": must be one of privileged, baseline, restricted`,
      `metadata.labels[${label}-version]: Invalid value: "1.30": must be "latest" or "v1.x"`,
    ]);
    const old = { ...judgeCreate(NAMESPACE_STRATEGY, { metadata: { name: 'a', labels: { [label]: 'strict' } } }).object };
    assert.deepEqual(NAMESPACE_STRATEGY.validateUpdate(old, old), []);
  });
  it('knows which finalizers there are', () => {
    const { errors } = judgeCreate(NAMESPACE_STRATEGY, { spec: { finalizers: ['mine', 'example.com/x'] } });
    assert.deepEqual(errors, [
      'spec.finalizers: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified',
    ]);
  });
  it('ends its life by deletion only', () => {
    const { object } = judgeCreate(NAMESPACE_STRATEGY, {});
    const terminating = { ...object, status: { phase: 'Terminating' as const } };
    const [error] = NAMESPACE_STRATEGY.status?.validateUpdate(terminating, object) ?? [];
    assert.equal(error?.body, `Invalid value: "Terminating": may only be 'Active' if \`deletionTimestamp\` is empty`);
  });
});

describe('ServiceAccount', () => {
  it('keeps the names of its Secrets only', () => {
    const { object } = judgeCreate(SERVICEACCOUNT_STRATEGY, { secrets: [{ name: 's', namespace: 'other', kind: 'Secret' }] });
    assert.deepEqual(object.secrets, [{ name: 's' }]);
  });
});
