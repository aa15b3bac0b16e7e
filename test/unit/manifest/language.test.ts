import assert from 'node:assert/strict';
import { Documents } from '../../../src/manifest/documents.ts';
import { outlineTree } from '../../../src/manifest/structure.ts';
import { nearest } from '../../../src/manifest/suggest.ts';
import { splitDocuments } from '../../../src/manifest/yaml/split.ts';
import { completions, hover, judge } from './check.ts';

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
      'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${1:app}\nspec:\n  replicas: ${2:1}\n  selector:\n    matchLabels:\n      app: ${1:app}\n  template:\n    metadata:\n      labels:\n        app: ${1:app}\n    spec:\n      containers:\n        - name: ${1:app}\n          image: ${0:nginx}\n',
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
  it('offers what people write most first, and last what the server sets', () => {
    assert.deepEqual(labels('apiVersion: |').slice(0, 3), ['v1', 'apps/v1', 'batch/v1']);
    assert.deepEqual(labels('apiVersion: apps/v1\nkind: |').slice(0, 3), ['Deployment', 'StatefulSet', 'DaemonSet']);
    const meta = labels('apiVersion: v1\nkind: Pod\nmetadata:\n  |');
    assert.deepEqual(meta.slice(0, 4), ['name', 'namespace', 'labels', 'annotations']);
    assert.ok(meta.indexOf('finalizers') < meta.indexOf('creationTimestamp'));
    assert.equal(labels(`${DEPLOYMENT}|`).at(-1), 'status');
    const container = labels(`${DEPLOYMENT}  template:\n    spec:\n      containers:\n        - name: a\n          |`);
    assert.ok(container.indexOf('resources') < container.indexOf('resizePolicy'));
    assert.ok(container.indexOf('livenessProbe') < container.indexOf('lifecycle'));
  });
  it('takes the version that serves a kind where none is written yet', () => {
    assert.ok(labels('apiVersion:\nkind: Deployment\n|').includes('spec'));
    assert.ok(labels('kind: Deployment\nspec:\n  |').includes('replicas'));
  });
  it('gives an object a name, and a template labels', () => {
    const metadata = (marked: string): string | undefined => completions(marked).find(({ label }) => label === 'metadata')?.insertText;
    assert.equal(metadata('apiVersion: v1\nkind: Pod\n|'), 'metadata:\n  name: ${0:name}');
    assert.equal(metadata(`${DEPLOYMENT}  template:\n    |`), 'metadata:\n  labels:\n    app: ${0:web}');
  });
  it('puts the default of an enumeration first', () => {
    assert.deepEqual(labels('apiVersion: v1\nkind: Service\nspec:\n  ports:\n    - protocol: |'), ['TCP', 'SCTP', 'UDP']);
  });
  it('ends a snippet at its last place, where values are offered as anywhere', () => {
    const inserted = (marked: string, name: string): string | undefined =>
      completions(marked).find(({ label }) => label === name)?.insertText;
    const pod = 'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - |';
    assert.equal(inserted(pod, 'imagePullPolicy'), 'imagePullPolicy: $0');
    assert.equal(inserted(pod, 'image'), 'image: ${0:nginx}');
    assert.equal(inserted('apiVersion: v1\nkind: Pod\nmetadata:\n  |', 'labels'), 'labels:\n  ${1:key}: ${0:value}');
    // The name stands in two places, so that it is no end.
    assert.match(inserted('apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: sum\n|', 'spec') ?? '', /name: \$\{1:sum\}\n/);
  });
  it('adds what is missing below the dash of an item, or begins the next one', () => {
    const offered = completions('apiVersion: v1\nkind: Service\nspec:\n  ports:\n    - port: 80\n    |');
    assert.equal(offered.find(({ label }) => label === 'name')?.insertText, '  name: ${0:name}');
    assert.equal(offered.find(({ label }) => label === '- ServicePort')?.insertText, '- port: ${0:80}');
  });
  it('works in the second document', () => assert.ok(labels(`${DEPLOYMENT}---\n${DEPLOYMENT}  |`).includes('selector')));
  for (const marked of [
    `${DEPLOYMENT}  # a comment: |`,
    'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - args:\n        - >\n          echo\n          fi|\n',
    'apiVersion: v1\nkind: ConfigMap\ndata:\n  run: >\n    ech|\n',
  ]) {
    it(`offers nothing in comments and in texts of lines: ${JSON.stringify(marked.slice(-40))}`, () =>
      assert.deepEqual(completions(marked), []));
  }
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
  it('says what a kind is for', () => {
    const documentation = { 'io.k8s.api.apps.v1.Deployment': { '': 'Deployment enables declarative updates.' } };
    const said = '**`Deployment`** · `apps/v1`\n\nDeployment enables declarative updates.';
    assert.equal(hover(DEPLOYMENT.replace('Depl', 'Depl|'), documentation)?.markdown, said);
    assert.equal(hover(DEPLOYMENT.replace('apps', 'ap|ps'), documentation)?.markdown, said);
  });
  it('goes on while the rest of the document does not read', () =>
    assert.match(hover(`${DEPLOYMENT}  repl|icas: 3\n  selec\n`)?.markdown ?? '', /spec\.replicas/));
  it('says nothing over unknown fields and other files', () => {
    assert.equal(hover(`${DEPLOYMENT}  rplicas|: 3\n`), undefined);
    assert.equal(hover('a: |b\n'), undefined);
  });
});

describe('an object whose text does not read at the moment', () => {
  const text = `${DEPLOYMENT}  replicas: 3\n  selec\n`;
  const documents = new Documents(judge);
  documents.change('a.yaml', text);

  it('is the object that it was', () => {
    const [outline] = documents.outline('a.yaml');
    assert.deepEqual([outline?.apiVersion, outline?.kind, outline?.name], ['apps/v1', 'Deployment', 'web']);
    assert.equal(outlineTree(documents.entries('a.yaml'))[0]?.name, 'Deployment/web');
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
