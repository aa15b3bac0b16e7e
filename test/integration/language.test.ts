import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { find, newFile, problems, sample, show, until } from './support/until.ts';

const hoverText = async (uri: vscode.Uri, position: vscode.Position): Promise<string> => {
  const hovers = await vscode.commands.executeCommand<readonly vscode.Hover[]>('vscode.executeHoverProvider', uri, position);
  return hovers.flatMap(({ contents }) => contents.map((content) => (typeof content === 'string' ? content : content.value))).join('\n');
};

const completionsAt = async (editor: vscode.TextEditor, position: vscode.Position): Promise<readonly string[]> => {
  const list = await vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    editor.document.uri,
    position,
  );
  return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
};

describe('hover', () => {
  it('says type, path and documentation of a field', async () => {
    const { document } = await show(sample('bare-pod-and-deployment/deployment.yaml'));
    const text = await until(
      'a hover',
      () => hoverText(document.uri, find(document, 'replicas').start),
      (value) => value.includes('replicas'),
    );
    assert.match(text, /spec\.replicas/);
    assert.match(text, /int/);
    assert.match(text, /desired pods|desired replicas/i);
  });
});

describe('completion', () => {
  const head = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n';

  it('offers the fields of a place', async () => {
    const editor = await newFile('completion.yaml', `${head}  `);
    const labels = await until(
      'fields',
      () => completionsAt(editor, editor.document.lineAt(5).range.end),
      (list) => list.length > 0,
    );
    for (const field of ['replicas', 'selector', 'template', 'strategy']) assert.ok(labels.includes(field), labels.join(' '));
  });

  it('offers the values of an enumeration', async () => {
    const editor = await newFile('values.yaml', `${head}  strategy:\n    type: `);
    const labels = await until(
      'values',
      () => completionsAt(editor, editor.document.lineAt(6).range.end),
      (list) => list.length > 0,
    );
    assert.ok(labels.includes('Recreate') && labels.includes('RollingUpdate'), labels.join(' '));
  });

  it('offers kinds', async () => {
    const editor = await newFile('kinds.yaml', 'apiVersion: apps/v1\nkind: ');
    const labels = await until(
      'kinds',
      () => completionsAt(editor, editor.document.lineAt(1).range.end),
      (list) => list.length > 0,
    );
    assert.ok(labels.includes('Deployment') && labels.includes('ReplicaSet'), labels.join(' '));
  });
});

describe('formatting', () => {
  it('indents a manifest and keeps its comments', async () => {
    const text = 'apiVersion: v1\nkind:   ConfigMap\nmetadata:\n    # what it is called\n    name: a\n';
    const { document } = await newFile('format.yaml', text);
    const edits = await until(
      'edits',
      async () =>
        await vscode.commands.executeCommand<readonly vscode.TextEdit[] | undefined>('vscode.executeFormatDocumentProvider', document.uri, {
          tabSize: 2,
          insertSpaces: true,
        }),
      (list) => list !== undefined && list.length > 0,
    );
    const edit = new vscode.WorkspaceEdit();
    edit.set(document.uri, [...(edits ?? [])]);
    await vscode.workspace.applyEdit(edit);
    assert.equal(document.getText(), 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  # what it is called\n  name: a\n');
  });
});

describe('the call hierarchy', () => {
  it('tells who uses an object', async () => {
    await newFile(
      'user.yaml',
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: user\nspec:\n  volumes:\n    - name: v\n      configMap:\n        name: used\n',
    );
    const { document } = await newFile('used.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: used\n');
    const ask = async (): Promise<readonly string[]> => {
      const items = await vscode.commands.executeCommand<readonly vscode.CallHierarchyItem[] | undefined>(
        'vscode.prepareCallHierarchy',
        document.uri,
        new vscode.Position(3, 10),
      );
      if (items?.[0] === undefined) return [];
      const calls = await vscode.commands.executeCommand<readonly vscode.CallHierarchyIncomingCall[]>(
        'vscode.provideIncomingCalls',
        items[0],
      );
      return calls.map(({ from, fromRanges }) => `${from.name} ${fromRanges[0]?.start.line ?? ''}`);
    };
    assert.deepEqual(await until('users', ask, (list) => list.length > 0), ['Pod/user 8']);
  });
});

describe('inlay hints', () => {
  it('tell what the server would set, once they are asked for', async () => {
    const text = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: hints\nspec:\n  ports:\n    - port: 80\n';
    const { document } = await newFile('hints.yaml', text);
    const range = new vscode.Range(0, 0, 7, 0);
    const ask = async (): Promise<readonly string[]> => {
      const hints = await vscode.commands.executeCommand<readonly vscode.InlayHint[]>(
        'vscode.executeInlayHintProvider',
        document.uri,
        range,
      );
      return hints.map(({ label }) => (typeof label === 'string' ? label : label.map(({ value }) => value).join('')));
    };
    assert.deepEqual(await ask(), []);
    const configuration = vscode.workspace.getConfiguration();
    await configuration.update('kubepad.inlayHints.defaults', true, vscode.ConfigurationTarget.Global);
    const shown = await until('hints', ask, (list) => list.length > 0);
    await configuration.update('kubepad.inlayHints.defaults', undefined, vscode.ConfigurationTarget.Global);
    assert.ok(shown.includes('protocol: TCP, targetPort: 80'), shown.join(' | '));
  });
});

describe('quick fixes', () => {
  const apply = async (file: string, wrong: string, right: string): Promise<void> => {
    const { document } = await show(sample(file));
    await until(
      'problems',
      () => problems(document.uri),
      (list) => list.some(({ message }) => message.includes(wrong)),
    );
    const actions = await vscode.commands.executeCommand<readonly vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      find(document, wrong),
      vscode.CodeActionKind.QuickFix.value,
    );
    const action = actions.find(({ title, edit }) => edit !== undefined && title.includes(right));
    assert.ok(action?.edit, actions.map(({ title }) => title).join('\n'));
    await vscode.workspace.applyEdit(action.edit);
    await until(
      'no such problem',
      () => problems(document.uri),
      (list) => !list.some(({ message }) => message.includes(wrong)),
    );
    assert.ok(document.getText().includes(right));
  };

  it('put right a misspelt field', () => apply('invalid/five-faults.yaml', 'imagePullPolcy', 'imagePullPolicy'));
  it('put right a misspelt value', () => apply('invalid/five-faults.yaml', 'Loadbalancer', 'LoadBalancer'));
});

