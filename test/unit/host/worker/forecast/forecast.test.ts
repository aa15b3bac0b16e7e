import assert from 'node:assert/strict';
import type { Cluster } from '../../../../../src/cluster/cluster.ts';
import { withoutFlood } from '../../../../../src/host/worker/forecast/forecast.ts';
import type { Diagnostic } from '../../../../../src/manifest/model.ts';
import { readyCluster } from '../../../kubelet/support.ts';
import { createRest } from '../support.ts';
import { findings, forecast, texts } from './support.ts';

interface Parts {
  readonly kind?: string;
  readonly name?: string;
  readonly replicas?: number;
  /** Lines of the object's spec. */
  readonly spec?: string;
  /** Lines of the Pod's spec. */
  readonly pod?: string;
  /** Lines of the container. */
  readonly container?: string;
  readonly image?: string;
}

const indented = (text: string, by: number): string => text.replace(/^(?=.)/gm, ' '.repeat(by));

function workload({
  kind = 'Deployment',
  name = 'web',
  replicas = 3,
  spec = '',
  pod = '',
  container = '',
  image = 'nginx:1.27',
}: Parts): string {
  return [
    `apiVersion: apps/v1\nkind: ${kind}\nmetadata: {name: ${name}}\nspec:`,
    ...(kind === 'DaemonSet' ? [] : [`  replicas: ${replicas}`]),
    `  selector: {matchLabels: {app: ${name}}}`,
    ...(spec === '' ? [] : [indented(spec, 2)]),
    `  template:\n    metadata: {labels: {app: ${name}}}\n    spec:`,
    ...(pod === '' ? [] : [indented(pod, 6)]),
    `      containers:\n      - name: app\n        image: "${image}"`,
    ...(container === '' ? [] : [indented(container, 8)]),
    '',
  ].join('\n');
}

const cpu = (amount: string): string => `resources: {requests: {cpu: ${amount}}}`;

/** A cluster that has come to rest with these objects. */
async function clusterWith(...manifests: readonly string[]): Promise<Cluster> {
  const cluster = readyCluster();
  for (const manifest of manifests) await createRest(cluster).apply(manifest);
  cluster.simulation.runUntil('stable');
  return cluster;
}

