import assert from 'node:assert/strict';
import { addHints, allocate, isOverloaded } from '../../../../src/controllers/endpointslice/allocation.ts';
import { asksForTopology } from '../../../../src/controllers/endpointslice/topologyCache.ts';
import { DEPLOYMENTS, ENDPOINTSLICES, EVENTS, NODES, SERVICES } from '../../../../src/api/schema/resources.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { draft } from '../../../../src/base/json.ts';
import { createDeployment, newCluster } from '../support.ts';

describe('allocate', () => {
  for (const [title, ratios, endpoints, expected] of [
    ['shares by CPU', { a: 2 / 3, b: 1 / 3 }, 5, { a: [3, 3], b: [2, 2] }],
    ['leaves room between minimum and maximum', { a: 0.5, b: 0.5 }, 12, { a: [5, 7], b: [5, 7] }],
    ['needs an endpoint a zone', { a: 0.5, b: 0.5 }, 1, 'Insufficient number of endpoints (1 endpoints, 2 zones)'],
    [
      'overloads no endpoint',
      { a: 0.5, b: 0.5 },
      3,
      'Unable to allocate minimum required endpoints to each zone without exceeding overload threshold (3 endpoints, 2 zones)',
    ],
  ] as const) {
    it(title, () => {
      const found = allocate(new Map(Object.entries(ratios)), endpoints);
      const shown =
        typeof found === 'string'
          ? found
          : Object.fromEntries([...found].map(([zone, { minimum, maximum }]) => [zone, [minimum, maximum]]));
      assert.deepEqual(shown, expected);
    });
  }
});

describe('addHints', () => {
  const ratios = new Map([
    ['a', 0.5],
    ['b', 0.5],
  ]);
  const slice = (zones: string, hints = '', ready = true) => ({
    metadata: { name: zones },
    addressType: 'IPv4' as const,
    endpoints: [...zones].map((zone, index) => ({
      addresses: [`10.0.0.${String(index)}`],
      zone,
      conditions: { ready },
      ...(hints === '' ? {} : { hints: { forZones: [{ name: hints[index]! }] } }),
    })),
  });
  const shares = (endpoints: number) => {
    const found = allocate(ratios, endpoints);
    assert.ok(typeof found !== 'string');
    return found;
  };
  const forZones = (slices: readonly { readonly endpoints?: readonly { hints?: { forZones?: readonly { name: string }[] } }[] }[]) =>
    slices.map(({ endpoints = [] }) => endpoints.map(({ hints }) => hints?.forZones?.[0]?.name ?? '-').join(''));

  for (const [title, update, unchanged, expected, counts] of [
    ['gives each its own zone', [slice('aabb')], [], ['aabb'], { a: 2, b: 2 }],
    ['lends those of a crowded zone', [slice('aaab')], [], ['baab'], { a: 2, b: 2 }],
    ['leaves slices alone whose hints fit', [slice('bb')], [slice('aa', 'aa')], ['bb'], { a: 2, b: 2 }],
    ['writes slices without hints', [], [slice('aabb')], ['aabb'], { a: 2, b: 2 }],
    ['writes slices with hints for a zone that is gone', [], [slice('aabb', 'aacc')], ['aabb'], { a: 2, b: 2 }],
    ['writes slices that give a zone too many', [], [slice('aaab', 'aaab')], ['baab'], { a: 2, b: 2 }],
    ['gives none to endpoints that are not ready', [slice('aabb'), slice('ab', '', false)], [], ['aabb', '--'], { a: 2, b: 2 }],
  ] as const) {
    it(title, () => {
      const result = addHints({ create: [], update: update.map((each) => draft(each)), remove: [] }, unchanged, shares(4));
      assert.deepEqual(forZones(result.plan.update), expected);
      assert.deepEqual(result.hints, counts);
    });
  }

  it('finds a zone overloaded that has too few by now', () => {
    assert.equal(isOverloaded({ a: 2, b: 2 }, ratios), false);
    assert.equal(isOverloaded({ a: 3, b: 1 }, ratios), true);
    assert.equal(isOverloaded({ a: 4 }, ratios), true);
    assert.equal(isOverloaded({ a: 2, b: 2 }, undefined), true);
    assert.equal(isOverloaded({}, undefined), false);
  });
});