describe('a kind that a file of the workspace defines', () => {
  const boat = (spec: string): string => `apiVersion: harbour.example.com/v1\nkind: Boat\nmetadata:\n  name: bella\nspec:\n${spec}`;

  it('is judged without being applied', async () => {
    const { document } = await newFile('bella.yaml', boat('  colour: red\n  seats: 4\n  crew: 9\n'));
    const found = await until(
      'the verdict of its CEL rule',
      () => problems(document.uri),
      (list) => list.length > 0,
    );
    assert.deepEqual(
      found.map(({ message }) => message.split(': ').at(-1)),
      ['the crew has more heads than the boat has seats'],
    );
    assert.equal(found[0]?.range.start.line, 7);
  });

  it('follows the file, which need not be open', async () => {
    const definition = new TextDecoder().decode(await vscode.workspace.fs.readFile(sample('custom-resource/1-definition.yaml')));
    const ship = definition.replaceAll('Boat', 'Ship').replaceAll('boat', 'ship').replace('[bt]', '[sh]');
    const write = (text: string): Thenable<void> => vscode.workspace.fs.writeFile(sample('ships.yaml'), new TextEncoder().encode(text));
    const { document } = await newFile('dora.yaml', boat('  colour: red\n  seats: 99\n').replace('Boat', 'Ship'));
    const verdicts = (): readonly string[] => problems(document.uri).map(({ message }) => message);
    await write(ship);
    await until('the verdict', verdicts, (list) => list.length === 1 && /less than or equal to 12/.test(list[0] ?? ''));
    await write(ship.replace('maximum: 12', 'maximum: 50'));
    await until('the new verdict', verdicts, (list) => list.length === 1 && /less than or equal to 50/.test(list[0] ?? ''));
    await vscode.workspace.fs.delete(sample('ships.yaml'));
    await until('what is said of a kind that nobody defines', verdicts, (list) => /no matches for kind "Ship"/.test(list.join('\n')));
  });

  it('is explained and completed', async () => {
    const editor = await newFile('cara.yaml', boat('  seats: 4\n  colour: '));
    const values = await until(
      'the colours',
      () => completionsAt(editor, editor.document.lineAt(6).range.end),
      (list) => list.includes('white'),
    );
    assert.ok(values.includes('red') && values.includes('blue'), values.join(' '));
    assert.match(await hoverText(editor.document.uri, find(editor.document, 'seats').start), /How many the boat can carry/);
  });
});
