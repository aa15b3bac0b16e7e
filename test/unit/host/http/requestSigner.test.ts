import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { CERTIFICATESIGNINGREQUESTS } from '../../../../src/api/schema/resources.ts';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import { createServerIdentity } from '../../../../src/host/http/certificate.ts';
import { signRequests } from '../../../../src/host/http/requestSigner.ts';
import { newRequest } from '../../controllers/certificates/support.ts';

const NOW = Date.parse('2026-01-05T10:00:00Z');

describe('the signer of requests for certificates', () => {
  const identity = createServerIdentity(NOW);
  let cluster: Cluster;
  let written = 0;
  const start = (): ReturnType<typeof signRequests> => {
    cluster = Cluster.create({ seed: 's', startTime: NOW, preset: 'empty', kubelet: 'manual', freeze: true });
    written = 0;
    return signRequests({ cluster, identity, before: () => {}, after: () => void written++ });
  };
  const ask = (request: string, usages: ('client auth' | 'digital signature' | 'server auth')[]): void => {
    const client = cluster.admin();
    client.create(CERTIFICATESIGNINGREQUESTS, {
      apiVersion: 'certificates.k8s.io/v1',
      kind: 'CertificateSigningRequest',
      metadata: { name: 'jane' },
      spec: { request, signerName: 'kubernetes.io/kube-apiserver-client', usages, expirationSeconds: 86_400 },
    });
  };
  const approve = (): void => {
    cluster
      .admin()
      .modify(
        CERTIFICATESIGNINGREQUESTS,
        '',
        'jane',
        (copy) => void ((copy.status ??= {}).conditions = [{ type: 'Approved', status: 'True', reason: 'Test', message: '' }]),
        'approval',
      );
  };
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('signs what is approved, with the names, the uses and the time that were asked for', async () => {
    const signing = start();
    ask(newRequest('jane', ['dev', 'ops']), ['client auth', 'digital signature']);
    await turn();
    assert.equal(written, 0);
    approve();
    await turn();
    signing.dispose();
    assert.equal(written, 1);
    const stored = cluster.admin().get(CERTIFICATESIGNINGREQUESTS, '', 'jane');
    const certificate = new X509Certificate(Buffer.from(stored?.status?.certificate ?? '', 'base64'));
    assert.equal(certificate.subject, 'O=dev\nO=ops\nCN=jane');
    assert.equal(certificate.issuer, 'CN=kubepad-ca');
    assert.equal(certificate.ca, false);
    assert.deepEqual(certificate.keyUsage, ['1.3.6.1.5.5.7.3.2']);
    assert.ok(certificate.verify(new X509Certificate(identity.ca).publicKey));
    assert.equal(certificate.validToDate.getTime() - certificate.validFromDate.getTime(), 86_400_000);
    assert.ok(certificate.validFromDate.getTime() <= NOW);
  });

  it('says why it does not sign', async () => {
    const signing = start();
    ask(newRequest('jane', []), ['server auth']);
    approve();
    await turn();
    signing.dispose();
    const { certificate, conditions = [] } = cluster.admin().get(CERTIFICATESIGNINGREQUESTS, '', 'jane')?.status ?? {};
    assert.equal(certificate, undefined);
    assert.deepEqual(conditions.map(({ type, reason, message }) => [type, reason, message]).at(-1), [
      'Failed',
      'SignerValidationFailure',
      'usages did not match [client auth digital signature key encipherment]',
    ]);
  });
});
