import assert from 'node:assert/strict';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { modeText } from '../../../../src/host/panels/container/files.ts';
import type { ContainerModel, ContainerQuery, ContainerTab } from '../../../../src/host/panels/container/model.ts';
import { containerSource, fileText } from '../../../../src/host/panels/container/source.ts';
import { ENDPOINTSLICES, SERVICES } from '../../../../src/api/schema/resources.ts';
import { createPod, readyCluster, run } from '../../kubelet/support.ts';

const query = (name: string, tab: ContainerTab, more: Partial<ContainerQuery> = {}): ContainerQuery => ({
  surface: 'container',
  ref: { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name },
  container: undefined,
  tab,
  open: [],
  previous: false,
  ...more,
});

function show(cluster: Cluster, asked: ContainerQuery): ContainerModel {
  const picture = containerSource(() => cluster).picture(asked);
  assert.ok(picture !== undefined);
  return picture as ContainerModel;
}

const MIB = 1024 * 1024;

describe('the panel of a container', () => {
  it('shows nothing of a Pod that is not there', () => {
    assert.equal(containerSource(() => readyCluster()).picture(query('none', 'overview')), undefined);
  });

  it('says why nothing is inside yet', () => {
    const cluster = readyCluster();
    createPod(cluster, 'slow', undefined, { containers: [{ name: 'app', image: 'nginx:1.27' }] });
    const { head, processes } = show(cluster, query('slow', 'processes'));
    assert.match(head.nothing, /container "app" in pod "slow" is/);
    assert.deepEqual(processes, []);
  });

  it('measures the group against requests and limits', () => {
    const cluster = readyCluster();
    const resources = { requests: { cpu: '100m', memory: '64Mi' }, limits: { cpu: '200m', memory: '128Mi' } };
    createPod(cluster, 'web', undefined, { containers: [{ name: 'app', image: 'nginx:1.27', resources }] });
    run(cluster, 90);
    const { group } = show(cluster, query('web', 'overview'));
    assert.ok(group !== undefined);
    assert.deepEqual([group.cpu.requested, group.cpu.limit, group.memory.requested, group.memory.limit], [100, 200, 64 * MIB, 128 * MIB]);
    assert.ok(group.memory.used > MIB && group.memory.used < 128 * MIB);
    assert.deepEqual([group.qos, group.throttled, group.oomKills], ['Burstable', 0, 0]);
    const { 'cpu.max': cpuMax, 'memory.max': memoryMax } = Object.fromEntries(group.files.map(({ key, value }) => [key, value]));
    assert.deepEqual([cpuMax, memoryMax], ['20000 100000', String(128 * MIB)]);
    // 64 of 8192 MiB.
    assert.equal(group.oomScoreAdj, 993);
  });

  it('tells that a loop without an end is throttled at its limit', () => {
    const cluster = readyCluster();
    const resources = { limits: { cpu: '250m', memory: '64Mi' } };
    createPod(cluster, 'busy', undefined, {
      containers: [{ name: 'app', image: 'busybox:1.37', command: ['sh', '-c', 'while true; do :; done'], resources }],
    });
    run(cluster, 20);
    const { group } = show(cluster, query('busy', 'overview'));
    assert.deepEqual([group?.cpu.used, group?.wantedCpu, group?.throttled], [250, 1000, 0.75]);
    assert.equal(group?.oomScoreAdj, -997);
  });

  it('counts ends for want of memory, and lists the starts', () => {
    const cluster = readyCluster();
    createPod(cluster, 'leak', 'sleep 2; oom | run');
    run(cluster, 60);
    const { group, starts } = show(cluster, query('leak', 'overview'));
    assert.equal(group?.oomKills, 1);
    assert.deepEqual(
      starts?.map(({ number, outcome }) => [number, outcome]),
      [
        [2, 'runs'],
        [1, 'OOMKilled, exit code 137'],
      ],
    );
  });

  it('keeps looks at the use, at most one a second', () => {
    const cluster = readyCluster();
    createPod(cluster, 'web', undefined, { containers: [{ name: 'app', image: 'nginx:1.27' }] });
    run(cluster, 30);
    const source = containerSource(() => cluster);
    const samples = (): number => (source.picture(query('web', 'overview')) as ContainerModel).samples?.length ?? 0;
    assert.equal(samples(), 1);
    assert.equal(samples(), 1);
    run(cluster, 5);
    assert.equal(samples(), 2);
  });

  it('tells files of the image, of the container and of mounts apart, and reads only open directories', () => {
    const cluster = readyCluster();
    createPod(cluster, 'files', undefined, {
      containers: [
        {
          name: 'app',
          image: 'busybox:1.37',
          command: ['sh', '-c', 'echo abc > /tmp/new; rm /etc/shells; echo defg > /cache/x; sleep 100'],
          volumeMounts: [{ name: 'cache', mountPath: '/cache' }],
        },
      ],
      volumes: [{ name: 'cache', emptyDir: {} }],
    });
    run(cluster, 10);
    const { files = [], mounts, layers } = show(cluster, query('files', 'files', { open: ['/etc', '/tmp', '/cache'] }));
    const row = (path: string): unknown => {
      const found = files.find(({ key }) => key === path);
      return found && [found.level, found.kind, found.origin, found.from, found.mode];
    };
    assert.deepEqual(row('/etc/passwd'), [2, 'file', 'image', 'image', '-rw-r--r--']);
    assert.deepEqual(row('/etc/shells'), [2, 'removed', 'written', 'removed by the container', '']);
    assert.deepEqual(row('/tmp/new'), [2, 'file', 'written', 'written by the container', '-rw-r--r--']);
    assert.deepEqual(row('/cache/x'), [2, 'file', 'mount', 'emptyDir cache', '-rw-r--r--']);
    assert.equal(
      files.some(({ key }) => key.startsWith('/usr/')),
      false,
    );
    assert.deepEqual(
      mounts?.find(({ path }) => path === '/cache'),
      { key: '/cache', path: '/cache', source: 'emptyDir cache', readOnly: false, writtenBytes: 5 },
    );
    assert.equal(layers?.[0]?.sizeBytes, 4);
    assert.equal(fileText(cluster, query('files', 'files'), '/cache/x'), 'defg\n');
    assert.equal(fileText(cluster, query('files', 'files'), '/nowhere'), undefined);
  });

  it('shows modes as ls does', () => {
    assert.deepEqual(
      [modeText('directory', 0o1777), modeText('file', 0o755), modeText('device', 0o666)],
      ['drwxrwxrwt', '-rwxr-xr-x', 'crw-rw-rw-'],
    );
  });

  it('says who leads to it, and where names are looked up', () => {
    const cluster = readyCluster();
    createPod(cluster, 'web', undefined, {
      containers: [{ name: 'app', image: 'nginx:1.27', ports: [{ name: 'http', containerPort: 80 }] }],
    });
    cluster
      .admin()
      .modify({ ...SERVICES, plural: 'pods', kind: 'Pod' } as never, 'default', 'web', (copy: { metadata: { labels?: object } }) => {
        copy.metadata.labels = { app: 'web' };
      });
    cluster.admin().create(SERVICES, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'front', namespace: 'default' },
      spec: { selector: { app: 'web' }, ports: [{ port: 8080, targetPort: 'http' as never }] },
    });
    run(cluster, 30);
    assert.equal(cluster.admin().list(ENDPOINTSLICES, 'default').length > 0, true);
    const { reached, listening, network, policies } = show(cluster, query('web', 'network'));
    assert.deepEqual(
      reached?.map(({ by, port, state }) => [by, port, state]),
      [['Service front', '80', 'gets its share']],
    );
    assert.deepEqual(
      listening?.map(({ port, name }) => [port, name]),
      [[80, 'http']],
    );
    assert.ok(network?.searches.includes('default.svc.cluster.local'));
    assert.deepEqual(policies, []);
  });

  it('follows the log, and shows that of the start before', () => {
    const cluster = readyCluster();
    createPod(cluster, 'log', 'log one; sleep 1; exit 1 | log two; run');
    run(cluster, 60);
    const texts = (previous: boolean) => show(cluster, query('log', 'logs', { previous })).log?.map(({ text }) => text);
    assert.deepEqual([texts(false), texts(true)], [['two'], ['one']]);
    const keys = show(cluster, query('log', 'logs')).log?.map(({ key }) => key) ?? [];
    assert.equal(new Set(keys).size, keys.length);
  });

  it('lists the Pods of the same node with what they use, its own first', () => {
    const cluster = readyCluster();
    createPod(cluster, 'a', 'run');
    createPod(cluster, 'b', 'run');
    createPod(cluster, 'elsewhere', 'run', { nodeName: 'worker-2' });
    run(cluster, 60);
    const { neighbours = [], host } = show(cluster, query('b', 'neighbours'));
    assert.deepEqual(
      neighbours.map(({ pod, own }) => [pod, own]),
      [
        ['b', true],
        ['a', false],
      ],
    );
    assert.ok(neighbours.every(({ memory }) => memory.used > MIB));
    assert.deepEqual([host?.name, host?.pods, host?.podLimit], ['worker-1', 2, 110]);
  });
});
