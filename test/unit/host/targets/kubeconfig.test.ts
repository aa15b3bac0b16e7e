import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Credentials } from '../../../../src/host/targets/credentials.ts';
import { kubeconfigFiles, readKubeconfig } from '../../../../src/host/targets/kubeconfig.ts';

const FIRST = `
apiVersion: v1
kind: Config
clusters:
- {name: shop, cluster: {server: "https://shop.example:6443", certificate-authority: ca.crt}}
users:
- {name: anna, user: {client-certificate: anna.crt, client-key: /keys/anna.key}}
- name: cloud
  user:
    exec: {apiVersion: client.authentication.k8s.io/v1, command: cloud-login, provideClusterInfo: true, env: [{name: REGION, value: north}]}
- {name: beside, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: bin/login}}}
contexts:
- {name: shop, context: {cluster: shop, user: anna, namespace: web}}
- {name: cloudy, context: {cluster: shop, user: cloud}}
- {name: lost, context: {cluster: nowhere, user: anna}}
- {name: beside, context: {cluster: shop, user: beside}}
`;
const SECOND = `
current-context: cloudy
clusters:
- {name: shop, cluster: {server: "https://other.example"}}
contexts:
- {name: shop, context: {cluster: shop, user: anna, namespace: other}}
- {name: more, context: {cluster: shop, user: anna}}
`;

describe('kubeconfig of the user', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubepad-kubeconfig-'));
  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const files = [file('first', FIRST), file('second', SECOND)];
  after(() => rmSync(folder, { recursive: true }));

  it('is looked for where kubectl looks', () => {
    assert.deepEqual(kubeconfigFiles('/a/b', { KUBECONFIG: 'c' }), ['/a/b']);
    assert.deepEqual(kubeconfigFiles('~/b', {}), [join(homedir(), 'b')]);
    assert.deepEqual(kubeconfigFiles('', { KUBECONFIG: ['a', '', 'b'].join(delimiter) }), ['a', 'b']);
    assert.deepEqual(kubeconfigFiles('', {}), [join(homedir(), '.kube', 'config')]);
  });

  it('says of which servers the certificate is not verified', async () => {
    const cluster = (name: string, fields: string): string =>
      `clusters: [{name: ${name}, cluster: ${fields}}]\ncontexts: [{name: ${name}, context: {cluster: ${name}}}]\n`;
    const known = readKubeconfig([
      file('verified', cluster('verified', '{server: "https://a.example"}')),
      file('skipped', cluster('skipped', '{server: "https://b.example", insecure-skip-tls-verify: true}')),
      file('plain', cluster('plain', '{server: "http://127.0.0.1:8001"}')),
    ]);
    assert.deepEqual(
      known.contexts.map(({ name, insecure }) => [name, insecure]),
      [
        ['verified', false],
        ['skipped', true],
        ['plain', true],
      ],
    );
    const verifies = async (name: string) => (await new Credentials(() => known.only(name) ?? {}).get()).options.rejectUnauthorized;
    assert.deepEqual([await verifies('verified'), await verifies('skipped'), await verifies('plain')], [true, false, false]);
  });

  it('of several files takes what is said first', () => {
    const { contexts, problems } = readKubeconfig([join(folder, 'missing'), ...files]);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      contexts.map(({ name, server, namespace, current, program }) => [name, server, namespace, current, program]),
      [
        ['shop', 'https://shop.example:6443', 'web', false, ''],
        ['cloudy', 'https://shop.example:6443', '', true, 'cloud-login'],
        ['lost', '', '', false, ''],
        ['beside', 'https://shop.example:6443', '', false, join(folder, 'bin/login')],
        ['more', 'https://shop.example:6443', '', false, ''],
      ],
    );
  });

  it('of one context says all that a client needs, with files named absolutely', () => {
    assert.deepEqual(readKubeconfig(files).only('shop'), {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'shop',
      clusters: [{ name: 'shop', cluster: { server: 'https://shop.example:6443', 'certificate-authority': join(folder, 'ca.crt') } }],
      users: [{ name: 'anna', user: { 'client-certificate': join(folder, 'anna.crt'), 'client-key': '/keys/anna.key' } }],
      contexts: [{ name: 'shop', context: { cluster: 'shop', user: 'anna', namespace: 'web' } }],
    });
  });

  it('tells a program which form of credentials is wanted, and of the cluster if it asks for that', () => {
    const config = readKubeconfig(files).only('cloudy') as {
      readonly users: readonly [
        { readonly user: { readonly exec: { readonly env: readonly { readonly name: string; readonly value: string }[] } } },
      ];
    };
    const { env } = config.users[0].user.exec;
    assert.equal(env[0]?.value, 'north');
    assert.deepEqual(JSON.parse(env[1]?.value ?? ''), {
      kind: 'ExecCredential',
      apiVersion: 'client.authentication.k8s.io/v1',
      spec: { interactive: false, cluster: { server: 'https://shop.example:6443' } },
    });
  });

  it('without a cluster leads nowhere', () => {
    assert.equal(readKubeconfig(files).only('lost'), undefined);
    assert.equal(readKubeconfig(files).only('unheard'), undefined);
  });

  it('says which file it cannot read, and reads the others', () => {
    const broken = file('broken', 'a: [');
    const { contexts, problems } = readKubeconfig([broken, file('list', '[1]'), file('empty', ''), ...files]);
    assert.equal(contexts.length, 5);
    assert.equal(problems.length, 2);
    assert.match(problems[0] ?? '', /broken could not be read/);
    assert.match(problems[1] ?? '', /list is no kubeconfig/);
  });
});
