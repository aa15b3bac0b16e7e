import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { request } from 'node:https';
import { load } from 'js-yaml';
import * as vscode from 'vscode';
import { newFile, until } from './support/until.ts';

interface Kubeconfig {
  readonly clusters: readonly [{ readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string } }];
  readonly users: readonly [{ readonly user: { readonly token: string } }];
}

/** What the API server that a kubeconfig leads to says about a path, asked as kubectl asks. */
function get(config: Kubeconfig, path: string, token = config.users[0].user.token): Promise<{ status: number; body: string }> {
  const { server, 'certificate-authority-data': ca } = config.clusters[0].cluster;
  return new Promise((resolve, reject) => {
    const options = { ca: Buffer.from(ca, 'base64'), headers: { authorization: `Bearer ${token}` } };
    request(new URL(path, server), options, (answer) => {
      let body = '';
      answer.on('data', (chunk: Buffer) => (body += chunk.toString()));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
    })
      .on('error', reject)
      .end();
  });
}

describe('Connect kubectl', () => {
  const connect = async (): Promise<string> => {
    const before = vscode.window.terminals.length;
    void vscode.commands.executeCommand('kubepad.connectKubectl');
    const terminals = await until(
      'a terminal',
      () => vscode.window.terminals,
      (list) => list.length > before,
    );
    const terminal = terminals.at(-1);
    assert.equal(terminal?.name, 'kubectl (Kubepad)');
    const { env } = terminal.creationOptions as vscode.TerminalOptions;
    return env?.['KUBECONFIG'] ?? '';
  };
  let path = '';
  let config!: Kubeconfig;

  it('opens a terminal whose kubeconfig leads to the cluster of the editor', async () => {
    path = await connect();
    config = load(readFileSync(path, 'utf8')) as Kubeconfig;
    const { status, body } = await get(config, '/api/v1/nodes');
    assert.equal(status, 200);
    assert.match(body, /"worker-1"/);
  });

  it('lets the user alone read the kubeconfig, and no one in without its token', async () => {
    assert.equal(statSync(path).mode & 0o077, 0);
    assert.equal((await get(config, '/api/v1/nodes', 'wrong')).status, 401);
  });

  it('shows over the wire what the editor applies', async () => {
    const editor = await newFile('wire.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: wire\ndata:\n  sent: by-editor\n');
    void vscode.commands.executeCommand('kubepad.apply', editor.document.uri);
    const { body } = await until(
      'the object',
      () => get(config, '/api/v1/namespaces/default/configmaps/wire'),
      ({ status }) => status === 200,
    );
    assert.match(body, /by-editor/);
  });

  it('goes on at the same address when asked again', async () => {
    assert.equal(await connect(), path);
    assert.deepEqual(load(readFileSync(path, 'utf8')), config);
  });
});
