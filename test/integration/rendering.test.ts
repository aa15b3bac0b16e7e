import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { find, newFile, problems, sample, show, until } from './support/until.ts';

const { KUBEPAD_HELM: helm, KUBEPAD_KUBECTL: kubectl } = process.env;
const CLAIMANT = `apiVersion: v1
kind: Pod
metadata: {name: claimant}
spec:
  containers:
    - {name: c, image: c, envFrom: [{configMapRef: {name: of-another-file}}]}
`;
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

  it('are told hints and rules about what they render to, and anew when the workspace changes', async () => {
    const rules = vscode.workspace.getConfiguration('kubepad');
    await rules.update('rules', { 'image-digest': 'warning' }, vscode.ConfigurationTarget.Global);
    const editor = await show(sample('charts/store/templates/store.yaml'));
    const { document } = editor;
    try {
      await editor.edit((edit) => edit.insert(document.positionAt(document.getText().length), '---\n' + CLAIMANT));
      const codes = (): readonly string[] => problems(document.uri).map(({ code, range }) => `${String(code)} ${document.getText(range)}`);
      await until(
        'the hints',
        codes,
        (list) => list.includes('image-digest {{ .Values.image }}') && list.includes('missing-reference of-another-file'),
      );
      await newFile('settings-of-the-chart.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: of-another-file\n');
      await until('no hint about what is there now', codes, (list) => !list.some((each) => each.startsWith('missing-reference')));
    } finally {
      await rules.update('rules', undefined, vscode.ConfigurationTarget.Global);
      await show(document.uri);
      await vscode.commands.executeCommand('workbench.action.files.revert');
    }
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

describe('the files of a chart', () => {
  const positionOf = (document: vscode.TextDocument, text: string): vscode.Position => find(document, text).end;

  it('lead from a value to where it is set, and tell who uses it', async () => {
    const { document } = await show(sample('charts/store/charts/cache/templates/cache.yaml'));
    const at = positionOf(document, '.Values.size');
    const places = await vscode.commands.executeCommand<vscode.Location[]>('vscode.executeDefinitionProvider', document.uri, at);
    assert.deepEqual(
      places.map(({ uri, range }) => `${uri.path.split('/charts/store/').at(-1) ?? ''}:${range.start.line + 1}`).toSorted(),
      ['charts/cache/values.yaml:2', 'values.yaml:5'],
    );
    const values = await show(sample('charts/store/values.yaml'));
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      values.document.uri,
      positionOf(values.document, 'replicas'),
    );
    const text = hovers.flatMap(({ contents }) => contents.map((each) => (typeof each === 'string' ? each : each.value))).join('\n');
    assert.match(text, /Used by:\s+- `templates\/store\.yaml:24` `\.Values\.replicas`/);
  });

  it('complete values where they are typed', async () => {
    const editor = await show(sample('charts/store/templates/store.yaml'));
    const { document } = editor;
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '{{ .Values. }}\n'));
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      positionOf(document, '.Values.'),
    );
    const labels = items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    for (const name of ['replicas', 'image', 'cache']) assert.ok(labels.includes(name), labels.join(', '));
    await editor.edit((edit) => edit.delete(new vscode.Range(0, 0, 1, 0)));
    await document.save();
  });
});

describe('kustomizations', () => {
  if (kubectl === undefined) {
    it('cannot be rendered: kubectl cannot be had here', () => undefined);
    return;
  }
  before(() => configuration().update('kubectl', kubectl, vscode.ConfigurationTarget.Global));
  after(() => configuration().update('kubectl', undefined, vscode.ConfigurationTarget.Global));

  it('are judged by what they render to, at the patch that made it', async () => {
    for (const folder of ['kustomized/base', 'kustomized/prod']) await vscode.workspace.fs.createDirectory(sample(folder));
    await newFile(
      'kustomized/base/web.yaml',
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web\n      image: nginx\n',
    );
    await newFile('kustomized/base/kustomization.yaml', 'resources: [web.yaml]\n');
    const top = await newFile('kustomized/prod/kustomization.yaml', 'resources: [../base]\npatches: [{path: more.yaml}]\nresorces: []\n');
    const patch = await newFile(
      'kustomized/prod/more.yaml',
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  restartPolicy: Never\n',
    );
    await until(
      'the unknown field',
      () => problems(top.document.uri),
      (list) => list.some(({ message }) => message === 'unknown field "resorces"'),
    );
    const again = await show(top.document.uri);
    await again.edit((edit) => edit.replace(find(top.document, 'resorces: []\n'), ''));
    await show(patch.document.uri);
    const editor = await show(patch.document.uri);
    await editor.edit((edit) => edit.replace(find(patch.document, 'Never'), 'Sometimes'));
    const found = await until(
      'the problem of the patch',
      () => problems(patch.document.uri),
      (list) => list.length === 1 && (list[0]?.relatedInformation?.length ?? 0) > 0,
    );
    assert.equal(patch.document.getText(found[0]?.range), 'Sometimes');
    assert.match(found[0]?.relatedInformation?.[0]?.location.uri.path ?? '', /kustomized\/base\/web\.yaml$/);
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>('vscode.executeLinkProvider', top.document.uri);
    assert.ok(links.some(({ target }) => target?.path.endsWith('kustomized/base/kustomization.yaml')));
    await vscode.workspace.saveAll(false);
  });
});
