import assert from 'node:assert/strict';
import { Agent, request } from 'node:https';
import { X509Certificate } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { SECRETS as SECRETS_TYPE } from '../../../../src/api/schema/resources.ts';
import { createRestHost } from '../../../../src/host/http/restHost.ts';
import { handleRequest } from '../../../../src/apiserver/endpoints/handle.ts';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import { createServerIdentity } from '../../../../src/host/http/certificate.ts';
import { refusal } from '../../../../src/host/http/guard.ts';
import { isSameToken } from '../../../../src/host/http/token.ts';
import { startServer, type RunningServer } from '../../../../src/host/http/server.ts';
import { kubeconfigText } from '../../../../src/host/kubeconfig/kubeconfig.ts';

interface Answer {
  readonly code: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

const CONFIGMAPS = '/api/v1/namespaces/default/configmaps';

describe('the HTTPS server', () => {
  const identity = createServerIdentity(Date.now());
  const agent = new Agent({ ca: identity.ca, keepAlive: true, servername: 'localhost' });
  let server: RunningServer;
  let cluster: Cluster;

  before(async () => {
    cluster = Cluster.create({ seed: 'https', startTime: Date.UTC(2026, 0, 2), preset: 'empty' });
    const host = createRestHost({ api: cluster.api, adminToken: 'secret' });
    const authentication = { userOfToken: host.userOfToken, authorizer: cluster.api.authorizer };
    server = await startServer({ port: 0, identity, authentication, handle: (incoming) => handleRequest(cluster.api, incoming, host) });
  });

  after(async () => {
    agent.destroy();
    await server.close();
  });

  /** Certificates are checked: what a client with the CA would accept. */
  const send = (method: string, path: string, headers: Readonly<Record<string, string>> = {}, body = ''): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const outgoing = request(
        { host: '127.0.0.1', port: server.port, method, path, agent, headers: { authorization: 'Bearer secret', ...headers } },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('end', () => resolve({ code: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks) }));
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });

  it('survives a path that is no URL', async () => {
    assert.equal((await send('GET', '//')).code, 400);
    assert.equal((await send('GET', '/healthz')).code, 200);
  });

  it('does not carry out a body that broke off', async () => {
    const half = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: half\n';
    const headers = { authorization: 'Bearer secret', 'content-type': 'application/yaml', 'content-length': String(half.length + 100) };
    const outgoing = request({ host: '127.0.0.1', port: server.port, method: 'POST', path: CONFIGMAPS, agent, headers });
    outgoing.on('error', () => undefined);
    await new Promise<void>((resolve) => outgoing.write(half, () => resolve()));
    outgoing.destroy();
    // The server has seen the end of that connection when it has answered on another one.
    for (let turn = 0; turn < 3; turn++) assert.equal((await send('GET', `${CONFIGMAPS}/half`)).code, 404);
  });

  it('has a certificate of its own CA for the loopback addresses', () => {
    const certificate = new X509Certificate(identity.certificate);
    const ca = new X509Certificate(identity.ca);
    assert(certificate.verify(ca.publicKey) && ca.ca && !certificate.ca);
    assert.equal(certificate.checkIP('127.0.0.1'), '127.0.0.1');
    assert.equal(certificate.checkHost('localhost'), 'localhost');
  });

  it('answers with JSON and with warnings', async () => {
    const created = await send(
      'POST',
      CONFIGMAPS,
      { 'content-type': 'application/json' },
      JSON.stringify({ metadata: { name: 'a' }, extra: 'ü' }),
    );
    assert.equal(created.code, 201);
    assert.equal(created.headers['warning'], '299 - "unknown field \\"extra\\""');
    assert.equal(JSON.parse((await send('GET', `${CONFIGMAPS}/a`)).body.toString()).metadata.name, 'a');
  });

