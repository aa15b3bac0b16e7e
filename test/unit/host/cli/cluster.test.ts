import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failure } from '../../../../src/apimachinery/errors/status.ts';
import { takeSnapshot } from '../../../../src/host/cli/cluster/snapshot.ts';
import { checkFiles } from '../../../../src/host/cli/validateShare.ts';
import { PersistentCluster } from '../../../../src/host/persistence/persistentCluster.ts';
import { SqliteJournal } from '../../../../src/host/persistence/sqliteJournal.ts';
import { applyObject } from '../../../../src/kubectl/apply.ts';
import { PROGRAM } from '../../../../src/host/program.ts';
import { answerOf } from '../../../../src/kubectl/inProcess.ts';
import type { RestRequest } from '../../../../src/kubectl/rest.ts';
import { crossProblems } from '../../../../src/manifest/references/checks.ts';
import { WorkspaceIndex } from '../../../../src/manifest/references/workspaceIndex.ts';

/** What the cluster has. */
const HELD = [
  {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: 'strict',
      labels: { 'pod-security.kubernetes.io/enforce': 'baseline', 'pod-security.kubernetes.io/warn': 'restricted' },
    },
  },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'default' }, data: { a: 'b' } },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'few' },
    spec: {
      matchConstraints: {
        resourceRules: [{ apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['deployments'] }],
      },
      validations: [{ expression: 'object.spec.replicas <= 5' }],
    },
  },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: 'few' },
    spec: { policyName: 'few', validationActions: ['Deny'] },
  },
];

const FILE = `apiVersion: v1
kind: Pod
metadata: {name: own, namespace: strict}
spec:
  hostNetwork: true
  containers: [{name: a, image: nginx}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 6
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: nginx
          envFrom: [{configMapRef: {name: settings}}, {configMapRef: {name: none}}]
---
apiVersion: v1
kind: Pod
metadata: {name: later, namespace: fresh}
spec:
  serviceAccountName: robot
  containers: [{name: a, image: nginx}]
---
apiVersion: v1
kind: Namespace
metadata: {name: fresh}
---
apiVersion: v1
kind: Pod
metadata: {name: wrong, namespace: nowhere}
spec:
  containers: []
`;

describe('kubepad validate with a cluster', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubepad-validate-'));
  const data = join(folder, 'cluster.db');
  const file = join(folder, 'app.yaml');
  let kept: PersistentCluster;

  before(async () => {
    kept = new PersistentCluster({
      cluster: { seed: 'kept', startTime: Date.UTC(2026, 0, 1), preset: 'empty' },
      journal: new SqliteJournal(data),
      program: PROGRAM,
    });
    kept.cluster.simulation.runUntil('settled');
    const { api } = kept.cluster;
    const rest = { request: (asked: RestRequest) => Promise.resolve(answerOf(api, asked)) };
    for (const object of HELD) assert.ok((await applyObject(rest, object, { dryRun: false, namespace: '' })).ok);
    kept.flush();
    kept.cluster.simulation.runUntil('settled');
    kept.tick();
    writeFileSync(file, FILE);
  });
  after(() => {
    kept.dispose();
    rmSync(folder, { recursive: true });
  });

  it('tells what one that is kept in a file would refuse, and what it does not have, while it runs', async () => {
    const cluster = { data, kubeconfig: undefined, context: undefined, namespace: undefined };
    const { revision } = kept.cluster.api.store;
    const found = (await checkFiles([file], 1, { cluster })).map(
      ({ diagnostic: { range, severity, code, message } }) => `${range.start.line + 1} ${severity} ${code} ${message.slice(0, 60)}`,
    );
    assert.deepEqual(found, [
      '37 error FieldValueRequired spec.containers: Required value',
      '5 error Admission pods "own" is forbidden: violates PodSecurity "baseline:late',
      '12 error Admission deployments.apps "web" is forbidden: ValidatingAdmissionPoli',
      '26 error Admission pods "later" is forbidden: error looking up service account ',
      '20 information missing-reference ConfigMap "none" is neither in the workspace nor in the clus',
      '35 information missing-reference Namespace "nowhere" is neither in the workspace nor in the c',
    ]);
    assert.equal(kept.cluster.api.store.revision, revision);
  });

  it('says that a file holds none', async () => {
    const cluster = { data: join(folder, 'missing.db'), kubeconfig: undefined, context: undefined, namespace: undefined };
    await assert.rejects(checkFiles([file], 1, { cluster }), /missing\.db: no such file or directory/);
    await assert.rejects(checkFiles([file], 1, { cluster: { ...cluster, data: file } }), /not a database/);
  });
});

describe('what is fetched of a cluster for hints', () => {
  const index = new WorkspaceIndex();
  index.change('a.yaml', FILE);
  index.change(
    'b.yaml',
    'apiVersion: v1\nkind: Service\nmetadata: {name: dark}\nspec: {selector: {app: none}, ports: [{port: 80}]}\n---\n' +
      'apiVersion: v1\nkind: Pod\nmetadata: {name: s}\nspec: {containers: [{name: a, image: b, envFrom: [{secretRef: {name: hidden}}]}]}\n',
  );
  const objects = [...index.uris()].flatMap((uri) => index.of(uri));
  const codes = async (answer: (path: string) => { readonly code: number; readonly body: unknown }): Promise<readonly string[]> => {
    const asked: string[] = [];
    const rest = {
      request: ({ path, method }: RestRequest) => {
        assert.equal(method, 'GET');
        asked.push(path);
        return Promise.resolve({ ...answer(path), warnings: [] });
      },
    };
    const cluster = await takeSnapshot(rest, objects, { namespace: 'default', rules: false });
    assert.equal(new Set(asked).size, asked.length, 'nothing is asked twice');
    const world = { index, cluster, namespace: 'default' };
    return objects.flatMap((object) => crossProblems(object, world).map(({ code, path }) => `${code} ${path.toString()}`));
  };
  const absent = (path: string): { readonly code: number; readonly body: unknown } =>
    path.endsWith('s')
      ? { code: 200, body: { items: [] } }
      : { code: 404, body: failure(404, 'NotFound', 'not found', { name: path.slice(path.lastIndexOf('/') + 1) }) };

  it('is missing where the cluster says that it is not there', async () => {
    assert.deepEqual(
      await codes((path) =>
        path.endsWith('/settings') ? { code: 404, body: failure(404, 'NotFound', '', { name: 'settings' }) } : absent(path),
      ),
      [
        'missing-reference metadata.namespace',
        'missing-reference spec.template.spec.containers[0].envFrom[0].configMapRef.name',
        'missing-reference spec.template.spec.containers[0].envFrom[1].configMapRef.name',
        'missing-reference spec.serviceAccountName',
        'missing-reference metadata.namespace',
        'selects-nothing spec.selector',
        'missing-reference spec.containers[0].envFrom[0].secretRef.name',
      ],
    );
  });

  it('is unknown, and no hint, where the cluster does not show it', async () => {
    assert.deepEqual(await codes(() => ({ code: 403, body: failure(403, 'Forbidden', 'no') })), []);
  });
});
