import assert from 'node:assert/strict';
import type { Pod } from '../../../../src/api/schema/types/core/v1.ts';
import type { KubeObject } from '../../../../src/apimachinery/meta/resource.ts';
import { Store } from '../../../../src/apiserver/storage/store.ts';
import { Views } from '../../../../src/host/projection/views.ts';
import type { EventsQuery, Row, TreeQuery, ViewDiff } from '../../../../src/host/protocol/view.ts';
import { keysAfter, rowAfter } from '../../../../src/base/keyedRows.ts';

const TREE: TreeQuery = {
  surface: 'cluster',
  groupBy: 'node',
  filter: '',
  groupsOpen: true,
  toggled: [],
  window: { first: 0, count: 100 },
};

class Screen {
  readonly store = new Store({ now: () => 0, currentCause: undefined, wake: () => undefined }, { freeze: true });
  readonly diffs: ViewDiff[] = [];
  flushes = 0;
  private rows = new Map<string, Row>();
  keys: readonly string[] = [];
  readonly views = new Views({
    source: this.store,
    send: (_, diff) => this.take(diff),
    schedule: () => this.flushes++,
  });

  constructor() {
    this.store.onRevision((entry) => this.views.revision(entry));
  }

  show(query: Partial<TreeQuery> = {}): readonly string[] {
    this.views.query('v', { ...TREE, ...query });
    this.views.flush();
    return this.lines();
  }

  write(resource: string, object: KubeObject, type: 'ADDED' | 'MODIFIED' | 'DELETED' = 'ADDED'): void {
    this.store.write({ type, resource, object, actor: 'test', verb: 'create' });
  }

  lines(): readonly string[] {
    return this.keys.map((key) => {
      const row = this.rows.get(key)!;
      const text =
        row.type === 'section'
          ? `${row.title} ${row.count}`
          : row.type === 'event'
            ? row.reason
            : row.type === 'note'
              ? row.text
              : row.name;
      const status = 'status' in row ? ` ${row.status}` : '';
      return `${'  '.repeat('level' in row ? row.level - 1 : 0)}${text}${status}`;
    });
  }

  row(key: string): Row {
    return this.rows.get(key)!;
  }

  private take(diff: ViewDiff): void {
    this.diffs.push(diff);
    if (diff.keys !== undefined) this.keys = keysAfter(this.keys, diff.keys);
    for (const row of diff.rows) this.rows.set(row.key, row);
    for (const [offset, fields] of diff.patches) {
      const key = this.keys[offset]!;
      this.rows.set(key, rowAfter(this.rows.get(key)!, fields));
    }
    this.rows = new Map(this.keys.map((key) => [key, this.rows.get(key)!]));
  }
}

function node(name: string, ready = true): KubeObject {
  const status = {
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    allocatable: { cpu: '4', memory: '8Gi', pods: '110' },
  };
  return { apiVersion: 'v1', kind: 'Node', metadata: { name }, status } as KubeObject;
}

function pod(name: string, nodeName: string, more: Partial<Pod> = {}): Pod {
  return {
    metadata: { name, namespace: 'default', labels: { app: name.split('-')[0] ?? '' } },
    spec: {
      ...(nodeName === '' ? {} : { nodeName }),
      containers: [{ name: 'c', image: 'nginx', resources: { requests: { cpu: '500m', memory: '1Gi' } } }],
    },
    status: { phase: nodeName === '' ? 'Pending' : 'Running', conditions: [{ type: 'Ready', status: nodeName === '' ? 'False' : 'True' }] },
    ...more,
  } as Pod;
}

function cluster(): Screen {
  const screen = new Screen();
  for (const name of ['worker-10', 'worker-2']) screen.write('nodes', node(name));
  screen.write('pods', pod('web-1', 'worker-2'));
  screen.write('pods', pod('db-0', 'worker-2'));
  screen.write('pods', pod('big-1', ''));
  return screen;
}

function fault(name: string, phase: string, target: object = { node: 'worker-2' }, type = 'NodeDown'): KubeObject {
  return { metadata: { name }, spec: { type, target }, status: { phase, hits: 1 } } as KubeObject;
}

