import assert from 'node:assert/strict';
import { errorText } from '../../../../src/apimachinery/field/error.ts';
import { CERTIFICATESIGNINGREQUEST_STRATEGY as STRATEGY } from '../../../../src/api/certificates/certificatesigningrequest/strategy.ts';
import type { CertificateSigningRequest } from '../../../../src/api/schema/types/certificates/v1.ts';
import { draft } from '../../../../src/base/json.ts';
import { judgeCreate } from '../judge.ts';

/** SEQUENCE { SEQUENCE {}, SEQUENCE {}, BIT STRING 0 } */
const DER = '\x30\x07\x30\x00\x30\x00\x03\x01\x00';

function pem(type: string, bytes: string): string {
  return btoa(`-----BEGIN ${type}-----\n${btoa(bytes)}\n-----END ${type}-----\n`);
}

const SPEC = { request: pem('CERTIFICATE REQUEST', DER), signerName: 'example.com/signer', usages: ['client auth'] };
const BASE = { metadata: { name: 'x' }, spec: SPEC } as unknown as CertificateSigningRequest;
const PREPARATION = { now: '2026-01-01T00:00:00Z', user: { name: 'ann', groups: ['devs'] } };

function condition(type: string, status = 'True', rest: object = {}) {
  return { type, status, ...rest };
}

function withStatus(status: object): CertificateSigningRequest {
  return { ...BASE, status } as CertificateSigningRequest;
}

describe('CertificateSigningRequest', () => {
  it('writes down who asked', () => {
    const request = draft({ ...BASE, spec: { ...BASE.spec, username: 'eve', extra: { a: ['b'] } } });
    STRATEGY.prepareForCreate?.(request, PREPARATION);
    assert.deepEqual(request.spec, { ...SPEC, username: 'ann', groups: ['devs'] });
  });

  const specs: readonly (readonly [spec: object, errors: readonly string[]])[] = [
    [{}, []],
    [{ request: btoa('x') }, ['spec.request: Invalid value: "eA==": PEM block type must be CERTIFICATE REQUEST']],
    [
      { request: pem('CERTIFICATE REQUEST', '\x30\x05') },
      [`spec.request: Invalid value: "${pem('CERTIFICATE REQUEST', '\x30\x05')}": asn1: syntax error: data truncated`],
    ],
    [{ usages: [] }, ['spec.usages: Required value']],
    [
      { expirationSeconds: 599 },
      ['spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 600 seconds (10 minutes)'],
    ],
    [{ usages: ['any', 'any'] }, ['spec.usages[1]: Duplicate value: "any"']],
    [
      { signerName: 'kubernetes.io/legacy-unknown' },
      ['spec.signerName: Invalid value: "kubernetes.io/legacy-unknown": the legacy signerName is not allowed via this API version'],
    ],
    [
      { signerName: 'a' },
      [`spec.signerName: Invalid value: "a": must be a fully qualified domain and path of the form 'example.com/signer-name'`],
    ],
    [{ signerName: 'a/b' }, ['spec.signerName: Invalid value: "a": should be a domain with at least two segments separated by dots']],
    [
      { signerName: 'a.b/C' },
      [
        `spec.signerName: Invalid value: "C": validating label "C": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
      ],
    ],
  ];
  for (const [spec, errors] of specs) {
    it(`judges ${JSON.stringify(spec).slice(0, 60)}`, () => {
      assert.deepEqual(judgeCreate(STRATEGY, { ...BASE, spec: { ...SPEC, ...spec } }).errors, errors);
    });
  }

  it('is decided once, by its own subresource', () => {
    const approved = withStatus({ conditions: [condition('Approved')] });
    const { approval } = STRATEGY.subresources ?? {};
    assert.deepEqual(approval?.validateUpdate(approved, BASE), []);
    assert.deepEqual(STRATEGY.status?.validateUpdate(approved, BASE).map(errorText), [
      'status.conditions: Forbidden: updates may not add a condition of type "Approved"',
    ]);
    assert.deepEqual(approval?.validateUpdate(BASE, approved).map(errorText), [
      'status.conditions: Forbidden: updates may not remove a condition of type "Approved"',
    ]);
    const both = withStatus({ conditions: [condition('Approved'), condition('Denied', 'False')] });
    assert.deepEqual(approval?.validateUpdate(both, approved).map(errorText), [
      'status.conditions[1].status: Unsupported value: "False": supported values: "True"',
      'status.conditions: Invalid value: "Denied": Approved and Denied conditions are mutually exclusive',
    ]);
  });

  it('gets its certificate once, by the status', () => {
    const issued = withStatus({ certificate: pem('CERTIFICATE', DER) });
    const other = withStatus({ certificate: pem('CERTIFICATE', DER.replace('\x00\x03', '\x00\x03')) + 'Cg==' });
    assert.deepEqual(STRATEGY.status?.validateUpdate(issued, BASE), []);
    assert.deepEqual(STRATEGY.validateUpdate(issued, BASE).map(errorText), [
      'status.certificate: Forbidden: updates may not set certificate content',
    ]);
    assert.ok(
      STRATEGY.status
        ?.validateUpdate(other, issued)
        .map(errorText)
        .includes('status.certificate: Forbidden: updates may not modify existing certificate content'),
    );
    assert.deepEqual(STRATEGY.status?.validateUpdate(withStatus({ certificate: pem('KEY', DER) }), BASE).map(errorText), [
      'status.certificate: Invalid value: "<certificate data>": only CERTIFICATE PEM blocks are allowed, found "KEY"',
    ]);
  });

  it('fills in times, and keeps what was decided whatever the status says', () => {
    const old = withStatus({ conditions: [condition('Approved', 'True', { reason: 'a', lastTransitionTime: 't', lastUpdateTime: 'u' })] });
    const sent = draft(withStatus({ conditions: [condition('Approved', 'True', { reason: 'b' }), condition('Failed')] }));
    STRATEGY.status?.prepareForUpdate?.(sent, old, PREPARATION);
    const { now } = PREPARATION;
    assert.deepEqual(sent.status?.conditions, [
      old.status?.conditions?.[0],
      { ...condition('Failed'), lastUpdateTime: now, lastTransitionTime: now },
    ]);
  });

  it('shows what came of it', () => {
    const cells = (status: object) => STRATEGY.table?.cells(withStatus(status), 0).slice(2);
    assert.deepEqual(cells({}), ['example.com/signer', '', '<none>', 'Pending']);
    assert.equal(cells({ conditions: [condition('Approved')], certificate: 'x' })?.[3], 'Approved,Issued');
  });
});
