import assert from 'node:assert/strict';
import type { Node, Pod } from '../../../../src/api/schema/types/core/v1.ts';
import { fromSet, matches } from '../../../../src/apimachinery/labels/selector.ts';
import { Cache } from '../../../../src/scheduler/backend/cache/cache.ts';
import { DomainCounts } from '../../../../src/scheduler/backend/cache/domainCounts.ts';
import type { PodSelection } from '../../../../src/scheduler/backend/cache/podCounter.ts';
import { RandomStream } from '../../../../src/sim/random.ts';

const ZONE = 'zone';
const READER = { list: () => [], get: () => undefined, byIndex: () => [] };

describe('DomainCounts', () => {
  it('knows the emptiest domain, also with what a what-if changes', () => {
    const counts = new DomainCounts(ZONE);
    for (const [name, zone, pods] of [
      ['n0', 'a', 3],
      ['n1', 'b', 1],
      ['n2', 'c', 2],
      ['n3', 'a', 1],
    ] as const) {
      counts.countNode(node(name, zone), pods, 1);
    }
    assert.deepEqual([counts.size, counts.total, counts.of('a'), counts.of('d'), counts.least()], [3, 7, 4, 0, 1]);
    assert.equal(counts.least(new Map([['b', 2]])), 2, 'b holds 3 now, c is the emptiest');
    assert.equal(counts.least(new Map([['a', -4]])), 0);
    counts.countNode(node('n1', 'b'), 1, -1);
    assert.deepEqual([counts.size, counts.least()], [2, 2], 'a domain without nodes is none');
    counts.countPod(node('n2', 'c'), -1);
    assert.equal(counts.least(), 1);
    counts.countPod(node('n9', undefined), 1);
    assert.equal(counts.total, 5, 'a node without the key is in no domain');
  });

  it('counts eligible nodes only', () => {
    const counts = new DomainCounts(ZONE, { key: 'x', eligible: ({ metadata }) => metadata.name !== 'out' });
    counts.countNode(node('out', 'a'), 5, 1);
    counts.countNode(node('in', 'b'), 2, 1);
    counts.countPod(node('out', 'a'), 1);
    assert.deepEqual([counts.size, counts.of('a'), counts.at(node('out', 'b'))], [1, 0, 2]);
    assert.equal(new DomainCounts(ZONE).least(), Number.POSITIVE_INFINITY);
  });
});

describe('counts of the cache', () => {
  it('are what counting anew gives, whatever changed', () => {
    const chance = new RandomStream('counts');
    const cache = new Cache(READER);
    const nodes = new Map<string, Node>();
    const pods = new Map<string, Pod>();
    const check = (): void => {
      const present = [...pods.values()].filter((each) => nodes.has(each.spec?.nodeName ?? '') && each.status?.phase === 'Running');
      for (const app of ['a', 'b']) {
        const counter = cache.podCounters.get(selection(app));
        const counts = counter.byDomain(ZONE);
        const wanted = new Map<string, number>();
        for (const { metadata } of nodes.values()) if (metadata.labels?.[ZONE] !== undefined) wanted.set(metadata.labels[ZONE], 0);
        for (const each of present) {
          const zone = nodes.get(each.spec?.nodeName ?? '')?.metadata.labels?.[ZONE];
          if (each.metadata.labels?.['app'] === app && zone !== undefined) wanted.set(zone, (wanted.get(zone) ?? 0) + 1);
        }
        assert.deepEqual(new Map([...wanted.keys()].map((zone) => [zone, counts.of(zone)])), wanted);
        assert.deepEqual([counts.size, counts.least()], [wanted.size, Math.min(...wanted.values())]);
        for (const info of cache.list()) {
          const own = present.filter((each) => each.spec?.nodeName === info.name && each.metadata.labels?.['app'] === app);
          assert.equal(counter.on(info), own.length);
        }
        const shunned = new Map<string, number>();
        for (const group of cache.placedTerms.about('requiredAntiAffinity', pod('new', app, '', 'Pending')))
          for (const [zone, amount] of group.pods) shunned.set(zone, (shunned.get(zone) ?? 0) + amount);
        assert.deepEqual(shunned, new Map([...wanted].filter(([, amount]) => amount > 0)), 'each Pod shuns its own app');
      }
    };
    for (let step = 0; step < 400; step++) {
      const name = `n${chance.int(6)}`;
      switch (chance.int(5)) {
        case 0: {
          const made = node(name, chance.int(4) === 0 ? undefined : `z${chance.int(3)}`);
          nodes.set(name, made);
          cache.setNode(made);
          break;
        }
        case 1:
          if (chance.int(3) > 0) break;
          nodes.delete(name);
          cache.removeNode(name);
          break;
        case 2: {
          const gone = pods.get(`p${chance.int(20)}`);
          if (gone === undefined) break;
          pods.delete(gone.metadata.name ?? '');
          cache.removePod(gone);
          break;
        }
        default: {
          const made = pod(`p${chance.int(20)}`, chance.int(2) === 0 ? 'a' : 'b', name, chance.int(5) === 0 ? 'Failed' : 'Running');
          pods.set(made.metadata.name ?? '', made);
          cache.setPod(made);
        }
      }
      check();
    }
  });

  it('gives a node that came again another generation in the same slot', () => {
    const cache = new Cache(READER);
    cache.setNode(node('n', 'a'));
    const before = cache.get('n');
    cache.removeNode('n');
    cache.setNode(node('m', 'a'));
    const after = cache.get('m');
    assert.equal(after?.slot, before?.slot);
    assert.notEqual(after?.generation, before?.generation);
  });

  it('leaves the generation alone when a Pod changes in nothing that counts', () => {
    const cache = new Cache(READER);
    cache.setNode(node('n', 'a'));
    const running = pod('p', 'a', 'n', 'Running');
    cache.setPod(running);
    const generation = cache.get('n')?.generation;
    cache.setPod({ ...running, status: { ...running.status, message: 'ready' } });
    assert.equal(cache.get('n')?.generation, generation);
    assert.equal(cache.get('n')?.pods.get('p')?.status?.message, 'ready');
    cache.setPod({ ...running, metadata: { ...running.metadata, labels: { app: 'b' } } });
    assert.notEqual(cache.get('n')?.generation, generation);
  });
});

function selection(app: string): PodSelection {
  const selector = fromSet({ app });
  return { key: app, scope: { namespaces: ['default'], selector }, matches: ({ metadata }) => matches(selector, metadata.labels) };
}

function node(name: string, zone: string | undefined): Node {
  return { metadata: { name, labels: zone === undefined ? {} : { [ZONE]: zone } } };
}

function pod(name: string, app: string, nodeName: string, phase: 'Pending' | 'Running' | 'Failed'): Pod {
  const term = { topologyKey: ZONE, labelSelector: { matchLabels: { app } } };
  return {
    metadata: { name, uid: name, namespace: 'default', labels: { app } },
    spec: { nodeName, containers: [], affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } },
    status: { phase },
  };
}