describe('faults in the tree', () => {
  it('come first while they last, and are named on their node', () => {
    const screen = cluster();
    screen.show();
    screen.write('faults.kubepad.dev', fault('dark', 'Active'));
    screen.write('faults.kubepad.dev', fault('later', 'Pending'));
    screen.write('faults.kubepad.dev', fault('over', 'Ended'));
    screen.views.flush();
    assert.deepEqual(screen.lines().slice(0, 5), ['Faults 2', '  dark Active', '  later Pending', 'Unscheduled 1', '  big-1 Pending']);
    const row = screen.row('g/worker-2');
    assert.equal(row.type === 'node' && row.fault, 'NodeDown');
    const own = screen.row('f/dark');
    assert.equal(own.type === 'fault' && own.detail, 'NodeDown node/worker-2 · hit 1');
    screen.write('faults.kubepad.dev', { ...fault('vain', 'Active'), status: { phase: 'Active' } } as KubeObject);
    screen.views.flush();
    const vain = screen.row('f/vain');
    assert.equal(vain.type === 'fault' && vain.detail, 'NodeDown node/worker-2 · nothing hit yet');
    screen.write('faults.kubepad.dev', fault('vain', 'Ended'));
    screen.views.flush();
    assert.deepEqual([screen.views.locate('v', 'f/later'), screen.views.locate('v', 's/unscheduled')], [2, 3]);
    assert.deepEqual(screen.show({ toggled: ['s/faults'] }).slice(0, 2), ['Faults 2', 'Unscheduled 1']);
    assert.equal(screen.views.locate('v', 'f/later'), undefined);
    for (const name of ['dark', 'later']) screen.write('faults.kubepad.dev', fault(name, 'Active'), 'DELETED');
    screen.views.flush();
    assert.equal(screen.lines()[0], 'Unscheduled 1');
  });
});

