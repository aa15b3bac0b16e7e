import assert from 'node:assert/strict';
import { NODES, PODS, SERVICES } from '../../../../src/api/schema/resources.ts';
import { FAULTS } from '../../../../src/api/kubepad/types.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { get } from '../../../../src/runtime/http.ts';
import { apply, clusterWith, run, service, webPod } from '../support.ts';

const LOCAL = service('web', 'type: LoadBalancer\nexternalTrafficPolicy: Local\nports: [{ port: 80 }]');
const ANY = service('web', 'type: LoadBalancer\nports: [{ port: 80 }]');

function cloud(texts: readonly string[]): Cluster {
  return clusterWith(texts, { preset: 'eks', nodes: 2 });
}

const web = (cluster: Cluster) => cluster.admin().get(SERVICES, 'default', 'web')!;

function states(cluster: Cluster): readonly string[] {
  return cluster.network.balancerTargets(web(cluster)).map(({ node, state }) => `${node} ${state}`);
}

function visit(cluster: Cluster): string {
  const found = cluster.network.lookupOutside(web(cluster).status?.loadBalancer?.ingress?.[0]?.hostname ?? '');
  const address = found.ok ? found.addresses[0]! : '';
  const answer = cluster.network.requestFrom({ kind: 'outside', address: '203.0.113.50' }, { address, port: 80 }, get('web', '/'));
  return answer.ok ? String(answer.response.code) : answer.failure;
}

function switchOff(cluster: Cluster, node: string): void {
  const spec = { type: 'NodeDown' as const, target: { node } };
  cluster.admin().create(FAULTS, { apiVersion: 'kubepad.dev/v1', kind: 'Fault', metadata: { name: 'off' }, spec });
}

describe('targets of a load balancer', () => {
  it('are all nodes, where any node passes connections on, and none without endpoints', () => {
    const cluster = cloud([webPod('web', { node: 'ng-1-1' }), ANY]);
    assert.deepEqual(states(cluster), ['ng-1-1 healthy', 'ng-2-1 healthy']);
    assert.equal(visit(cluster), '200');
    cluster.admin().delete(PODS, 'default', 'web', { gracePeriodSeconds: 0 });
    run(cluster, 5);
    assert.deepEqual(states(cluster), ['ng-1-1 unhealthy', 'ng-2-1 unhealthy']);
  });

  it('are the nodes with endpoints of their own, where traffic stays there', () => {
    const cluster = cloud([webPod('web', { node: 'ng-1-1' }), LOCAL]);
    assert.deepEqual(states(cluster), ['ng-1-1 healthy', 'ng-2-1 unhealthy']);
    for (let n = 0; n < 5; n++, run(cluster, 1)) assert.equal(visit(cluster), '200');
  });

  it('are found out by checks: late where endpoints have gone, and after a while where they have come', () => {
    const cluster = cloud([webPod('web', { node: 'ng-1-1' }), LOCAL]);
    cluster.admin().delete(PODS, 'default', 'web', { gracePeriodSeconds: 0 });
    apply(cluster, webPod('other', { node: 'ng-2-1', labels: 'app: web' }));
    run(cluster, 10);
    assert.deepEqual(states(cluster), ['ng-1-1 unnoticed', 'ng-2-1 initial']);
    assert.equal(visit(cluster), 'timeout', 'it sends to a node that has nothing any more');
    run(cluster, 15);
    assert.deepEqual(states(cluster), ['ng-1-1 unnoticed', 'ng-2-1 healthy']);
    run(cluster, 50);
    assert.deepEqual(states(cluster), ['ng-1-1 unhealthy', 'ng-2-1 healthy']);
    assert.equal(visit(cluster), '200');
  });

  it('say no as soon as the last Pod of the node ends, and still answer until it has ended', () => {
    const ending = webPod('web', {
      node: 'ng-1-1',
      spec: '  terminationGracePeriodSeconds: 120',
      program: 'run; serve 80 200; on-term ignore',
    });
    const cluster = cloud([ending, LOCAL]);
    cluster.admin().delete(PODS, 'default', 'web');
    run(cluster, 5);
    assert.deepEqual(states(cluster), ['ng-1-1 unnoticed', 'ng-2-1 unhealthy']);
    assert.equal(visit(cluster), '200');
    const { healthCheckNodePort: port = 0 } = web(cluster).spec ?? {};
    const address = cluster.network.addressOfNode('ng-1-1') ?? '';
    const answer = cluster.network.requestFrom({ kind: 'outside', address: '203.0.113.50' }, { address, port }, get(address, '/healthz'));
    assert.ok(answer.ok);
    assert.equal(answer.response.code, 503);
    assert.equal(answer.response.headers['x-load-balancing-endpoint-weight'], '0');
    assert.match(
      answer.response.body,
      /^\{\n\t"service": \{\n\t\t"namespace": "default",\n\t\t"name": "web"\n\t\},\n\t"localEndpoints": 0,/,
    );
  });

  it('that are off get requests until six checks have failed', () => {
    const cluster = cloud([webPod('web', { node: 'ng-2-1' }), ANY]);
    switchOff(cluster, 'ng-1-1');
    run(cluster, 30);
    assert.deepEqual(states(cluster), ['ng-1-1 unnoticed', 'ng-2-1 healthy']);
    run(cluster, 40);
    assert.deepEqual(states(cluster), ['ng-1-1 unhealthy', 'ng-2-1 healthy']);
    for (let n = 0; n < 5; n++, run(cluster, 1)) assert.equal(visit(cluster), '200');
  });

  it('drain where the autoscaler takes them away, and are none where a label says so', () => {
    const cluster = cloud([webPod('web', { node: 'ng-2-1' }), ANY]);
    cluster.admin().modify(NODES, '', 'ng-1-1', (node) => {
      node.spec = { ...node.spec, taints: [{ key: 'ToBeDeletedByClusterAutoscaler', value: '1', effect: 'NoSchedule' }] };
    });
    assert.deepEqual(states(cluster), ['ng-1-1 draining', 'ng-2-1 healthy']);
    cluster.admin().modify(NODES, '', 'ng-1-1', (node) => {
      node.metadata.labels = { ...node.metadata.labels, 'node.kubernetes.io/exclude-from-external-load-balancers': '' };
    });
    assert.deepEqual(states(cluster), ['ng-2-1 healthy']);
  });

  it('are none where no cloud has made a balancer', () => {
    const cluster = clusterWith([webPod('web'), ANY]);
    assert.deepEqual(states(cluster), []);
  });

  it('are the same in a fork', () => {
    const cluster = cloud([webPod('web', { node: 'ng-1-1' }), LOCAL]);
    cluster.admin().delete(PODS, 'default', 'web', { gracePeriodSeconds: 0 });
    run(cluster, 5);
    assert.deepEqual(states(cluster.fork()), ['ng-1-1 unnoticed', 'ng-2-1 unhealthy']);
  });
});
