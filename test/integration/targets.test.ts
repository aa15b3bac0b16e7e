import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { newFile, until } from './support/until.ts';

const CONTEXT = 'kubepad';
const configMap = (value: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: harbour\ndata:\n  ships: "${value}"\n`;

/** Where objects of the real cluster stand, see liveFileSystem.ts. */
const live = (path: string): vscode.Uri => vscode.Uri.from({ scheme: 'kubepad', authority: Buffer.from(CONTEXT).toString('hex'), path });
const read = async (uri: vscode.Uri): Promise<string> => new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
const orNothing = (uri: vscode.Uri): Promise<string> => read(uri).catch(() => '');

/** `kubepad serve` plays the real cluster. */
async function serve(kubeconfig: string): Promise<ChildProcess> {
  const program = join(vscode.extensions.getExtension('kubepad.kubepad')?.extensionPath ?? '', 'dist', 'kubepad.mjs');
  const child = spawn(process.execPath, [program, 'serve', '--nodes', '2', '--kubeconfig', kubeconfig], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (text: Buffer) => text.toString().includes('serving') && resolve());
    child.on('exit', (code) => reject(new Error(`serve ended with ${code}`)));
  });
  return child;
}

describe('a real cluster as target', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubepad-target-'));
  const kubeconfig = join(folder, 'kubeconfig.yaml');
  let child: ChildProcess | undefined;
  before(async () => {
    child = await serve(kubeconfig);
    await vscode.workspace.getConfiguration().update('kubepad.kubeconfig', kubeconfig, vscode.ConfigurationTarget.Global);
  });
  after(async () => {
    await vscode.commands.executeCommand('kubepad.leaveTarget');
    await vscode.workspace.getConfiguration().update('kubepad.kubeconfig', undefined, vscode.ConfigurationTarget.Global);
    child?.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is shown on wish: its objects are read as files', async () => {
    await vscode.commands.executeCommand('kubepad.chooseTarget', CONTEXT);
    assert.match(await read(live('/-/v1/Node/worker-2.yaml')), /kind: Node/);
    // The simulated cluster's own addresses lead nowhere now.
    await assert.rejects(read(vscode.Uri.from({ scheme: 'kubepad', path: '/-/v1/Node/worker-1.yaml' })));
  });

  it('is dry-run against without a question, and is not changed by it', async () => {
    const editor = await newFile('harbour.yaml', configMap('3'));
    await vscode.commands.executeCommand('kubepad.dryRun', editor.document.uri);
    assert.equal(await orNothing(live('/default/v1/ConfigMap/harbour.yaml')), '');
  });

  it('has no clock and no faults', async () => {
    await vscode.commands.executeCommand('kubepad.clock.pause');
    await vscode.commands.executeCommand('kubepad.failNode', { ref: { apiVersion: 'v1', kind: 'Node', namespace: '', name: 'worker-2' } });
    assert.doesNotMatch(await read(live('/-/v1/Node/worker-2.yaml')), /reason: NodeStatusUnknown/);
  });

  it('is left for the simulated cluster, whose objects are there again', async () => {
    await vscode.commands.executeCommand('kubepad.leaveTarget');
    const node = vscode.Uri.from({ scheme: 'kubepad', path: '/-/v1/Node/worker-1.yaml' });
    await until(
      'the simulated node',
      () => orNothing(node),
      (text) => text.includes('kind: Node'),
    );
    await assert.rejects(read(live('/-/v1/Node/worker-2.yaml')));
  });
});