describe('the tree of the cluster', () => {
  it('shows sections, groups and Pods in order', () => {
    assert.deepEqual(cluster().show(), [
      'Unscheduled 1',
      '  big-1 Pending',
      'Nodes 2',
      '  worker-2 Ready',
      '    db-0 Running',
      '    web-1 Running',
      '  worker-10 Ready',
    ]);
  });

  it('opens and closes rows, and finds containers', () => {
    const screen = cluster();
    const lines = screen.show({ toggled: ['s/unscheduled', 'p/default/db-0'] });
    assert.deepEqual(lines, [
      'Unscheduled 1',
      'Nodes 2',
      '  worker-2 Ready',
      '    db-0 Running',
      '      c Waiting',
      '    web-1 Running',
      '  worker-10 Ready',
    ]);
    assert.equal(screen.views.locate('v', 'c/default/db-0/c'), 4);
    assert.deepEqual(screen.views.find('v', 'W', 2), { index: 5, key: 'p/default/web-1' });
  });

  it('groups by namespace and by workload', () => {
    const screen = cluster();
    assert.deepEqual(screen.show({ groupBy: 'namespace', groupsOpen: false }), ['Namespaces 1', '  default 2/3 ready']);
    assert.deepEqual(screen.show({ groupBy: 'workload', groupsOpen: false }), ['Workloads 1', '  Pods without controller 2/3 ready']);
  });

  it('does not count a Pod that is terminating among those that a group wants', () => {
    const screen = cluster();
    const leaving = { name: 'web-1', namespace: 'default', deletionTimestamp: '2025-01-01T00:00:00Z' };
    screen.write('pods', pod('web-1', 'worker-2', { metadata: leaving }), 'MODIFIED');
    assert.deepEqual(screen.show({ groupBy: 'namespace', groupsOpen: false }), ['Namespaces 1', '  default 1/2 ready']);
  });

  for (const [filter, expected] of [
    ['web', ['web-1']],
    ['app=db', ['db-0']],
    ['app!=db', ['big-1', 'web-1']],
    ['status:pending', ['big-1']],
    ['node:worker-2 status:run', ['db-0', 'web-1']],
    ['status:', ['big-1', 'db-0', 'web-1']],
  ] as const) {
    it(`filters by ${filter}`, () => {
      const screen = cluster();
      const names = screen.show({ filter }).filter((line) => /-\d (?:Running|Pending)/.test(line) && !line.includes('worker'));
      assert.deepEqual(
        names.map((line) => line.trim().split(' ')[0]),
        expected,
      );
    });
  }

  it('finds a node that has no Pods', () => {
    assert.deepEqual(cluster().show({ filter: 'node:worker-10' }), ['Nodes 1', '  worker-10 Ready']);
  });

  it('sums what the Pods of a node ask for', () => {
    const screen = cluster();
    screen.show();
    const row = screen.row('g/worker-2');
    assert.ok(row.type === 'node');
    assert.deepEqual(
      [row.cpu, row.memory.requested, row.pods],
      [{ requested: 1000, used: undefined, capacity: 4000 }, 2 * 2 ** 30, { requested: 2, used: undefined, capacity: 110 }],
    );
  });

  it('sends only what changed, and nothing when nothing did', () => {
    const screen = cluster();
    screen.show();
    const before = screen.diffs.length;
    screen.views.flush();
    assert.equal(screen.diffs.length, before);
    screen.write('pods', pod('web-1', 'worker-2', { status: { phase: 'Failed' } }), 'MODIFIED');
    screen.views.flush();
    const diff = screen.diffs.at(-1)!;
    assert.equal(diff.keys, undefined);
    assert.deepEqual(diff.rows, []);
    const [node, web] = diff.patches;
    assert.deepEqual(
      [node, web].map((patch) => screen.keys[patch![0]]),
      ['g/worker-2', 'p/default/web-1'],
    );
    assert.deepEqual(web![1], { tone: 'error', status: 'Failed' });
    assert.deepEqual(Object.keys(node![1]), ['cpu', 'memory', 'pods']);
    assert.equal(diff.health?.failing, 1);
  });

  it('follows a Pod from the queue to its node and out of the cluster', () => {
    const screen = cluster();
    screen.show();
    screen.write('pods', pod('big-1', 'worker-10'), 'MODIFIED');
    screen.views.flush();
    assert.deepEqual(screen.lines().at(-1), '    big-1 Running');
    screen.write('pods', pod('big-1', 'worker-10'), 'DELETED');
    screen.views.flush();
    assert.deepEqual(screen.lines().at(-1), '  worker-10 Ready');
  });

  describe('in another order', () => {
    const at = (name: string, node: string, minute: number, ready: boolean, restartCount: number): Pod => {
      const made = pod(name, node);
      const state = ready ? { running: {} } : { waiting: { reason: 'CrashLoopBackOff' } };
      const status = {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
        containerStatuses: [{ name: 'c', ready, restartCount, state, image: '', imageID: '' }],
      };
      return { ...made, metadata: { ...made.metadata, creationTimestamp: `2030-01-01T00:0${minute}:00Z` }, status } as Pod;
    };
    const mixed = (): Screen => {
      const screen = new Screen();
      for (const name of ['a', 'b', 'c']) screen.write('nodes', node(name, name !== 'c'));
      screen.write('pods', at('p1', 'a', 1, true, 0));
      screen.write('pods', at('p2', 'b', 2, true, 3));
      screen.write('pods', at('p3', 'b', 3, false, 1));
      screen.write('pods', at('p4', 'b', 0, true, 3));
      return screen;
    };
    const names = (lines: readonly string[]): string =>
      lines
        .slice(1)
        .map((line) => line.trim().split(' ')[0])
        .join(' ');

    for (const [sortBy, expected] of [
      ['name', 'a p1 b p2 p3 p4 c'],
      ['problems', 'b p3 p2 p4 c a p1'],
      ['age', 'a p1 b p3 p2 p4 c'],
      ['restarts', 'b p2 p4 p3 a p1 c'],
    ] as const)
      it(sortBy, () => assert.equal(names(mixed().show({ sortBy })), expected));

    it('follows what changes', () => {
      const screen = mixed();
      screen.show({ sortBy: 'problems' });
      screen.write('pods', at('p1', 'a', 1, false, 1), 'MODIFIED');
      screen.write('pods', at('p3', 'b', 3, true, 2), 'MODIFIED');
      screen.write('nodes', node('c'), 'MODIFIED');
      screen.write('pods', at('p0', '', 1, false, 0));
      screen.views.flush();
      assert.deepEqual(names(screen.lines()), 'p0 Nodes a p1 b p2 p3 p4 c');
      screen.write('pods', at('p4', 'b', 0, false, 4), 'MODIFIED');
      screen.views.flush();
      assert.deepEqual(names(screen.lines()), 'p0 Nodes a p1 b p4 p2 p3 c');
      assert.equal(names(screen.show({ sortBy: 'restarts' })), 'p0 Nodes b p4 p2 p3 a p1 c');
    });
  });

  it('gives the rows between two, and all siblings of one, wherever the window is', () => {
    const screen = cluster();
    screen.write('pods', pod('web-2', 'worker-2'));
    screen.show({ toggled: ['p/default/db-0'], window: { first: 0, count: 1 } });
    const between = (from: string, to?: string): readonly string[] => screen.views.between('v', from, to).map(({ key }) => key);
    assert.deepEqual(between('p/default/web-2', 'p/default/db-0'), [
      'p/default/db-0',
      'c/default/db-0/c',
      'p/default/web-1',
      'p/default/web-2',
    ]);
    assert.deepEqual(between('p/default/web-1'), ['p/default/db-0', 'p/default/web-1', 'p/default/web-2']);
    assert.deepEqual(between('g/worker-10'), ['g/worker-2', 'g/worker-10']);
    assert.deepEqual(between('c/default/db-0/c'), ['c/default/db-0/c']);
    assert.deepEqual(between('p/default/big-1'), ['p/default/big-1']);
    assert.deepEqual(between('p/default/none', 'p/default/db-0'), []);
    assert.deepEqual(between('p/default/db-0', 'p/default/none'), ['p/default/db-0']);
    assert.deepEqual(between('s/groups'), ['s/groups']);
  });

  it('gives a window of a long list', () => {
    const screen = new Screen();
    for (let n = 0; n < 50; n++) screen.write('nodes', node(`n-${n}`));
    for (let n = 0; n < 1000; n++) screen.write('pods', pod(`p-${n}`, `n-${n % 50}`));
    screen.show({ window: { first: 500, count: 20 }, toggled: ['p/default/p-0', 'p/default/p-100'] });
    const diff = screen.diffs.at(-1)!;
    assert.deepEqual([diff.total, diff.first, screen.keys.length], [1 + 50 + 1000 + 2, 500, 20]);
    const all = new Set<string>();
    for (let first = 0; first < diff.total; first += 20) {
      screen.show({ window: { first, count: 20 }, toggled: ['p/default/p-0', 'p/default/p-100'] });
      for (const key of screen.keys) all.add(key);
    }
    assert.equal(all.size, diff.total);
  });
});

