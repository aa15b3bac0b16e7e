import assert from 'node:assert/strict';
import type { Draft } from '../../../../src/base/json.ts';
import { NODEPOOLS } from '../../../../src/api/kubepad/types.ts';
import { EVENTS, NODES, PODS } from '../../../../src/api/schema/resources.ts';
import type { Pod, PodTemplateSpec } from '../../../../src/api/schema/types/core/v1.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import type { ClusterOptions } from '../../../../src/cluster/options.ts';
import { addFault, dropFault } from '../../cluster/faults/support.ts';
import { readyCluster, run } from '../support.ts';

const file = (image = 'registry.test/present/web:1'): Draft<PodTemplateSpec> => ({
  metadata: { name: 'web', namespace: 'kube-system', labels: { tier: 'static' }, annotations: { 'kubepad.dev/program.web': 'run' } },
  spec: { containers: [{ name: 'web', image }] },
});

/** Two workers, each with the static Pod `web`. */
function withFile(options: Partial<ClusterOptions> = {}): Cluster {
  const cluster = readyCluster({ nodes: 2, ...options });
  place(cluster, [file()]);
  run(cluster, 5);
  return cluster;
}

function place(cluster: Cluster, staticPods: Draft<PodTemplateSpec>[]): void {
  cluster.admin().modify(NODEPOOLS, '', 'worker', (copy) => void ((copy.spec ??= {}).staticPods = staticPods));
}

const pod = (cluster: Cluster, node = 'worker-1'): Pod | undefined => cluster.admin().get(PODS, 'kube-system', `web-${node}`);
const container = (cluster: Cluster): string | undefined => pod(cluster)?.status?.containerStatuses?.[0]?.containerID;

describe('static Pods', () => {
  it('run on every machine of the pool, and are shown by mirror Pods', () => {
    const cluster = withFile();
    const { metadata, spec, status } = pod(cluster)!;
    const { annotations = {} } = metadata;
    assert.equal(annotations['kubernetes.io/config.source'], 'file');
    assert.match(annotations['kubernetes.io/config.mirror'] ?? '', /^[0-9a-f]{32}$/);
    assert.equal(annotations['kubernetes.io/config.hash'], annotations['kubernetes.io/config.mirror']);
    assert.notEqual(
      annotations['kubernetes.io/config.hash'],
      pod(cluster, 'worker-2')?.metadata.annotations?.['kubernetes.io/config.hash'],
    );
    const node = cluster.admin().get(NODES, '', 'worker-1');
    assert.deepEqual(metadata.ownerReferences, [
      { apiVersion: 'v1', controller: true, kind: 'Node', name: 'worker-1', uid: node?.metadata.uid },
    ]);
    assert.deepEqual(spec?.tolerations, [{ effect: 'NoExecute', operator: 'Exists' }]);
    assert.deepEqual([spec?.volumes, spec?.serviceAccountName], [undefined, undefined]);
    assert.equal(status?.phase, 'Running');
    assert.equal(status?.observedGeneration, undefined);
    assert.ok(status?.conditions?.every(({ observedGeneration }) => observedGeneration === undefined));
    const events = cluster
      .admin()
      .list(EVENTS, 'kube-system')
      .filter(({ involvedObject }) => involvedObject.uid === metadata.uid);
    assert.deepEqual(
      events.map(({ reason }) => reason),
      ['Pulled', 'Created', 'Started'],
    );
  });

  for (const gracePeriodSeconds of [undefined, 0]) {
    it(`are made anew when they are deleted with grace ${gracePeriodSeconds ?? 'of their own'}; their containers go on`, () => {
      const cluster = withFile();
      const [uid, id, ip] = [pod(cluster)?.metadata.uid, container(cluster), pod(cluster)?.status?.podIP];
      cluster.admin().delete(PODS, 'kube-system', 'web-worker-1', gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds });
      run(cluster, 5);
      const { metadata, status } = pod(cluster)!;
      assert.notEqual(metadata.uid, uid);
      assert.equal(metadata.deletionTimestamp, undefined);
      assert.deepEqual([container(cluster), status?.podIP, status?.phase], [id, ip, 'Running']);
      assert.equal(status?.containerStatuses?.[0]?.restartCount, 0);
      run(cluster, 120);
      assert.equal(container(cluster), id);
    });
  }

  it('follow their file: another one starts when the former has ended, none at all ends it', () => {
    const cluster = withFile();
    const id = container(cluster);
    place(cluster, [file('registry.test/present/web:2')]);
    run(cluster, 10);
    assert.equal(pod(cluster)?.spec?.containers[0]?.image, 'registry.test/present/web:2');
    assert.equal(pod(cluster)?.status?.phase, 'Running');
    assert.notEqual(container(cluster), id);
    place(cluster, []);
    run(cluster, 10);
    assert.deepEqual([pod(cluster), pod(cluster, 'worker-2')], [undefined, undefined]);
  });

  it('come with each new machine, and on fast ones too', () => {
    for (const kubelet of ['realistic', 'fast'] as const) {
      const cluster = withFile({ kubelet });
      cluster.admin().modify(NODEPOOLS, '', 'worker', (copy) => void ((copy.spec ??= {}).count = 3));
      run(cluster, 10);
      assert.equal(pod(cluster, 'worker-3')?.status?.phase, 'Running', kubelet);
      cluster.admin().delete(PODS, 'kube-system', 'web-worker-3');
      run(cluster, 10);
      assert.equal(pod(cluster, 'worker-3')?.status?.phase, 'Running', kubelet);
    }
  });

  it('run again after a shutdown in order, which nobody remembers', () => {
    for (const kubelet of ['realistic', 'fast'] as const) {
      const cluster = withFile({ kubelet });
      addFault(cluster, 'off', { type: 'NodeShutdown', target: { node: 'worker-1' } });
      run(cluster, 60);
      assert.equal(pod(cluster)?.status?.reason, 'Terminated', kubelet);
      dropFault(cluster, 'off');
      run(cluster, 10);
      const { phase, reason, containerStatuses } = pod(cluster)!.status!;
      assert.deepEqual([phase, reason, containerStatuses?.[0]?.ready], ['Running', undefined, true], kubelet);
      if (kubelet === 'realistic') assert.equal(containerStatuses?.[0]?.restartCount, 1);
    }
  });

  it('are the same in a fork', () => {
    const cluster = withFile();
    cluster.admin().delete(PODS, 'kube-system', 'web-worker-1');
    const fork = cluster.fork();
    run(cluster, 30);
    run(fork, 30);
    assert.deepEqual(pod(fork), pod(cluster));
  });
});