describe('asksForTopology', () => {
  const [mode, older] = ['service.kubernetes.io/topology-mode', 'service.kubernetes.io/topology-aware-hints'];
  for (const [annotations, expected] of [
    [{}, false],
    [{ [mode]: 'Auto' }, true],
    [{ [mode]: 'auto' }, true],
    [{ [mode]: 'AUTO' }, false],
    [{ [older]: 'Auto' }, true],
    [{ [older]: 'Disabled', [mode]: 'Auto' }, false],
  ] as const) {
    it(JSON.stringify(annotations), () => assert.equal(asksForTopology({ metadata: { annotations } }), expected));
  }
});

describe('a Service with topology-mode Auto', () => {
  const MODE = 'service.kubernetes.io/topology-mode';

  function newWeb(replicas: number): Cluster {
    const cluster = newCluster({ nodes: 4 });
    cluster
      .admin()
      .list(NODES)
      .forEach(({ metadata }, index) => {
        cluster.admin().modify(NODES, '', metadata.name!, (node) => {
          node.metadata.labels!['topology.kubernetes.io/zone'] = index % 2 === 0 ? 'a' : 'b';
        });
      });
    createDeployment(cluster, replicas);
    cluster.admin().create(SERVICES, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'default', annotations: { [MODE]: 'Auto' } },
      spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
    });
    cluster.simulation.runUntil('stable');
    return cluster;
  }
  const endpoints = (cluster: Cluster) =>
    cluster
      .admin()
      .list(ENDPOINTSLICES, 'default')
      .filter(({ metadata }) => metadata.generateName === 'web-')
      .flatMap((slice) => slice.endpoints ?? []);
  const hints = (cluster: Cluster) =>
    endpoints(cluster)
      .map((endpoint) => endpoint.hints?.forZones?.[0]?.name ?? '-')
      .sort()
      .join('');
  const reports = (cluster: Cluster) =>
    cluster
      .admin()
      .list(EVENTS, 'default')
      .filter(({ reason = '' }) => reason.startsWith('TopologyAware'))
      .map(({ type, reason, message }) => `${type} ${reason}: ${message}`);

  it('has its endpoints shared out, and loses the hints with the annotation', () => {
    const cluster = newWeb(4);
    assert.equal(hints(cluster), 'aabb');
    assert.deepEqual(reports(cluster).at(-1), 'Normal TopologyAwareHintsEnabled: Topology Aware Hints has been enabled, addressType: IPv4');
    cluster.admin().modify(SERVICES, 'default', 'web', ({ metadata }) => void delete metadata.annotations);
    cluster.simulation.runUntil('stable');
    assert.equal(hints(cluster), '----');
    assert.ok(reports(cluster).includes('Warning TopologyAwareHintsDisabled: Topology Aware Hints has been disabled, addressType: IPv4'));
  });

  it('loses them when it cannot be shared out any more', () => {
    const cluster = newWeb(4);
    cluster.admin().modify(DEPLOYMENTS, 'default', 'web', ({ spec }) => void (spec!.replicas = 1));
    cluster.simulation.runUntil('stable');
    assert.equal(hints(cluster), '-');
    assert.ok(
      reports(cluster).includes(
        'Warning TopologyAwareHintsDisabled: Insufficient number of endpoints (1 endpoints, 2 zones), addressType: IPv4',
      ),
    );
  });

  it('loses them with the last zone but one', () => {
    const cluster = newWeb(4);
    for (const { metadata } of cluster.admin().list(NODES)) {
      cluster.admin().modify(NODES, '', metadata.name!, (node) => void delete node.metadata.labels!['topology.kubernetes.io/zone']);
    }
    assert.equal(cluster.simulation.runUntil('stable', 60_000, { events: 20_000 }).reason, 'Done');
    assert.equal(hints(cluster), '----');
    assert.ok(reports(cluster).some((text) => text.includes('Insufficient Node information: allocatable CPU or zone not specified')));
  });
});
