import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { find, newFile, problems, sample, show, until } from './support/until.ts';

const faults: readonly { readonly message: RegExp; readonly at: string; readonly code: string }[] = [
  { message: /may not be 0 when `maxSurge` is 0/, at: 'maxUnavailable: 0', code: 'FieldValueInvalid' },
  { message: /`selector` does not match template `labels`/, at: 'app: faultless', code: 'FieldValueInvalid' },
  { message: /Unsupported value: "Loadbalancer": supported values/, at: 'Loadbalancer', code: 'FieldValueNotSupported' },
  { message: /must be between 1 and 65535, inclusive/, at: '80000', code: 'FieldValueInvalid' },
  { message: /unknown field "spec.containers\[0\].imagePullPolcy"/, at: 'imagePullPolcy', code: 'UnknownField' },
];

describe('diagnostics', () => {
  it('find the five faults of the sample, each at its place', async () => {
    const { document } = await show(sample('invalid/five-faults.yaml'));
    const found = await until(
      'five problems',
      () => problems(document.uri),
      (list) => list.length >= faults.length,
    );
    assert.equal(found.length, faults.length, found.map(({ message }) => message).join('\n'));
    for (const { message, at, code } of faults) {
      const diagnostic = found.find((candidate) => message.test(candidate.message));
      assert.ok(diagnostic, `${String(message)} in\n${found.map((candidate) => candidate.message).join('\n')}`);
      assert.equal(
        diagnostic.range.start.line >= find(document, at).start.line - 1 && diagnostic.range.start.line <= find(document, at).end.line,
        true,
        diagnostic.message,
      );
      assert.equal(typeof diagnostic.code === 'object' ? diagnostic.code.value : diagnostic.code, code);
      assert.equal(diagnostic.severity, vscode.DiagnosticSeverity.Error);
    }
  });

  it('follow the typing', async () => {
    const editor = await newFile('typing.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: Upper\n');
    await until(
      'one problem',
      () => problems(editor.document.uri),
      (list) => list.length === 1,
    );
    await editor.edit((edit) => edit.replace(find(editor.document, 'Upper'), 'lower'));
    await until(
      'no problem',
      () => problems(editor.document.uri),
      (list) => list.length === 0,
    );
  });

  it('find nothing in the other samples', async () => {
    const files = await vscode.workspace.findFiles(
      '{bare-pod-and-deployment,shop,stuck-rollout,fits-nowhere,crash-loop,dockerfile,custom-resource}/*.yaml',
    );
    assert.equal(files.length, 14);
    // The last of the files to be judged is one with a fault, so that the others had their turn.
    for (const file of files) await show(file);
    const last = await newFile('last.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: Upper\n');
    await until(
      'the last problem',
      () => problems(last.document.uri),
      (list) => list.length === 1,
    );
    assert.deepEqual(
      files.flatMap((file) => problems(file).map(({ message }) => `${file.path}: ${message}`)),
      [],
    );
  });

  it('leave alone what is not a manifest', async () => {
    const chart = await newFile(
      'templates/deployment.yaml',
      'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ .Release.Name }}\nspec: {{ toYaml .Values.spec }}\n',
    );
    const other = await newFile('compose.yaml', 'services:\n  web:\n    image: nginx\n    ports: ["80:80"]\n');
    const last = await newFile('last2.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: Upper\n');
    await until(
      'the last problem',
      () => problems(last.document.uri),
      (list) => list.length === 1,
    );
    assert.deepEqual([...problems(chart.document.uri), ...problems(other.document.uri)], []);
  });
});
