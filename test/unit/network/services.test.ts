import assert from 'node:assert/strict';
import { PODS, SERVICES } from '../../../src/api/schema/resources.ts';
import { apply, clusterWith, fetch, pod, run, service, webPod } from './support.ts';

const PORT = 'ports: [{ port: 80 }]';

describe('Services', () => {
  it('are reached by name, by cluster address and by the Pod itself', () => {
    const cluster = clusterWith([
      webPod('web', { node: 'worker-2' }),
      webPod('client'),
      service('web', 'ports: [{ port: 8080, targetPort: http }]'),
    ]);
    assert.equal(fetch(cluster, 'client', 'web', 8080), '200 web');
    assert.equal(fetch(cluster, 'client', 'web.default', 8080), '200 web');
    assert.equal(fetch(cluster, 'client', 'web.default.svc.cluster.local', 8080), '200 web');
    assert.equal(fetch(cluster, 'client', cluster.admin().get(SERVICES, 'default', 'web')!.spec!.clusterIP!, 8080), '200 web');
    assert.equal(fetch(cluster, 'client', pod(cluster, 'web').status!.podIP!), '200 web');
    assert.equal(fetch(cluster, 'client', 'localhost'), '200 client');
  });

  it('refuse without endpoints, and say nothing on a port that they do not have', () => {
    const cluster = clusterWith([webPod('client'), service('web', PORT)]);
    assert.equal(fetch(cluster, 'client', 'web'), 'refused');
    assert.equal(fetch(cluster, 'client', 'web', 81), 'timeout');
    assert.equal(fetch(cluster, 'client', 'wbe'), 'not-found');
  });

  it('refuse where the Pod does not listen', () => {
    const cluster = clusterWith([webPod('web'), webPod('client'), service('web', 'ports: [{ port: 80, targetPort: 81 }]')]);
    assert.equal(fetch(cluster, 'client', 'web'), 'refused');
  });

  it('spread over the ready endpoints', () => {
    const cluster = clusterWith(
      [1, 2, 3].map((n) => webPod(`web-${n}`, { node: `worker-${n}`, labels: 'app: web' })).concat(webPod('client'), service('web', PORT)),
    );
    const seen = new Map<string, number>();
    for (let n = 0; n < 60; n++) {
      const answer = fetch(cluster, 'client', 'web');
      seen.set(answer, (seen.get(answer) ?? 0) + 1);
      run(cluster, 0.05);
    }
    assert.deepEqual([...seen.keys()].toSorted(), ['200 web-1', '200 web-2', '200 web-3']);
    assert.ok(
      [...seen.values()].every((count) => count >= 8),
      JSON.stringify([...seen]),
    );
  });

  it('stick to one endpoint with sessionAffinity until the timeout', () => {
    const spec = `${PORT}\nsessionAffinity: ClientIP\nsessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } }`;
    const cluster = clusterWith(
      [1, 2, 3].map((n) => webPod(`web-${n}`, { labels: 'app: web' })).concat(webPod('client'), service('web', spec)),
    );
    const first = fetch(cluster, 'client', 'web');
    for (let n = 0; n < 20; n++) {
      run(cluster, 1);
      assert.equal(fetch(cluster, 'client', 'web'), first);
    }
    const later = new Set<string>();
    for (let n = 0; n < 10; n++) {
      run(cluster, 61);
      later.add(fetch(cluster, 'client', 'web'));
    }
    assert.ok(later.size > 1);
  });

  it('keep to the node where internalTrafficPolicy says so, and drop where it has none', () => {
    const texts = [
      webPod('near', { labels: 'app: web' }),
      webPod('far', { node: 'worker-2', labels: 'app: web' }),
      webPod('client'),
      webPod('lonely', { node: 'worker-3' }),
    ];
    const cluster = clusterWith([...texts, service('web', `${PORT}\ninternalTrafficPolicy: Local`)]);
    for (let n = 0; n < 10; n++, run(cluster, 1)) assert.equal(fetch(cluster, 'client', 'web'), '200 near');
    assert.equal(fetch(cluster, 'lonely', 'web'), 'timeout');
  });

  it('prefer the zone where trafficDistribution says so', () => {
    const texts = [1, 2, 3].map((n) => webPod(`web-${n}`, { node: `worker-${n}`, labels: 'app: web' }));
    const cluster = clusterWith([
      ...texts,
      webPod('client', { node: 'worker-2' }),
      service('web', `${PORT}\ntrafficDistribution: PreferSameZone`),
    ]);
    for (let n = 0; n < 10; n++, run(cluster, 1)) assert.equal(fetch(cluster, 'client', 'web'), '200 web-2');
  });

  it('are reached by the ports of all nodes, and of those with endpoints only where the policy is Local', () => {
    const texts = [webPod('web', { node: 'worker-2' }), webPod('client')];
    const cluster = clusterWith([
      ...texts,
      service('all', 'type: NodePort\nports: [{ port: 80, nodePort: 30080 }]', 'app: web'),
      service('local', 'type: NodePort\nexternalTrafficPolicy: Local\nports: [{ port: 80, nodePort: 30081 }]', 'app: web'),
    ]);
    const address = (node: string): string => cluster.network.addressOfNode(node)!;
    assert.equal(fetch(cluster, 'client', address('worker-3'), 30080), '200 web');
    assert.equal(fetch(cluster, 'client', address('worker-3'), 30081), 'timeout');
    assert.equal(fetch(cluster, 'client', address('worker-2'), 30081), '200 web');
    // What starts on the node itself is not bound by the policy.
    assert.equal(fetch(cluster, 'client', address('worker-1'), 30081), '200 web');
    assert.equal(fetch(cluster, 'client', address('worker-1'), 30082), 'refused');
  });

  it('lead to externalIPs, hostPorts and Pods of the host network', () => {
    const host = webPod('host', { node: 'worker-2', spec: '  hostNetwork: true', program: 'run; serve 8088 200' });
    const mapped = webPod('mapped', { node: 'worker-3' }).replace('containerPort: 80', 'containerPort: 80, hostPort: 8080');
    const cluster = clusterWith([webPod('web'), webPod('client'), host, mapped, service('web', `${PORT}\nexternalIPs: [203.0.113.7]`)]);
    assert.equal(fetch(cluster, 'client', '203.0.113.7'), '200 web');
    assert.equal(fetch(cluster, 'client', cluster.network.addressOfNode('worker-2')!, 8088), '200 host');
    assert.equal(fetch(cluster, 'client', cluster.network.addressOfNode('worker-3')!, 8080), '200 mapped');
    assert.equal(fetch(cluster, 'client', cluster.network.addressOfNode('worker-3')!, 8081), 'refused');
  });

  it('use endpoints that terminate but serve where no other is left', () => {
    const program = 'run; serve 80 200; on-term exit 0 after 20s';
    const cluster = clusterWith([webPod('web', { program }), webPod('client'), service('web', PORT)]);
    cluster.admin().delete(PODS, 'default', 'web');
    run(cluster, 5);
    assert.equal(pod(cluster, 'web').metadata.deletionTimestamp !== undefined, true);
    assert.equal(fetch(cluster, 'client', 'web'), '200 web');
    run(cluster, 30);
    assert.equal(fetch(cluster, 'client', 'web'), 'refused');
  });

  it('go on to a Pod that has ended until the nodes have heard of it', () => {
    const cluster = clusterWith([webPod('web'), webPod('client'), service('web', PORT)]);
    cluster.admin().delete(PODS, 'default', 'web', { gracePeriodSeconds: 0 });
    run(cluster, 0.02);
    assert.equal(fetch(cluster, 'client', 'web'), 'unreachable');
    run(cluster, 2);
    assert.equal(fetch(cluster, 'client', 'web'), 'refused');
  });

  it('lose a node without power, and answer again once its Pods are taken out', () => {
    const cluster = clusterWith([webPod('web', { node: 'worker-2' }), webPod('client'), service('web', PORT)]);
    apply(
      cluster,
      'apiVersion: kubepad.dev/v1\nkind: Fault\nmetadata: { name: off }\nspec: { type: NodeDown, target: { node: worker-2 } }',
    );
    run(cluster, 5);
    assert.equal(fetch(cluster, 'client', 'web'), 'timeout');
    run(cluster, 60);
    assert.equal(fetch(cluster, 'client', 'web'), 'refused');
  });

  it('keep their old rules on nodes whose kube-proxy is down', () => {
    const cluster = clusterWith([
      webPod('old', { labels: 'app: web' }),
      webPod('client'),
      webPod('other', { node: 'worker-2' }),
      service('web', PORT),
    ]);
    const fault =
      'apiVersion: kubepad.dev/v1\nkind: Fault\nmetadata: { name: proxy }\nspec: { type: ComponentDown, target: { component: kube-proxy, node: worker-1 } }';
    apply(cluster, fault);
    run(cluster, 1);
    apply(cluster, webPod('new', { node: 'worker-2', labels: 'app: web' }));
    cluster.admin().delete(PODS, 'default', 'old', { gracePeriodSeconds: 0 });
    run(cluster, 10);
    assert.equal(fetch(cluster, 'client', 'web'), 'unreachable');
    assert.equal(fetch(cluster, 'other', 'web'), '200 new');
    const copy = cluster.fork();
    assert.equal(fetch(copy, 'client', 'web'), 'unreachable');
    cluster.admin().delete({ group: 'kubepad.dev', version: 'v1', plural: 'faults', kind: 'Fault', namespaced: false }, '', 'proxy');
    run(cluster, 2);
    assert.equal(fetch(cluster, 'client', 'web'), '200 new');
  });
});