describe('a forecast', () => {
  it('of what goes well says when and where', async () => {
    assert.deepEqual(texts(await forecast(readyCluster(), workload({}))), ['3/3 ready in 1s, 3 nodes']);
  });

  // What a person wrote ▸ what stands above it, and what is underlined with which words.
  const troubles: readonly (readonly [string, Parts, string, readonly (readonly [string, RegExp])[]])[] = [
    [
      'too much for the nodes',
      { replicas: 5, container: cpu('3') },
      '2 of 5 would stay Pending: Insufficient cpu',
      [['3', /2 of 5 Pods would stay Pending: 0\/4 nodes are available: .*3 Insufficient cpu\.$/]],
    ],
    [
      'limits that are requests',
      { replicas: 1, container: 'resources: {limits: {memory: 64Gi}}' },
      '1 of 1 would stay Pending: Insufficient memory',
      [['64Gi', /the Pod would stay Pending/]],
    ],
    [
      'a device that no node has',
      { replicas: 1, container: 'resources: {limits: {nvidia.com/gpu: 1}}' },
      '1 of 1 would stay Pending: Insufficient nvidia.com/gpu',
      [['1', /Insufficient nvidia.com\/gpu/]],
    ],
    [
      'a label that no node has',
      { pod: 'nodeSelector: {kubernetes.io/os: linux, disk: ssd}' },
      "3 of 3 would stay Pending: node(s) didn't match Pod's node affinity/selector",
      [['ssd', /node affinity\/selector/]],
    ],
    [
      'anti-affinity on few nodes',
      {
        replicas: 4,
        pod: 'affinity:\n  podAntiAffinity:\n    requiredDuringSchedulingIgnoredDuringExecution:\n    - {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: web}}}',
      },
      "1 of 4 would stay Pending: node(s) didn't match pod anti-affinity rules",
      [['podAntiAffinity', /anti-affinity/]],
    ],
    [
      'a port of the host, asked for too often',
      { replicas: 4, container: 'ports: [{containerPort: 80, hostPort: 80}]' },
      "1 of 4 would stay Pending: node(s) didn't have free ports for the requested pod ports",
      [['80', /free ports/]],
    ],
    [
      'a claim that is not there',
      { pod: 'volumes: [{name: d, persistentVolumeClaim: {claimName: data}}]' },
      '3 of 3 would stay Pending: persistentvolumeclaim "data" not found',
      [['data', /"data" not found/]],
    ],
    [
      'gates that nobody lifts',
      { pod: 'schedulingGates: [{name: example.com/wait}]' },
      '3 of 3 would stay Pending: SchedulingGated',
      [['[{name: example.com/wait}]', /gate/]],
    ],
    [
      'an image that does not exist by name',
      { replicas: 1, image: 'nginx:nope!' },
      '1 of 1 would not start: InvalidImageName',
      [['"nginx:nope!"', /invalid reference format/]],
    ],
    [
      'variables from a ConfigMap that is not there',
      { replicas: 1, container: 'env: [{name: A, value: a}, {name: B, valueFrom: {configMapKeyRef: {name: nope, key: b}}}]' },
      '1 of 1 would not start: CreateContainerConfigError',
      [['nope', /configmap "nope" not found/]],
    ],
    [
      'all variables of a Secret that is not there',
      { replicas: 1, container: 'envFrom: [{secretRef: {name: nope}}]' },
      '1 of 1 would not start: CreateContainerConfigError',
      [['nope', /secret "nope" not found/]],
    ],
    [
      'a volume of a ConfigMap that is not there',
      { replicas: 1, pod: 'volumes: [{name: v, configMap: {name: nope}}]', container: 'volumeMounts: [{name: v, mountPath: /v}]' },
      '1 of 1 would not start: configmap "nope" not found',
      [['nope', /MountVolume/]],
    ],
    [
      'a program that ends',
      { replicas: 1, container: 'command: [sh, -c, "sleep 3; exit 4"]' },
      '1 of 1 would crash: exit code 4',
      [['[sh, -c, "sleep 3; exit 4"]', /ends with exit code 4/]],
    ],
    [
      'a program that takes too much memory',
      { replicas: 1, container: 'command: [sh, -c, "tail /dev/zero"]\nresources: {limits: {memory: 20Mi}}' },
      '1 of 1 would crash: OOMKilled',
      [['20Mi', /OOMKilled/]],
    ],
    [
      'a readiness probe that nobody answers',
      { replicas: 1, container: 'readinessProbe: {tcpSocket: {port: 9}}' },
      '1 of 1 would never be ready: readiness probe fails',
      [['{tcpSocket: {port: 9}}', /Readiness probe failed/]],
    ],
    [
      'a liveness probe that nobody answers',
      { replicas: 1, container: 'livenessProbe: {tcpSocket: {port: 9}}' },
      '1 of 1 would be restarted: liveness probe fails',
      [['{tcpSocket: {port: 9}}', /Liveness probe failed/]],
    ],
    [
      'a readiness gate that nobody sets',
      { replicas: 1, pod: 'readinessGates: [{conditionType: example.com/ok}]' },
      '1 of 1 would never be ready: readiness gate example.com/ok',
      [['[{conditionType: example.com/ok}]', /condition "example.com\/ok"/]],
    ],
    [
      'daemons that fit nowhere',
      { kind: 'DaemonSet', container: cpu('5') },
      '3 of 3 would stay Pending: Insufficient cpu',
      [['5', /Insufficient cpu/]],
    ],
    [
      'claims of a class that is not there',
      {
        kind: 'StatefulSet',
        spec: 'serviceName: web\nvolumeClaimTemplates:\n- metadata: {name: data}\n  spec: {storageClassName: nope, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}',
      },
      '1 of 3 would stay Pending: pod has unbound immediate PersistentVolumeClaims, 2 would wait for it',
      [['nope', /unbound immediate/]],
    ],
  ];
  for (const [what, parts, text, found] of troubles) {
    it(`of ${what} says so and points at the field`, async () => {
      const manifest = workload(parts);
      const made = await forecast(readyCluster(), manifest);
      assert.deepEqual(texts(made), [text]);
      const told = findings(manifest, made);
      assert.equal(told.length, found.length, told.join('\n'));
      for (const [index, [under, message]] of found.entries()) {
        assert.match(told[index] ?? '', message);
        assert.equal(told[index]?.split(' ← ')[0], under);
      }
    });
  }

  it('of several causes names the most frequent first and points at all', async () => {
    const manifest = workload({ replicas: 2, pod: 'nodeSelector: {kubernetes.io/hostname: worker-1}', container: cpu('2500m') });
    const made = await forecast(readyCluster(), manifest);
    assert.match(texts(made)[0] ?? '', /^1 of 2 would stay Pending: node\(s\) didn't match Pod's node affinity\/selector$/);
    assert.deepEqual(
      findings(manifest, made).map((each) => each.split(' ← ')[0]),
      ['{kubernetes.io/hostname: worker-1}', '2500m'],
    );
  });

  it('of a file speaks of each of its documents, in its order', async () => {
    const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n';
    const claim =
      'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: p}\nspec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n';
    const invalid = 'apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {}\n';
    const config = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n';
    const made = await forecast(readyCluster(), [workload({}), service, claim, invalid, config].join('---\n'));
    assert.deepEqual(texts(made), [
      '3/3 ready in 1s, 3 nodes',
      'would have 3 endpoints',
      'would be Pending until a Pod uses it',
      'would be refused: spec.containers: Required value',
      '',
    ]);
    assert.deepEqual(
      made.documents.map(({ outlook }) => outlook),
      ['good', 'good', 'note', 'refused', 'none'],
    );
  });

  it('finds the items of a List', async () => {
    const pod = '{apiVersion: v1, kind: Pod, metadata: {name: x}, spec: {nodeSelector: {a: b}, containers: [{name: a, image: nginx}]}}';
    const manifest = `apiVersion: v1\nkind: List\nitems:\n- ${pod}\n`;
    const made = await forecast(readyCluster(), manifest);
    assert.match(findings(manifest, made)[0] ?? '', /^b ← warning: Forecast: the Pod would stay Pending/);
  });

  it('refuses nothing but what cannot be read: a broken document is said to be one, the others are foreseen', async () => {
    const made = await forecast(readyCluster(), `kind: [\n---\n${workload({})}`);
    assert.deepEqual(
      made.documents.map(({ outlook }) => outlook),
      ['refused', 'good'],
    );
  });

  it('is silent about what is there and stays as it is', async () => {
    const cluster = await clusterWith(workload({}));
    assert.deepEqual(texts(await forecast(cluster, workload({}))), ['']);
  });

  it('tells how Jobs end, and how the next run of a CronJob would', async () => {
    const template =
      'template: {spec: {restartPolicy: Never, containers: [{name: a, image: busybox, command: [sh, -c, "sleep 5; exit 3"]}]}}';
    const job = `apiVersion: batch/v1\nkind: Job\nmetadata: {name: j}\nspec: {backoffLimit: 0, ${template}}\n`;
    const cron = `apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: c}\nspec: {schedule: "0 3 1 1 *", jobTemplate: {spec: {backoffLimit: 0, ${template}}}}\n`;
    const made = await forecast(readyCluster(), `${job}---\n${cron}`);
    assert.match(texts(made)[0] ?? '', /^would fail in \d+s: BackoffLimitExceeded, exit code 3$/);
    assert.match(texts(made)[1] ?? '', /^a run would fail in \d+s: BackoffLimitExceeded, exit code 3$/);
    assert.ok(findings(`${job}---\n${cron}`, made).every((each) => each.startsWith('[sh, -c, "sleep 5; exit 3"] ← warning')));
    assert.deepEqual(
      made.changes.filter(({ subject }) => subject.includes('forecast')),
      [],
    );
    const good = await forecast(readyCluster(), job.replace('exit 3', 'exit 0'));
    assert.match(texts(good)[0] ?? '', /^would complete in \d+s$/);
  });

  it('counts the Pods that a quota does not let be', async () => {
    const quota = 'apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: q}\nspec: {hard: {pods: "2"}}\n';
    const manifest = workload({ replicas: 5 });
    const made = await forecast(await clusterWith(quota), manifest);
    assert.deepEqual(texts(made), ['3 of 5 would not be created: exceeded quota q']);
    assert.match(findings(manifest, made)[0] ?? '', /^5 ← warning: .*exceeded quota: q, requested: pods=1/);
  });
});

