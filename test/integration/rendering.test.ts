import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { find, problems, sample, show, until } from './support/until.ts';

const { KUBEPAD_HELM: helm } = process.env;
const configuration = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('kubepad.rendering');

describe('charts', () => {
  if (helm === undefined) {
    it('cannot be rendered: helm cannot be had here', () => undefined);
    return;
  }
  before(() => configuration().update('helm', helm, vscode.ConfigurationTarget.Global));
  after(() => configuration().update('helm', undefined, vscode.ConfigurationTarget.Global));

  it('are judged by what they render to, with the value that was used, also unsaved', async () => {
    const template = sample('charts/store/templates/store.yaml');
    const { document: shown } = await show(template);
    const values = await show(sample('charts/store/values.yaml'));
    await values.edit((edit) => edit.replace(find(values.document, 'replicas: 2'), 'replicas: -2'));
    const [found] = await until(
      'a problem of the template',
      () => problems(template),
      (list) => list.length === 1,
    );
    assert.equal(found?.message, 'spec.replicas: Invalid value: -2: must be greater than or equal to 0');
    assert.equal(shown.getText(found.range), '{{ .Values.replicas }}');
    const [related] = found.relatedInformation ?? [];
    assert.equal(related?.location.uri.path, values.document.uri.path);
    assert.equal(values.document.getText(related.location.range), '-2');
    await values.edit((edit) => edit.replace(find(values.document, 'replicas: -2'), 'replicas: 2'));
    await until(
      'no problem',
      () => problems(template),
      (list) => list.length === 0,
    );
    await values.document.save();
  });

  it('tell where helm stops', async () => {
    const editor = await show(sample('charts/store/templates/store.yaml'));
    await editor.edit((edit) => edit.replace(find(editor.document, '{{ .Values.replicas }}'), '{{ .Values.no.such }}'));
    const [found] = await until(
      'a problem',
      () => problems(editor.document.uri),
      (list) => list.length === 1,
    );
    assert.match(found?.message ?? '', /nil pointer evaluating interface \{\}\.such/);
    assert.equal(editor.document.getText(found?.range), '{{ .Values.no.such }}');
    await editor.edit((edit) => edit.replace(find(editor.document, '{{ .Values.no.such }}'), '{{ .Values.replicas }}'));
    await until(
      'no problem',
      () => problems(editor.document.uri),
      (list) => list.length === 0,
    );
    await editor.document.save();
  });

  it('are left alone when the setting says so', async () => {
    await configuration().update('enabled', false, vscode.ConfigurationTarget.Global);
    try {
      const editor = await show(sample('charts/lamp-operator/templates/operator.yaml'));
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '{{ nothing }}\n'));
      assert.deepEqual(problems(editor.document.uri), []);
      await configuration().update('enabled', true, vscode.ConfigurationTarget.Global);
      await until(
        'a problem',
        () => problems(editor.document.uri),
        (list) => list.some(({ message }) => message.includes('function "nothing" not defined')),
      );
      await vscode.commands.executeCommand('workbench.action.files.revert');
    } finally {
      await configuration().update('enabled', undefined, vscode.ConfigurationTarget.Global);
    }
  });
});
