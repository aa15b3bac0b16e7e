import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Connector } from '../../../../src/host/worker/connector.ts';
import { Session } from '../../../../src/host/worker/session.ts';

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string } }[];
  readonly users: readonly { readonly user: { readonly token: string } }[];
}

const openSession = (seed: string): Session =>
  new Session({
    cluster: { seed, startTime: Date.UTC(2026, 0, 2), preset: 'empty' },
    dataFile: undefined,
    onView: () => undefined,
    onClock: () => undefined,
    onAdvance: () => undefined,
    log: () => undefined,
  });

/** GET of a path with what a kubeconfig says, and nothing else. */
function get(file: string, path: string): Promise<number | undefined> {
  const { clusters, users } = parse(readFileSync(file, 'utf8')) as Kubeconfig;
  const { server, 'certificate-authority-data': ca } = clusters[0]!.cluster;
  const agent = new Agent({ ca: Buffer.from(ca, 'base64'), keepAlive: false });
  return new Promise((resolve, reject) => {
    const outgoing = request(`${server}${path}`, { agent, headers: { authorization: `Bearer ${users[0]!.user.token}` } }, (incoming) => {
      incoming.resume();
      resolve(incoming.statusCode);
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

describe('connecting kubectl', () => {
  let folder: string;
  let session: Session;
  const connector = new Connector(
    () => session,
    () => ({}),
  );
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'kubepad-connect-'));
    session = openSession('a');
  });
  after(async () => {
    session.dispose();
    await (connector as unknown as { served?: { server: { close(): Promise<void> } } }).served?.server.close();
    rmSync(folder, { recursive: true });
  });

  it('serves the cluster and writes a kubeconfig that leads to it', async () => {
    const first = await connector.connect(folder);
    assert.deepEqual(await connector.connect(folder), first);
    assert.equal(await get(first.kubeconfig, '/api/v1/namespaces/kube-system'), 200);
  });

  it('keeps keys and kubeconfig to the user', () => {
    for (const file of ['keys.json', 'kubeconfig.yaml']) assert.equal(statSync(join(folder, file)).mode & 0o777, 0o600);
  });

  it('goes on with the next cluster on the same port, with the same certificate authority', async () => {
    const before = await connector.connect(folder);
    const ca = readFileSync(join(folder, 'keys.json'), 'utf8');
    session.dispose();
    session = openSession('b');
    await connector.follow();
    assert.deepEqual(await connector.connect(folder), before);
    assert.equal(readFileSync(join(folder, 'keys.json'), 'utf8'), ca);
    assert.equal(await get(before.kubeconfig, '/api/v1/namespaces/default'), 200);
  });
});