describe('a forecast of a rollout', () => {
  const onPort = (image: string, spec = ''): string => workload({ image, spec, container: 'ports: [{containerPort: 80, hostPort: 80}]' });

  it('tells a deadlock, what keeps it, and what would go through', async () => {
    const manifest = onPort('nginx:1.28');
    const made = await forecast(await clusterWith(onPort('nginx:1.27')), manifest);
    assert.match(texts(made)[0] ?? '', /^rollout would deadlock: 1 of 3 would stay Pending: node\(s\) didn't have free ports/);
    const told = findings(manifest, made);
    assert.match(told[0] ?? '', /^80 ← warning/);
    assert.match(
      told[1] ?? '',
      /^3 ← warning: .*deadlock: .*3 old Pods would stay, and be reported as ProgressDeadlineExceeded after 10m\. With the strategy Recreate/,
    );
  });

  it('calls a rollout that nothing would help stopped, not deadlocked', async () => {
    const cluster = await clusterWith(workload({}));
    const made = await forecast(cluster, workload({ container: 'readinessProbe: {tcpSocket: {port: 9}}' }));
    assert.match(texts(made)[0] ?? '', /^rollout would stop at 0 of 3: 1 of 3 would never be ready: readiness probe fails$/);
  });

  it('says how far capacity falls, and warns where none is left', async () => {
    const cluster = await clusterWith(onPort('nginx:1.27', 'strategy: {rollingUpdate: {maxUnavailable: 1, maxSurge: 0}}'));
    const rolling = await forecast(cluster, onPort('nginx:1.28', 'strategy: {rollingUpdate: {maxUnavailable: 1, maxSurge: 0}}'));
    assert.match(texts(rolling)[0] ?? '', /^3\/3 ready in \d+s, 3 nodes, down to 2 of 3 for \d+s$/);
    const recreate = workload({ image: 'nginx:1.28', spec: 'strategy: {type: Recreate}' });
    const made = await forecast(await clusterWith(workload({ spec: 'strategy: {type: Recreate}' })), recreate);
    assert.match(texts(made)[0] ?? '', /down to 0 of 3 for \d+s$/);
    assert.match(
      findings(recreate, made)[0] ?? '',
      /^Recreate ← information: Forecast: for \d+s none of the 3 Pods would be available \(Recreate\)\.$/,
    );
  });

  it('says who else loses Pods', async () => {
    const cluster = await clusterWith(workload({ name: 'low', container: cpu('3') }));
    const high = 'apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: high}\nvalue: 1000\n';
    const made = await forecast(
      cluster,
      `${high}---\n${workload({ name: 'top', replicas: 2, pod: 'priorityClassName: high', container: cpu('3') })}`,
    );
    assert.match(texts(made)[1] ?? '', /^2\/2 ready.*; deployment\.apps\/low would go from 3 to 1 available$/);
  });
});

describe('a forecast of many documents', () => {
  const at = (line: number, message: string): Diagnostic => ({
    range: { start: { line, character: 0 }, end: { line, character: 1 } },
    severity: 'warning',
    message,
    code: 'Forecast',
    path: '',
    fixes: [],
  });

  it('says of a few what it would say of all alike, and of the last one how many more there are', () => {
    const found = [at(0, 'other'), ...Array.from({ length: 300 }, (_, index) => at(index + 1, 'no room.'))];
    const told = withoutFlood(found);
    assert.deepEqual(
      told.map(({ range, message }) => [range.start.line, message]),
      [
        [0, 'other'],
        [1, 'no room.'],
        [2, 'no room.'],
        [3, 'no room.'],
        [4, 'no room.'],
        [5, 'no room. The same goes for 295 more in this file.'],
      ],
    );
    assert.deepEqual(withoutFlood(found.slice(0, 6)), found.slice(0, 6));
  });
});