describe('the events', () => {
  it('are in the order of time, newest last, and are filtered', () => {
    const screen = new Screen();
    const event = (name: string, type: string, reason: string, at: string): KubeObject =>
      ({
        metadata: { name, namespace: 'default' },
        involvedObject: { kind: 'Pod', name: 'p' },
        type,
        reason,
        message: 'm',
        lastTimestamp: at,
        source: { component: 'kubelet' },
      }) as unknown as KubeObject;
    screen.write('events', event('b', 'Warning', 'Failed', '2026-01-01T00:00:05Z'));
    screen.write('events', event('a', 'Normal', 'Pulled', '2026-01-01T00:00:01Z'));
    const query: EventsQuery = { surface: 'events', filter: '', window: { first: 0, count: 10 } };
    screen.views.query('v', query);
    screen.views.flush();
    assert.deepEqual(screen.lines(), ['Pulled', 'Failed']);
    for (const [filter, expected] of [
      ['type:warning from:kubelet', ['Failed']],
      ['actor:kube', ['Pulled', 'Failed']],
      ['actor:scheduler', []],
      ['object:pod/p', ['Pulled', 'Failed']],
      ['object:pod/', []],
      ['object:', ['Pulled', 'Failed']],
      ['reason:pull', ['Pulled']],
    ] as const) {
      screen.views.query('v', { ...query, filter });
      screen.views.flush();
      assert.deepEqual(screen.lines(), expected, filter);
    }
  });

  it('of one second are in the order in which they were written, and follow every write', () => {
    const screen = new Screen();
    const event = (name: string, time: { readonly lastTimestamp?: string; readonly eventTime?: string }, count = 1): KubeObject =>
      ({
        metadata: { name, namespace: 'default' },
        involvedObject: { kind: 'Pod', name: 'p' },
        reason: name,
        type: count > 1 ? 'Warning' : 'Normal',
        count,
        ...time,
      }) as unknown as KubeObject;
    const second = (seconds: number): { readonly lastTimestamp: string } => ({ lastTimestamp: `2026-01-01T00:00:0${seconds}Z` });
    const query: EventsQuery = { surface: 'events', filter: '', window: { first: 0, count: 10 } };
    screen.views.query('v', query);
    screen.views.flush();
    screen.write('events', event('scheduled', { eventTime: '2026-01-01T00:00:01.400000Z' }));
    screen.write('events', event('backoff', second(1)));
    screen.write('events', event('started', second(1)));
    screen.views.flush();
    assert.deepEqual(screen.lines(), ['scheduled', 'backoff', 'started']);
    screen.write('events', event('backoff', second(3), 2), 'MODIFIED');
    screen.write('events', event('started', second(1)), 'DELETED');
    screen.views.flush();
    assert.deepEqual(screen.lines(), ['scheduled', 'backoff']);
    assert.equal(screen.views.locate('v', 'e/default/backoff'), 1);
    screen.views.query('v', { ...query, filter: 'type:warning' });
    screen.write('events', event('scheduled', second(4), 2), 'MODIFIED');
    screen.write('events', event('backoff', second(5)), 'MODIFIED');
    screen.views.flush();
    assert.deepEqual(screen.lines(), ['scheduled']);
  });
});
