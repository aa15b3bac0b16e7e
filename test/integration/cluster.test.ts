import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { find, newFile, sample, show, until } from './support/until.ts';

const live = (path: string): vscode.Uri => vscode.Uri.from({ scheme: 'kubepad', path });
const read = async (uri: vscode.Uri): Promise<string> => new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
const orNothing = (uri: vscode.Uri): Promise<string> => read(uri).catch(() => '');
const configMap = (value: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: colours\ndata:\n  sky: ${value}\n`;

describe('the commands', () => {
  it('apply what the editor shows, saved or not', async () => {
    const editor = await newFile('colours.yaml', configMap('grey'));
    await editor.edit((edit) => edit.replace(new vscode.Range(0, 0, 6, 0), configMap('blue')));
    void vscode.commands.executeCommand('kubepad.apply', editor.document.uri);
    const text = await until(
      'the object',
      () => orNothing(live('/default/v1/ConfigMap/colours.yaml')),
      (value) => value !== '',
    );
    assert.match(text, /sky: blue/);
    await editor.document.save();
  });

  it('apply a folder; its Pods run', async () => {
    void vscode.commands.executeCommand('kubepad.apply', sample('bare-pod-and-deployment'), [sample('bare-pod-and-deployment')]);
    await until(
      'a running Pod',
      () => orNothing(live('/default/v1/Pod/lonely.yaml')),
      (value) => /phase: Running/.test(value),
    );
    assert.match(await read(live('/default/apps~v1/Deployment/cared-for.yaml')), /kind: Deployment/);
  });

  it('apply a definition and an object of its kind in one go', async () => {
    void vscode.commands.executeCommand('kubepad.apply', sample('custom-resource'), [sample('custom-resource')]);
    const boat = live('/default/harbour.example.com~v1/Boat/anna.yaml');
    const text = await until(
      'the object',
      () => orNothing(boat),
      (value) => value !== '',
    );
    assert.match(text, /crew: 1/);
    const { document } = await show(sample('custom-resource/2-boat.yaml'));
    await until(
      'its lenses',
      async () => await vscode.commands.executeCommand<readonly vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri),
      (lenses) => lenses.length === 4 && lenses[2]?.command?.title !== 'not in the cluster',
    );
    const editor = await show(boat);
    await editor.edit((edit) => edit.replace(find(editor.document, 'crew: 1'), 'crew: 2'));
    assert.ok(await editor.document.save());
    assert.match(await read(boat), /crew: 2/);
  });

  it('edit a live object by saving it', async () => {
    const uri = live('/default/v1/ConfigMap/colours.yaml');
    const editor = await show(uri);
    const start = editor.document.positionAt(editor.document.getText().indexOf('blue'));
    await editor.edit((edit) => edit.replace(new vscode.Range(start, start.translate(0, 4)), 'green'));
    assert.ok(await editor.document.save());
    assert.match(await read(uri), /sky: green/);
  });

  it('show the difference of a manifest as a diff', async () => {
    await vscode.commands.executeCommand('kubepad.diff', sample('colours.yaml'));
    const input = (): unknown =>
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map((tab) => tab.input)).find((tab) => tab instanceof vscode.TabInputTextDiff);
    const tab = await until('the diff', input, (value) => value !== undefined);
    assert.ok(tab instanceof vscode.TabInputTextDiff);
    assert.match((await vscode.workspace.openTextDocument(tab.original)).getText(), /sky: green/);
    assert.match((await vscode.workspace.openTextDocument(tab.modified)).getText(), /sky: blue/);
  });

  it('stand above each document, with the state of its object', async () => {
    const { document } = await show(sample('bare-pod-and-deployment/deployment.yaml'));
    const lensesOf = (uri: vscode.Uri): Thenable<readonly vscode.CodeLens[]> =>
      vscode.commands.executeCommand<readonly vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri);
    const titles = async (): Promise<readonly string[]> => (await lensesOf(document.uri)).map(({ command }) => command?.title ?? '');
    const seen = await until('the ready Pods', titles, (list) => list.some((title) => /^3\/3 ready, [123] nodes?$/.test(title)));
    assert.deepEqual(seen.slice(0, 2), ['Apply', 'Diff']);
  });

  it('apply one document of a file that holds several', async () => {
    const map = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
    const { document } = await newFile('two.yaml', `${map('first-of-two')}---\n${map('second-of-two')}`);
    void vscode.commands.executeCommand('kubepad.applyDocument', document.uri, 5);
    await until(
      'the second object',
      () => orNothing(live('/default/v1/ConfigMap/second-of-two.yaml')),
      (value) => value !== '',
    );
    assert.equal(await orNothing(live('/default/v1/ConfigMap/first-of-two.yaml')), '');
  });

  it('follow a log while it is open', async () => {
    const pod = `apiVersion: v1\nkind: Pod\nmetadata:\n  name: talker\n  annotations:\n    kubepad.dev/program.c: log one; sleep 3; log two; run\nspec:\n  containers:\n    - name: c\n      image: registry.example.com/talker:1\n`;
    const { document } = await newFile('talker.yaml', pod);
    void vscode.commands.executeCommand('kubepad.apply', document.uri);
    const ref = { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'talker' };
    await until(
      'the running Pod',
      () => orNothing(live('/default/v1/Pod/talker.yaml')),
      (value) => /phase: Running/.test(value),
    );
    await vscode.commands.executeCommand('kubepad.logs', { ref });
    const log = vscode.window.activeTextEditor?.document;
    assert.match(log?.getText() ?? '', /one\n/);
    await until(
      'the second line',
      () => log?.getText() ?? '',
      (text) => /one\n.*two\n$/.test(text),
    );
  });

  it('describe an object, and go on describing it', async () => {
    await vscode.commands.executeCommand('kubepad.describe', {
      ref: { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'lonely' },
    });
    const description = vscode.window.activeTextEditor?.document;
    assert.match(description?.getText() ?? '', /Name: +lonely/);
    const read = (): string => description?.getText() ?? '';
    await vscode.workspace.fs.delete(live('/default/v1/Pod/lonely.yaml'));
    await until('the last description', read, (text) => text.startsWith('The object is not in the cluster any more.'));
  });

  it('cordon a node and take it back', async () => {
    const ref = { apiVersion: 'v1', kind: 'Node', namespace: '', name: 'worker-1' };
    const uri = live('/-/v1/Node/worker-1.yaml');
    await vscode.commands.executeCommand('kubepad.describe', { ref });
    const description = (): string =>
      vscode.workspace.textDocuments.find(({ uri: { path } }) => path.endsWith('/node.worker-1.txt'))?.getText() ?? '';
    assert.match(description(), /Unschedulable: +false/);
    await vscode.commands.executeCommand('kubepad.cordon', { ref });
    assert.match(await read(uri), /unschedulable: true/);
    await until('the description of the cordoned node', description, (text) => /Unschedulable: +true/.test(text));
    await vscode.commands.executeCommand('kubepad.uncordon', { ref });
    assert.doesNotMatch(await read(uri), /unschedulable/);
  });
});
