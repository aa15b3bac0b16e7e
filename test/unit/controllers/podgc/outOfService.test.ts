import assert from 'node:assert/strict';
import { NODES, PODS } from '../../../../src/api/schema/resources.ts';
import { annotateNode, createPod, readyCluster, run, summary } from '../../kubelet/support.ts';

describe('a node that is out of service', () => {
  for (const tainted of [false, true]) {
    it(tainted ? 'gives its Pods on their way out free' : 'keeps them as long as nobody says so', () => {
      const cluster = readyCluster();
      createPod(cluster, 'p', 'image present; run');
      run(cluster, 5);
      annotateNode(cluster, 'worker-1', 'kubepad.dev/fault', 'NodeDown');
      run(cluster, 90);
      cluster.admin().delete(PODS, 'default', 'p');
      if (tainted) {
        cluster.admin().modify(NODES, '', 'worker-1', (node) => {
          ((node.spec ??= {}).taints ??= []).push({
            key: 'node.kubernetes.io/out-of-service',
            value: 'nodeshutdown',
            effect: 'NoSchedule',
          });
        });
      }
      run(cluster, 60);
      assert.equal(summary(cluster, 'p'), tainted ? 'gone' : 'Running rc=0 unready');
    });
  }
});
