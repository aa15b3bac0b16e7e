import assert from 'node:assert/strict';
import { START, Wire } from './support.ts';

const REQUESTS = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
/** SEQUENCE { SEQUENCE {}, SEQUENCE {}, BIT STRING 0 } */
const DER = btoa('\x30\x07\x30\x00\x30\x00\x03\x01\x00');
const request = btoa(`-----BEGIN CERTIFICATE REQUEST-----\n${DER}\n-----END CERTIFICATE REQUEST-----\n`);
const certificate = btoa(`-----BEGIN CERTIFICATE-----\n${DER}\n-----END CERTIFICATE-----\n`);

describe('a request for a certificate', () => {
  it('is approved and issued, each by its own subresource', () => {
    const wire = new Wire();
    const spec = { request, signerName: 'example.com/s', usages: ['client auth'], username: 'somebody else' };
    const { body: made, code } = wire.call('POST', REQUESTS, { metadata: { name: 'r' }, spec });
    assert.equal(code, 201);
    assert.equal(made.spec.username, 'admin');
    assert.deepEqual(made.status, {});
    const decision = { type: 'Approved', status: 'True', reason: 'Because' };
    const approved = wire.call('PUT', `${REQUESTS}/r/approval`, { ...made, status: { conditions: [decision], certificate } });
    const now = new Date(START + 1000).toISOString().replace('.000', '');
    assert.deepEqual(approved.body.status, { conditions: [{ ...decision, lastUpdateTime: now, lastTransitionTime: now }] });
    const issued = wire.call('PUT', `${REQUESTS}/r/status`, { ...approved.body, status: { ...approved.body.status, certificate } });
    assert.equal(issued.body.status.certificate, certificate);
    const taken = wire.call('PUT', `${REQUESTS}/r/status`, { ...issued.body, status: { certificate } });
    assert.match(taken.body.message, /updates may not remove a condition of type "Approved"/);
  });
});
