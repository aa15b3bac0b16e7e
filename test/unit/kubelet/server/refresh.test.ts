import assert from 'node:assert/strict';
import { CONFIGMAPS, PODS } from '../../../../src/api/schema/resources.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { createRestHost } from '../../../../src/host/http/restHost.ts';
import { lastRefresh } from '../../../../src/kubelet/server/refresh.ts';
import { createPod, getPod, readyCluster, run } from '../support.ts';

const TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';

describe('the files of a running Pod', () => {
  let cluster: Cluster;
  let server: NonNullable<ReturnType<typeof createRestHost>['nodes']>;
  const cat = (path: string): string => {
    let out = '';
    const begin = server.exec(getPod(cluster, 'p')!, 'app', { command: ['cat', path], stdin: false, tty: false });
    assert(typeof begin === 'function', String(begin));
    const process = begin({ out: (bytes) => void (out += new TextDecoder().decode(bytes)), err: () => {} });
    process.run();
    return process.exitCode === 0 ? out : `exit ${process.exitCode}`;
  };
  const set = (value: string): void => {
    cluster.admin().modify(CONFIGMAPS, 'default', 'settings', (copy) => void (copy.data = { level: value }));
  };
  const start = (immutable = false): void => {
    cluster = readyCluster();
    server = createRestHost({ api: cluster.api, adminToken: 'secret', kubelets: cluster.kubelets }).nodes!;
    const metadata = { name: 'settings', namespace: 'default' };
    cluster.admin().create(CONFIGMAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      data: { level: 'one' },
      ...(immutable ? { immutable } : {}),
    });
    createPod(cluster, 'p', 'image present; run', {
      containers: [
        {
          name: 'app',
          image: 'registry.test/app:1',
          volumeMounts: [
            { name: 'settings', mountPath: '/etc/all' },
            { name: 'settings', mountPath: '/etc/single', subPath: 'level' },
          ],
        },
      ],
      volumes: [{ name: 'settings', configMap: { name: 'settings' } }],
    });
    run(cluster, 5);
  };

  it('change with the kubelet’s next look, a minute and a half later at most; a subPath does not', () => {
    start();
    assert.deepEqual([cat('/etc/all/level'), cat('/etc/single')], ['one', 'one']);
    run(cluster, 5);
    set('two');
    run(cluster, 1);
    assert.equal(cat('/etc/all/level'), 'one', 'nobody has looked yet');
    run(cluster, 90);
    assert.deepEqual([cat('/etc/all/level'), cat('/etc/single')], ['two', 'one']);
  });

  it('change at once when something makes the kubelet look at the Pod', () => {
    start();
    run(cluster, 5);
    set('two');
    cluster.admin().modify(PODS, 'default', 'p', (copy) => void ((copy.metadata.annotations ??= {})['touched'] = 'now'));
    run(cluster, 1);
    assert.equal(cat('/etc/all/level'), 'two');
  });

  it('stay when what they came from is gone', () => {
    start();
    run(cluster, 5);
    set('two');
    run(cluster, 100);
    cluster.admin().delete(CONFIGMAPS, 'default', 'settings');
    run(cluster, 200);
    assert.equal(cat('/etc/all/level'), 'two');
  });

  it('never change if what they came from is immutable, not even when it is made anew', () => {
    start(true);
    cluster.admin().delete(CONFIGMAPS, 'default', 'settings');
    const metadata = { name: 'settings', namespace: 'default' };
    cluster.admin().create(CONFIGMAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { level: 'three' } });
    run(cluster, 200);
    assert.equal(cat('/etc/all/level'), 'one');
  });

  it('hold one token until four fifths of its life are over', () => {
    start();
    const first = cat(TOKEN);
    assert.match(first, /^ey/);
    run(cluster, 2_800);
    assert.equal(cat(TOKEN), first);
    run(cluster, 200);
    const second = cat(TOKEN);
    assert.notEqual(second, first);
    assert.equal(cat(TOKEN), second);
  });

  it('are looked at every 60 to 90 s after the last look that had a reason', () => {
    const look = { mountedMs: 1_000, syncedMs: 5_000 };
    assert.deepEqual(
      [2_000, 5_000, 64_999, 65_000, 130_000].map((nowMs) => lastRefresh('00000000-x', look, nowMs)),
      [2_000, 5_000, 5_000, 65_000, 125_000],
    );
    assert.equal(lastRefresh('0000752f-x', look, 94_998), 5_000);
    assert.equal(lastRefresh('0000752f-x', look, 94_999), 94_999);
  });
});
