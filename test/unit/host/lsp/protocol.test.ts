import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { changed } from '../../../../src/host/lsp/convert.ts';
import { INVALID_REQUEST, lspNotifications, lspRequests, lspTells, type WorkDone } from '../../../../src/host/lsp/protocol.ts';
import { Client, serverLink } from './client.ts';

const POD = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web\n      imge: nginx\n';
const BINDING =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers: [{name: a, image: b, envFrom: [{configMapRef: {name: one}}]}]\n';
const CONFIG = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: one\n';

describe('kubepad lsp and what its clients can', function () {
  this.timeout(20_000);
  let folder: string;
  let client: Client;
  const uriOf = (name: string): string => pathToFileURL(join(folder, name)).href;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kubepad-lsp-'));
    client = new Client(serverLink());
  });
  afterEach(() => {
    client.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  const fixesOf = async (uri: string) => {
    const diagnostics = await client.open(uri, POD);
    const range = { start: { line: 7, character: 6 }, end: { line: 7, character: 10 } };
    return client.connection.sendRequest(lspRequests.codeAction, { textDocument: { uri }, range, context: { diagnostics } });
  };
  const skeleton = async () => {
    const uri = uriOf('new.yaml');
    await client.open(uri, 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n\n');
    const position = { line: 3, character: 0 };
    const items = await client.connection.sendRequest(lspRequests.completion, { textDocument: { uri }, position });
    return items.find(({ label }) => label === 'spec');
  };

  it('speaks of versions to clients that know them', async () => {
    await client.start({ workspaceEdit: { documentChanges: true } });
    const [fix] = await fixesOf(uriOf('a.yaml'));
    assert.deepEqual(
      fix?.edit.documentChanges?.map(({ textDocument, edits }) => [textDocument, edits.length]),
      [[{ uri: uriOf('a.yaml'), version: 2 }, 1]],
    );
    assert.equal(fix.edit.changes, undefined);
  });

  it('has no version for files that are not open', async () => {
    writeFileSync(join(folder, 'config.yaml'), CONFIG);
    await client.start({ rootUri: pathToFileURL(folder).href, workspaceEdit: { documentChanges: true } });
    await client.open(uriOf('pod.yaml'), BINDING);
    const edit = await client.connection.sendRequest(lspRequests.rename, {
      textDocument: { uri: uriOf('pod.yaml') },
      position: { line: 4, character: BINDING.split('\n')[4]?.indexOf('one') ?? 0 },
      newName: 'two',
    });
    const versions = edit.documentChanges?.map(({ textDocument: { uri, version } }) => `${uri.slice(uri.lastIndexOf('/') + 1)} ${version}`);
    assert.deepEqual(versions?.toSorted(), ['config.yaml null', 'pod.yaml 2']);
  });

  it('offers texts without places to clients that fill in none', async () => {
    await client.start({});
    const item = await skeleton();
    assert.equal(item?.insertTextFormat, 1);
    assert.doesNotMatch(item.textEdit.newText, /\$/);
    assert.match(item.textEdit.newText, /^spec:\n/);
  });

  it('offers snippets to the others', async () => {
    await client.start({ textDocument: { completion: { completionItem: { snippetSupport: true } } } });
    const item = await skeleton();
    assert.equal(item?.insertTextFormat, 2);
    assert.match(item.textEdit.newText, /\$/);
  });

  it('takes one beginning, and nothing after the end', async () => {
    await client.start({});
    await assert.rejects(client.connection.sendRequest(lspRequests.initialize, {}), { code: INVALID_REQUEST });
    await client.connection.sendRequest(lspRequests.shutdown);
    const at = { textDocument: { uri: uriOf('a.yaml') }, position: { line: 0, character: 0 } };
    await assert.rejects(client.connection.sendRequest(lspRequests.hover, at), { code: INVALID_REQUEST });
  });

  it('tells how far it is, where a client gives it a token', async () => {
    for (let index = 0; index < 60; index++) writeFileSync(join(folder, `${index}.yaml`), CONFIG);
    writeFileSync(join(folder, 'large.yaml'), `# ${'x'.repeat(6 * 1024 * 1024)}\n${POD}`);
    const told: WorkDone[] = [];
    client.connection.onNotification(lspTells.progress, ({ token, value }) => {
      assert.equal(token, 'own');
      told.push(value);
    });
    await client.start({ rootUri: pathToFileURL(folder).href });
    await client.connection.sendRequest(lspRequests.executeCommand, { command: 'kubepad.validateWorkspace', workDoneToken: 'own' });
    assert.deepEqual(
      told.map((each) => ('percentage' in each ? `${each.kind} ${each.percentage}` : each.kind)),
      ['begin 0', 'report 83', 'report 100', 'end'],
    );
  });

  it('has no command of the names that all objects have', async () => {
    await client.start({});
    await assert.rejects(client.connection.sendRequest(lspRequests.executeCommand, { command: 'constructor' }), /there is no command/);
  });

  it('leaves alone what changes in folders that are not searched', async () => {
    await client.start({ rootUri: pathToFileURL(folder).href });
    mkdirSync(join(folder, 'node_modules'));
    writeFileSync(join(folder, 'node_modules', 'a.yaml'), CONFIG);
    writeFileSync(join(folder, 'b.yaml'), CONFIG.replace('one', 'other'));
    const changes = ['node_modules/a.yaml', 'b.yaml'].map((name) => ({ uri: uriOf(name), type: 1 }));
    await client.connection.sendNotification(lspNotifications.watchedFiles, { changes });
    const symbols = await client.connection.sendRequest(lspRequests.workspaceSymbol, { query: 'o' });
    assert.deepEqual(
      symbols.map(({ name }) => name),
      ['ConfigMap/other'],
    );
  });

  it('counts lines as the protocol does', async () => {
    await client.start({});
    const uri = uriOf('mac.yaml');
    const text = POD.replaceAll('\n', '\r');
    assert.deepEqual(
      (await client.open(uri, text)).map(({ code }) => code),
      ['UnknownField'],
    );
    assert.deepEqual(await client.edit(uri, 7, 6, 10, 'image'), []);
    const range = { start: { line: 1, character: 0 }, end: { line: 2, character: 1 } };
    assert.equal(changed('a\rb\r\nc\nd', [{ range, text: '-' }]), 'a\r-\nd');
  });

  it('ends lines as the document does', async () => {
    await client.start({ textDocument: { completion: { completionItem: { snippetSupport: true } } } });
    const lines = ['apiVersion: apps/v1', 'kind: Deployment', 'metadata:', '    name: a', 'spec:', '    replicas: 1', '    '];
    const everywhere = { start: { line: 0, character: 0 }, end: { line: 6, character: 4 } };
    for (const ending of ['\n', '\r\n']) {
      const uri = uriOf(`${ending.length}.yaml`);
      const diagnostics = await client.open(uri, lines.join(ending));
      const textDocument = { uri };
      const position = { line: 6, character: 4 };
      const actions = await client.connection.sendRequest(lspRequests.codeAction, {
        textDocument,
        range: everywhere,
        context: { diagnostics },
      });
      const items = await client.connection.sendRequest(lspRequests.completion, { textDocument, position });
      const edits = await client.connection.sendRequest(lspRequests.formatting, { textDocument, options: { tabSize: 2 } });
      const texts = {
        fixes: actions.flatMap(({ edit }) => edit.changes?.[uri] ?? []).map(({ newText }) => newText),
        completions: items.map(({ textEdit }) => textEdit.newText),
        formatted: edits.map(({ newText }) => newText),
      };
      for (const [what, all] of Object.entries(texts)) {
        const breaks = all.flatMap((text) => text.match(/\r?\n/g) ?? []);
        assert.deepEqual([what, [...new Set(breaks)]], [what, [ending]]);
      }
    }
  });
});
