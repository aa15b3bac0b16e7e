import assert from 'node:assert/strict';
import { compare } from '../../../../src/host/projection/comparison/comparison.ts';
import { VM } from '../../../../src/host/projection/comparison/constants.ts';
import { comparisonText } from '../../../../src/host/projection/comparison/text.ts';
import { comparisonOf } from '../../../../src/host/panels/comparison/hosted.ts';
import type { Node, Pod } from '../../../../src/api/schema/types/core/v1.ts';
import { createPod, readyCluster, run } from '../../kubelet/support.ts';

const MIB = 1024 * 1024;
const node: Node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n' },
  status: { allocatable: { memory: '4Gi', pods: '20' } },
};
const pod = (startedAfter: number, restartCount = 0, overhead?: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p' },
  spec: { containers: [{ name: 'c' }], ...(overhead === undefined ? {} : { overhead: { memory: overhead } }) },
  status: {
    conditions: [{ type: 'PodScheduled', status: 'True', lastTransitionTime: '2026-01-05T10:00:00Z' }],
    containerStatuses: [
      {
        name: 'c',
        image: 'i',
        imageID: '',
        ready: true,
        restartCount,
        state: { running: { startedAt: `2026-01-05T10:00:0${startedAfter}Z` } },
      },
    ],
  },
});

describe('containers against virtual machines', () => {
  const hosted = [2, 0, 9].map((seconds) => ({ pod: pod(seconds), memoryBytes: 100 * MIB }));

  it('counts what fits, by memory or by the limit of Pods', () => {
    const found = compare(node, hosted);
    assert.deepEqual([found?.container.fits, found?.container.bound], [20, 'pods']);
    // 4096 MiB by 100 + 512 + 25.9 MiB.
    assert.deepEqual([found?.vm.fits, found?.vm.bound], [6, 'memory']);
    assert.equal(found?.container.totalBytes, 300 * MIB);
  });
  it('takes the median of first starts, to the second that the API tells', () => {
    assert.equal(compare(node, hosted)?.container.startMs, 2000);
    assert.equal(compare(node, [{ pod: pod(0), memoryBytes: 1 }])?.container.startMs, 1000);
    assert.equal(compare(node, [{ pod: pod(9, 1), memoryBytes: 1 }])?.container.startMs, undefined);
  });
  it('adds the overhead that a runtime class declares', () =>
    assert.equal(compare(node, [{ pod: pod(1, 0, '120Mi'), memoryBytes: MIB }])?.container.overheadBytes, 120 * MIB));
  it('has nothing to say of an empty host', () => assert.equal(compare(node, []), undefined));
  it('draws both stacks and names the source of every figure', () => {
    const found = compare(node, hosted);
    assert.ok(found);
    const text = comparisonText(found);
    assert.match(text, /\|\s+Guest OS\s+\| {4}\|\s+App\s+\|\n[\s\S]*\|\s+Hypervisor\s+\| {4}\|\s+Container engine\s+\|/);
    assert.match(text, /fit into 4.0 GiB\s+6 \(memory\)\s+20 \(Pod limit\)/);
    for (const { source } of Object.values(VM)) assert.ok(text.includes(source));
  });
  it('is computed from the node of a cluster where most Pods run', () => {
    const cluster = readyCluster();
    createPod(cluster, 'a', 'run');
    createPod(cluster, 'b', 'run');
    run(cluster, 120);
    const found = comparisonOf(cluster, undefined);
    assert.equal(found?.host, 'worker-1');
    assert.equal(found?.instances, 2);
    assert.ok((found?.programBytes ?? 0) > MIB);
    assert.equal(comparisonOf(cluster, 'nowhere'), undefined);
  });
});
