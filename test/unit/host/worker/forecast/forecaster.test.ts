import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { CancellationTokenSource } from 'vscode-jsonrpc/node';
import type { Cluster } from '../../../../../src/cluster/cluster.ts';
import { Driver } from '../../../../../src/host/driver.ts';
import type { Companion } from '../../../../../src/host/worker/forecast/companions.ts';
import { Forecaster } from '../../../../../src/host/worker/forecast/forecaster.ts';
import { createApiJudge } from '../../../../../src/manifest/apiJudge.ts';
import { createPod, readyCluster, run } from '../../../kubelet/support.ts';
import { URI } from './support.ts';

const POD = (name: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec: {containers: [{name: a, image: nginx}]}\n`;

function open(text: string | undefined = POD('a')) {
  const cluster: Cluster = readyCluster();
  const files = new Map(text === undefined ? [] : [[URI, text]]);
  const changed: string[][] = [];
  const beside: Companion[] = [];
  const driver = new Driver({ simulation: cluster.simulation, api: cluster.api });
  const forecaster = new Forecaster({
    session: () => ({ cluster, driver }),
    judge: createApiJudge(),
    textOf: (uri) => files.get(uri),
    companions: () => beside,
    changed: (uris) => changed.push([...uris]),
  });
  forecaster.attach();
  const { token } = new CancellationTokenSource();
  return { cluster, files, forecaster, changed, beside, ask: () => forecaster.document(URI, 'default', token) };
}

describe('forecasts of open documents', () => {
  it('are not made of what is not open or cannot be read', async () => {
    const { files, ask } = open();
    files.clear();
    assert.equal(await ask(), null);
  });

  it('are made once for a text and a cluster', async () => {
    const { ask, files } = open();
    const first = await ask();
    assert.match(first?.documents[0]?.text ?? '', /^would be ready/);
    assert.equal(await ask(), first);
    files.set(URI, POD('b'));
    assert.notEqual(await ask(), first);
  });

  it('give a namespace of another file time to get its ServiceAccount, which is not time of the own objects', async () => {
    const { ask, beside } = open(POD('a').replace('{name: a}', '{name: a, namespace: apart}'));
    const alone = (await ask())?.documents.map(({ text }) => text);
    assert.deepEqual(alone, ['would be refused: namespaces "apart" not found']);
    beside.push({ uri: 'file:///apart.yaml', text: 'apiVersion: v1\nkind: Namespace\nmetadata: {name: apart}\n', neededBy: [0] });
    const { documents = [], aheadMs = 0 } = (await ask()) ?? {};
    const once = open();
    const { aheadMs: without = 0 } = (await once.ask()) ?? {};
    assert.match(documents[0]?.text ?? '', /^would be ready.*, once apart\.yaml is applied$/);
    assert.ok(Math.abs(aheadMs - without) < 1_500, `${aheadMs} ms ahead, ${without} ms where the namespace is there`);
  });

  it('have what the file needs of other files applied too, and tell of it', async () => {
    const spec = '{containers: [{name: a, image: nginx, envFrom: [{configMapRef: {name: settings}}]}]}';
    const { ask, beside, changed, forecaster } = open(`apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: ${spec}\n`);
    const alone = await ask();
    assert.deepEqual(
      alone?.documents.map(({ text }) => text),
      ['would not start: CreateContainerConfigError'],
    );
    forecaster.lookAround();
    assert.deepEqual(changed, []);
    const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n';
    beside.push({ uri: 'file:///settings.yaml', text, neededBy: [0] });
    forecaster.lookAround();
    assert.deepEqual(changed, [[URI]]);
    const both = await ask();
    assert.match(both?.documents[0]?.text ?? '', /^would be ready.*, once settings\.yaml is applied$/);
    assert.deepEqual(
      both?.files.map(({ uri, diagnostics }) => [uri, diagnostics.length]),
      [[URI, 0]],
    );
    beside[0] = { uri: 'file:///settings.yaml', text: `${text}data: [1]\n`, neededBy: [0] };
    assert.deepEqual(
      (await ask())?.documents.map((document) => document.text),
      ['would not start: CreateContainerConfigError'],
    );
  });

  it('of an older question are dropped for those of a newer one', async () => {
    const { ask, files } = open();
    const older = ask();
    files.set(URI, POD('b'));
    const newer = ask();
    assert.equal(await older, null);
    assert.equal((await newer)?.documents[0]?.subject, 'pod/b');
  });

  it('end when they are cancelled', async () => {
    const { forecaster } = open();
    const cancellation = new CancellationTokenSource();
    const asked = forecaster.document(URI, 'default', cancellation.token);
    cancellation.cancel();
    assert.equal(await asked, null);
  });

  it('are to be asked for again when the cluster gets something, not when it goes on by itself', async () => {
    const { cluster, ask, changed, forecaster } = open();
    const first = await ask();
    run(cluster, 60);
    await delay(1_100);
    assert.deepEqual(changed, []);
    assert.equal(await ask(), first);
    createPod(cluster, 'other', undefined);
    await delay(1_100);
    assert.deepEqual(changed, [[URI]]);
    assert.notEqual(await ask(), first);
    forecaster.close(URI);
    createPod(cluster, 'another', undefined);
    await delay(1_100);
    assert.deepEqual(changed.length, 1);
  });

  it('give requests their turn between slices', async () => {
    const { forecaster } = open();
    const spec =
      '{replicas: 60, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: nginx}]}}}';
    const text = `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: w}\nspec: ${spec}\n`;
    let turns = 0;
    const count = (): void => {
      turns++;
      timer = setImmediate(count);
    };
    let timer = setImmediate(count);
    const { token } = new CancellationTokenSource();
    const forecast = await forecaster.preview({ files: [{ uri: URI, text }], namespace: 'default' }, token);
    clearImmediate(timer);
    assert.equal(forecast?.pods.length, 60);
    assert.ok(turns >= 3, `${turns} turns`);
  });
});
