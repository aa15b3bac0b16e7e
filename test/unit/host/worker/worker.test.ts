import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CancellationTokenSource } from 'vscode-jsonrpc/node';
import type { JsonObject } from '../../../../src/base/json.ts';
import { requests, tellExtension, tellWorker, type ManifestReport } from '../../../../src/host/protocol/protocol.ts';
import { toolRequests, type ToolAnswer, type ToolName } from '../../../../src/host/protocol/tool.ts';

import { Client } from './client.ts';

const root = join(import.meta.dirname, '../../../..');
const WEB = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "nginx:1.27"}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data: {a: b}
`;

const lines = (report: ManifestReport): readonly string[] => report.results.map(({ subject, action }) => `${subject} ${action}`);

describe('the worker', () => {
  let client: Client;
  before(async () => {
    client = new Client();
    await client.settle();
  });
  after(() => client.close());

  it('applies a file in dependency order, twice', async () => {
    assert.deepEqual(lines(await client.apply(WEB)), [
      'namespace/shop created',
      'configmap/settings created',
      'deployment.apps/web created',
    ]);
    assert.deepEqual(lines(await client.apply(WEB)), [
      'namespace/shop unchanged',
      'configmap/settings unchanged',
      'deployment.apps/web unchanged',
    ]);
    assert.deepEqual(lines(await client.apply(WEB.replace('a: b', 'a: c'), true))[1], 'configmap/settings configured');
  });

  it('runs what was applied, and shows it in the tree', async () => {
    void client.connection.sendNotification(tellWorker.viewQuery, {
      view: 'tree',
      query: { surface: 'cluster', groupBy: 'node', filter: '', groupsOpen: true, toggled: [], window: { first: 0, count: 50 } },
    });
    await client.settle();
    const pods = await client.pods();
    assert.deepEqual(
      pods.map(({ status }) => status?.phase),
      ['Running', 'Running', 'Running'],
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    const shown = [...client.rows.values()].filter((row) => row.type === 'pod' && row.name.startsWith('web-'));
    assert.deepEqual(
      shown.map((row) => row.type === 'pod' && row.status),
      ['Running', 'Running', 'Running'],
    );
  });

  it('puts a refusal at its place and applies the rest', async () => {
    const text =
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: Upper\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: lower\n';
    const report = await client.apply(text);
    assert.deepEqual(lines(report), ['configmap/Upper rejected', 'configmap/lower created']);
    assert.deepEqual(
      report.results[0]?.diagnostics.map(({ range, code }) => [range.start, code]),
      [[{ line: 3, character: 8 }, 'FieldValueInvalid']],
    );
  });

  it('shows differences, describes, patches and deletes', async () => {
    const [, settings] = await client.connection.sendRequest(requests.manifestDiff, {
      files: [{ uri: 'file:///web.yaml', text: WEB.replace('a: b', 'a: c') }],
      dryRun: true,
      namespace: 'default',
      progress: undefined,
    });
    assert.equal(settings?.change, 'update');
    assert.match(settings?.merged ?? '', /a: c/);
    const ref = { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: (await client.pods())[0]?.metadata.name ?? '' };
    const text = await client.connection.sendRequest(requests.objectDescribe, ref);
    assert.ok(text.ok);
    assert.match(text.value, /Image: +nginx:1.27[\s\S]*Events:[\s\S]*Scheduled[\s\S]*Started/);
    const node = { apiVersion: 'v1', kind: 'Node', namespace: '', name: (await client.pods())[0]?.spec?.nodeName ?? '' };
    const cordoned = await client.connection.sendRequest(requests.objectPatch, {
      ref: node,
      type: 'merge',
      patch: { spec: { unschedulable: true } },
      subresource: '',
    });
    assert.ok(cordoned.ok);
    const report = await client.connection.sendRequest(requests.manifestDelete, {
      files: [{ uri: 'file:///web.yaml', text: WEB }],
      namespace: 'default',
    });
    assert.deepEqual(lines(report), ['deployment.apps/web deleted', 'configmap/settings deleted', 'namespace/shop deleted']);
    await client.settle();
    assert.deepEqual(await client.pods(), []);
  });

  it('judges documents as they are typed', async () => {
    const uri = 'file:///x.yaml';
    const text = readFileSync(join(root, 'samples/invalid/five-faults.yaml'), 'utf8');
    const settings = { namespace: 'default', warnings: true, references: false };
    void client.connection.sendNotification(tellWorker.documentChanged, { uri, version: 1, text });
    const first = await client.connection.sendRequest(requests.documentDiagnostics, { uri, settings });
    assert.deepEqual([first?.diagnostics.length, first?.judged, first?.cached], [5, 3, 0]);
    void client.connection.sendNotification(tellWorker.documentChanged, {
      uri,
      version: 2,
      text: text.replace('Loadbalancer', 'LoadBalancer'),
    });

    it('hints at what is not there, and says when it has come', async () => {
      const uri = 'file:///hint.yaml';
      const text =
        'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {serviceAccountName: robot, containers: [{name: a, image: nginx}]}\n';
      const settings = { namespace: 'default', warnings: true, references: true };
      const messages = async (): Promise<readonly string[]> =>
        (await client.connection.sendRequest(requests.documentDiagnostics, { uri, settings }))?.diagnostics.map(({ message }) => message) ??
        [];
      void client.connection.sendNotification(tellWorker.documentChanged, { uri, version: 1, text });
      assert.deepEqual(await messages(), ['ServiceAccount "robot" is neither in the workspace nor in the cluster']);
      const told = new Promise<readonly string[]>((resolve) => {
        client.connection.onNotification(tellExtension.hintsChanged, ({ uris }) => resolve(uris));
      });
      const account = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: robot}\n';
      void client.connection.sendNotification(tellWorker.filesFound, { files: [{ uri: 'file:///account.yaml', text: account }] });
      assert.deepEqual(await told, [uri]);
      assert.deepEqual(await messages(), []);
      void client.connection.sendNotification(tellWorker.documentClosed, { uri });
    });
    const second = await client.connection.sendRequest(requests.documentDiagnostics, { uri, settings });
    assert.deepEqual([second?.version, second?.diagnostics.length, second?.judged], [2, 4, 1]);
    const hover = await client.connection.sendRequest(requests.documentHover, { uri, position: { line: 12, character: 4 } });
    assert.match(hover?.markdown ?? '', /spec\.strategy/);
  });

  it('knows the kinds of definitions that are not open, and of those in the cluster', async () => {
    const uri = 'file:///widget.yaml';
    const settings = { namespace: 'default', warnings: true, references: true };
    const codes = async (): Promise<readonly string[]> => {
      const found = await client.connection.sendRequest(requests.documentDiagnostics, { uri, settings });
      return (found?.diagnostics ?? []).map(({ code }) => code);
    };
    const text = 'apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\nspec: {color: red}\n';
    const definition = (field: string): string =>
      `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: widgets.example.com}\nspec:\n  group: example.com\n  scope: Namespaced\n  names: {plural: widgets, kind: Widget}\n  versions:\n  - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {${field}: {type: string}}}}}}}\n`;
    void client.connection.sendNotification(tellWorker.documentChanged, { uri, version: 1, text });
    assert.deepEqual(await codes(), []);
    const found = (own: string): void =>
      void client.connection.sendNotification(tellWorker.filesFound, { files: [{ uri: 'file:///crd.yaml', text: own }] });
    found(definition('size'));
    assert.deepEqual(await codes(), ['UnknownField']);
    found(definition('color'));
    assert.deepEqual(await codes(), []);
    found('');
    const files = [{ uri: 'file:///other.yaml', text: definition('weight') }];
    await client.connection.sendRequest(requests.manifestApply, { files, dryRun: false, namespace: 'default', progress: undefined });
    assert.deepEqual(await codes(), ['UnknownField']);
    const files2 = [{ uri, text: text.replace('{color: red}', '{weight: w}') }];
    const apply = (): Promise<ManifestReport> =>
      client.connection.sendRequest(requests.manifestApply, { files: files2, dryRun: false, namespace: 'default', progress: undefined });
    assert.deepEqual(lines(await apply()), ['widget/w created']);
    assert.deepEqual(lines(await apply()), ['widget/w unchanged']);
    assert.deepEqual(lines(await client.connection.sendRequest(requests.manifestDelete, { files: files2, namespace: 'default' })), [
      'widget/w deleted',
    ]);
  });

  it('answers a run whose cluster is thrown away meanwhile', async () => {
    const own = new Client();
    try {
      const run = own.connection.sendRequest(requests.clockControl, { stepMs: 3_600_000_000 });
      await own.connection.sendRequest(requests.clusterReset, {});
      assert.equal((await run).reason, 'Done');
    } finally {
      await own.close();
    }
  }).timeout(20_000);

  it('makes a cluster of the files that eksctl and kind take, and says first what of', async () => {
    const own = new Client();
    const file = (name: string): string => readFileSync(join(root, 'samples/cluster-files', name), 'utf8');
    try {
      const eks = await own.connection.sendRequest(requests.clusterPlan, { text: file('eksctl.yaml') });
      assert.deepEqual(eks, {
        preset: 'eks',
        pools: [
          { name: 'web', nodes: 2 },
          { name: 'spot', nodes: 1 },
        ],
      });
      assert.equal((await own.connection.sendRequest(requests.clusterReset, { config: file('eksctl.yaml') })).preset, 'eks');
      const kind = await own.connection.sendRequest(requests.clusterReset, { config: file('kind.yaml') });
      assert.equal(kind.preset, 'kind');
      const ref = { apiVersion: 'v1', kind: 'Node', namespace: '', name: 'lab-worker3' };
      const node = await own.connection.sendRequest(requests.objectGet, ref);
      assert.ok(node.ok);
      assert.equal(node.value.metadata.labels?.['disk'], 'ssd');
      // What has a fault leaves the cluster as it is.
      const plan = await own.connection.sendRequest(requests.clusterPlan, { text: WEB });
      assert.deepEqual(plan, { error: 'holds several documents; a cluster is one' });
      await assert.rejects(own.connection.sendRequest(requests.clusterReset, { config: 'kind: Cluster' }));
      assert.equal((await own.connection.sendRequest(requests.clusterInfo)).preset, 'kind');
      assert.equal((await own.connection.sendRequest(requests.clusterReset, {})).preset, 'default');
    } finally {
      await own.close();
    }
  }).timeout(20_000);

  it('carries out tools in the cluster that is shown, and in forks of it', async () => {
    const own = new Client();
    try {
      const call = (tool: ToolName, input: JsonObject): Promise<ToolAnswer> =>
        own.connection.sendRequest(toolRequests.call, { tool, input });
      await own.connection.sendRequest(requests.clockControl, { paused: true });
      assert.match((await call('apply', { manifest: WEB })).text, /^deployment\.apps\/web created$/m);
      const { text } = await call('fork', {});
      assert.equal(text, 'Forked main as fork-1.');
      const wish = { until: 'object', kind: 'deploy', name: 'web', for: 'condition=Available' };
      assert.match((await call('run_until', { ...wish, cluster: 'fork-1' })).text, /^Done after/);
      assert.equal((await own.pods()).filter(({ status }) => status?.phase === 'Running').length, 0);
      assert.match((await call('run_until', wish)).text, /^Done after/);
      assert.equal((await own.pods()).filter(({ status }) => status?.phase === 'Running').length > 0, true);
      assert.equal((await call('reset', { nodes: 1 })).text, 'A new cluster began.');
      assert.match((await call('status', {})).text, /^main: [^\n]*, 2 nodes, 0 Pods, \w+$/);
    } finally {
      await own.close();
    }
  }).timeout(20_000);

  it('stops a run that is cancelled', async () => {
    const source = new CancellationTokenSource();
    const run = client.connection.sendRequest(requests.clockControl, { stepMs: 3_600_000_000 }, source.token);
    // Once the run is under way.
    await new Promise<void>((resolve) => {
      const told = client.connection.onNotification(tellExtension.clockChanged, ({ running }) => {
        if (!running) return;
        told.dispose();
        resolve();
      });
    });
    source.cancel();
    assert.equal((await run).clock.running, false);
  });
});

describe('the worker with a data file', () => {
  const dataFile = join(tmpdir(), `kubepad-worker-${process.pid}.sqlite`);
  after(() => {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${dataFile}${suffix}`, { force: true });
  });

  it('goes on where it was after a kill, and begins anew after a reset', async () => {
    const first = new Client({ dataFile });
    await first.apply(WEB);
    await first.close();
    const second = new Client({ dataFile });
    assert.equal((await second.connection.sendRequest(requests.clusterInfo)).restored, true);
    assert.equal(lines(await second.apply(WEB))[2], 'deployment.apps/web unchanged');
    assert.equal((await second.connection.sendRequest(requests.clusterReset, {})).restored, false);
    assert.equal(lines(await second.apply(WEB))[2], 'deployment.apps/web created');
    await second.close();
  });
});
