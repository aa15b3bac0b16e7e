import assert from 'node:assert/strict';
import { parseRequest } from '../../../../src/api/certificates/request.ts';
import { signerProblem } from '../../../../src/api/certificates/signers.ts';
import { CERTIFICATESIGNINGREQUESTS, SECRETS } from '../../../../src/api/schema/resources.ts';
import type { CertificateSigningRequest } from '../../../../src/api/schema/types/certificates/v1.ts';
import { Client } from '../../../../src/client/client.ts';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import { newRequest } from './support.ts';

const KUBELET = 'kubernetes.io/kube-apiserver-client-kubelet';
const CLIENT_USAGES = ['client auth', 'digital signature'] as const;

describe('a request for a certificate', () => {
  it('is read as it was written', () => {
    const parsed = parseRequest(newRequest('system:node:a', ['system:nodes'], ['a.example']));
    assert.equal(parsed?.commonName, 'system:node:a');
    assert.deepEqual(parsed.organizations, ['system:nodes']);
    assert.deepEqual(parsed.dnsNames, ['a.example']);
    assert.equal(parseRequest('bm90aGluZw=='), undefined);
  });

  const cases: readonly (readonly [string, string, readonly string[], readonly string[], readonly string[], string | undefined])[] = [
    [KUBELET, 'system:node:a', ['system:nodes'], [], CLIENT_USAGES, undefined],
    [KUBELET, 'system:node:a', ['others'], [], CLIENT_USAGES, 'subject organization is not system:nodes'],
    [KUBELET, 'a', ['system:nodes'], [], CLIENT_USAGES, 'subject common name does not begin with system:node:'],
    [KUBELET, 'system:node:a', ['system:nodes'], ['a.example'], CLIENT_USAGES, 'DNS subjectAltNames are not allowed'],
    [
      KUBELET,
      'system:node:a',
      ['system:nodes'],
      [],
      ['server auth'],
      'usages did not match [client auth digital signature key encipherment]',
    ],
    [
      'kubernetes.io/kubelet-serving',
      'system:node:a',
      ['system:nodes'],
      [],
      ['server auth', 'digital signature'],
      'DNS or IP subjectAltName is required',
    ],
    ['kubernetes.io/kubelet-serving', 'system:node:a', ['system:nodes'], ['a'], ['server auth', 'digital signature'], undefined],
    ['kubernetes.io/kube-apiserver-client', 'jane', ['dev'], [], ['client auth'], undefined],
  ];
  for (const [signer, name, organizations, dnsNames, usages, problem] of cases) {
    it(`${problem === undefined ? 'is signed' : `is not signed: ${problem}`} (${signer})`, () => {
      const parsed = parseRequest(newRequest(name, organizations, dnsNames));
      assert.ok(parsed);
      assert.equal(signerProblem(signer, parsed, usages), problem);
    });
  }
});

describe('the controllers of requests for certificates', () => {
  const start = (controllers?: readonly string[]): Cluster => {
    const options = controllers === undefined ? {} : { controllers };
    return Cluster.create({ seed: 's', startTime: 0, preset: 'empty', kubelet: 'manual', freeze: true, ...options });
  };
  const run = (cluster: Cluster, ms: number): void => void cluster.simulation.advance(cluster.simulation.now() + ms);
  const ask = (cluster: Cluster, user: string, groups: readonly string[], request: string): void =>
    void new Client(cluster.api, user, groups, 'test').create(CERTIFICATESIGNINGREQUESTS, {
      apiVersion: 'certificates.k8s.io/v1',
      kind: 'CertificateSigningRequest',
      metadata: { name: 'csr' },
      spec: { request, signerName: KUBELET, usages: [...CLIENT_USAGES] },
    });
  const get = (cluster: Cluster): CertificateSigningRequest | undefined => cluster.admin().get(CERTIFICATESIGNINGREQUESTS, '', 'csr');

  it('approve what a node asks for itself where a role says so', () => {
    const cluster = start();
    ask(cluster, 'system:node:a', ['system:nodes', 'system:masters'], newRequest('system:node:a', ['system:nodes']));
    run(cluster, 1_000);
    const [condition] = get(cluster)?.status?.conditions ?? [];
    assert.equal(condition?.type, 'Approved');
    assert.equal(condition.reason, 'AutoApproved');
    assert.equal(condition.message, 'Auto approving self kubelet client certificate after SubjectAccessReview.');
  });

  it('leave to people what no role lets the asker have', () => {
    const cluster = start();
    ask(cluster, 'somebody', ['system:authenticated'], newRequest('system:node:a', ['system:nodes']));
    run(cluster, 60_000);
    assert.equal(get(cluster)?.status?.conditions, undefined);
  });

  it('delete what nobody decided on within a day', () => {
    const cluster = start(['certificatesigningrequest-cleaner-controller']);
    ask(cluster, 'somebody', ['system:authenticated'], newRequest('jane', []));
    run(cluster, 23 * 3_600_000);
    assert.ok(get(cluster));
    run(cluster, 3 * 3_600_000);
    assert.equal(get(cluster), undefined);
  });

  it('delete bootstrap tokens that are over, if asked to run', () => {
    for (const [controllers, left] of [
      [undefined, 1],
      [['*', 'token-cleaner-controller'], 0],
    ] as const) {
      const cluster = start(controllers);
      cluster.admin().create(SECRETS, {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'bootstrap-token-abcdef', namespace: 'kube-system' },
        type: 'bootstrap.kubernetes.io/token',
        stringData: { 'token-id': 'abcdef', 'token-secret': '0123456789abcdef', expiration: '1970-01-01T00:10:00Z' },
      });
      run(cluster, 60_000);
      assert.equal(cluster.admin().list(SECRETS, 'kube-system').length, 1);
      run(cluster, 600_000);
      assert.equal(cluster.admin().list(SECRETS, 'kube-system').length, left);
    }
  });
});
