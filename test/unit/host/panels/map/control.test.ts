import assert from 'node:assert/strict';
import { COMPONENTS } from '../../../../../src/api/kubepad/fault/components.ts';
import { FAULTS } from '../../../../../src/api/kubepad/types.ts';
import { DEPLOYMENTS } from '../../../../../src/api/schema/resources.ts';
import type { MapModel, PartModel } from '../../../../../src/host/panels/map/model.ts';
import { webDeployment } from '../../../cluster/support.ts';
import { apply, clusterWith, run } from '../../../network/support.ts';
import { worldOf } from '../timeline/support.ts';
import { lookerAt } from './support.ts';

function partOf(model: MapModel, key: string): PartModel {
  const found = model.parts.find((part) => part.key === key);
  assert.ok(found, `${key} is not among ${model.parts.map((part) => part.key).join()}`);
  return found;
}

function fault(name: string, component: string, node = ''): string {
  return `{ apiVersion: kubepad.dev/v1, kind: Fault, metadata: { name: ${name} }, spec: { type: ComponentDown, target: { component: ${component}${node === '' ? '' : `, node: ${node}`} } } }`;
}

describe('the control plane on the map', () => {
  it('consists of programs, each of which a Fault can stop', () => {
    const model = lookerAt(worldOf(clusterWith([])))({ tab: 'control' });
    assert.deepEqual(
      model.parts.filter(({ parent }) => parent === undefined).map(({ key }) => key),
      ['user', 'world', 'kube-scheduler', 'kube-controller-manager', 'kube-apiserver', 'etcd', 'coredns', 'controllers'].concat(
        ['control-plane-1', 'worker-1', 'worker-2', 'worker-3'].map((name) => `node ${name}`),
      ),
    );
    for (const { component, name } of model.parts) assert.ok(component === undefined || COMPONENTS.includes(component), name);
    // All but the API server itself, nodes and open groups have a way to it.
    const linked = new Set(model.ways.flatMap(({ from, to }) => [from, to]));
    assert.deepEqual(
      model.parts.filter(({ key }) => !linked.has(key)).map(({ kind }) => kind),
      ['Node', 'Node', 'Node', 'Node'],
    );
  });

  it('has what clouds, Ingresses and growing pools bring along', () => {
    const keys = (model: MapModel): readonly string[] => model.parts.map(({ key }) => key);
    const grows = '{ apiVersion: kubepad.dev/v1, kind: NodePool, metadata: { name: more }, spec: { count: 0, min: 0, max: 3 } }';
    const found = keys(
      lookerAt(worldOf(clusterWith([grows], { preset: 'eks', ingressClass: 'nginx' })))({ tab: 'control', toggled: ['controllers'] }),
    );
    for (const key of ['cloud-controller-manager', 'service-lb-controller', 'cluster-autoscaler', 'ingress-nginx-controller'])
      assert.ok(found.includes(key), key);
  });

  it('draws the programs of many nodes as one', () => {
    const more = '{ apiVersion: kubepad.dev/v1, kind: NodePool, metadata: { name: more }, spec: { count: 20 } }';
    const model = lookerAt(worldOf(clusterWith([more, fault('one', 'kubelet', 'worker-1')])))({ tab: 'control' });
    assert.equal(model.parts.filter(({ kind }) => kind === 'Node').length, 0);
    const { status, component, tone } = partOf(model, 'kubelet');
    assert.match(status, /^on 24 nodes, \d+ ready, 1 stopped$/);
    assert.deepEqual([component, tone], [undefined, 'warn']);
  });

  const stopped: readonly (readonly [
    component: string,
    node: string,
    key: string,
    others: readonly (readonly [key: string, status: string])[],
  ])[] = [
    ['kube-scheduler', '', 'kube-scheduler', [['kube-apiserver', 'at rest']]],
    ['kube-controller-manager', '', 'kube-controller-manager', [['deployment-controller', 'stopped']]],
    ['deployment-controller', '', 'deployment-controller', [['replicaset-controller', 'at rest']]],
    [
      'kube-apiserver',
      '',
      'kube-apiserver',
      [
        ['kube-scheduler', 'waits'],
        ['kubelet worker-1', 'waits'],
        ['etcd', 'at rest'],
        ['coredns', 'at rest'],
      ],
    ],
    [
      'etcd',
      '',
      'etcd',
      [
        ['kube-apiserver', 'refuses all'],
        ['kube-controller-manager', 'waits'],
      ],
    ],
    ['kubelet', 'worker-2', 'kubelet worker-2', [['kubelet worker-1', 'at rest']]],
  ];
  for (const [component, node, key, others] of stopped) {
    it(`says what is stopped and what waits for it: ${key}`, () => {
      const cluster = clusterWith([fault('off', component, node)]);
      const look = lookerAt(worldOf(cluster));
      run(cluster, 30);
      const model = look({ tab: 'control', toggled: ['controllers'] });
      const part = partOf(model, key);
      assert.deepEqual([part.status, part.tone, part.faults], ['stopped', 'error', ['off']]);
      assert.notEqual(part.why, '');
      for (const [other, status] of others) assert.equal(partOf(model, other).status.replace('at work', 'at rest'), status, other);
      cluster.admin().delete(FAULTS, '', 'off');
      run(cluster, 1);
      assert.deepEqual(partOf(look({ tab: 'control', toggled: ['controllers'] }), key).faults, []);
    });
  }

  it('tells who asked for what, and what had been told before', () => {
    const cluster = clusterWith([]);
    run(cluster, 60);
    const look = lookerAt(worldOf(cluster));
    cluster.admin().create(DEPLOYMENTS, webDeployment(1));
    run(cluster, 0.02);
    const told = look({ tab: 'control' })
      .requests.toReversed()
      .map(
        ({ part, verb, what, told: of }) =>
          `${part}: ${verb} ${what.replace(/-[a-z0-9]{8,10}(-[a-z0-9]{5})?$/, '-*')} < ${of.replace(/-[a-z0-9]{8,10}$/, '-*')}`,
      );
    assert.ok(told.includes('user: create Deployment default/web < '), told.join('\n'));
    assert.ok(told.includes('deployment-controller: create ReplicaSet default/web-* < Deployment default/web'), told.join('\n'));
    assert.ok(told.includes('replicaset-controller: create Pod default/web-* < ReplicaSet default/web-*'), told.join('\n'));
    assert.ok(
      told.some((line) => line.startsWith('kube-scheduler: ')),
      told.join('\n'),
    );
  });

  it('counts the writes of each part, which add up at etcd', () => {
    const cluster = clusterWith([]);
    run(cluster, 60);
    const look = lookerAt(worldOf(cluster));
    cluster.admin().create(DEPLOYMENTS, webDeployment(40));
    run(cluster, 2);
    const model = look({ tab: 'control' });
    const rate = (key: string): number => model.ways.find((way) => way.key === key)?.perSecond ?? 0;
    assert.ok(partOf(model, 'kube-scheduler').perSecond >= 10);
    assert.equal(rate('kube-scheduler > kube-apiserver'), partOf(model, 'kube-scheduler').perSecond);
    assert.ok(rate('controllers > kube-controller-manager') >= 10);
    assert.ok(rate('kube-apiserver > etcd') >= rate('kube-scheduler > kube-apiserver') + rate('kube-controller-manager > kube-apiserver'));
    assert.equal(partOf(model, 'kube-apiserver').perSecond, rate('kube-apiserver > etcd'));
    run(cluster, 600);
    assert.equal(partOf(look({ tab: 'control' }), 'kube-scheduler').perSecond, 0);
  });

  it('shows the past with the Faults and requests of then', () => {
    const cluster = clusterWith([]);
    const world = worldOf(cluster);
    const look = lookerAt(world);
    const before = world.past.last;
    apply(cluster, fault('off', 'kube-scheduler'));
    run(cluster, 5);
    assert.equal(partOf(look({ tab: 'control' }), 'kube-scheduler').status, 'stopped');
    world.shown.show(before);
    const past = look({ tab: 'control' });
    assert.notEqual(partOf(past, 'kube-scheduler').status, 'stopped');
    assert.ok(past.requests.every(({ revision }) => revision <= before));
  });

  it('says nothing of the parts of a real cluster', () => {
    const world = worldOf(clusterWith([]));
    assert.deepEqual(lookerAt({ ...world, real: {} })({ tab: 'control' }), { parts: [], ways: [], requests: [] });
  });
});
