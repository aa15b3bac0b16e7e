import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { find, newFile, problems, sample, until } from './support/until.ts';

const CONFIG = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: palette\ndata:\n  sky: blue\n';
const USER = `apiVersion: v1
kind: Pod
metadata:
  name: painter
spec:
  containers:
    - name: app
      image: nginx:1.29
      env:
        - name: SKY
          valueFrom:
            configMapKeyRef:
              name: palette
              key: sky
`;

type Place = vscode.Location | vscode.LocationLink;
const fileOf = (place: Place): string => ('uri' in place ? place.uri : place.targetUri).path.split('/').at(-1) ?? '';
const ask = async <T>(command: string, ...args: readonly unknown[]): Promise<T> => vscode.commands.executeCommand<T>(command, ...args);
const actions = (uri: vscode.Uri, range: vscode.Range, kind: vscode.CodeActionKind): Thenable<readonly vscode.CodeAction[]> =>
  ask('vscode.executeCodeActionProvider', uri, range, kind.value);

describe('navigation', () => {
  let config: vscode.TextDocument;
  let user: vscode.TextDocument;
  const nameInUser = (): vscode.Position => find(user, 'palette').start;

  before(async () => {
    config = (await newFile('palette.yaml', CONFIG)).document;
    user = (await newFile('painter.yaml', USER)).document;
    await until(
      'the other file to be known',
      () => ask<readonly Place[]>('vscode.executeDefinitionProvider', user.uri, nameInUser()),
      (list) => list.length > 0,
    );
  });

  it('leads from a name to the object, and from a key to its line', async () => {
    const [object] = await ask<readonly vscode.Location[]>('vscode.executeDefinitionProvider', user.uri, nameInUser());
    assert.deepEqual([object?.uri.path, object?.range], [config.uri.path, find(config, 'palette')]);
    const [key] = await ask<readonly vscode.Location[]>('vscode.executeDefinitionProvider', user.uri, find(user, 'key: sky').end);
    assert.equal(key?.range.start.line, find(config, 'sky').start.line);
  });

  it('finds who uses an object', async () => {
    const found = await ask<readonly Place[]>('vscode.executeReferenceProvider', config.uri, find(config, 'palette').start);
    assert.ok(found.map(fileOf).includes('painter.yaml'), found.map(fileOf).join(' '));
  });

  it('links names, outlines fields, selects wider and finds symbols', async () => {
    const links = await ask<readonly vscode.DocumentLink[]>('vscode.executeLinkProvider', user.uri);
    assert.ok(links.some(({ target }) => target?.path === config.uri.path && target.fragment === 'L4'));
    const [object] = await ask<readonly vscode.DocumentSymbol[]>('vscode.executeDocumentSymbolProvider', user.uri);
    assert.match(object?.name ?? '', /painter/);
    assert.ok(object?.children.some(({ name }) => name === 'spec'));
    const [selection] = await ask<readonly vscode.SelectionRange[]>('vscode.executeSelectionRangeProvider', user.uri, [nameInUser()]);
    assert.ok(selection?.parent !== undefined && selection.parent.range.contains(selection.range));
    const symbols = await ask<readonly vscode.SymbolInformation[]>('vscode.executeWorkspaceSymbolProvider', 'palette');
    assert.ok(symbols.some(({ name }) => name === 'ConfigMap/palette'));
  });

  it('renames across files', async () => {
    const edit = await ask<vscode.WorkspaceEdit>('vscode.executeDocumentRenameProvider', user.uri, nameInUser(), 'colours-of-day');
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.match(config.getText(), /name: colours-of-day/);
    assert.match(user.getText(), /configMapKeyRef:\n\s+name: colours-of-day/);
  });

  it('renames a label wherever it is', async () => {
    const pod = await newFile(
      'tide.yaml',
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: tide\n  labels:\n    app: tide\nspec:\n  containers:\n    - name: a\n      image: nginx:1.29\n',
    );
    const service = await newFile(
      'tide-service.yaml',
      'apiVersion: v1\nkind: Service\nmetadata:\n  name: tide\nspec:\n  selector:\n    app: tide\n  ports:\n    - port: 80\n',
    );
    const { document } = service;
    const edit = await until(
      'the edits',
      () => ask<vscode.WorkspaceEdit>('vscode.executeDocumentRenameProvider', document.uri, find(document, 'app: tide').end, 'ebb'),
      (found) => found.size === 2,
    );
    await vscode.workspace.applyEdit(edit);
    assert.match(document.getText(), /name: tide[^]*app: ebb/);
    assert.match(pod.document.getText(), /name: tide[^]*app: ebb/);
  });

  it('folds documents, fields and comments', async () => {
    const { document } = await newFile('folded.yaml', `# one\n# two\n${CONFIG}---\n${CONFIG}`);
    const ranges = await until(
      'the ranges',
      () => ask<readonly vscode.FoldingRange[]>('vscode.executeFoldingRangeProvider', document.uri),
      (found) => found.some(({ kind }) => kind === vscode.FoldingRangeKind.Comment),
    );
    const lines = ranges.map(({ start, end }) => `${start + 1}-${end + 1}`);
    for (const expected of ['1-2', '3-8', '10-15', '12-13', '14-15']) assert.ok(lines.includes(expected), lines.join(' '));
  });
});

