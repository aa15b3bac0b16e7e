import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DEPLOYMENTS, PODS } from '../../../../src/api/schema/resources.ts';
import { INDEX_NODE_NAME, INDEX_OWNER } from '../../../../src/apiserver/apiServer.ts';
import { keyOf } from '../../../../src/apimachinery/meta/resource.ts';
import type { Store } from '../../../../src/apiserver/storage/store.ts';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import { Past } from '../../../../src/cluster/past/past.ts';
import { PastView } from '../../../../src/cluster/past/view.ts';
import { webDeployment } from '../support.ts';

const START = Date.UTC(2026, 0, 1);

/** All objects, and what the indexes that views use find. */
function contentOf(store: Store, resources: readonly string[]): string {
  const owners = ['replicasets.apps', 'deployments.apps'].flatMap((resource) =>
    store.list(resource).map(({ metadata }) => metadata.uid ?? ''),
  );
  return JSON.stringify([
    resources.map((resource) => [resource, store.list(resource), store.count(resource)]),
    store.list('nodes').map(({ metadata }) => store.byIndex('pods', INDEX_NODE_NAME, metadata.name ?? '').length),
    owners.map((uid) => store.byIndex('pods', INDEX_OWNER, uid).length),
  ]);
}

describe('an API server of the past', () => {
  const cluster = Cluster.create({ seed: 'past', startTime: START, preset: 'default', freeze: true });
  const past = new Past(cluster);
  const { store } = cluster.api;
  const seen = new Map<number, string>();
  const resources = (): readonly string[] => store.resources();

  before(() => {
    const admin = cluster.admin();
    admin.create(DEPLOYMENTS, webDeployment(3));
    const all = ['pods', 'replicasets.apps', 'deployments.apps', 'nodes', 'events', 'endpointslices.discovery.k8s.io'];
    for (let second = 1; second <= 40; second++) {
      cluster.simulation.advance(START + second * 1_000);
      if (second === 12) admin.modify(DEPLOYMENTS, 'default', 'web', (copy) => void (copy.spec!.replicas = 5));
      if (second === 25) admin.delete(PODS, 'default', admin.list(PODS, 'default')[0]?.metadata.name ?? '');
      seen.set(past.last, contentOf(store, all));
    }
    assert.ok(all.every((resource) => resources().includes(resource)));
  });

  const moved = (revision: number): { readonly opened: ReturnType<Past['open']>; readonly view: PastView } => {
    const opened = past.open();
    const view = new PastView(store, past, past.last);
    opened.move(revision, view.move(revision));
    return { opened, view };
  };

  it('finds the objects of every revision, by index too, from wherever one comes', () => {
    const { opened, view } = moved(past.last);
    const all = ['pods', 'replicasets.apps', 'deployments.apps', 'nodes', 'events', 'endpointslices.discovery.k8s.io'];
    fc.assert(
      fc.property(fc.constantFrom(...seen.keys()), (revision) => {
        opened.move(revision, view.move(revision));
        assert.equal(contentOf(opened.api.store, all), seen.get(revision));
        assert.equal(opened.api.store.revision, revision);
      }),
      { numRuns: 30 },
    );
  });

  it('knows the history up to its revision and nothing after it', () => {
    const revision = [...seen.keys()][Math.floor(seen.size / 2)]!;
    const { opened } = moved(revision);
    const own = opened.api.store;
    const pod = own.list('pods')[0]!;
    const version = Number(pod.metadata.resourceVersion);
    assert.equal(own.at(version, 'pods')?.object, pod);
    assert.equal(own.at(version, 'nodes'), undefined);
    assert.equal(own.at(revision + 1), undefined);
    assert.equal(own.lastOf('pods', keyOf(pod))?.revision, version);
    assert.deepEqual(
      own.since('pods', revision - 5),
      store.since('pods', revision - 5)?.filter((entry) => entry.revision <= revision),
    );
    assert.equal(own.since('pods', past.first - 1), undefined);
    assert.equal(opened.simulation.now(), past.timeOf(revision));
  });

  it('takes no writes, and the cluster does not notice it', () => {
    const before = store.revision;
    const { opened } = moved([...seen.keys()][Math.floor(seen.size / 4)]!);
    const admin = { user: { name: 'admin', groups: ['system:masters'] }, fieldManager: 'test' };
    const other = { ...webDeployment(1), metadata: { name: 'other', namespace: 'default' } };
    assert.throws(() => opened.api.create(admin, DEPLOYMENTS, 'default', other), /cannot be changed/);
    cluster.admin().modify(DEPLOYMENTS, 'default', 'web', (copy) => void (copy.spec!.replicas = 2));
    assert.ok(store.revision > before);
    assert.equal(opened.api.store.list('deployments.apps').length, 1);
    assert.notEqual(opened.api.store.list('deployments.apps')[0], store.list('deployments.apps')[0]);
  });
});
