import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { newFile, problems, sample, show, until } from './support/until.ts';

const messages = (uri: vscode.Uri): readonly string[] => problems(uri).map(({ message, range }) => `${range.start.line + 1}: ${message}`);

describe('Dockerfiles', () => {
  it('are judged while they are typed', async () => {
    const { document } = await newFile('Dockerfile.judged', 'FROM alpine\nEXPOSE http\nCPOY a b\n');
    await vscode.languages.setTextDocumentLanguage(document, 'dockerfile');
    const found = await until(
      'two problems',
      () => messages(document.uri),
      (list) => list.length === 2,
    );
    assert.deepEqual(found, ['2: Invalid containerPort: http', '3: Unknown instruction: CPOY']);
  });

  it('have what a build finds at its line, until they change', async () => {
    await vscode.workspace.fs.createDirectory(sample('broken'));
    const editor = await newFile('broken/Dockerfile', 'FROM alpine:3.22\nCOPY missing.txt /\n');
    const { uri } = editor.document;
    void vscode.commands.executeCommand('kubepad.buildImage', uri, 'localhost:5000/broken:1');
    const [found = ''] = await until(
      'the problem of the build',
      () => messages(uri),
      (list) => list.length > 0,
    );
    assert.match(found, /^2: failed to compute cache key: .*"\/missing\.txt": not found$/);
    await editor.edit((edit) => edit.insert(new vscode.Position(2, 0), '# changed\n'));
    await until(
      'no problem',
      () => messages(uri),
      (list) => list.length === 0,
    );
    await editor.document.save();
  });

  it('are linked from the manifests that want what is built of them', async () => {
    const { document } = await show(sample('dockerfile/deployment.yaml'));
    void vscode.commands.executeCommand('kubepad.buildImage', sample('dockerfile/Dockerfile'), 'localhost:5000/hello:1.0.0');
    const links = await until(
      'a link to the Dockerfile',
      async () => vscode.commands.executeCommand<readonly vscode.DocumentLink[]>('vscode.executeLinkProvider', document.uri),
      (list) => list.some(({ target }) => target?.path.endsWith('/Dockerfile') === true),
    );
    const [link] = links.filter(({ target }) => target?.path.endsWith('/Dockerfile') === true);
    assert.equal(link === undefined ? '' : document.getText(link.range), 'localhost:5000/hello:1.0.0');
  });
});