describe('fixes', () => {
  it('mend all that has one right way to be mended', async () => {
    const text = USER.replace('name: painter', 'name: fixer').replace('image:', 'imge:').replace('metadata', 'metdata');
    const { document } = await newFile('fix-all.yaml', text);
    await until(
      'the problems',
      () => problems(document.uri),
      (list) => list.length >= 2,
    );
    const [action] = await actions(document.uri, new vscode.Range(0, 0, 1, 0), vscode.CodeActionKind.SourceFixAll.append('kubepad'));
    assert.ok(action?.edit);
    await vscode.workspace.applyEdit(action.edit);
    assert.match(document.getText(), /^metadata:/m);
    assert.match(document.getText(), /^ {6}image: nginx/m);
  });

  it('convert an object to the version that took the place of its own, with its comments', async () => {
    const old = `apiVersion: policy/v1beta1
kind: PodDisruptionBudget
metadata:
  name: calm # keep me
spec:
  minAvailable: 1
  selector:
    matchLabels:
      app: web
`;
    const { document } = await newFile('old.yaml', old);
    const [problem] = await until(
      'the removed version',
      () => problems(document.uri),
      (list) => list.length > 0,
    );
    assert.match(problem?.message ?? '', /policy\/v1/);
    const found = await actions(document.uri, problem?.range ?? new vscode.Range(0, 0, 0, 1), vscode.CodeActionKind.QuickFix);
    const convert = found.find(({ edit, title }) => edit !== undefined && title.includes('policy/v1'));
    assert.ok(convert?.edit, found.map(({ title }) => title).join('\n'));
    await vscode.workspace.applyEdit(convert.edit);
    assert.match(document.getText(), /apiVersion: policy\/v1\n/);
    assert.match(document.getText(), /name: calm # keep me/);
  });
});

describe('the version that manifests are for', () => {
  it('decides which of their APIs are served', async () => {
    const { document } = await newFile(
      'newer.yaml',
      'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: newer\nspec:\n  minAvailable: 1\n  selector:\n    matchLabels:\n      app: web\n',
    );
    const configuration = vscode.workspace.getConfiguration();
    await configuration.update('kubepad.targetVersion', '1.20', vscode.ConfigurationTarget.Global);
    const [found] = await until(
      'the problem',
      () => problems(document.uri),
      (list) => list.some(({ message }) => message.includes('1.20') || message.includes('1.21')),
    );
    assert.match(found?.message ?? '', /policy\/v1/);
    assert.equal(document.getText(found?.range), 'policy/v1');
    await configuration.update('kubepad.targetVersion', undefined, vscode.ConfigurationTarget.Global);
    await until(
      'none',
      () => problems(document.uri).filter(({ message }) => message.includes('policy/v1')),
      (list) => list.length === 0,
    );
  });
});

describe('hints and rules', () => {
  it('tell of a name that leads nowhere, and offer the nearest', async () => {
    const { document } = await newFile('lost.yaml', USER.replace('painter', 'lost').replace('name: palette', 'name: colours-of-dey'));
    const [hint] = await until(
      'the hint',
      () => problems(document.uri).filter(({ code }) => code === 'missing-reference'),
      (list) => list.length > 0,
    );
    assert.match(hint?.message ?? '', /ConfigMap "colours-of-dey" is .*neither in the workspace nor in the cluster/);
    const found = await actions(document.uri, find(document, 'colours-of-dey'), vscode.CodeActionKind.QuickFix);
    const fix = found.find(({ title }) => title.includes('colours-of-day'));
    assert.equal(fix?.isPreferred, true, found.map(({ title }) => title).join('\n'));
  });

  it('lead to the other place that has to do with it', async () => {
    const { document } = await newFile(
      'astray.yaml',
      USER.replace('painter', 'astray').replace('palette', 'colours-of-day').replace('sky\n', 'sea\n'),
    );
    const [hint] = await until(
      'the hint',
      () => problems(document.uri).filter(({ code }) => code === 'missing-key'),
      (list) => list.length > 0,
    );
    const [related] = hint?.relatedInformation ?? [];
    assert.match(related?.message ?? '', /ConfigMap "colours-of-day" has sky/);
    assert.match(related?.location.uri.path ?? '', /palette\.yaml$/);
  });

  it('follow the setting, and a comment that leaves one out', async () => {
    const configuration = vscode.workspace.getConfiguration();
    await configuration.update('kubepad.rules', { 'latest-tag': 'error' }, vscode.ConfigurationTarget.Global);
    const { document } = await newFile(
      'latest.yaml',
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: late\nspec:\n  containers:\n    - name: a\n      image: nginx:latest\n',
    );
    const judged = (): readonly vscode.Diagnostic[] => problems(document.uri).filter(({ code }) => code === 'latest-tag');
    const [found] = await until('the rule', judged, (list) => list.length === 1);
    assert.equal(found?.severity, vscode.DiagnosticSeverity.Error);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, document.lineAt(7).range.end, ' # kubepad: ignore latest-tag');
    await vscode.workspace.applyEdit(edit);
    await until('none', judged, (list) => list.length === 0);
    await configuration.update('kubepad.rules', undefined, vscode.ConfigurationTarget.Global);
  });
});

describe('the workspace', () => {
  it('is judged whole, files that are not open too', async () => {
    const uri = sample('hidden/broken.yaml');
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: Upper\n'));
    void vscode.commands.executeCommand('kubepad.validateWorkspace');
    const [found] = await until(
      'the problem of a closed file',
      () => problems(uri),
      (list) => list.length > 0,
    );
    assert.match(found?.message ?? '', /metadata\.name/);
    await vscode.workspace.fs.delete(uri);
  });
});
