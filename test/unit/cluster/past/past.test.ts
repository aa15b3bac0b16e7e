import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DEPLOYMENTS, NODES, PODS } from '../../../../src/api/schema/resources.ts';
import type { KubeObject } from '../../../../src/apimachinery/meta/resource.ts';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import { Past, type PastOptions } from '../../../../src/cluster/past/past.ts';
import { PastView } from '../../../../src/cluster/past/view.ts';
import { history, webDeployment } from '../support.ts';

const START = Date.UTC(2026, 0, 1);

/** A cluster with a few things done to it, and what it was after each second. */
function lived(options: PastOptions = {}): {
  readonly cluster: Cluster;
  readonly past: Past;
  readonly seen: ReadonlyMap<number, string>;
  /** The revision at which the recording began. */
  readonly begun: number;
} {
  const cluster = Cluster.create({ seed: 'past', startTime: START, preset: 'default', freeze: true });
  const past = new Past(cluster, options);
  const begun = past.last;
  const seen = new Map<number, string>();
  const admin = cluster.admin();
  admin.create(DEPLOYMENTS, webDeployment(3));
  for (let second = 1; second <= 60; second++) {
    cluster.simulation.advance(START + second * 1_000);
    if (second === 12) admin.modify(DEPLOYMENTS, 'default', 'web', (copy) => void (copy.spec!.replicas = 5));
    if (second === 25) admin.delete(PODS, 'default', admin.list(PODS, 'default')[0]?.metadata.name ?? '');
    if (second === 40)
      admin.modify(NODES, '', 'worker-2', (node) => void ((node.metadata.annotations ??= {})['kubepad.dev/fault'] = 'NodeDown'));
    past.tick();
    seen.set(past.last, objectsOf(cluster, cluster.api.store));
  }
  return { cluster, past, seen, begun };
}

/** One of the revisions that were seen. @param share from 0 to 1 */
function seenAt(seen: ReadonlyMap<number, string>, share: number): number {
  return [...seen.keys()][Math.floor(share * (seen.size - 1))] ?? 0;
}

function objectsOf(cluster: Cluster, source: { list(resource: string): readonly KubeObject[] }): string {
  return JSON.stringify(cluster.api.store.resources().map((resource) => [resource, source.list(resource)]));
}

