import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { PODS } from '../../../../src/api/schema/resources.ts';
import { Lenses } from '../../../../src/host/worker/lenses.ts';
import { createApiJudge } from '../../../../src/manifest/apiJudge.ts';
import { Documents } from '../../../../src/manifest/documents.ts';
import { createPod, readyCluster, run } from '../../kubelet/support.ts';

const URI = 'file:///pods.yaml';
const TEXT =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: app}\nspec: {containers: []}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {}\n---\na: b\n';

describe('code lenses', () => {
  const open = () => {
    const cluster = readyCluster();
    const documents = new Documents(createApiJudge());
    const changed: string[] = [];
    const lenses = new Lenses({ documents, store: () => cluster.api.store, changed: (uris) => changed.push(...uris) });
    lenses.attach();
    documents.change(URI, TEXT);
    return { cluster, lenses, changed, states: () => lenses.ask(URI, 'default').map(({ state }) => state) };
  };

  it('say of each object whether and how it is in the cluster', () => {
    const { cluster, states } = open();
    assert.deepEqual(states(), ['not in the cluster', '']);
    createPod(cluster, 'app', undefined);
    run(cluster, 30);
    assert.deepEqual(states(), ['Running on worker-1', '']);
    cluster.admin().delete(PODS, 'default', 'app');
    assert.deepEqual(states(), ['terminating', '']);
  });

  it('are asked for again when they would say something else, and only then', async () => {
    const { cluster, states, changed } = open();
    states();
    createPod(cluster, 'other', undefined);
    await delay(300);
    assert.deepEqual(changed, []);
    createPod(cluster, 'app', undefined);
    run(cluster, 30);
    await delay(300);
    assert.deepEqual(changed, [URI]);
  });

  it('of a closed file are forgotten', async () => {
    const { cluster, lenses, states, changed } = open();
    states();
    lenses.close(URI);
    createPod(cluster, 'app', undefined);
    await delay(300);
    assert.deepEqual(changed, []);
  });
});
