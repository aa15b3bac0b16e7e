import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { lspNotifications, lspRequests, SERVER_NOT_INITIALIZED } from '../../../../src/host/lsp/protocol.ts';
import { Client, programLink } from './client.ts';

const DEFINITION = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: boats.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: boats, singular: boat, kind: Boat, listKind: BoatList}
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {sails: {type: integer}}}}}}
`;
const POD = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web\n      imge: nginx\n';

describe('kubepad lsp', () => {
  let folder: string;
  let client: Client;
  const uriOf = (name: string): string => pathToFileURL(join(folder, name)).href;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'kubepad-lsp-'));
    writeFileSync(join(folder, 'boats.yaml'), DEFINITION);
    client = new Client(programLink());
  });
  after(() => {
    client.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  it('answers nothing before it is initialized', async () => {
    const at = { textDocument: { uri: 'file:///a.yaml' }, position: { line: 0, character: 0 } };
    await assert.rejects(client.connection.sendRequest(lspRequests.hover, at), { code: SERVER_NOT_INITIALIZED });
    const { capabilities } = await client.start({ rootUri: pathToFileURL(folder).href });
    assert.equal(capabilities['hoverProvider'], true);
  }).timeout(20_000);

  it('judges what is opened and follows single edits', async () => {
    const found = await client.open(uriOf('pod.yaml'), POD);
    assert.deepEqual(
      found.map(({ code, range, severity }) => [code, range.start.line, range.start.character, range.end.character, severity]),
      [['UnknownField', 7, 6, 10, 1]],
    );
    const fixes = await client.connection.sendRequest(lspRequests.codeAction, {
      textDocument: { uri: uriOf('pod.yaml') },
      range: found[0]!.range,
      context: { diagnostics: found },
    });
    assert.deepEqual(
      fixes.map(({ title, isPreferred, edit }) => [title, isPreferred, edit.changes?.[uriOf('pod.yaml')]?.[0]?.newText]),
      [['Change to "image"', true, 'image']],
    );
    assert.equal(fixes[0]?.diagnostics.length, 1);
    assert.deepEqual(await client.edit(uriOf('pod.yaml'), 7, 6, 10, 'image'), []);
  });

  it('hovers and completes in kinds of its own and of the folder', async () => {
    const hover = await client.connection.sendRequest(lspRequests.hover, {
      textDocument: { uri: uriOf('pod.yaml') },
      position: { line: 7, character: 8 },
    });
    assert.match(hover?.contents.value ?? '', /spec\.containers\[0\]\.image/);
    const uri = uriOf('boat.yaml');
    const bad = await client.open(uri, 'apiVersion: example.com/v1\nkind: Boat\nmetadata: {name: a}\nspec:\n  sails: many\n');
    assert.deepEqual(
      bad.map(({ range }) => range.start),
      [{ line: 4, character: 9 }],
    );
    const items = await client.connection.sendRequest(lspRequests.completion, {
      textDocument: { uri },
      position: { line: 4, character: 2 },
    });
    assert.deepEqual(
      items.map(({ label }) => label),
      ['sails'],
    );
  });

  it('navigates and renames across the folder', async () => {
    const config = uriOf('config.yaml');
    await client.open(config, 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n');
    const uri = uriOf('user.yaml');
    await client.open(uri, `${POD.replace('imge', 'image')}      envFrom:\n        - configMapRef:\n            name: settings\n`);
    const position = { line: 10, character: 20 };
    const there = { start: { line: 3, character: 8 }, end: { line: 3, character: 16 } };
    const textDocument = { uri };
    assert.deepEqual(await client.connection.sendRequest(lspRequests.definition, { textDocument, position }), [
      { uri: config, range: there },
    ]);
    const links = await client.connection.sendRequest(lspRequests.documentLink, { textDocument });
    assert.deepEqual(
      links.map(({ target }) => target),
      [`${config}#L4`],
    );
    const edit = await client.connection.sendRequest(lspRequests.rename, { textDocument, position, newName: 'colors' });
    assert.deepEqual(Object.keys(edit.changes ?? {}).toSorted(), [config, uri]);
    await assert.rejects(client.connection.sendRequest(lspRequests.rename, { textDocument, position, newName: 'No Name' }), /RFC 1123/);
    const [outline] = await client.connection.sendRequest(lspRequests.documentSymbol, { textDocument });
    assert.deepEqual([outline?.name, outline?.children.length], ['Pod/web', 4]);
    const [selection] = await client.connection.sendRequest(lspRequests.selectionRange, { textDocument, positions: [position] });
    assert.equal(selection?.range.start.character, 18);
    assert.ok((await client.connection.sendRequest(lspRequests.foldingRange, { textDocument })).length > 0);
    const symbols = await client.connection.sendRequest(lspRequests.workspaceSymbol, { query: 'settings' });
    assert.deepEqual(
      symbols.map(({ name }) => name),
      ['ConfigMap/settings'],
    );
  });

  it('completes names of objects', async () => {
    const uri = uriOf('user.yaml');
    const items = await client.connection.sendRequest(lspRequests.completion, {
      textDocument: { uri },
      position: { line: 10, character: 18 },
    });
    assert.deepEqual(
      items.map(({ label, detail }) => [label, detail]),
      [['settings', 'ConfigMap']],
    );
  });

  it('says what a selector selects', async () => {
    const uri = uriOf('service.yaml');
    const pod = '---\napiVersion: v1\nkind: Pod\nmetadata: {name: boat, labels: {app: boat}}\n';
    await client.open(uri, `apiVersion: v1\nkind: Service\nmetadata: {name: boat}\nspec:\n  selector:\n    app: boat\n${pod}`);
    const hoverAt = async (line: number): Promise<string> => {
      const found = await client.connection.sendRequest(lspRequests.hover, { textDocument: { uri }, position: { line, character: 5 } });
      return found?.contents.value ?? '';
    };
    assert.match(await hoverAt(5), /Selects the Pods of:\n- `Pod\/boat`/);
    assert.doesNotMatch(await hoverAt(2), /Selects/);
  });

  it('formats documents and selections', async () => {
    const uri = uriOf('format.yaml');
    await client.open(uri, 'apiVersion: v1\nkind:   ConfigMap\nmetadata:\n    name: a # one\n');
    const options = { tabSize: 2 };
    const edits = await client.connection.sendRequest(lspRequests.formatting, { textDocument: { uri }, options });
    assert.deepEqual(
      edits.map(({ newText }) => newText),
      ['kind: ConfigMap\n', '  name: a # one\n'],
    );
    const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 1 } };
    const own = await client.connection.sendRequest(lspRequests.rangeFormatting, { textDocument: { uri }, range, options });
    assert.deepEqual(
      own.map(({ newText }) => newText),
      ['kind: ConfigMap\n'],
    );
  });

  it('fixes all at once, and only when asked for that kind', async () => {
    const uri = uriOf('faults.yaml');
    const diagnostics = await client.open(uri, POD);
    const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
    const ask = (only?: readonly string[]) =>
      client.connection.sendRequest(lspRequests.codeAction, {
        textDocument: { uri },
        range,
        context: { diagnostics, ...(only === undefined ? {} : { only }) },
      });
    const [all] = await ask(['source.fixAll']);
    assert.deepEqual([all?.kind, all?.edit.changes?.[uri]?.map(({ newText }) => newText)], ['source.fixAll.kubepad', ['image']]);
    assert.ok((await ask()).every(({ kind }) => kind === 'quickfix'));
    assert.deepEqual(await ask(['refactor']), []);
  });

  it('follows the settings of its client', async () => {
    const uri = uriOf('settings.yaml');
    const text = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: a\nspec:\n  ports:\n    - port: 80\n';
    const hints = async () => {
      const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
      return client.connection.sendRequest(lspRequests.inlayHint, { textDocument: { uri }, range });
    };
    await client.open(uri, text);
    assert.deepEqual(await hints(), []);
    const settings = { kubepad: { inlayHints: { defaults: true }, rules: { '*': 'default' }, validation: { enabled: 1 } } };
    await client.connection.sendNotification(lspNotifications.configuration, { settings });
    assert.deepEqual((await hints()).map(({ position, label }) => `${position.line} ${label}`).at(-1), '6 protocol: TCP, targetPort: 80');
    const pod = uriOf('rules.yaml');
    assert.ok((await client.open(pod, POD.replace('imge', 'image'))).some(({ severity }) => severity > 1));
    await client.connection.sendNotification(lspNotifications.configuration, { settings: { kubepad: { validation: { enabled: false } } } });
    assert.deepEqual(await client.open(uriOf('silent.yaml'), POD), []);
  });

  it('ends with 0 after a shutdown', async () => assert.equal(await client.end(), 0));
});
