import assert from 'node:assert/strict';
import { DEPLOYMENTS } from '../../../../src/api/schema/resources.ts';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import { Past } from '../../../../src/cluster/past/past.ts';
import { Shown } from '../../../../src/host/projection/shown.ts';
import { Views } from '../../../../src/host/projection/views.ts';
import type { Row, ViewDiff, ViewQuery } from '../../../../src/host/protocol/view.ts';
import { keysAfter, rowAfter } from '../../../../src/base/keyedRows.ts';
import { webDeployment } from '../../cluster/support.ts';

const START = Date.UTC(2026, 0, 1);
const WINDOW = { first: 0, count: 400 };
const TREE: ViewQuery = { surface: 'cluster', groupBy: 'node', filter: '', groupsOpen: true, toggled: [], window: WINDOW };
const EVENTS: ViewQuery = { surface: 'events', filter: '', window: WINDOW };

/** What a list holds that is opened now. */
function fresh(shown: Shown, query: ViewQuery): Pick<ViewDiff, 'total' | 'objects' | 'keys' | 'rows' | 'health'> {
  const diffs: ViewDiff[] = [];
  const views = new Views({ source: shown.source, send: (_, diff) => diffs.push(diff), schedule: () => undefined });
  views.query('fresh', query);
  views.flush();
  const { total, objects, keys, rows, health } = diffs[0]!;
  return { total, objects, keys: keys!, rows, ...(health === undefined ? {} : { health }) };
}

describe('what the lists show', () => {
  const cluster = Cluster.create({ seed: 'shown', startTime: START, preset: 'default', freeze: true });
  const past = new Past(cluster, { limit: 4_000 });
  const held = new Map<string, { keys: readonly string[]; rows: Map<string, Row>; told: Partial<ViewDiff> }>();
  const views: Views = new Views({
    source: {
      get: (resource, key) => shown.source.get(resource, key),
      list: (resource, namespace) => shown.source.list(resource, namespace),
      count: (resource) => shown.source.count(resource),
    },
    send: (view, diff) => {
      const before = held.get(view) ?? { keys: [], rows: new Map(), told: {} };
      const keys = diff.keys === undefined ? before.keys : keysAfter(before.keys, diff.keys);
      for (const row of diff.rows) before.rows.set(row.key, row);
      for (const [offset, fields] of diff.patches) before.rows.set(keys[offset]!, rowAfter(before.rows.get(keys[offset]!)!, fields));
      held.set(view, { keys, rows: before.rows, told: { ...before.told, ...diff } });
    },
    schedule: () => undefined,
  });
  const shown = new Shown(cluster.api.store, past, (entry) => views.revision(entry));
  views.query('tree', TREE);
  views.query('events', EVENTS);
  views.flush();

  function check(): void {
    views.flush();
    for (const [view, query] of [
      ['tree', TREE],
      ['events', EVENTS],
    ] as const) {
      const { keys, rows, told } = held.get(view)!;
      const expected = fresh(shown, query);
      assert.deepEqual(
        { ...expected, keys, rows: keys.map((key) => rows.get(key)) },
        { ...expected, rows: expected.keys!.map((key) => expected.rows.find((row) => row.key === key)) },
      );
      assert.deepEqual(told.health, expected.health);
      assert.equal(told.total, expected.total);
    }
  }

  it('are the present, a revision, another one, and the present again', () => {
    const admin = cluster.admin();
    admin.create(DEPLOYMENTS, webDeployment(4));
    cluster.simulation.advance(START + 30_000);
    const early = past.last;
    const pods = cluster.api.store.count('pods');
    admin.modify(DEPLOYMENTS, 'default', 'web', (copy) => void (copy.spec!.replicas = 9));
    cluster.simulation.advance(START + 60_000);
    check();
    shown.show(early);
    assert.equal(shown.revision, early);
    assert.equal(shown.source.count('pods'), pods);
    check();
    shown.show(past.first);
    assert.equal(shown.source.count('pods'), 0);
    check();
    cluster.simulation.advance(START + 90_000);
    check();
    shown.show(early + 40);
    check();
    shown.show(undefined);
    assert.equal(shown.revision, undefined);
    check();
    cluster.simulation.advance(START + 120_000);
    check();
  });

  it('go on to the oldest revision when theirs is forgotten', () => {
    shown.show(past.first);
    const old = shown.revision!;
    cluster.simulation.advance(START + 4 * 3_600_000);
    assert.ok(past.first > old);
    assert.equal(shown.revision, past.first);
    check();
    shown.show(undefined);
    check();
  });
});
