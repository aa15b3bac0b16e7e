import assert from 'node:assert/strict';
import { handleRequest } from '../../../../src/apiserver/endpoints/handle.ts';
import { Wire, type Parsed } from '../support.ts';

const REQUESTS = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
const ROLES = '/apis/rbac.authorization.k8s.io/v1';

/** Of jane, in the groups dev and system:masters. */
const REQUEST =
  'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIeE1JR1lBZ0VBTURZeEREQUtCZ05WQkFvTUEyUmxkakVYTUJVR0ExVUVDZ3dPYzNsemRHVnRPbTFoYzNSbApjbk14RFRBTEJnTlZCQU1NQkdwaGJtVXdXVEFUQmdjcWhrak9QUUlCQmdncWhrak9QUU1CQndOQ0FBUWlCS0dzCmxBbnZyamNIeDFkUUdBU1NlYVkzaFM3Vi9XSTBQeUJSaHNTSE9RWXRjTzdmaGRjeGpOaVYxNjZnYlp4Rzd6RysKNnFYMlBNdGRnZ2NTNy9HVG9BQXdDZ1lJS29aSXpqMEVBd0lEU0FBd1JRSWhBSjNBVU5wNTZTSk1YcTJQZ2lDMAphV0U1L1Q3dlJzN2Iyb05XSFpGa0dEbFFBaUJZK1A4MzFKV1JDMy94T0R0U21seG8rTDB4Z0N1UklwZEU2TkVkCnhpOW5iZz09Ci0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo=';

describe('admission of requests for certificates', () => {
  const wire = new Wire();
  const jane = { name: 'jane', uid: '', groups: ['system:authenticated'], extra: {} };

  function asJane(method: string, path: string, body: object): { readonly code: number; readonly message: string | undefined } {
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    const request = { method, path, query: new URLSearchParams(), headers, body: JSON.stringify(body), user: jane };
    const answer = handleRequest(wire.cluster.api, request);
    assert(answer.kind === 'response');
    return { code: answer.code, message: (JSON.parse(answer.body) as Parsed).message };
  }

  function grant(name: string, rule: object): void {
    wire.call('POST', `${ROLES}/clusterroles`, { metadata: { name }, rules: [{ apiGroups: ['certificates.k8s.io'], ...rule }] });
    const subjects = [{ kind: 'User', name: 'jane', apiGroup: 'rbac.authorization.k8s.io' }];
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name };
    wire.call('POST', `${ROLES}/clusterrolebindings`, { metadata: { name }, subjects, roleRef });
  }

  function make(name: string, signerName: string): ReturnType<Wire['call']> {
    return wire.call('POST', REQUESTS, { metadata: { name }, spec: { request: REQUEST, signerName, usages: ['client auth'] } });
  }

  grant('writer', { resources: ['certificatesigningrequests/approval', 'certificatesigningrequests/status'], verbs: ['update'] });
  const refusal = (name: string, text: string): string => `certificatesigningrequests.certificates.k8s.io "${name}" is forbidden: ${text}`;

  for (const [verb, subresource, decision] of [
    ['approve', 'approval', 'Approved'],
    ['sign', 'status', 'Failed'],
  ] as const) {
    it(`lets those ${verb} who may do so for the signer`, () => {
      const { body } = make(verb, 'example.com/s');
      const url = `${REQUESTS}/${verb}/${subresource}`;
      const changed = { ...body, status: { conditions: [{ type: decision, status: 'True', reason: 'Because' }] } };
      assert.deepEqual(asJane('PUT', url, changed), {
        code: 403,
        message: refusal(verb, `user not permitted to ${verb} requests with signerName "example.com/s"`),
      });
      grant(verb, { resources: ['signers'], resourceNames: ['example.com/*'], verbs: [verb] });
      assert.equal(asJane('PUT', url, changed).code, 200);
    });
  }

  it('lets a status be written as it is', () => {
    const { body } = make('same', 'other.example.com/s');
    assert.equal(asJane('PUT', `${REQUESTS}/same/status`, body).code, 200);
  });

  it('gives nobody a certificate for the group that may do everything', () => {
    const { code, body } = make('all', 'kubernetes.io/kube-apiserver-client');
    const text = 'use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed';
    assert.deepEqual({ code, message: body.message }, { code: 403, message: refusal('all', text) });
  });
});
