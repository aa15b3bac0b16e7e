import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { lspNotifications, lspRequests, REQUEST_FAILED } from '../../../../src/host/lsp/protocol.ts';
import { Client, serverLink } from './client.ts';

const NOTHING_RUN = 'does-not-exist-anywhere';
const QUOTA = `apiVersion: v1
kind: ResourceQuota
metadata: {name: few, namespace: default}
spec: {hard: {count/configmaps: "2"}}
`;
const CONFIG = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: one\n';
/** Asks for more than a node of the default cluster has. */
const HUNGRY = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: hungry
spec:
  selector: {matchLabels: {app: hungry}}
  template:
    metadata: {labels: {app: hungry}}
    spec:
      containers:
        - name: main
          image: nginx
          resources:
            requests:
              cpu: "640"
`;

describe('kubepad lsp, with all that it can', function () {
  this.timeout(30_000);
  let folder: string;
  let client: Client;
  const uriOf = (name: string): string => pathToFileURL(join(folder, name)).href;
  const write = (name: string, text: string): string => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
    return uriOf(name);
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kubepad-lsp-'));
    client = new Client(serverLink());
  });
  afterEach(async () => {
    await client.end();
    rmSync(folder, { recursive: true, force: true });
  });
  const command = (name: string, ...args: readonly unknown[]): Promise<unknown> =>
    client.connection.sendRequest(lspRequests.executeCommand, { command: `kubepad.${name}`, arguments: args });

  it('says who uses an object and what it uses', async () => {
    const config = write('config.yaml', CONFIG);
    const pod = write(
      'pod.yaml',
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web\n      image: nginx\n      envFrom:\n        - configMapRef:\n            name: one\n',
    );
    await client.start({ rootUri: pathToFileURL(folder).href });
    const [item] = await client.connection.sendRequest(lspRequests.prepareCallHierarchy, {
      textDocument: { uri: config },
      position: { line: 3, character: 9 },
    });
    assert.deepEqual([item?.name, item?.uri, item?.selectionRange.start], ['ConfigMap/one', config, { line: 3, character: 8 }]);
    const users = await client.connection.sendRequest(lspRequests.incomingCalls, { item: item! });
    assert.deepEqual(
      users.map(({ from, fromRanges }) => [from.name, from.uri, fromRanges.map(({ start }) => start.line)]),
      [['Pod/web', pod, [10]]],
    );
    const used = await client.connection.sendRequest(lspRequests.outgoingCalls, { item: users[0]!.from });
    assert.deepEqual(
      used.map(({ to, fromRanges }) => [to.name, fromRanges.map(({ start }) => start.line)]),
      [['ConfigMap/one', [10]]],
    );
  });

  it('runs no tool in a folder that nobody vouches for, and says so once', async () => {
    const mark = join(folder, 'was-run');
    const helm = join(folder, 'helm.sh');
    writeFileSync(helm, `#!/bin/sh\ntouch ${mark}\n`);
    chmodSync(helm, 0o755);
    write('chart/Chart.yaml', 'apiVersion: v2\nname: chart\nversion: 0.1.0\n');
    await client.start({ rootUri: pathToFileURL(folder).href, initializationOptions: { kubepad: { rendering: { helm } } } });
    const values = write('chart/values.yaml', 'a: 1\n');
    await client.open(values, 'a: 1\n');
    await client.open(uriOf('chart/Chart.yaml'), 'apiVersion: v2\nname: chart\nversion: 0.1.0\n');
    await new Promise((resolve) => setTimeout(resolve, 600));
    assert.equal(existsSync(mark), false);
    assert.deepEqual(
      client.messages.map((message) => /not rendered and judged: the client does not say that the folder is trusted/.test(message)),
      [true],
    );
  });

  it('says where a tool is missing', async () => {
    write('chart/Chart.yaml', 'apiVersion: v2\nname: chart\nversion: 0.1.0\n');
    write('chart/templates/a.yaml', CONFIG);
    write('kustomization.yaml', 'resources: [a.yaml]\n');
    write('a.yaml', CONFIG);
    const rendering = { helm: `${NOTHING_RUN}-helm`, kubectl: `${NOTHING_RUN}-kubectl` };
    await client.start({ rootUri: pathToFileURL(folder).href, initializationOptions: { kubepad: { trusted: true, rendering } } });
    await client.open(uriOf('chart/templates/a.yaml'), CONFIG);
    await client.until(() => client.messages.some((each) => each.includes('charts are not rendered')));
    await client.open(uriOf('kustomization.yaml'), 'resources: [a.yaml]\n');
    await client.until(() => client.messages.length === 2);
    assert.deepEqual(client.messages, [
      `Kubepad: ${NOTHING_RUN}-helm was not found, so charts are not rendered and judged. Install it, or say by kubepad.rendering.helm where it is.`,
      `Kubepad: ${NOTHING_RUN}-kubectl was not found, so kustomizations are not rendered and judged. Install it, or say by kubepad.rendering.kubectl where it is.`,
    ]);
  });

  it('asks for settings, files and what else it can be told', async () => {
    await client.start({ rootUri: pathToFileURL(folder).href, settings: { validation: { enabled: false } } });
    await client.until(() => client.registered.length === 2 || undefined);
    assert.deepEqual(client.registered, ['workspace/didChangeWatchedFiles', 'workspace/didChangeConfiguration']);
    const uri = write('pod.yaml', 'apiVersion: v1\nkind: Pod\n');
    assert.deepEqual(await client.open(uri, 'apiVersion: v1\nkind: Pod\n'), []);
  });

  it('knows the files of folders that come and forgets those of folders that go', async () => {
    write('more/config.yaml', CONFIG);
    await client.start({ rootUri: null });
    const symbols = async (): Promise<readonly string[]> =>
      (await client.connection.sendRequest(lspRequests.workspaceSymbol, { query: '' })).map(({ name }) => name);
    const more = { uri: pathToFileURL(join(folder, 'more')).href };
    const change = (added: readonly { readonly uri: string }[], removed: readonly { readonly uri: string }[]) =>
      client.connection.sendNotification(lspNotifications.workspaceFolders, { event: { added, removed } });
    assert.deepEqual(await symbols(), []);
    await change([more], []);
    assert.deepEqual(await symbols(), ['ConfigMap/one']);
    await change([], [more]);
    assert.deepEqual(await symbols(), []);
  });

  it('has no cluster unless one is wanted', async () => {
    await client.start({});
    const uri = write('a.yaml', CONFIG);
    await client.open(uri, CONFIG);
    assert.deepEqual(await client.connection.sendRequest(lspRequests.codeLens, { textDocument: { uri } }), []);
    assert.equal(await client.connection.sendRequest(lspRequests.forecast, { textDocument: { uri } }), null);
    await assert.rejects(command('apply', uri), { code: REQUEST_FAILED, message: /no cluster: name one in the settings/ });
    await assert.rejects(command('nothing'), { code: REQUEST_FAILED, message: 'there is no command kubepad.nothing' });
  });

  it('asks its cluster what it would answer, and acts on it', async () => {
    write('cluster/quota.yaml', QUOTA);
    const cluster = { nodes: 1, manifests: ['cluster'] };
    await client.start({ rootUri: pathToFileURL(folder).href, initializationOptions: { kubepad: { cluster } } });
    const two = write('two.yaml', `${CONFIG}---\n${CONFIG.replace('one', 'two')}`);
    await client.open(two, `${CONFIG}---\n${CONFIG.replace('one', 'two')}`);
    const [refused] = await client.until(() => client.findings(two).length > 0 && client.findings(two));
    assert.deepEqual([refused?.source, refused?.severity, refused?.range.start.line], ['Kubepad (cluster)', 2, 8]);
    assert.match(refused?.message ?? '', /exceeded quota: few, requested: count\/configmaps=1/);

    await command('applyDocument', two, 0);
    assert.match(client.messages.find((each) => each.startsWith('Kubepad: ')) ?? '', /^Kubepad: 1 applied$/);
    const lenses = await client.connection.sendRequest(lspRequests.codeLens, { textDocument: { uri: two } });
    assert.deepEqual(
      lenses.map(({ range, command: { title } }) => `${range.start.line} ${title}`).filter((line) => !line.includes('Forecast')),
      ['0 Apply', '0 Diff', '0 in the cluster', '0 Why?', '5 Apply', '5 Diff', '5 not in the cluster'],
    );
    const described = await command('describe', { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'one' });
    assert.match(String(described), /^Name: +one\nNamespace: +default/);
    const why = await command('why', { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'one' });
    assert.match(String(why), /^Why it is as it is\n {2}[\d:.]{12} .* created ConfigMap\/one \(two\.yaml:4\)\n/);
    assert.match(String(await command('why', { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'no' })), /There is no Pod\/no/);
    await client.edit(two, 3, 8, 11, 'one\n  labels: {a: b}');
    await command('diffDocument', two, 0);
    const shown = await client.until(() => client.shown.find((uri) => uri.endsWith('.diff')));
    assert.match(
      readFileSync(fileURLToPath(shown), 'utf8'),
      /^--- live\/configmap\/one\n\+\+\+ merged\/configmap\/one\n@@.*\n[^]*^\+ {2}labels:\n\+ {4}a: b$/m,
    );
  });

  it('looks ahead', async () => {
    await client.start({ initializationOptions: { kubepad: { cluster: true } } });
    const uri = write('hungry.yaml', HUNGRY);
    await client.open(uri, HUNGRY);
    const finding = await client.until(() => client.findings(uri).find(({ code }) => code === 'Forecast'));
    assert.deepEqual([finding.range.start.line, finding.severity], [14, 2]);
    const lenses = await client.connection.sendRequest(lspRequests.codeLens, { textDocument: { uri } });
    const lens = lenses.find(({ command: { title } }) => title.startsWith('Forecast: '));
    assert.match(lens?.command.title ?? '', /1 of 1 would stay Pending: .*Insufficient cpu/);
    const forecast = await client.connection.sendRequest(lspRequests.forecast, { textDocument: { uri } });
    assert.deepEqual(
      forecast?.documents.map(({ subject, outlook }) => [subject, outlook]),
      [['deployment.apps/hungry', 'trouble']],
    );
    await client.connection.sendRequest(lspRequests.executeCommand, { command: lens!.command.command, arguments: lens!.command.arguments });
    const shown = await client.until(() => client.shown.find((each) => each.endsWith('forecast.txt')));
    assert.match(readFileSync(fileURLToPath(shown), 'utf8'), /^deployment\.apps\/hungry .*Pending[^]*hungry\.yaml:15:/);
    assert.ok(client.refreshes > 0);
  });

  it('leads kubectl to its cluster', async () => {
    await client.start({ initializationOptions: { kubepad: { cluster: { preset: 'empty' } } } });
    const info = (await command('connectKubectl')) as { readonly server: string; readonly kubeconfig: string };
    assert.match(info.server, /^https:\/\/127\.0\.0\.1:\d+$/);
    assert.match(readFileSync(info.kubeconfig, 'utf8'), new RegExp(info.server));
    await client.connection.sendRequest(lspRequests.shutdown);
    assert.equal(existsSync(info.kubeconfig), false);
  });

  it('says what an item of a list may be', async () => {
    await client.start({});
    const uri = 'file:///claim.yaml';
    await client.open(uri, 'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: my-}\nspec:\n  accessModes:\n    -\n');
    const ask = (line: number, character: number, triggerCharacter?: string) =>
      client.connection.sendRequest(lspRequests.signatureHelp, {
        textDocument: { uri },
        position: { line, character },
        context: { isRetrigger: false, ...(triggerCharacter === undefined ? {} : { triggerCharacter }) },
      });
    const found = await ask(5, 5, '-');
    const [signature] = found?.signatures ?? [];
    assert.equal(signature?.label, 'accessModes: - ReadOnlyMany | ReadWriteMany | ReadWriteOnce | ReadWriteOncePod');
    assert.deepEqual(
      signature?.parameters.map(({ label }) => label),
      ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'],
    );
    assert.match(signature?.documentation.value ?? '', /replaces the list as a whole/);
    assert.equal(await ask(2, 20, '-'), null);
    assert.equal(await ask(1, 3), null);
  });

  it('tells the words that mean more than their text', async () => {
    const { capabilities } = await client.start({});
    const { legend } = capabilities['semanticTokensProvider'] as { readonly legend: { readonly tokenTypes: readonly string[] } };
    const type = (name: string): number => legend.tokenTypes.indexOf(name);
    const uri = 'file:///a.yaml';
    await client.open(uri, `apiVersion: v1\nkind: Pod\nspec:\n  restartPolicy: Never\n---\n${CONFIG}`);
    const textDocument = { uri };
    const { data } = await client.connection.sendRequest(lspRequests.semanticTokens, { textDocument });
    assert.deepEqual(data, [1, 6, 3, type('type'), 0, 2, 17, 5, type('enumMember'), 0, 3, 6, 9, type('type'), 0]);
    const range = { start: { line: 5, character: 0 }, end: { line: 6, character: 0 } };
    const part = await client.connection.sendRequest(lspRequests.semanticTokensRange, { textDocument, range });
    assert.deepEqual(part.data, [6, 6, 9, type('type'), 0]);
  });

  it('strikes through what is deprecated, and nothing else', async () => {
    await client.start({});
    const volume =
      'apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: a}\nspec:\n  capacity: {storage: 1Gi}\n  accessModes: [ReadWriteOnce]\n  nfs: {server: a, path: /}\n  persistentVolumeReclaimPolicy: Recycle\n';
    const tags = async (uri: string, text: string) =>
      (await client.open(uri, text)).map(({ range, tags: given }) => [range.start.line, given]);
    assert.deepEqual(await tags('file:///a.yaml', volume), [[7, [2]]]);
    assert.deepEqual(await tags('file:///b.yaml', volume.replace('Recycle', 'Recycled')), [[7, undefined]]);
  });

  it('judges all files of its folders', async () => {
    write('good.yaml', CONFIG);
    const bad = write('bad.yaml', `${CONFIG}dta: {}\n`);
    await client.start({ rootUri: pathToFileURL(folder).href });
    assert.deepEqual(await command('validateWorkspace'), { files: 2, faulty: 1, findings: 1 });
    assert.deepEqual(
      client.findings(bad).map(({ code }) => code),
      ['UnknownField'],
    );
    assert.deepEqual(client.messages, ['Kubepad: 1 findings in 1 of 2 files']);
  });
});
