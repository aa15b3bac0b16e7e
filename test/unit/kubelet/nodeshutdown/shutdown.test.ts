import assert from 'node:assert/strict';
import { EVENTS, NODES } from '../../../../src/api/schema/resources.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { addFault, dropFault, nodeCondition, reasons } from '../../cluster/faults/support.ts';
import { createPod, getPod, readyCluster, run } from '../support.ts';

const app = () => [{ name: 'app', image: 'registry.test/present/app:1' }];
const phase = (cluster: Cluster, name: string): string =>
  `${getPod(cluster, name)?.status?.phase ?? 'gone'} ${getPod(cluster, name)?.status?.reason ?? ''}`.trim();
const readyMessage = (cluster: Cluster): string | undefined =>
  cluster
    .admin()
    .get(NODES, '', 'worker-1')
    ?.status?.conditions?.find(({ type }) => type === 'Ready')?.message;
const shutDown = (cluster: Cluster, more: object = {}): void =>
  addFault(cluster, 'off', { type: 'NodeShutdown', target: { node: 'worker-1' }, ...more });

/** An ordinary Pod that needs 5 s for its end, and a critical one. */
function running(): Cluster {
  const cluster = readyCluster();
  createPod(cluster, 'web', 'on-term exit 0 after 5s; run', { containers: app() });
  createPod(cluster, 'agent', 'run', { containers: app(), priorityClassName: 'system-node-critical' });
  run(cluster, 5);
  return cluster;
}

describe('a node that is shut down in order', () => {
  it('says so at once, ends its Pods by importance, and goes off after the last of them', () => {
    const cluster = running();
    shutDown(cluster);
    run(cluster, 1);
    assert.equal(nodeCondition(cluster, 'worker-1', 'Ready'), 'False KubeletNotReady');
    assert.equal(readyMessage(cluster), 'node is shutting down');
    assert.equal(phase(cluster, 'web'), 'Failed Terminated');
    assert.equal(phase(cluster, 'agent'), 'Running', 'the critical Pod waits for its turn');
    run(cluster, 10);
    assert.equal(phase(cluster, 'agent'), 'Failed Terminated');
    const { status } = getPod(cluster, 'web')!;
    const message = 'Pod was terminated in response to imminent node shutdown.';
    assert.equal(status?.message, message);
    const target = status?.conditions?.find(({ type }) => type === 'DisruptionTarget');
    assert.deepEqual([target?.status, target?.reason, target?.message], ['True', 'TerminationByKubelet', message]);
    assert.equal(status?.containerStatuses?.[0]?.state?.terminated?.exitCode, 0);
    assert.deepEqual(
      cluster
        .admin()
        .list(EVENTS, 'default')
        .filter(({ involvedObject, reason }) => involvedObject.name === 'worker-1' && /NodeShutdown|NodeNotReady/.test(reason ?? ''))
        .map(({ reason, message: text }) => `${reason}: ${text}`)
        .slice(0, 2),
      ['NodeShutdown: Shutdown manager detected shutdown event', 'NodeNotReady: Node worker-1 status is now: NodeNotReady'],
    );
    run(cluster, 60);
    assert.equal(nodeCondition(cluster, 'worker-1', 'Ready'), 'Unknown NodeStatusUnknown', 'nothing is heard of it any more');
  });

  it('refuses Pods meanwhile', () => {
    const cluster = running();
    shutDown(cluster);
    run(cluster, 2);
    createPod(cluster, 'late', 'run', { containers: app(), tolerations: [{ operator: 'Exists' }] });
    run(cluster, 1);
    assert.equal(phase(cluster, 'late'), 'Failed NodeShutdown');
    assert.equal(getPod(cluster, 'late')?.status?.message, 'Pod was rejected: Pod was rejected as the node is shutting down.');
    assert.ok(reasons(cluster, 'late').includes('NodeShutdown'));
  });

  it('kills what needs longer than its group may', () => {
    const cluster = readyCluster();
    createPod(cluster, 'slow', 'on-term ignore; run', { containers: app(), terminationGracePeriodSeconds: 600 });
    createPod(cluster, 'short', 'on-term ignore; run', { containers: app(), terminationGracePeriodSeconds: 3 });
    run(cluster, 5);
    shutDown(cluster, { shutdownGracePeriod: '15s', shutdownGracePeriodCriticalPods: '5s' });
    const ended = (name: string): number | undefined => getPod(cluster, name)?.status?.containerStatuses?.[0]?.state?.terminated?.exitCode;
    run(cluster, 5);
    assert.deepEqual([ended('short'), ended('slow')], [137, undefined]);
    run(cluster, 10);
    assert.equal(ended('slow'), 137);
  });

  it('boots again after the fault; what was ended stays ended', () => {
    const cluster = running();
    shutDown(cluster);
    run(cluster, 120);
    dropFault(cluster, 'off');
    run(cluster, 5);
    assert.equal(nodeCondition(cluster, 'worker-1', 'Ready'), 'True KubeletReady');
    assert.equal(phase(cluster, 'web'), 'Failed Terminated');
    assert.ok(reasons(cluster, 'worker-1').includes('Rebooted'));
    createPod(cluster, 'next', 'run', { containers: app() });
    run(cluster, 5);
    assert.equal(phase(cluster, 'next'), 'Running');
  });

  it('goes on if the shutdown is called off in time', () => {
    const cluster = running();
    shutDown(cluster);
    run(cluster, 2);
    dropFault(cluster, 'off');
    run(cluster, 2);
    assert.equal(nodeCondition(cluster, 'worker-1', 'Ready'), 'True KubeletReady');
    run(cluster, 20);
    assert.deepEqual([phase(cluster, 'web'), phase(cluster, 'agent')], ['Failed Terminated', 'Running']);
  });

  it('loses power before the end: what runs is lost, and the next start begins anew', () => {
    const cluster = running();
    shutDown(cluster);
    run(cluster, 2);
    addFault(cluster, 'dark', { type: 'NodeDown', target: { node: 'worker-1' } });
    run(cluster, 60);
    assert.equal(phase(cluster, 'agent'), 'Running', 'nobody was there to say that it ended');
    dropFault(cluster, 'off');
    dropFault(cluster, 'dark');
    run(cluster, 10);
    assert.equal(nodeCondition(cluster, 'worker-1', 'Ready'), 'True KubeletReady');
    assert.equal(getPod(cluster, 'agent')?.status?.containerStatuses?.[0]?.restartCount, 1);
  });

  it('is the same in a fork in the middle of it', () => {
    const cluster = running();
    shutDown(cluster);
    run(cluster, 2);
    const fork = cluster.fork();
    run(cluster, 100);
    run(fork, 100);
    assert.deepEqual(getPod(fork, 'agent'), getPod(cluster, 'agent'));
    assert.equal(phase(fork, 'agent'), 'Failed Terminated');
  });

  it('ends Pods of a fast node with it', () => {
    const cluster = readyCluster({ kubelet: 'fast' });
    createPod(cluster, 'web', undefined);
    run(cluster, 1);
    shutDown(cluster);
    run(cluster, 1);
    assert.equal(phase(cluster, 'web'), 'Failed Terminated');
  });
});
