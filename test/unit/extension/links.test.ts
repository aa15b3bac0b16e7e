import assert from 'node:assert/strict';
import { CONFIGMAPS, DEPLOYMENTS } from '../../../src/api/schema/resources.ts';
import { Views } from '../../../src/host/projection/views.ts';
import { keysAfter } from '../../../src/base/keyedRows.ts';
import type { GroupBy, ObjectRef } from '../../../src/host/protocol/view.ts';
import { linkQuery, parseLink } from '../../../src/extension/object/links.ts';
import { treePlaceOf } from '../../../src/extension/cluster/treeRow.ts';
import { webDeployment } from '../cluster/support.ts';
import { addFault } from '../cluster/faults/support.ts';
import { readyCluster, run } from '../kubelet/support.ts';

const WEB: ObjectRef = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' };

describe('links to objects', () => {
  for (const ref of [WEB, { apiVersion: 'v1', kind: 'Node', namespace: '', name: 'worker-1' }, { ...WEB, name: 'a&b=c d' }])
    it(`lead to ${ref.kind} ${ref.name}`, () => {
      assert.deepEqual(parseLink({ path: '/object', query: linkQuery(ref) }), { to: 'object', ref, tab: 'state' });
      assert.deepEqual(parseLink({ path: '/object', query: `${linkQuery(ref)}&tab=why` }), { to: 'object', ref, tab: 'why' });
      assert.deepEqual(parseLink({ path: '/reveal', query: linkQuery(ref) }), { to: 'reveal', ref });
    });

  for (const [path, query] of [
    ['/object', ''],
    ['/object', 'kind=Pod&name=web'],
    ['/object', 'apiVersion=v1&kind=Pod&name='],
    ['/other', linkQuery(WEB)],
    ['', linkQuery(WEB)],
  ] as const)
    it(`are nothing else: ${path}?${query}`, () => assert.equal(parseLink({ path, query }), undefined));

  it('fall back to the state of the object for a tab that there is not', () => {
    const link = parseLink({ path: '/object', query: `${linkQuery(WEB)}&tab=none` });
    assert.equal(link?.to === 'object' ? link.tab : '', 'state');
  });
});

describe('the place of an object in the tree', () => {
  const cluster = readyCluster();
  cluster.admin().create(DEPLOYMENTS, webDeployment(2));
  cluster.admin().create(CONFIGMAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'default' } });
  addFault(cluster, 'slow', { type: 'Partition', target: { node: 'worker-2' } });
  run(cluster, 10);
  const keys = (groupBy: GroupBy): readonly string[] => {
    let found: readonly string[] = [];
    const views = new Views({
      source: cluster.api.store,
      send: (_, { keys: all }) => (found = keysAfter([], all ?? [])),
      schedule: () => undefined,
    });
    views.query('tree', { surface: 'cluster', groupBy, filter: '', groupsOpen: true, toggled: [], window: { first: 0, count: 400 } });
    views.flush();
    return found;
  };
  const pod = cluster.api.store.list('pods', 'default')[0]?.metadata.name ?? '';

  for (const ref of [
    WEB,
    { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: pod },
    { apiVersion: 'v1', kind: 'Node', namespace: '', name: 'worker-1' },
    { apiVersion: 'v1', kind: 'Namespace', namespace: '', name: 'default' },
    { apiVersion: 'kubepad.dev/v1', kind: 'Fault', namespace: '', name: 'slow' },
  ])
    it(`is a row that there is, for a ${ref.kind}`, () => {
      const place = treePlaceOf(ref);
      assert.ok(place !== undefined && keys(place.groupBy ?? 'node').includes(place.key), place?.key);
    });

  it('is nowhere for what has no rows', () => assert.equal(treePlaceOf({ ...WEB, kind: 'ConfigMap' }), undefined));
});
