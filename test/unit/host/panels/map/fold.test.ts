import assert from 'node:assert/strict';
import { folded, MAX_OF_COLUMN } from '../../../../../src/host/panels/map/fold.ts';
import { Graph } from '../../../../../src/host/panels/map/graph.ts';
import { WHOLE_MAP } from '../../../../../src/webview/map/protocol.ts';
import { selected } from '../../../../../src/host/panels/map/select.ts';
import { apply, clusterWith, run } from '../../../network/support.ts';
import { webDeployment } from '../../../cluster/support.ts';
import { DEPLOYMENTS, PODS } from '../../../../../src/api/schema/resources.ts';
import { worldOf } from '../timeline/support.ts';
import { lookerAt, nodeAt } from './support.ts';

/** Services with one group of Pods each, in so many namespaces; the last Service of each is wrong. */
function graphOf(services: number, namespaces: number): Graph {
  const graph = new Graph();
  graph.item({ key: 'node a', column: 'node', kind: 'Node', name: 'a', namespace: '', ref: undefined, tone: 'ok', status: '' });
  for (let n = 0; n < services; n++) {
    const namespace = `ns-${n % namespaces}`;
    const isWrong = n >= services - namespaces;
    const flow = { perSecond: 2, failing: isWrong ? 1 : 0 };
    const base = { name: `s-${n}`, namespace, ref: undefined, status: '', flow } as const;
    graph.item({
      ...base,
      key: `service ${n}`,
      column: 'service',
      kind: 'Service',
      tone: isWrong ? 'error' : 'ok',
      why: isWrong ? `wrong ${n}` : '',
    });
    graph.item({ ...base, key: `group ${n}`, column: 'pods', kind: 'Deployment', tone: 'ok', expanded: false });
    graph.link({ from: `service ${n}`, to: `group ${n}`, tone: 'ok', text: `${n}`, flow });
    graph.link({ from: `group ${n}`, to: 'node a', tone: 'ok', text: '', flow });
  }
  return graph;
}

const columns = (graph: Graph, column: string): number => [...graph.items.values()].filter((item) => item.column === column).length;
const total = (graph: Graph, part: 'perSecond' | 'failing'): number => [...graph.links()].reduce((sum, { flow }) => sum + flow[part], 0);

describe('folding of the map', () => {
  it('leaves alone what can be drawn', () => {
    const graph = graphOf(MAX_OF_COLUMN, 3);
    assert.deepEqual(folded(graph), { graph, count: 0 });
  });

  it('draws namespaces for what is in them, with the worst of it, and loses no request', () => {
    const graph = graphOf(100, 4);
    const { graph: small, count } = folded(graph);
    assert.deepEqual([columns(small, 'service'), columns(small, 'pods'), columns(small, 'node'), count], [4, 4, 1, 8]);
    const item = small.items.get('fold service ns-0');
    assert.deepEqual(
      [item?.tone, item?.status, item?.why, item?.flow],
      ['error', '25 Services, 1 with problems', 'wrong 96', { perSecond: 50, failing: 1 }],
    );
    assert.ok(small.hasLink('fold service ns-0', 'fold pods ns-0') && !small.hasLink('fold service ns-0', 'fold pods ns-1'));
    for (const part of ['perSecond', 'failing'] as const) assert.equal(total(small, part), total(graph, part));
  });

  it('draws the least important of very many namespaces as one', () => {
    const graph = graphOf(400, 100);
    const { graph: small } = folded(graph);
    assert.equal(columns(small, 'service'), MAX_OF_COLUMN);
    assert.equal(
      small.items.get('more service')?.status,
      `${(100 - MAX_OF_COLUMN + 1) * 4} Services, ${100 - MAX_OF_COLUMN + 1} with problems`,
    );
    assert.equal(total(small, 'perSecond'), total(graph, 'perSecond'));
  });

  it('comes after the choice of a part, which is drawn whole', () => {
    const part = selected(graphOf(100, 4), { ...WHOLE_MAP, filter: 's-42' }, (node) => node);
    const { graph, count } = folded(part);
    assert.deepEqual([[...graph.items.keys()], count], [['node a', 'service 42', 'group 42'], 0]);
  });

  it('draws zones for many nodes, and says how many of them are ready', () => {
    const cluster = clusterWith([
      '{ apiVersion: kubepad.dev/v1, kind: NodePool, metadata: { name: more }, spec: { count: 44, zones: [z-1, z-2] } }',
    ]);
    cluster.admin().create(DEPLOYMENTS, webDeployment(60));
    run(cluster, 60);
    apply(cluster, '{ apiVersion: kubepad.dev/v1, kind: Fault, metadata: { name: z }, spec: { type: ZoneDown, target: { zone: z-1 } } }');
    run(cluster, 90);
    const model = lookerAt(worldOf(cluster))();
    assert.ok(model.nodes.length < 20);
    assert.match(nodeAt(model, 'node z-1').status, /^0\/22 nodes ready, \d+ Pods$/);
    assert.match(nodeAt(model, 'node z-2').status, /^22\/22 nodes ready, \d+ Pods$/);
    const group = nodeAt(model, 'group default/Deployment/web');
    assert.equal(group.expanded, false);
    // A node that is asked for is its zone, a Pod is drawn whatever else is not.
    const worker = lookerAt(worldOf(cluster))({ focus: { apiVersion: 'v1', kind: 'Node', namespace: '', name: 'more-1' } });
    assert.deepEqual(
      worker.nodes.map(({ key }) => key).filter((key) => key.startsWith('node ')),
      ['node z-1'],
    );
    const pod = cluster.admin().list(PODS, 'default').at(-1)?.metadata.name ?? '';
    const single = lookerAt(worldOf(cluster))({ focus: { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: pod } });
    assert.deepEqual(
      single.nodes.filter(({ column }) => column === 'pods').map(({ key }) => key),
      [group.key, `pod default/${pod}`],
    );
    const opened = lookerAt(worldOf(cluster))({ toggled: [group.key] });
    const members = opened.nodes.filter(({ parent }) => parent === group.key);
    assert.equal(members.length, 30);
    assert.match(members.find(({ kind }) => kind === 'Pods')?.name ?? '', /^31 more$/);
  });
});
