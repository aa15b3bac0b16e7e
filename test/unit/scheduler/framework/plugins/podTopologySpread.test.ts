import assert from 'node:assert/strict';
import { NODES, PODS, SERVICEACCOUNTS, SERVICES } from '../../../../../src/api/schema/resources.ts';
import { Cluster } from '../../../../../src/cluster/cluster.ts';

/** Raw scores of the default constraints for a second Pod of a Service whose first one is on the first node. */
function rawScores(zones: readonly (string | undefined)[]): readonly (number | undefined)[] {
  const cluster = Cluster.create({ seed: 's', startTime: 0, preset: 'empty', kubelet: 'manual', controllers: [], freeze: true });
  const client = cluster.admin();
  client.create(SERVICEACCOUNTS, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'default' } });
  client.create(SERVICES, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
  });
  for (const [index, zone] of zones.entries()) {
    const name = `n${index}`;
    const labels = { 'kubernetes.io/hostname': name, ...(zone === undefined ? {} : { 'topology.kubernetes.io/zone': zone }) };
    client.create(NODES, { apiVersion: 'v1', kind: 'Node', metadata: { name, labels } });
    client.modify(NODES, '', name, (node) => void (node.status = { allocatable: { cpu: '4', memory: '8Gi', pods: '110' } }), 'status');
    client.modify(NODES, '', name, (node) => void delete node.spec?.taints);
  }
  const create = (name: string, nodeName: string | undefined): string =>
    client.create(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default', labels: { app: 'web' } },
      spec: { containers: [{ name: 'c', image: 'i' }], ...(nodeName === undefined ? {} : { nodeName }) },
    }).metadata.uid ?? '';
  create('first', 'n0');
  const uid = create('second', undefined);
  cluster.simulation.advance(10);
  const scores = cluster.scheduler.explanation(uid)?.scores ?? {};
  return zones.map((_, index) => scores[`n${index}`]?.['PodTopologySpread']?.raw);
}

describe('the default spreading', () => {
  it('adds up Pods × ln(domains + 2) of the hosts and of the zones', () => {
    // Host: 1 × ln 5 + 2, zone: 1 × ln 4 + 4 (two zones).
    assert.deepEqual(rawScores(['a', 'a', 'b']), [9, 7, 6]);
  });

  it('counts the nodes without a zone as one more', () => {
    // Host: 1 × ln 11 + 2, zone: 1 × ln 4 + 4, in all 9.78; with one zone only, ln 3, it would be 9.496, which rounds down.
    assert.deepEqual(rawScores(['a', 'a', 'a', 'a', 'a', 'a', 'a', undefined, undefined]), [10, 7, 7, 7, 7, 7, 7, 2, 2]);
  });
});
