import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Credentials } from '../../../../src/host/targets/credentials.ts';

describe('credentials of a real cluster', () => {
  let folder: string;
  let time: number;
  let works: boolean;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'kubepad-credentials-'))));
  after(() => rmSync(folder, { recursive: true }));
  beforeEach(() => {
    time = 0;
    works = true;
    rmSync(join(folder, 'runs'), { force: true });
  });

  /** A program that counts its runs; what it answers has run out already, so nobody remembers it. */
  const login = (): Credentials => {
    const program = join(folder, 'login');
    const status = '{"token":"t","expirationTimestamp":"2020-01-01T00:00:00Z"}';
    const answer = works ? `echo '{"kind":"ExecCredential","status":${status}}'` : 'exit 3';
    writeFileSync(program, `#!/bin/sh\necho run >> ${join(folder, 'runs')}\n${answer}\n`);
    chmodSync(program, 0o700);
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: program, interactiveMode: 'Never' };
    const config = {
      'current-context': 'a',
      clusters: [{ name: 'a', cluster: { server: 'https://a.test' } }],
      users: [{ name: 'a', user: { exec } }],
      contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
    };
    return new Credentials(
      () => config,
      () => time,
    );
  };
  const runs = (): number => {
    const file = join(folder, 'runs');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').length : 0;
  };

  it('are asked for once by all that wait together', async () => {
    const credentials = login();
    const all = await Promise.all(Array.from({ length: 8 }, () => credentials.get()));
    assert.equal(runs(), 1);
    for (const { options } of all) assert.deepEqual(options.headers, { Authorization: 'Bearer t' });
  });

  it('are not asked for again at once after the program failed', async () => {
    works = false;
    const credentials = login();
    await assert.rejects(credentials.get());
    await assert.rejects(credentials.get());
    assert.equal(runs(), 1);
    time = 20_000;
    await assert.rejects(credentials.get());
    assert.equal(runs(), 2);
  });

  it('are renewed once for all that were refused, and then not for a while', async () => {
    const credentials = login();
    const old = await credentials.get();
    assert.equal(credentials.renew(old), true);
    const fresh = await credentials.get();
    assert.equal(credentials.renew(old), true, 'others were read since');
    assert.equal(await credentials.get().then(({ config }) => config), fresh.config);
    assert.equal(credentials.renew(fresh), false, 'those are refused, too');
    time = 20_000;
    assert.equal(credentials.renew(fresh), true);
  });

  it('verify the server unless the kubeconfig says otherwise', async () => {
    assert.equal((await login().get()).options.rejectUnauthorized, true);
  });
});
