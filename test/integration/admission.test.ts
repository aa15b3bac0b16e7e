import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { find, newFile, until } from './support/until.ts';

const GUARDED = `apiVersion: v1
kind: Namespace
metadata:
  name: guarded
  labels:
    pod-security.kubernetes.io/enforce: baseline
`;

const POD = `apiVersion: v1
kind: Pod
metadata:
  name: probe
  namespace: guarded
spec:
  hostNetwork: true
  containers:
    - name: app
      image: nginx:1.29
`;

const refusals = (uri: vscode.Uri): readonly vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Kubepad (cluster)');

describe('what the cluster would refuse', () => {
  it('stands at the field to blame, follows the cluster and the text, and goes with the setting', async () => {
    const guarded = await newFile('guarded.yaml', GUARDED);
    const { document } = guarded;
    void vscode.commands.executeCommand('kubepad.apply', document.uri);
    const editor = await newFile('probe.yaml', POD);
    const [found] = await until(
      'the refusal',
      () => refusals(editor.document.uri),
      (list) => list.length === 1 && /PodSecurity/.test(list[0]?.message ?? ''),
    );
    assert.match(found?.message ?? '', /violates PodSecurity "baseline:latest": host namespaces \(hostNetwork=true\)/);
    assert.deepEqual(found?.range, find(editor.document, 'true'));
    assert.equal(found?.severity, vscode.DiagnosticSeverity.Warning);

    const configuration = vscode.workspace.getConfiguration();
    await configuration.update('kubepad.validation.admission', 'error', vscode.ConfigurationTarget.Global);
    await until(
      'an error',
      () => refusals(editor.document.uri),
      (list) => list[0]?.severity === vscode.DiagnosticSeverity.Error,
    );
    await configuration.update('kubepad.validation.admission', 'off', vscode.ConfigurationTarget.Global);
    await until(
      'none',
      () => refusals(editor.document.uri),
      (list) => list.length === 0,
    );
    await configuration.update('kubepad.validation.admission', undefined, vscode.ConfigurationTarget.Global);
    await until(
      'the refusal again',
      () => refusals(editor.document.uri),
      (list) => list.length === 1,
    );

    await editor.edit((edit) => edit.replace(find(editor.document, 'true'), 'false'));
    await until(
      'none after the edit',
      () => refusals(editor.document.uri),
      (list) => list.length === 0,
    );
    await editor.edit((edit) => edit.replace(find(editor.document, 'false'), 'true'));
    await until(
      'the refusal of the old text',
      () => refusals(editor.document.uri),
      (list) => list.length === 1,
    );
    const laxer = new vscode.WorkspaceEdit();
    laxer.replace(document.uri, find(document, 'baseline'), 'privileged');
    await vscode.workspace.applyEdit(laxer);
    void vscode.commands.executeCommand('kubepad.apply', document.uri);
    await until(
      'none once the namespace allows it',
      () => refusals(editor.document.uri),
      (list) => list.length === 0,
    );
  });
});
