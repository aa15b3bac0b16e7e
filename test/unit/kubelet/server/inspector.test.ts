import assert from 'node:assert/strict';
import { CONFIGMAPS, SECRETS } from '../../../../src/api/schema/resources.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import type { Started } from '../../../../src/kubelet/server/started.ts';
import { createPod, getPod, readyCluster, run } from '../support.ts';

function look(cluster: Cluster, name: string) {
  const { inspector } = cluster.kubelets.serve({ token: () => '', onAdvance: () => ({ dispose: () => undefined }) });
  const pod = getPod(cluster, name)!;
  const started = inspector.find(pod, 'app');
  assert.ok(typeof started !== 'string', String(started));
  return { inspector, pod, started };
}

describe('what is inside a container', () => {
  it('are the processes of a script, and what each waits for', () => {
    const cluster = readyCluster();
    const command = ['sh', '-c', 'sleep 1000 & wait'];
    createPod(cluster, 'box', undefined, { containers: [{ name: 'app', image: 'busybox:1.37', command }] });
    run(cluster, 10);
    const { inspector, pod, started } = look(cluster, 'box');
    const processes = inspector.processes(pod, started);
    assert.deepEqual(
      processes.map(({ pid, parent, args, state }) => ({ pid, parent, args, state })),
      [
        { pid: 1, parent: 0, args: command, state: 'waiting for process 2' },
        { pid: 2, parent: 1, args: ['sleep', '1000'], state: 'sleeping' },
      ],
    );
    assert.ok(processes.every(({ memoryBytes, openFiles }) => memoryBytes > 0 && openFiles === 3));
  });

  it('is one process where a server follows from its image, and the ports that it listens on', () => {
    const cluster = readyCluster();
    createPod(cluster, 'web', undefined, { containers: [{ name: 'app', image: 'nginx:1.27' }] });
    run(cluster, 30);
    const { inspector, pod, started } = look(cluster, 'web');
    assert.equal(inspector.processes(pod, started).length, 1);
    assert.deepEqual(
      inspector.listening(pod).map(({ port, protocol, speaks }) => ({ port, protocol, speaks })),
      [{ port: 80, protocol: 'TCP', speaks: 'HTTP' }],
    );
  });

  it('is no process in a container that has ended', () => {
    const cluster = readyCluster();
    createPod(cluster, 'done', 'sleep 1; exit 0', { restartPolicy: 'Never' });
    run(cluster, 20);
    const { inspector, pod, started } = look(cluster, 'done');
    assert.equal(started.running, false);
    assert.deepEqual(inspector.processes(pod, started as Started), []);
  });

  it('are variables, each with its source', () => {
    const cluster = readyCluster();
    const admin = cluster.admin();
    admin.create(CONFIGMAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'conf', namespace: 'default' },
      data: { mode: 'dev' },
    });
    admin.create(SECRETS, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'key', namespace: 'default' },
      data: { token: btoa('abc') },
    });
    const env = [
      { name: 'PLAIN', value: 'a $(C_mode)' },
      { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
      { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'key', key: 'token' } } },
    ];
    createPod(cluster, 'env', undefined, {
      containers: [
        { name: 'app', image: 'busybox:1.37', command: ['sleep', '100'], env, envFrom: [{ prefix: 'C_', configMapRef: { name: 'conf' } }] },
      ],
    });
    run(cluster, 10);
    const { inspector, pod, started } = look(cluster, 'env');
    const found = inspector.variables(pod, started);
    const expected: Readonly<Record<string, readonly [string, string, boolean]>> = {
      C_mode: ['dev', 'ConfigMap conf, key mode', false],
      PLAIN: ['a dev', 'Pod spec', false],
      NODE: ['worker-1', 'field spec.nodeName', false],
      TOKEN: ['abc', 'Secret key, key token', true],
      HOSTNAME: ['env', 'kubelet', false],
      KUBERNETES_SERVICE_PORT: ['443', 'Service kubernetes', false],
    };
    for (const [name, [value, source, isSecret]] of Object.entries(expected))
      assert.deepEqual(found[name], { value, source, isSecret }, name);
  });

  it('say what a container without limits may use, where it is at home and whose name it has', () => {
    const cluster = readyCluster();
    const of = (resource: string, divisor = '1') => ({ valueFrom: { resourceFieldRef: { resource, divisor } } });
    const container = (name: string, more: object) => ({ name, image: 'busybox:1.37', command: ['sleep', '100'], ...more });
    createPod(cluster, 'env', undefined, {
      hostNetwork: true,
      resources: { limits: { memory: '1Gi' } },
      containers: [
        container('app', {
          env: [
            { name: 'CPUS', ...of('limits.cpu') },
            { name: 'MEMORY', ...of('limits.memory', '1Mi') },
            { name: 'ASKED', ...of('requests.cpu') },
            { name: 'HOME', value: '/app' },
          ],
        }),
        container('user', { securityContext: { runAsUser: 1000 } }),
        container('root', {}),
      ],
    });
    run(cluster, 10);
    const variable = (name: string, of = 'app'): string | undefined => {
      const { inspector, pod } = look(cluster, 'env');
      const started = inspector.find(pod, of);
      assert.ok(typeof started !== 'string');
      return inspector.variables(pod, started)[name]?.value;
    };
    assert.deepEqual(
      ['CPUS', 'MEMORY', 'ASKED', 'HOSTNAME'].map((name) => variable(name)),
      ['4', '1024', '0', 'worker-1'],
    );
    assert.deepEqual(
      ['app', 'user', 'root'].map((of) => variable('HOME', of)),
      ['/app', '/', '/root'],
    );
  });

  it('are files that the image has, that were written since, and that are mounted', () => {
    const cluster = readyCluster();
    createPod(cluster, 'files', undefined, {
      containers: [
        {
          name: 'app',
          image: 'busybox:1.37',
          command: ['sh', '-c', 'echo a > /tmp/new; rm /etc/shells; echo b > /cache/x; sleep 100'],
          volumeMounts: [{ name: 'cache', mountPath: '/cache' }],
        },
      ],
      volumes: [{ name: 'cache', emptyDir: {} }],
    });
    run(cluster, 10);
    const { inspector, pod, started } = look(cluster, 'files');
    const files = inspector.files(pod, started);
    assert.deepEqual(files.originOf('/etc/passwd'), { mount: '', rest: 'etc/passwd', written: false, readOnly: false });
    assert.deepEqual(files.originOf('/tmp/new').written, true);
    assert.deepEqual(files.originOf('/cache/x'), { mount: '/cache', rest: 'x', written: true, readOnly: false });
    assert.deepEqual(files.removedIn('/etc'), ['shells']);
    assert.deepEqual(files.removedIn('/tmp'), []);
  });
});
