import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { request } from 'node:https';
import { CERTIFICATESIGNINGREQUESTS } from '../../../../src/api/schema/resources.ts';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import { createServerIdentity } from '../../../../src/host/http/certificate.ts';
import { serveCluster } from '../../../../src/host/http/serveCluster.ts';
import type { RunningServer } from '../../../../src/host/http/server.ts';
import { newSigningKey } from '../../../../src/host/http/tokenSigner.ts';
import { newRequest } from '../../controllers/certificates/support.ts';

/** The virtual clock need not be near the real one. */
const NOW = Date.parse('2036-01-05T10:00:00Z');

describe('a client with a certificate', () => {
  const identity = createServerIdentity(Date.now());
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = pair.privateKey.export({ type: 'pkcs8', format: 'pem' });
  let cluster: Cluster;
  let server: RunningServer;
  let certificate: string;

  before(async () => {
    cluster = Cluster.create({ seed: 's', startTime: NOW, preset: 'empty' });
    const keys = { identity, signingKey: newSigningKey() };
    server = await serveCluster({ cluster, keys, token: 'secret', port: 0, before: () => {}, after: () => {} });
    const client = cluster.admin();
    client.create(CERTIFICATESIGNINGREQUESTS, {
      apiVersion: 'certificates.k8s.io/v1',
      kind: 'CertificateSigningRequest',
      metadata: { name: 'jane' },
      spec: {
        request: newRequest('jane', ['dev'], [], pair),
        signerName: 'kubernetes.io/kube-apiserver-client',
        usages: ['client auth'],
        expirationSeconds: 3_600,
      },
    });
    const approved = { type: 'Approved', status: 'True', reason: 'Test', message: '' } as const;
    client.modify(CERTIFICATESIGNINGREQUESTS, '', 'jane', (copy) => void ((copy.status ??= {}).conditions = [approved]), 'approval');
    await new Promise((resolve) => setImmediate(resolve));
    certificate = Buffer.from(client.get(CERTIFICATESIGNINGREQUESTS, '', 'jane')?.status?.certificate ?? '', 'base64').toString();
  });

  after(() => server.close());

  const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  /** Who the server takes the client for. */
  const whoAmI = (cert: string | undefined): Promise<{ readonly code: number; readonly body: string }> =>
    new Promise((resolve, reject) => {
      const outgoing = request(
        {
          host: '127.0.0.1',
          port: server.port,
          method: 'POST',
          path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
          ca: identity.ca,
          servername: 'localhost',
          agent: false,
          headers: { 'content-type': 'application/json' },
          ...(cert === undefined ? {} : { cert, key }),
        },
        (incoming) => {
          let body = '';
          incoming.on('data', (chunk: Buffer) => (body += chunk.toString()));
          incoming.on('end', () => resolve({ code: incoming.statusCode ?? 0, body }));
        },
      );
      outgoing.on('error', reject);
      outgoing.end(JSON.stringify(review));
    });

  it('is who the certificate says', async () => {
    const { code, body } = await whoAmI(certificate);
    assert.equal(code, 201, body);
    const { userInfo } = (
      JSON.parse(body) as { readonly status: { readonly userInfo: { readonly username: string; readonly groups: readonly string[] } } }
    ).status;
    assert.equal(userInfo.username, 'jane');
    assert.deepEqual(userInfo.groups, ['dev', 'system:authenticated']);
  });

  it('is nobody without one', async () => {
    const { body } = await whoAmI(undefined);
    assert.doesNotMatch(body, /jane/);
  });

  it('is refused when its time is over', async () => {
    cluster.simulation.advance(NOW + 3_600_000);
    assert.equal((await whoAmI(certificate)).code, 401);
  });
});
