import assert from 'node:assert/strict';
import { COMPONENTS } from '../../../src/api/kubepad/fault/components.ts';
import { actorOf, controllerParts, hasCloud } from '../../../src/cluster/components.ts';
import type { ClusterOptions } from '../../../src/cluster/options.ts';
import { clusterWith, run, service, webPod } from '../network/support.ts';

const options = (more: Partial<ClusterOptions>): ClusterOptions => ({ seed: '', startTime: 0, preset: 'default', ...more });

describe('the parts of a cluster', () => {
  it('are such as a Fault can stop', () => {
    for (const { name } of controllerParts(options({ preset: 'eks' }))) assert.ok(COMPONENTS.includes(name), name);
  });

  it('follow from the options', () => {
    const names = (more: Partial<ClusterOptions>): readonly string[] => controllerParts(options(more)).map(({ name }) => name);
    assert.ok(!names({}).includes('service-lb-controller') && names({ preset: 'eks' }).includes('service-lb-controller'));
    assert.ok(
      !names({}).includes('token-cleaner-controller') &&
        names({ controllers: ['*', 'token-cleaner-controller'] }).includes('token-cleaner-controller'),
    );
    assert.ok(!names({ controllers: ['*', '-deployment-controller'] }).includes('deployment-controller'));
    assert.deepEqual([hasCloud(options({})), hasCloud(options({ preset: 'eks' }))], [false, true]);
  });

  const rows: readonly (readonly [user: string, component: string, node: string | undefined])[] = [
    ['kubernetes-admin', 'user', undefined],
    ['system:node:worker-1', 'kubelet', 'worker-1'],
    ['system:kube-scheduler', 'kube-scheduler', undefined],
    ['system:kube-controller-manager', 'kube-controller-manager', undefined],
    ['system:serviceaccount:kube-system:node-controller', 'node-lifecycle-controller', undefined],
    ['system:serviceaccount:kube-system:horizontal-pod-autoscaler', 'horizontal-pod-autoscaler-controller', undefined],
    ['system:serviceaccount:kube-system:cluster-autoscaler', 'cluster-autoscaler', undefined],
    ['system:serviceaccount:ingress-nginx:ingress-nginx', 'ingress-nginx-controller', undefined],
    ['system:serviceaccount:shop:web', 'user', undefined],
    ['system:kubepad:nodepool-controller', 'world', undefined],
    ['system:apiserver', 'kube-apiserver', undefined],
  ];
  for (const [user, component, node] of rows)
    it(`act as ${user}: ${component}`, () => assert.deepEqual(actorOf(user), { component, node }));

  it('are behind all that is written, where no person is', () => {
    const cluster = clusterWith([webPod('a'), service('a', 'type: LoadBalancer\nports: [{ port: 80 }]')], {
      preset: 'eks',
      ingressClass: 'nginx',
    });
    run(cluster, 120);
    const { store } = cluster.api;
    const actors = new Set(store.resources().flatMap((resource) => (store.since(resource, 0) ?? []).map(({ actor }) => actor)));
    const people = [...actors].filter((actor) => actorOf(actor).component === 'user');
    assert.deepEqual(people, ['kubernetes-admin']);
    assert.ok(actors.size > 10);
  });
});
