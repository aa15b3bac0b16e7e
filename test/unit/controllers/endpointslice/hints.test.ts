import assert from 'node:assert/strict';
import { hintsOf } from '../../../../src/controllers/endpointslice/hints.ts';
import { ENDPOINTSLICES, SERVICES } from '../../../../src/api/schema/resources.ts';
import { createDeployment, newCluster } from '../support.ts';

const service = (trafficDistribution?: string, annotations = {}) => ({
  metadata: { name: 'web', annotations },
  spec: trafficDistribution === undefined ? {} : { trafficDistribution },
});

describe('hintsOf', () => {
  const inZone = { forZones: [{ name: 'a' }] };
  for (const [distribution, zone, node, expected] of [
    [undefined, 'a', 'n', undefined],
    ['PreferClose', 'a', 'n', inZone],
    ['PreferSameZone', 'a', 'n', inZone],
    ['PreferSameZone', undefined, 'n', undefined],
    ['PreferSameNode', 'a', 'n', { ...inZone, forNodes: [{ name: 'n' }] }],
    ['PreferSameNode', undefined, 'n', { forNodes: [{ name: 'n' }] }],
  ] as const) {
    it(`${distribution} in zone ${zone}`, () => assert.deepEqual(hintsOf(service(distribution), zone, node), expected));
  }

  it('leaves Services to the older annotation that have it', () => {
    assert.equal(hintsOf(service('PreferClose', { 'service.kubernetes.io/topology-mode': 'Auto' }), 'a', 'n'), undefined);
  });
});

describe('the EndpointSlices of a Service', () => {
  it('get hints with trafficDistribution, and lose them with it', () => {
    const cluster = newCluster();
    createDeployment(cluster, 2);
    cluster.admin().create(SERVICES, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'default' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80 }], trafficDistribution: 'PreferSameZone' },
    });
    cluster.simulation.runUntil('stable');
    const hints = () =>
      cluster
        .admin()
        .list(ENDPOINTSLICES, 'default')
        .filter(({ metadata }) => metadata.generateName === 'web-')
        .flatMap(({ endpoints }) => (endpoints ?? []).map((endpoint) => endpoint.hints?.forZones?.[0]?.name === endpoint.zone));
    assert.deepEqual(hints(), [true, true]);
    cluster.admin().modify(SERVICES, 'default', 'web', ({ spec }) => void delete spec?.trafficDistribution);
    cluster.simulation.runUntil('stable');
    assert.deepEqual(hints(), [false, false]);
  });

  it('of a former Service of the same name are not taken over', () => {
    const cluster = newCluster({ controllers: ['*', '-garbage-collector-controller'] });
    const create = (): void =>
      void cluster.admin().create(SERVICES, {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'web', namespace: 'default' },
        spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
      });
    create();
    cluster.simulation.runUntil('stable');
    cluster.admin().delete(SERVICES, 'default', 'web');
    create();
    cluster.simulation.runUntil('stable');
    const { uid } = cluster.admin().get(SERVICES, 'default', 'web')!.metadata;
    const owners = cluster
      .admin()
      .list(ENDPOINTSLICES, 'default')
      .filter(({ metadata }) => metadata.generateName === 'web-')
      .map(({ metadata }) => metadata.ownerReferences?.[0]?.uid);
    assert.deepEqual(owners, [uid]);
  });

  it('are not made anew while the Service waits for them to go', () => {
    const cluster = newCluster();
    createDeployment(cluster, 1);
    cluster.admin().create(SERVICES, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'default' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
    });
    cluster.simulation.runUntil('stable');
    cluster.admin().delete(SERVICES, 'default', 'web', { propagationPolicy: 'Foreground' });
    assert.equal(cluster.simulation.runUntil('stable', 60_000, { events: 20_000 }).reason, 'Done');
    assert.equal(cluster.admin().get(SERVICES, 'default', 'web'), undefined);
    assert.deepEqual(
      cluster
        .admin()
        .list(ENDPOINTSLICES, 'default')
        .filter(({ metadata }) => metadata.generateName === 'web-'),
      [],
    );
  });
});
