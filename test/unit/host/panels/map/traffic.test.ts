import assert from 'node:assert/strict';
import { LOADS, type Load } from '../../../../../src/api/kubepad/load/types.ts';
import type { Cluster } from '../../../../../src/cluster/cluster.ts';
import type { FlowModel, MapModel } from '../../../../../src/host/panels/map/model.ts';
import { apply, clusterWith, run, service, webPod } from '../../../network/support.ts';
import { worldOf } from '../timeline/support.ts';
import { lookerAt, nodeAt, sample } from './support.ts';

function load(spec: string, name = 'visitors'): string {
  return `{ apiVersion: kubepad.dev/v1, kind: Load, metadata: { name: ${name} }, spec: { ${spec} } }`;
}

const A = service('a', 'ports: [{ port: 80 }]');

/** What is seen some seconds after the Load has begun. */
function under(
  texts: readonly string[],
  spec: string,
  more: { readonly seconds?: number; readonly next?: (cluster: Cluster) => void } = {},
): MapModel {
  const cluster = clusterWith(texts, { ingressClass: 'nginx' });
  run(cluster, 60);
  const look = lookerAt(worldOf(cluster));
  look();
  apply(cluster, load(spec.replace('WORKER', cluster.network.addressOfNode('worker-1') ?? '')));
  run(cluster, 10);
  more.next?.(cluster);
  run(cluster, more.seconds ?? 0);
  return look();
}

function flows(model: MapModel): readonly string[] {
  return model.edges
    .filter(({ flow }) => flow.perSecond > 0)
    .map(({ from, to, flow }) => `${from} > ${to} ${text(flow)}`)
    .toSorted();
}

function text({ perSecond, failing }: FlowModel): string {
  return `${perSecond} ${failing}`;
}

describe('traffic on the map', () => {
  it('goes from a Load over the Service to its Pods and nodes', () => {
    const model = under(
      [webPod('a'), webPod('b', { node: 'worker-2', labels: 'app: a' }), A],
      'target: { service: { name: a } }, rate: { requestsPerSecond: 40 }',
    );
    assert.deepEqual(flows(model), [
      'client visitors > service default/a 40 0',
      'endpoints default/a > pod default/a 20 0',
      'endpoints default/a > pod default/b 20 0',
      'pod default/a > node worker-1 20 0',
      'pod default/b > node worker-2 20 0',
      'service default/a > endpoints default/a 40 0',
    ]);
    assert.equal(text(nodeAt(model, 'client visitors').flow), '40 0');
    assert.match(nodeAt(model, 'client visitors').status, /^half are answered in \d+ms/);
    assert.equal(text(nodeAt(model, 'group default/').flow), '40 0');
    assert.equal(text(model.head.flow), '40 0');
  });

  it('goes through an Ingress', () => {
    const model = under(
      [sample('services/web.yaml'), sample('services/ingress.yaml')],
      'target: { url: "http://hello.example.com/" }, rate: { requestsPerSecond: 30 }',
    );
    assert.deepEqual(flows(model).slice(0, 2), [
      'client visitors > ingress default/hello 30 0',
      `endpoints default/hello > ${
        model.nodes
          .filter(({ kind }) => kind === 'Pod')
          .map(({ key }) => key)
          .toSorted()[0]
      } 10 0`,
    ]);
    assert.ok(flows(model).includes('ingress default/hello > service default/hello 30 0'));
  });

  it('goes through the port of a node to its Service', () => {
    const model = under(
      [webPod('a'), service('a', 'type: NodePort\nports: [{ port: 80, nodePort: 30080 }]')],
      'target: { url: "http://WORKER:30080/" }, rate: { requestsPerSecond: 10 }',
    );
    const [first] = flows(model);
    assert.match(first ?? '', /^client visitors > service default\/a 10 /);
  });

  const lost: readonly (readonly [name: string, texts: readonly string[], target: string, key: string, ways: readonly string[]])[] = [
    ['a Service without endpoints', [A], 'service: { name: a }', 'service default/a', ['client visitors > service default/a 10 10']],
    ['a name that nobody has', [], 'service: { name: none }', 'client visitors', []],
    [
      'an Ingress to a Service that is not there',
      [sample('services/ingress.yaml')],
      'url: "http://hello.example.com/"',
      'service default/hello',
      ['client visitors > ingress default/hello 10 10', 'ingress default/hello > service default/hello 10 10'],
    ],
    [
      'a Pod that answers with 500',
      [webPod('a', { program: 'run; serve 80 500' }), A],
      'service: { name: a }',
      'pod default/a',
      [
        'client visitors > service default/a 10 10',
        'endpoints default/a > pod default/a 10 10',
        'pod default/a > node worker-1 10 10',
        'service default/a > endpoints default/a 10 10',
      ],
    ],
    [
      'a policy on the way',
      [
        webPod('a'),
        A,
        '{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: none }, spec: { podSelector: {}, policyTypes: [Ingress] } }',
      ],
      'service: { name: a }',
      'endpoints default/a',
      ['client visitors > service default/a 10 10', 'service default/a > endpoints default/a 10 10'],
    ],
  ];
  for (const [name, texts, target, key, ways] of lost) {
    it(`is lost where it is lost: ${name}`, () => {
      const model = under(texts, `target: { ${target} }, rate: { requestsPerSecond: 10 }`);
      assert.deepEqual(flows(model), ways);
      assert.equal(nodeAt(model, key).tone, 'error');
      assert.notEqual(nodeAt(model, key).why, '');
      assert.equal(text(model.head.flow), '10 10');
    });
  }

  it('shows the share that a Pod loses, and who sends there although it is no endpoint any more', () => {
    const proxyDown = (node: string): string =>
      `{ apiVersion: kubepad.dev/v1, kind: Fault, metadata: { name: ${node} }, spec: { type: ComponentDown, target: { component: kube-proxy, node: ${node} } } }`;
    const model = under(
      [webPod('a'), webPod('b', { node: 'worker-2', labels: 'app: a' }), A],
      'target: { service: { name: a } }, rate: { requestsPerSecond: 40 }',
      {
        seconds: 8,
        next: (cluster) => {
          for (const node of ['worker-1', 'worker-2', 'worker-3', 'control-plane-1']) apply(cluster, proxyDown(node));
          run(cluster, 1);
          const pod = cluster.admin().get({ group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true }, 'default', 'b');
          assert.ok(pod);
          cluster
            .admin()
            .modify(
              { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true },
              'default',
              'b',
              (copy) => void (copy.metadata.labels = { app: 'other' }),
            );
        },
      },
    );
    const late = model.edges.find(({ from, to }) => from === 'endpoints default/a' && to === 'pod default/b');
    assert.equal(late?.tone, 'warn');
    assert.match(late.text, /no endpoint any more/);
    assert.equal(text(late.flow), '20 0');
  });

  it('is not said of the past, but what was sent is', () => {
    const cluster = clusterWith([webPod('a'), A]);
    apply(cluster, load('target: { service: { name: a } }, rate: { requestsPerSecond: 40 }'));
    const world = worldOf(cluster);
    const look = lookerAt(world);
    look();
    run(cluster, 10);
    assert.equal(text(look().head.flow), '40 0');
    world.shown.show(world.past.last - 1);
    const past = look();
    assert.deepEqual(flows(past), []);
    assert.ok(past.edges.some(({ from, to }) => from === 'client visitors' && to === 'service default/a'));
    assert.equal((world.shown.source.list('loads.kubepad.dev') as readonly Load[]).length, 1);
    assert.equal(cluster.admin().list(LOADS).length, 1);
  });
});
