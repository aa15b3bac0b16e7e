import assert from 'node:assert/strict';
import { NODES } from '../../../../src/api/schema/resources.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { addFault, dropFault, nodeCondition, reasons } from '../../cluster/faults/support.ts';
import { createPod, getPod, readyCluster, run } from '../support.ts';

const taints = (cluster: Cluster): readonly string[] =>
  (cluster.admin().get(NODES, '', 'worker-1')?.spec?.taints ?? []).map(({ key, effect }) => `${key}:${effect}`);
const container = (memory?: string) => [
  { name: 'app', image: 'registry.test/present/app:1', ...(memory === undefined ? {} : { resources: { requests: { memory } } }) },
];
const phase = (cluster: Cluster, name: string): string =>
  `${getPod(cluster, name)?.status?.phase ?? 'gone'} ${getPod(cluster, name)?.status?.reason ?? ''}`.trim();

describe('a node that runs out of memory', () => {
  /** Free are 8Gi - 5 * 10Mi; a leak of 4Gi a minute needs two minutes for them. */
  function leaking(): Cluster {
    const cluster = readyCluster();
    createPod(cluster, 'leak', 'run', { containers: container() });
    createPod(cluster, 'calm', 'run', { containers: container() });
    createPod(cluster, 'large', 'run', { containers: container('6Gi') });
    run(cluster, 5);
    addFault(cluster, 'leak', { type: 'MemoryLeak', target: { pods: { namespace: 'default', name: 'leak' } }, rate: '4Gi' });
    return cluster;
  }

  it('evicts the Pod that is furthest above its request, and says why', () => {
    const cluster = leaking();
    run(cluster, 90);
    assert.equal(phase(cluster, 'leak'), 'Running');
    assert.equal(nodeCondition(cluster, 'worker-1', 'MemoryPressure'), 'False KubeletHasSufficientMemory');
    run(cluster, 50);
    assert.equal(phase(cluster, 'leak'), 'Failed Evicted');
    const { message, conditions, containerStatuses } = getPod(cluster, 'leak')!.status!;
    assert.match(
      message ?? '',
      /^The node was low on resource: memory\. Threshold quantity: 100Mi, available: -?\d+(Ki|Mi)?\. Container app was using \d+(Ki|Mi)?, request is 0, has larger consumption of memory\. $/,
    );
    const target = conditions?.find(({ type }) => type === 'DisruptionTarget');
    assert.deepEqual([target?.status, target?.reason, target?.message], ['True', 'TerminationByKubelet', message]);
    assert.equal(containerStatuses?.[0]?.state?.terminated?.exitCode, 143);
    assert.deepEqual([phase(cluster, 'calm'), phase(cluster, 'large')], ['Running', 'Running']);
    assert.deepEqual(
      reasons(cluster, 'leak').filter((reason) => reason === 'Evicted' || reason === 'Killing'),
      ['Evicted', 'Killing'],
    );
    for (const reason of ['EvictionThresholdMet', 'NodeHasInsufficientMemory'])
      assert.ok(reasons(cluster, 'worker-1').includes(reason), reason);
  });

  it('keeps its condition and taint for five minutes, and takes no BestEffort Pod meanwhile', () => {
    const cluster = leaking();
    run(cluster, 150);
    assert.equal(nodeCondition(cluster, 'worker-1', 'MemoryPressure'), 'True KubeletHasInsufficientMemory');
    assert.deepEqual(taints(cluster), ['node.kubernetes.io/memory-pressure:NoSchedule']);
    createPod(cluster, 'late', 'run', { containers: container() });
    createPod(cluster, 'late-burstable', 'run', { containers: container('1Mi') });
    run(cluster, 3);
    assert.equal(phase(cluster, 'late'), 'Failed Evicted');
    assert.equal(getPod(cluster, 'late')?.status?.message, 'Pod was rejected: The node had condition: [MemoryPressure]. ');
    assert.equal(phase(cluster, 'late-burstable'), 'Running');
    run(cluster, 320);
    assert.equal(nodeCondition(cluster, 'worker-1', 'MemoryPressure'), 'False KubeletHasSufficientMemory');
    assert.deepEqual(taints(cluster), []);
  });
});

describe('a node whose disk is full', () => {
  it('frees images, evicts one Pod after another, and recovers after the fault', () => {
    const cluster = readyCluster();
    createPod(cluster, 'a', 'run', { containers: container() });
    createPod(cluster, 'critical', 'run', { containers: container(), priorityClassName: 'system-node-critical' });
    createPod(cluster, 'b', 'run', { containers: container(), terminationGracePeriodSeconds: 600 });
    run(cluster, 5);
    addFault(cluster, 'full', { type: 'DiskPressure', target: { node: 'worker-1' } });
    run(cluster, 15);
    assert.equal(nodeCondition(cluster, 'worker-1', 'DiskPressure'), 'True KubeletHasDiskPressure');
    run(cluster, 30);
    assert.deepEqual(
      ['a', 'b', 'critical'].map((name) => phase(cluster, name)),
      ['Failed Evicted', 'Failed Evicted', 'Running'],
    );
    assert.match(
      getPod(cluster, 'a')?.status?.message ?? '',
      /^The node was low on resource: ephemeral-storage\. Threshold quantity: 10Gi, available: \d+Ki\. Container app was using 4Ki, request is 0, has larger consumption of ephemeral-storage\. $|available: 5Gi/,
    );
    assert.deepEqual(taints(cluster), ['node.kubernetes.io/disk-pressure:NoSchedule']);
    assert.ok(cluster.simulation.runUntil('stable').reason === 'Done');
    dropFault(cluster, 'full');
    run(cluster, 330);
    assert.equal(nodeCondition(cluster, 'worker-1', 'DiskPressure'), 'False KubeletHasNoDiskPressure');
    assert.deepEqual(taints(cluster), []);
  });

  it('deletes images that nobody uses before it evicts anybody', () => {
    const cluster = readyCluster();
    createPod(cluster, 'old', 'image size 90000000000; exit 0', {
      restartPolicy: 'Never',
      containers: [{ name: 'app', image: 'registry.test/huge:1' }],
    });
    createPod(cluster, 'app', 'run', { containers: container() });
    run(cluster, 30);
    const images = cluster.admin().get(NODES, '', 'worker-1')?.status?.images ?? [];
    assert.equal(
      images.some(({ names }) => names?.some((name) => name.startsWith('registry.test/huge'))),
      false,
    );
    assert.equal(phase(cluster, 'app'), 'Running');
  });
});

describe('a Pod that is evicted at once', () => {
  it('gets a second, in which its preStop hook runs', () => {
    const cluster = readyCluster();
    const hook = (script: string) => ({ preStop: { exec: { command: ['sh', '-c', script] } } });
    createPod(cluster, 'p', undefined, {
      containers: [
        {
          name: 'app',
          image: 'busybox:1.37',
          command: ['sh', '-c', 'sleep 5; dd if=/dev/zero of=/data/x bs=1M count=2; sleep 1000'],
          lifecycle: hook('echo bye > /proc/1/fd/1; sleep 30; echo too late > /proc/1/fd/1'),
          volumeMounts: [{ name: 'data', mountPath: '/data' }],
        },
      ],
      volumes: [{ name: 'data', emptyDir: { sizeLimit: '1Mi' } }],
    });
    run(cluster, 30);
    assert.equal(phase(cluster, 'p'), 'Failed Evicted');
    const log = cluster.kubelets.readLogs({ namespace: 'default', pod: 'p', container: 'app' })?.map(({ text }) => text);
    assert.deepEqual([log?.includes('bye'), log?.includes('too late')], [true, false]);
  });
});
