import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { connect, type TLSSocket } from 'node:tls';
import { handleRequest } from '../../../../src/apiserver/endpoints/handle.ts';
import { ADMIN } from '../../../../src/apiserver/authentication/users.ts';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import { createServerIdentity } from '../../../../src/host/http/certificate.ts';
import { createRestHost } from '../../../../src/host/http/restHost.ts';
import { startServer, type RunningServer } from '../../../../src/host/http/server.ts';

interface Frame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** A client of WebSockets, as small as the tests allow. */
class Client {
  readonly frames: Frame[] = [];
  head = '';
  private readonly socket: TLSSocket;
  private received: Buffer = Buffer.alloc(0);

  constructor(socket: TLSSocket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => this.read(chunk));
  }

  send(opcode: number, payload: Buffer): void {
    const mask = randomBytes(4);
    const masked = Buffer.from(payload.map((byte, index) => byte ^ (mask[index & 3] ?? 0)));
    this.socket.write(Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | payload.length]), mask, masked]));
  }

  closed(): Promise<void> {
    return new Promise((resolve) => this.socket.on('close', () => resolve()));
  }

  channel(number: number): string {
    return Buffer.concat(
      this.frames.filter(({ opcode, payload }) => opcode === 2 && payload[0] === number).map(({ payload }) => payload.subarray(1)),
    ).toString();
  }

  private read(chunk: Buffer): void {
    this.received = Buffer.concat([this.received, chunk]);
    if (this.head === '') {
      const end = this.received.indexOf('\r\n\r\n');
      if (end < 0) return;
      this.head = this.received.subarray(0, end).toString();
      this.received = this.received.subarray(end + 4);
    }
    while (this.received.length >= 2) {
      const short = (this.received[1] ?? 0) & 0x7f;
      const at = short === 126 ? 4 : 2;
      const length = short === 126 ? this.received.readUInt16BE(2) : short;
      if (this.received.length < at + length) return;
      this.frames.push({ opcode: (this.received[0] ?? 0) & 15, payload: this.received.subarray(at, at + length) });
      this.received = this.received.subarray(at + length);
    }
  }
}

describe('streams into containers', () => {
  const identity = createServerIdentity(Date.now());
  let server: RunningServer;
  let cluster: Cluster;

  before(async () => {
    cluster = Cluster.create({ seed: 'streams', startTime: Date.UTC(2026, 0, 2), preset: 'default' });
    const { api, simulation } = cluster;
    const advance = (ms: number): void => void simulation.advance(simulation.now() + ms);
    const host = createRestHost({ api, adminToken: 'secret', kubelets: cluster.kubelets, sync: () => advance(500) });
    const authentication = { userOfToken: host.userOfToken, authorizer: api.authorizer };
    server = await startServer({ port: 0, identity, authentication, handle: (incoming) => handleRequest(api, incoming, host) });
    advance(30_000);
    const body = {
      metadata: { name: 'web' },
      spec: { containers: [{ name: 'c', image: 'nginx', env: [{ name: 'COLOR', value: 'blue' }] }] },
    };
    const path = '/api/v1/namespaces/default/pods';
    const answer = handleRequest(api, {
      method: 'POST',
      path,
      query: new URLSearchParams(),
      headers: {},
      body: JSON.stringify(body),
      user: ADMIN,
    });
    assert(answer.kind === 'response' && answer.code === 201, JSON.stringify(answer));
    advance(30_000);
  });

  after(() => server.close());

  const open = (query: string, headers: Readonly<Record<string, string>> = {}): Promise<Client> =>
    new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port: server.port, ca: identity.ca, servername: 'localhost' }, () => {
        const fields = {
          Host: `127.0.0.1:${server.port}`,
          Authorization: 'Bearer secret',
          Connection: 'Upgrade',
          Upgrade: 'websocket',
          'Sec-WebSocket-Version': '13',
          'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
          'Sec-WebSocket-Protocol': 'v5.channel.k8s.io',
          ...headers,
        };
        const lines = Object.entries(fields)
          .filter(([, value]) => value !== '')
          .map(([name, value]) => `${name}: ${value}\r\n`);
        socket.write(`GET /api/v1/namespaces/default/pods/web/${query} HTTP/1.1\r\n${lines.join('')}\r\n`);
        resolve(new Client(socket));
      });
      socket.on('error', reject);
    });

  it('run a command and say its exit code', async () => {
    const client = await open(
      'exec?command=sh&command=-c&command=echo%20%24COLOR%3B%20echo%20oops%20%3E%262%3B%20exit%203&stdout=true&stderr=true',
    );
    await client.closed();
    assert.match(client.head, /^HTTP\/1\.1 101 [^]*Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=[^]*v5\.channel\.k8s\.io/);
    assert.deepEqual([client.channel(1), client.channel(2)], ['blue\n', 'oops\n']);
    const status = JSON.parse(client.channel(3)) as { readonly reason: string; readonly details: object };
    assert.deepEqual([status.reason, status.details], ['NonZeroExitCode', { causes: [{ reason: 'ExitCode', message: '3' }] }]);
  });

  it('give a command what comes in, until the channel is closed', async () => {
    const client = await open('exec?command=cat&stdin=true&stdout=true');
    client.send(2, Buffer.from('\0hello '));
    client.send(2, Buffer.from('\0world'));
    client.send(2, Buffer.from([255, 0]));
    await client.closed();
    assert.equal(client.channel(1), 'hello world');
    assert.equal((JSON.parse(client.channel(3)) as { readonly status: string }).status, 'Success');
  });

  it('answer a ping, and close on frames that are not masked', async () => {
    const client = await open('exec?command=sleep&command=infinity&stdin=true&stdout=true');
    client.send(9, Buffer.from('x'));
    await new Promise((resolve) => setImmediate(resolve));
    const closed = client.closed();
    (client as unknown as { readonly socket: TLSSocket }).socket.write(Buffer.from([0x82, 1, 0]));
    await closed;
    assert.deepEqual(
      client.frames.map(({ opcode }) => opcode),
      [10, 8],
    );
  });

  const refusals: readonly (readonly [title: string, query: string, headers: Readonly<Record<string, string>>, head: RegExp])[] = [
    ['without a token', 'exec?command=ls&stdout=true', { Authorization: 'Bearer no' }, /^HTTP\/1\.1 401 /],
    ['from another site', 'exec?command=ls&stdout=true', { Origin: 'https://evil.example' }, /^HTTP\/1\.1 403 /],
    ['for users who may not', 'exec?command=ls&stdout=true', { 'Impersonate-User': 'jane' }, /^HTTP\/1\.1 403 /],
    ['in protocols that are not known', 'exec?command=ls&stdout=true', { 'Sec-WebSocket-Protocol': 'chat' }, /^HTTP\/1\.1 400 /],
    ['for containers that are not there', 'exec?command=ls&container=zz&stdout=true', {}, /^HTTP\/1\.1 400 /],
  ];
  for (const [title, query, headers, head] of refusals) {
    it(`are refused ${title}`, async () => {
      const client = await open(query, headers);
      await client.closed();
      assert.match(client.head, head);
    });
  }

  it('take the token as a protocol', async () => {
    const token = Buffer.from('secret').toString('base64url');
    const protocols = `base64url.bearer.authorization.k8s.io.${token}, v4.channel.k8s.io`;
    const client = await open('exec?command=true&stdout=true', { Authorization: '', 'Sec-WebSocket-Protocol': protocols });
    await client.closed();
    assert.match(client.head, /^HTTP\/1\.1 101 [^]*v4\.channel\.k8s\.io/);
  });
});
