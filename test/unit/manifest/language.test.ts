import assert from 'node:assert/strict';
import { nearest } from '../../../src/manifest/suggest.ts';
import { splitDocuments } from '../../../src/manifest/split.ts';
import { completions, hover } from './check.ts';

const DEPLOYMENT = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n';
const labels = (marked: string): readonly string[] =>
  completions(marked)
    .toSorted((a, b) => (a.sortText < b.sortText ? -1 : 1))
    .map(({ label }) => label);

describe('completion', () => {
  it('offers kinds with a whole skeleton', () => {
    const offered = completions('|').find(({ label, detail }) => label === 'Deployment' && detail === 'apps/v1');
    assert.equal(
      offered?.insertText,
      'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${1:app}\nspec:\n  replicas: ${2:1}\n  selector:\n    matchLabels:\n      app: ${1:app}\n  template:\n    metadata:\n      labels:\n        app: ${1:app}\n    spec:\n      containers:\n        - name: ${1:app}\n          image: ${3:nginx}\n',
    );
    assert.deepEqual(labels('|').slice(0, 3), ['Pod', 'Deployment', 'Service']);
    assert.ok(labels('|').includes('apiVersion'));
  });
  it('offers the fields that are not there yet, required ones first', () => {
    const offered = labels(`${DEPLOYMENT}  replicas: 1\n  |`);
    assert.deepEqual(offered.slice(0, 2), ['selector', 'template']);
    assert.ok(!offered.includes('replicas'));
  });
  it('offers fields within a list whose item has begun', () =>
    assert.deepEqual(labels(`${DEPLOYMENT}  template:\n    spec:\n      containers:\n        - |`).slice(0, 1), ['name']));
  it('offers fields while a word is being typed, and where the rest does not read', () => {
    assert.ok(labels(`${DEPLOYMENT}  repl|\n  selector:\n`).includes('replicas'));
    assert.ok(labels(`${DEPLOYMENT}  |\n  selector: [\n`).includes('replicas'));
  });
  it('replaces a key that has its value without touching it', () => {
    const offered = completions(`${DEPLOYMENT}  repl|cas: 1\n`).find(({ label }) => label === 'replicas');
    assert.deepEqual([offered?.insertText, offered?.snippet, offered?.range.end.character], ['replicas', false, 9]);
  });
  for (const [marked, expected] of [
    [`${DEPLOYMENT}  strategy:\n    type: |`, ['Recreate', 'RollingUpdate']],
    [`${DEPLOYMENT}  paused: |`, ['true', 'false']],
    ['apiVersion: |\nkind: Deployment\n', ['apps/v1']],
    ['apiVersion: apps/v1\nkind: D|', ['ControllerRevision', 'DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet']],
  ] as const) {
    it(`offers ${expected.join(', ')}`, () => assert.deepEqual(labels(marked).toSorted(), expected.toSorted()));
  }
  it('works in the second document', () => assert.ok(labels(`${DEPLOYMENT}---\n${DEPLOYMENT}  |`).includes('selector')));
  it('offers nothing in comments and block texts', () => assert.deepEqual(completions(`${DEPLOYMENT}  # a comment: |`), []));
});

describe('hover', () => {
  it('says path, type, documentation, default, allowed values', () => {
    const documentation = { 'io.k8s.api.apps.v1.DeploymentSpec': { replicas: 'Number of desired pods.' } };
    assert.equal(
      hover(`${DEPLOYMENT}  repl|icas: 3\n`, documentation)?.markdown,
      '**`spec.replicas`** · `integer`\n\nNumber of desired pods.',
    );
    const policy = hover('apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - imagePullPolicy: Al|ways\n')?.markdown ?? '';
    assert.match(policy, /spec\.containers\[0\]\.imagePullPolicy/);
    assert.match(policy, /Allowed: `Always`, `IfNotPresent`, `Never`/);
    assert.match(hover('apiVersion: v1\nkind: Service\nspec:\n  ports:\n    - po|rt: 80\n')?.markdown ?? '', /Required/);
  });
  it('says what the cluster holds and reports', () => {
    const live = { spec: { replicas: 3 }, status: { replicas: 2 } };
    assert.match(hover(`${DEPLOYMENT}  repl|icas: 5\n`, undefined, live)?.markdown ?? '', /In the cluster: `3`\n- Status reports: `2`/);
    assert.match(hover(`${DEPLOYMENT}  pa|used: true\n`, undefined, live)?.markdown ?? '', /In the cluster: \*not set\*/);
  });
  it('says nothing over unknown fields and other files', () => {
    assert.equal(hover(`${DEPLOYMENT}  rplicas|: 3\n`), undefined);
    assert.equal(hover('a: |b\n'), undefined);
  });
});

describe('splitting', () => {
  for (const [text, lines] of [
    ['a: 1\n---\nb: 2\n', [0, 1]],
    ['# head\n---\na: 1\n', [0]],
    ['---\na: |\n  ---\n  x\n--- # two\nb: 1\n', [0, 4]],
    ['a: 1\n...\n---\nb: 1\n', [0, 2]],
    ['', [0]],
  ] as const) {
    it(JSON.stringify(text), () => {
      const chunks = splitDocuments(text);
      assert.deepEqual(
        chunks.map(({ line }) => line),
        lines,
      );
      assert.equal(chunks.map((chunk) => chunk.text).join(''), text);
    });
  }
});

describe('the nearest name', () => {
  for (const [wrong, right] of [
    ['replcas', 'replicas'],
    ['imagePullPolcy', 'imagePullPolicy'],
    ['loadbalancer', 'LoadBalancer'],
    ['xyz', undefined],
  ] as const) {
    it(`of ${wrong} is ${right}`, () => assert.equal(nearest(wrong, ['replicas', 'imagePullPolicy', 'LoadBalancer', 'name']), right));
  }
});

describe('keys that are no words', () => {
  it('do not stop completion', () => {
    assert.ok(completions('|\n{<<').length > 0);
    assert.ok(completions('apiVersion: v1\nkind: Pod\nspec:\n  {<<: *gone}: 1\n  |').length > 0);
  });
});