  describe('a long list', () => {
    const SECRETS = '/api/v1/namespaces/default/secrets';
    const nameOf = (item: { readonly metadata: { readonly name: string } }): string => item.metadata.name;
    let short: readonly unknown[];

    before(async () => {
      const admin = cluster.admin();
      // More than one write to the socket, and letters of more than one byte.
      const annotations = { text: 'ä€𐍈'.repeat(200) };
      for (let n = 0; n < 600; n++) admin.create(SECRETS_TYPE, { metadata: { namespace: 'default', name: `s${n}`, annotations } });
      short = [];
      for (let next = ''; short.length < 600;) {
        const { items, metadata } = JSON.parse((await send('GET', `${SECRETS}?limit=200&continue=${next}`)).body.toString());
        short = [...short, ...items];
        next = metadata.continue ?? '';
      }
    });

    it('is the same as in portions', async () => {
      for (let turn = 0; turn < 2; turn++) {
        const { headers, body } = await send('GET', SECRETS);
        assert.equal(headers['content-type'], 'application/json');
        const { kind, apiVersion, items, metadata } = JSON.parse(body.toString());
        assert.deepEqual([kind, apiVersion, metadata.resourceVersion], ['SecretList', 'v1', String(cluster.api.store.revision)]);
        assert.deepEqual(items, short);
      }
    });

    it('shows what was written since the last time', async () => {
      cluster.admin().delete(SECRETS_TYPE, 'default', 's7');
      const { items } = JSON.parse((await send('GET', SECRETS)).body.toString());
      assert.deepEqual(
        items.map(nameOf),
        short.map((item) => nameOf(item as Parameters<typeof nameOf>[0])).filter((name) => name !== 's7'),
      );
    });

    it('is compressed for those who ask', async () => {
      const { headers, body } = await send('GET', SECRETS, { 'accept-encoding': 'gzip' });
      assert.equal(headers['content-encoding'], 'gzip');
      assert.equal(JSON.parse(gunzipSync(body).toString()).items.length, 599);
    });

    it('may be broken off', async () => {
      for (const encoding of ['identity', 'gzip']) {
        const headers = { authorization: 'Bearer secret', 'accept-encoding': encoding };
        await new Promise<void>((resolve) => {
          const outgoing = request({
            host: '127.0.0.1',
            port: server.port,
            path: SECRETS,
            ca: identity.ca,
            servername: 'localhost',
            headers,
          });
          outgoing.on('response', (incoming) => {
            incoming.on('error', () => undefined);
            incoming.once('data', () => outgoing.destroy());
          });
          outgoing.on('error', () => undefined);
          outgoing.on('close', () => resolve());
          outgoing.end();
        });
      }
      assert.equal((await send('GET', '/healthz')).code, 200);
    });
  });

  const refused: readonly (readonly [string, Readonly<Record<string, string>>, number])[] = [
    ['a wrong token', { authorization: 'Bearer wrong' }, 401],
    ['a name that leads here by DNS', { host: 'evil.example.com' }, 403],
    ['a page of another site', { origin: 'https://evil.example.com' }, 403],
  ];
  for (const [what, headers, code] of refused)
    it(`refuses ${what}`, async () => assert.equal((await send('GET', '/version', headers)).code, code));

  it('lets a page of its own origin and other loopback names in', () => {
    assert.equal(refusal({ host: 'localhost:7', origin: 'https://127.0.0.1:7' }, 7), undefined);
    assert.equal(refusal({ host: '[::1]:7' }, 7), undefined);
    assert.match(refusal({ host: 'localhost:7', origin: 'https://127.0.0.1:8' }, 7) ?? '', /not served here/);
  });

  it('takes 3 MiB and no more', async () => {
    const type = { 'content-type': 'application/json' };
    assert.equal((await send('POST', CONFIGMAPS, type, ' '.repeat(3 * 1024 * 1024 + 1))).code, 413);
  });

  it('compresses large answers for those who can read them', async () => {
    const type = { 'content-type': 'application/json' };
    await send('POST', CONFIGMAPS, type, JSON.stringify({ metadata: { name: 'big' }, data: { x: 'abcdefgh'.repeat(20_000) } }));
    assert.equal((await send('GET', `${CONFIGMAPS}/big`, { 'accept-encoding': 'gzip' })).headers['content-encoding'], 'gzip');
    assert.equal((await send('GET', `${CONFIGMAPS}/big`)).headers['content-encoding'], undefined);
    assert.equal((await send('GET', `${CONFIGMAPS}/a`, { 'accept-encoding': 'gzip' })).headers['content-encoding'], undefined);
  });

  it('streams a watch until its time is up', async () => {
    const { resourceVersion } = JSON.parse((await send('GET', CONFIGMAPS)).body.toString()).metadata;
    const watching = send('GET', `${CONFIGMAPS}?watch=1&timeoutSeconds=1&resourceVersion=${resourceVersion}`);
    for (let i = 0; i < 1200; i++) {
      await Promise.resolve();
      cluster.admin().create(
        { group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap', namespaced: true },
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: `w-${i}`, namespace: 'default' },
        },
      );
    }
    const lines = (await watching).body.toString().trim().split('\n');
    assert.equal(lines.length, 1200);
    assert.equal(JSON.parse(lines.at(-1) ?? '').object.metadata.name, 'w-1199');
  });

  it('writes a kubeconfig with one context', () => {
    const text = kubeconfigText({ server: 'https://127.0.0.1:7', ca: identity.ca, token: 'secret' });
    assert.match(text, /current-context: kubepad/);
    assert.match(text, /server: https:\/\/127\.0\.0\.1:7/);
  });
});

describe('isSameToken', () => {
  for (const [given, same] of [
    ['secret', true],
    ['secret ', false],
    ['Secret', false],
    ['', false],
  ] as const) {
    it(`${JSON.stringify(given)}: ${same}`, () => assert.equal(isSameToken(given, 'secret'), same));
  }
});
