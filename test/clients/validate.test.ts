// `kubepad validate --cluster` against a served cluster, with a kubeconfig that the real kubectl writes.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/support/process.ts';
import { findBinaries } from './support/binaries.ts';
import { ClientSession, succeeded } from './support/session.ts';

const binaries = findBinaries();

const HELD = `apiVersion: v1
kind: Namespace
metadata: {name: strict, labels: {pod-security.kubernetes.io/enforce: baseline, pod-security.kubernetes.io/warn: restricted}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: strict}
data: {a: b}
`;
const FILE = `apiVersion: v1
kind: Pod
metadata: {name: own}
spec:
  containers:
    - name: a
      image: nginx
      envFrom: [{configMapRef: {name: settings}}, {configMapRef: {name: none}}]
---
apiVersion: v1
kind: Pod
metadata: {name: host}
spec:
  hostNetwork: true
  containers: [{name: a, image: nginx}]
`;

describe('kubepad validate --cluster', function () {
  this.timeout(60_000);
  if (binaries === undefined) {
    it('cannot be tried here', () => undefined);
    return;
  }
  const session = new ClientSession(binaries);
  const validate = (...flags: readonly string[]): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> =>
    new Promise((resolve) => {
      const args = [join(root, 'src/host/cli/main.ts'), 'validate', 'app.yaml', ...flags];
      const child = spawn(process.execPath, args, { cwd: session.folder, env: { ...process.env, KUBECONFIG: session.kubeconfig } });
      let [out, err] = ['', ''];
      child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
      child.on('close', (code) => resolve({ code, out, err }));
    });
  before(async () => {
    await session.start('--speed', '10');
    writeFileSync(join(session.folder, 'app.yaml'), FILE);
    succeeded(await session.kubectl('apply -f -', HELD));
    succeeded(await session.kubectl('wait --for=create serviceaccount/default -n strict'));
  });
  after(() => session.stop());

  it('tells what the cluster would refuse and warn of, and what it does not have, and writes nothing', async () => {
    const { code, out, err } = await validate('--cluster', '-n', 'strict');
    assert.equal(err, '');
    const lines = out.split('\n').map((line) => line.slice(0, 90));
    assert.deepEqual(lines, [
      'app.yaml:6:7: information: spec.containers[0]: would violate PodSecurity "restricted:lates',
      'app.yaml:8:73: information: spec.containers[0].envFrom[1].configMapRef.name: ConfigMap "no',
      'app.yaml:14:16: error: spec.hostNetwork: pods "host" is forbidden: violates PodSecurity "b',
      '3 findings in 1 file',
      '',
    ]);
    assert.equal(code, 1);
    assert.match((await session.kubectl('get pods -n strict')).err, /No resources found/);
  });

  it('takes the namespace of the context, and says why a cluster cannot be asked', async () => {
    succeeded(await session.kubectl('config set-context --current --namespace=strict'));
    assert.match((await validate('--kubeconfig', session.kubeconfig)).out, /^3 findings in 1 file$/m);
    const wrong = await validate('--context', 'nowhere');
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /^error: .*context.*nowhere/);
  });
});
