import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { CUSTOMRESOURCEDEFINITIONS, PODS } from '../../../../src/api/schema/resources.ts';
import type { Draft } from '../../../../src/base/json.ts';
import { Lenses } from '../../../../src/host/worker/lenses.ts';
import { createApiJudge } from '../../../../src/manifest/apiJudge.ts';
import { definitionsIn, withDefinitions } from '../../../../src/manifest/customKinds.ts';
import { Documents } from '../../../../src/manifest/documents.ts';
import { createPod, readyCluster, run } from '../../kubelet/support.ts';

const URI = 'file:///pods.yaml';
const TEXT =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: app}\nspec: {containers: []}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {}\n---\na: b\n';

const DEFINITION = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: boats.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: boats, kind: Boat}
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
`;

describe('code lenses', () => {
  const open = () => {
    const cluster = readyCluster();
    const documents = new Documents(createApiJudge());
    const changed: string[] = [];
    const lenses = new Lenses({
      documents,
      store: () => cluster.api.store,
      resourceOf: (version, kind) => cluster.api.catalog.strategyForKind(version, kind)?.resource,
      changed: (uris) => changed.push(...uris),
    });
    lenses.attach();
    documents.change(URI, TEXT);
    return { cluster, documents, lenses, changed, states: () => lenses.ask(URI, 'default').map(({ state }) => state) };
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

  it('stand above no scenario, which is not applied', () => {
    const { documents, lenses } = open();
    documents.change(URI, 'apiVersion: kubepad.dev/v1\nkind: Scenario\nmetadata: {name: story}\n');
    assert.deepEqual(lenses.ask(URI, 'default'), []);
  });

  it('stand above objects of kinds that files define, and follow them once the cluster serves their kind', () => {
    const { cluster, documents, lenses, states } = open();
    const [definition] = definitionsIn(DEFINITION);
    assert(definition);
    documents.change(URI, 'apiVersion: example.com/v1\nkind: Boat\nmetadata: {name: anna}\n');
    assert.deepEqual(states(), []);
    documents.judgeBy(withDefinitions(createApiJudge(), [definition]));
    assert.deepEqual(states(), ['not in the cluster']);
    cluster.admin().create(CUSTOMRESOURCEDEFINITIONS, structuredClone(definition) as Draft<typeof definition>);
    run(cluster, 1);
    const boats = cluster.api.catalog.strategyForKind('example.com/v1', 'Boat')?.resource;
    assert(boats);
    cluster.admin().create(boats, { apiVersion: 'example.com/v1', kind: 'Boat', metadata: { name: 'anna', namespace: 'default' } });
    assert.equal(lenses.ask(URI, 'default')[0]?.ref?.name, 'anna');
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
