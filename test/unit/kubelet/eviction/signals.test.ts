import assert from 'node:assert/strict';
import type { KubeletConfiguration } from '../../../../src/api/kubepad/nodepool/kubeletConfiguration.ts';
import { NODEPOOLS, type NodePoolSpec } from '../../../../src/api/kubepad/types.ts';
import { NODES } from '../../../../src/api/schema/resources.ts';
import type { PodSpec } from '../../../../src/api/schema/types/core/v1.ts';
import { draft, type Draft } from '../../../../src/base/json.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { nodeCondition, reasons } from '../../cluster/faults/support.ts';
import { createPod, getPod, readyCluster, run } from '../support.ts';

const NODE = 'pool-1';

function configured(kubeletConfiguration: KubeletConfiguration, resources?: Record<string, string>): Cluster {
  const cluster = readyCluster({ preset: 'empty' });
  cluster.admin().create(NODEPOOLS, {
    apiVersion: 'kubepad.dev/v1',
    kind: 'NodePool',
    metadata: { name: 'pool' },
    spec: draft<NodePoolSpec>({ count: 1, kubeletConfiguration, ...(resources === undefined ? {} : { resources }) }),
  });
  run(cluster, 60);
  return cluster;
}

const shell = (script: string): Partial<Draft<PodSpec>> => ({
  nodeName: NODE,
  containers: [{ name: 'app', image: 'busybox:1.37', command: ['sh', '-c', script] }],
});
const ended = (cluster: Cluster, name: string): string => {
  const { status } = getPod(cluster, name)!;
  return status?.reason === undefined ? (status?.phase ?? '') : `${status.reason}: ${status.message}`;
};
const SLEEPERS = (count: number): string => `i=0; while [ $i -lt ${count} ]; do sleep 9999 & i=$((i+1)); done; wait`;

describe('a node that runs out of process numbers', () => {
  it('evicts the Pod that has the most, and says so by condition, event and taint', () => {
    const cluster = configured({ evictionHard: { 'pid.available': '32450' }, evictionPressureTransitionPeriod: '30s' });
    createPod(cluster, 'few', undefined, shell(SLEEPERS(20)));
    run(cluster, 20);
    assert.equal(nodeCondition(cluster, NODE, 'PIDPressure'), 'False KubeletHasSufficientPID');
    createPod(cluster, 'many', undefined, shell(SLEEPERS(60)));
    run(cluster, 20);
    // 32768 - 250 of the system - 23 of `few` - 63 of `many`.
    assert.equal(ended(cluster, 'many'), 'Evicted: The node was low on resource: pids. Threshold quantity: 32450, available: 32432. ');
    assert.equal(ended(cluster, 'few'), 'Running');
    assert.equal(nodeCondition(cluster, NODE, 'PIDPressure'), 'True KubeletHasInsufficientPID');
    assert.deepEqual(
      cluster
        .admin()
        .get(NODES, '', NODE)
        ?.spec?.taints?.map(({ key }) => key),
      ['node.kubernetes.io/pid-pressure'],
    );
    run(cluster, 90);
    assert.equal(nodeCondition(cluster, NODE, 'PIDPressure'), 'False KubeletHasSufficientPID');
    for (const reason of ['NodeHasInsufficientPID', 'EvictionThresholdMet', 'NodeHasSufficientPID'])
      assert.ok(reasons(cluster, NODE).includes(reason), reason);
  });
});

describe('a node that runs out of inodes', () => {
  it('evicts the Pod that has the most files', () => {
    // A disk of 1 MiB has 64 inodes.
    const cluster = configured({ evictionHard: { 'nodefs.inodesFree': '30' } }, { 'ephemeral-storage': '1Mi' });
    const files = (count: number): string => `i=0; while [ $i -lt ${count} ]; do : > /tmp/f$i; i=$((i+1)); done; sleep 9999`;
    createPod(cluster, 'few', undefined, { ...shell(files(3)), priority: 0 });
    createPod(cluster, 'many', undefined, shell(files(50)));
    run(cluster, 20);
    assert.match(ended(cluster, 'many'), /^Evicted: The node was low on resource: inodes\. Threshold quantity: 30, available: \d+\. $/);
  });
});

describe('a node whose disk is filled by what containers write', () => {
  it('evicts whoever wrote, and has the room back', () => {
    const cluster = configured({ evictionPressureTransitionPeriod: '10s' });
    createPod(cluster, 'quiet', undefined, shell('sleep 9999'));
    createPod(cluster, 'writer', undefined, shell('sleep 20; fallocate -l 95G /tmp/big; sleep 9999'));
    run(cluster, 15);
    assert.equal(nodeCondition(cluster, NODE, 'DiskPressure'), 'False KubeletHasNoDiskPressure');
    run(cluster, 30);
    assert.match(
      ended(cluster, 'writer'),
      /^Evicted: The node was low on resource: ephemeral-storage\. Threshold quantity: 10Gi, available: \d+Ki\. Container app was using \d+Ki, request is 0, has larger consumption of ephemeral-storage\. $/,
    );
    assert.equal(ended(cluster, 'quiet'), 'Running');
    run(cluster, 60);
    assert.equal(nodeCondition(cluster, NODE, 'DiskPressure'), 'False KubeletHasNoDiskPressure');
    assert.equal(cluster.simulation.runUntil('stable').reason, 'Done');
  });
});

describe('what is reserved', () => {
  it('is kept from the Pods together', () => {
    const pressureWith = (kubeReserved: string | undefined): string => {
      const cluster = configured(kubeReserved === undefined ? {} : { kubeReserved: { memory: kubeReserved } });
      createPod(cluster, 'eater', 'run', { nodeName: NODE });
      run(cluster, 30);
      return nodeCondition(cluster, NODE, 'MemoryPressure').split(' ')[0] ?? '';
    };
    // A Pod of 10Mi on 8Gi: with 8100Mi reserved there are 92Mi for Pods, and 100Mi must be left of them.
    assert.deepEqual([undefined, '7Gi', '8100Mi'].map(pressureWith), ['False', 'False', 'True']);
  });
});