describe('the past of a cluster', () => {
  it('shows every revision as it was, from wherever one comes', () => {
    const { cluster, past, seen } = lived();
    const revisions = [...seen.keys()];
    const view = new PastView(cluster.api.store, past, past.last);
    fc.assert(
      fc.property(fc.constantFrom(...revisions), (revision) => {
        view.move(revision);
        assert.equal(objectsOf(cluster, view), seen.get(revision));
      }),
      { numRuns: 40 },
    );
  });

  it('tells what differs between two revisions, each object once', () => {
    const { cluster, past, seen } = lived();
    const [early, late] = [seenAt(seen, 0), seenAt(seen, 0.9)];
    const view = new PastView(cluster.api.store, past, early);
    const before = new Map(cluster.api.store.resources().flatMap((r) => view.list(r).map((each) => [each.metadata.uid, each])));
    const changes = view.move(late);
    assert.equal(new Set(changes.map(({ resource, key }) => `${resource} ${key}`)).size, changes.length);
    for (const { before: old, after, resource, key } of changes) {
      if (old !== undefined) assert.equal(before.get(old.metadata.uid), old);
      assert.equal(view.get(resource, key), after);
    }
    assert.ok(changes.some(({ before: old }) => old === undefined));
  });

  it('stands still while the cluster goes on', () => {
    const { cluster, past, seen } = lived();
    const revision = seenAt(seen, 0.5);
    const view = new PastView(cluster.api.store, past, revision);
    cluster.api.store.onRevision((entry) => view.take(entry));
    cluster.admin().delete(DEPLOYMENTS, 'default', 'web');
    cluster.simulation.advance(START + 100_000);
    assert.equal(objectsOf(cluster, view), seen.get(revision));
    assert.equal(view.count('pods'), view.list('pods').length);
    view.move(past.last);
    assert.equal(objectsOf(cluster, view), objectsOf(cluster, cluster.api.store));
  });

  it('forks from any revision with the memory that the cluster had: both go the same way', function () {
    this.timeout(60_000);
    const { cluster, past, begun } = lived({ checkpointEvery: 50 });
    const last = past.last;
    fc.assert(
      fc.property(fc.integer({ min: begun, max: last }), (revision) => {
        const fork = past.fork(revision);
        assert.equal(fork?.exact, true);
        // What came from outside after the fork is not in it, so the runs are compared up to there.
        const inputs = [...cluster.api.store.since('deployments.apps', 0)!, ...cluster.api.store.since('nodes', 0)!];
        const next = inputs.filter((entry) => entry.actor === 'kubernetes-admin' && entry.revision > fork!.cluster.api.store.revision);
        const until = Math.min(...next.map(({ at }) => at - 1), past.entry(revision)!.at + 5_000, START + 24_000);
        if (until <= fork!.cluster.simulation.now()) return;
        fork!.cluster.simulation.advance(until);
        const { store } = fork!.cluster.api;
        assert.ok(store.revision <= last);
        for (const resource of store.resources())
          for (const entry of store.since(resource, revision)!)
            assert.equal(JSON.stringify(entry.object), JSON.stringify(past.entry(entry.revision)?.object));
      }),
      { numRuns: 15 },
    );
  });

  it('a fork of the last revision is a fork of the cluster', () => {
    const { cluster, past } = lived();
    const fork = past.fork(past.last);
    cluster.simulation.advance(START + 70_000);
    fork?.cluster.simulation.advance(START + 70_000);
    assert.equal(history(fork!.cluster), history(cluster));
  });

  it('forks with the objects alone where the run cannot be repeated', () => {
    const { cluster, seen } = lived();
    // A process that begins now knows what the store has kept and has no checkpoint of then.
    const past = new Past(cluster);
    const revision = seenAt(seen, 0.6);
    const { cluster: fork, exact } = past.fork(revision)!;
    assert.equal(exact, false);
    assert.equal(fork.simulation.now(), past.entry(revision)!.at);
    const pods = JSON.parse(seen.get(revision)!) as [string, KubeObject[]][];
    assert.deepEqual(
      fork.api.store.list('deployments.apps').map(({ metadata }) => metadata.uid),
      pods.find(([resource]) => resource === 'deployments.apps')![1].map(({ metadata }) => metadata.uid),
    );
    fork.admin().delete(DEPLOYMENTS, 'default', 'web');
    fork.simulation.runUntil('stable');
    assert.equal(fork.admin().list(PODS, 'default').length, 0);
    assert.notEqual(cluster.admin().list(PODS, 'default').length, 0);
  });

  it('keeps within a budget of memory, and says honestly from when on it knows', () => {
    const { past: whole } = lived({ checkpointEvery: 100 });
    const budget = Math.floor(whole.bytes / 2);
    const { cluster, past, seen } = lived({ checkpointEvery: 100, budget });
    // Two checkpoints are kept in any case.
    assert.ok(past.bytes < whole.bytes * 0.75, `${past.bytes} of ${whole.bytes}`);
    assert.ok(past.first > whole.first);
    assert.equal(past.begin, past.entry(past.first + 1)?.at);
    const known = [...seen].filter(([revision]) => revision > past.first);
    assert.ok(known.length > 3);
    const view = new PastView(cluster.api.store, past, past.last);
    for (const [revision, objects] of known) {
      view.move(revision);
      assert.equal(objectsOf(cluster, view), objects);
    }
    assert.equal(past.fork(past.first - 1), undefined);
    assert.notEqual(past.fork(past.first), undefined);
  });

  it('keeps a bounded number of revisions, without a gap', () => {
    const { cluster, past, seen } = lived({ limit: 300, checkpointEvery: 50 });
    assert.ok(past.last - past.first <= 300);
    assert.equal(past.fork(past.first - 1), undefined);
    assert.equal(past.entry(past.first), undefined);
    assert.equal(past.entry(past.first + 1)?.revision, past.first + 1);
    const known = [...seen.keys()].filter((revision) => revision >= past.first);
    assert.ok(known.length > 1);
    for (const revision of known) {
      assert.equal(objectsOf(cluster, new PastView(cluster.api.store, past, revision)), seen.get(revision));
      assert.equal(past.fork(revision)?.exact, true);
    }
  });

  it('finds the revision of a moment', () => {
    const { past } = lived();
    assert.equal(past.at(START - 1), past.first);
    assert.equal(past.at(Number.POSITIVE_INFINITY), past.last);
    const at = past.entry(past.first + 100)!.at;
    const found = past.at(at);
    assert.equal(past.entry(found)?.at, at);
    assert.ok((past.entry(found + 1)?.at ?? Number.POSITIVE_INFINITY) > at);
  });
});
