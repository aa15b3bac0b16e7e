import assert from 'node:assert/strict';
import { INGRESSES, PODS, SERVICES } from '../../../../../src/api/schema/resources.ts';
import type { MapModel } from '../../../../../src/host/panels/map/model.ts';
import { apply, clusterWith, run, service, webPod } from '../../../network/support.ts';
import { worldOf } from '../timeline/support.ts';
import { lines, lookerAt, nodeAt, sample, ways } from './support.ts';

const INGRESS = sample('services/ingress.yaml');

describe('the map', () => {
  it('leads from an Ingress over Service and endpoints to Pods and nodes', () => {
    const cluster = clusterWith([sample('services/web.yaml'), INGRESS], { ingressClass: 'nginx' });
    run(cluster, 60);
    const model = lookerAt(worldOf(cluster))({ focus: { apiVersion: 'v1', kind: 'Service', namespace: 'default', name: 'hello' } });
    assert.deepEqual(lines(model.nodes), [
      'Ingress hello: 172.18.255.200',
      `Service hello: ${cluster.admin().get(SERVICES, 'default', 'hello')?.spec?.clusterIP}`,
      'EndpointSlice hello-*: 3/3 ready',
      'Deployment hello: 3/3 ready',
      '  Pod hello-*: Running',
      '  Pod hello-*: Running',
      '  Pod hello-*: Running',
      'Node worker-1: Ready, 1 Pod',
      'Node worker-2: Ready, 1 Pod',
      'Node worker-3: Ready, 1 Pod',
    ]);
    assert.deepEqual(ways(model.edges).toSorted(), [
      'endpoints default/hello > pod default/hello-* ok ready',
      'endpoints default/hello > pod default/hello-* ok ready',
      'endpoints default/hello > pod default/hello-* ok ready',
      'ingress default/hello > service default/hello ok hello.example.com/',
      'pod default/hello-* > node worker-1 ok ',
      'pod default/hello-* > node worker-2 ok ',
      'pod default/hello-* > node worker-3 ok ',
      'service default/hello > endpoints default/hello ok 80/TCP',
    ]);
  });

  const wrong: readonly (readonly [name: string, texts: readonly string[], key: string, why: RegExp])[] = [
    ['a backend that does not exist', [INGRESS], 'service default/hello', /Service hello, which does not exist/],
    ['a backend without that port', [service('hello', 'ports: [{ port: 80 }]'), INGRESS], 'ingress default/hello', /has no port http/],
    [
      'a selector that matches nothing',
      [service('a', 'ports: [{ port: 80 }]')],
      'endpoints default/a',
      /selector of Service a matches no Pod/,
    ],
    ['a Service without selector and endpoints', [service('a', 'ports: [{ port: 80 }]', '')], 'endpoints default/a', /has no selector/],
    [
      'endpoints of which none is ready',
      [service('a', 'ports: [{ port: 80 }]'), webPod('a', { program: 'run', spec: '      readinessProbe: { tcpSocket: { port: 80 } }' })],
      'endpoints default/a',
      /No Pod behind Service a is ready/,
    ],
    ['a Pod that fails', [webPod('a', { program: 'exit 1' })], 'pod default/a', /Its status is|back-off/],
    ['a Pod without a node', [webPod('a', { node: '', spec: '  nodeSelector: { no: such }' })], 'node ', /1 Pod has not been given a node/],
    ['a Pod of a node that has gone', [webPod('a', { node: 'gone' })], 'node gone', /does not exist any more/],
  ];
  for (const [name, texts, key, why] of wrong) {
    it(`says what is wrong: ${name}`, () => {
      const cluster = clusterWith(texts, { ingressClass: 'nginx' });
      run(cluster, 20);
      const look = lookerAt(worldOf(cluster));
      const node = nodeAt(look(), key);
      assert.match(node.why, why);
      assert.ok(node.tone === 'error' || node.tone === 'warn');
      // The rest of the cluster is no problem.
      const shown = look({ problems: true }).nodes;
      assert.ok(shown.some((each) => each.key === key));
      assert.ok(!shown.some((each) => each.key === 'node worker-2'));
    });
  }

  it('follows writes and goes back in time, and both come to what a new look comes to', () => {
    const cluster = clusterWith([sample('services/web.yaml')]);
    const world = worldOf(cluster);
    const look = lookerAt(world);
    const before = look();
    const revision = world.past.last;
    const [first] = cluster.admin().list(PODS, 'default');
    cluster.admin().delete(PODS, 'default', first?.metadata.name ?? '');
    apply(cluster, webPod('other'));
    run(cluster, 40);
    const after = look();
    const fresh = (): MapModel => lookerAt(world)();
    assert.deepEqual(after, fresh());
    assert.notDeepEqual(after, before);
    world.shown.show(revision);
    assert.deepEqual(look(), before);
    assert.deepEqual(look(), fresh());
    world.shown.show(undefined);
    assert.deepEqual(look(), after);
  });

  it('groups Pods by node and by namespace, and closes and opens groups', () => {
    const cluster = clusterWith([webPod('a'), webPod('b'), webPod('c', { node: 'worker-2' }), service('a', 'ports: [{ port: 80 }]')]);
    const look = lookerAt(worldOf(cluster));
    const groups = (model: MapModel): readonly string[] =>
      model.nodes.filter(({ expanded }) => expanded !== undefined).map(({ name, status, expanded }) => `${name} ${status} ${expanded}`);
    assert.deepEqual(groups(look({ groupBy: 'node' })), ['worker-1 2/2 ready true', 'worker-2 1/1 ready true']);
    assert.deepEqual(
      look({ groupBy: 'node' }).nodes.flatMap(({ key, column }) => (column === 'pods' ? key : [])),
      ['group worker-1', 'pod default/a', 'pod default/b', 'group worker-2', 'pod default/c'],
    );
    const closed = look({ groupBy: 'namespace', toggled: ['group default'] });
    assert.deepEqual(groups(closed), ['default 3/3 ready false']);
    assert.ok(!closed.nodes.some(({ kind }) => kind === 'Pod'));
    assert.deepEqual(ways(closed.edges), [
      'group default > node worker-1 ok 2 Pods',
      'group default > node worker-2 ok 1 Pod',
      'endpoints default/a > group default ok ready',
      'service default/a > endpoints default/a ok 80/TCP',
    ]);
  });

  it('shows what matches with all that leads there, and nothing else', () => {
    const cluster = clusterWith([
      webPod('a'),
      service('a', 'ports: [{ port: 80 }]'),
      webPod('b', { node: 'worker-2' }),
      service('b', 'ports: [{ port: 80 }]'),
    ]);
    const look = lookerAt(worldOf(cluster));
    const keys = (model: MapModel): readonly string[] => model.nodes.map(({ key }) => key);
    const ofA = ['service default/a', 'endpoints default/a', 'group default/', 'pod default/a', 'node worker-1'];
    assert.deepEqual(keys(look({ filter: 'endpointslice a-' })), ofA);
    assert.deepEqual(keys(look({ filter: 'worker-1' })), ofA);
    assert.deepEqual(keys(look({ focus: { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'a' } })), ofA);
    assert.deepEqual(keys(look({ filter: 'nothing of that name' })), []);
    assert.equal(look({ namespace: 'kube-public' }).head.pods, 0);
    assert.deepEqual(cluster.admin().list(INGRESSES), []);
  });
});
