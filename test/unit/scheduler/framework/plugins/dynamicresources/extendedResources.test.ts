import assert from 'node:assert/strict';
import { NODES, PODS, RESOURCECLAIMS } from '../../../../../../src/api/schema/resources.ts';
import type { Device } from '../../../../../../src/api/schema/types/resource/v1.ts';
import { DeviceWorld, DRIVER } from '../devices.ts';

const RESOURCE = 'example.com/gpu';

function worldWith(devices: readonly (string | Device)[]): DeviceWorld {
  const world = new DeviceWorld();
  world.deviceClass('gpu', { selectors: [{ cel: { expression: `device.driver == "${DRIVER}"` } }], extendedResourceName: RESOURCE });
  world.slice('n2', devices);
  return world;
}

function pod(world: DeviceWorld, name: string, resource = RESOURCE, count = '1'): void {
  const resources = { requests: { [resource]: count }, limits: { [resource]: count } };
  world.client.create(PODS, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: { containers: [{ name: 'c', image: 'i', resources }] },
  });
  world.run();
}

const claimOf = (world: DeviceWorld, name: string): string =>
  world.podNamed(name)?.status?.extendedResourceClaimStatus?.resourceClaimName ?? '';

describe('an extended resource that a class stands for', () => {
  it('is met by devices, with a claim that belongs to the Pod', () => {
    const world = worldWith(['a', 'b']);
    pod(world, 'p', RESOURCE, '2');
    assert.equal(world.nodeOf('p'), 'n2');
    const name = claimOf(world, 'p');
    assert.match(name, /^p-extended-resources-[a-z0-9]{5}$/);
    assert.deepEqual(world.podNamed('p')?.status?.extendedResourceClaimStatus?.requestMappings, [
      { containerName: 'c', resourceName: RESOURCE, requestName: 'container-0-request-0' },
    ]);
    assert.deepEqual(world.devicesOf(name), ['container-0-request-0 n2/a', 'container-0-request-0 n2/b']);
    const { metadata, status } = world.claimNamed(name) ?? {};
    assert.deepEqual(metadata?.annotations, { 'resource.kubernetes.io/extended-resource-claim': 'true' });
    assert.deepEqual(
      status?.reservedFor?.map((consumer) => consumer.name),
      ['p'],
    );
    pod(world, 'q');
    assert.match(world.message('q') ?? '', /^0\/2 nodes are available: 2 cannot allocate all claims\./);
    world.client.delete(PODS, 'default', 'p', { gracePeriodSeconds: 0 });
    world.run(10_000);
    assert.equal(world.nodeOf('q'), 'n2');
    assert.equal(world.claimNamed(name), undefined);
  });

  it('can be named by the class alone', () => {
    const world = worldWith(['a']);
    pod(world, 'p', 'deviceclass.resource.kubernetes.io/gpu');
    assert.equal(world.nodeOf('p'), 'n2');
  });

  it('makes no claim where the node offers it itself', () => {
    const world = worldWith([]);
    const allocatable = { cpu: '4', memory: '8Gi', pods: '110', [RESOURCE]: '1' };
    world.client.modify(NODES, '', 'n1', ({ status }) => void (status !== undefined && (status.allocatable = allocatable)), 'status');
    pod(world, 'p');
    assert.equal(world.nodeOf('p'), 'n1');
    assert.equal(claimOf(world, 'p'), '');
  });

  it('is short until a class comes that stands for it', () => {
    const world = new DeviceWorld();
    world.slice('n1', ['a']);
    pod(world, 'p');
    assert.match(world.message('p') ?? '', /2 Insufficient example\.com\/gpu/);
    world.deviceClass('gpu', { extendedResourceName: RESOURCE });
    world.run(5_000);
    assert.equal(world.nodeOf('p'), 'n1');
  });

  it('leaves no claim behind when its devices cannot be made ready', () => {
    const world = worldWith([{ name: 'far', bindingConditions: ['attached'], bindingFailureConditions: ['broken'] }]);
    pod(world, 'p');
    const name = claimOf(world, 'p');
    const condition = { type: 'broken', status: 'True', reason: 'Why', message: 'm', lastTransitionTime: '1970-01-01T00:00:00Z' } as const;
    world.client.modify(
      RESOURCECLAIMS,
      'default',
      name,
      ({ status }) =>
        void (status !== undefined && (status.devices = [{ driver: DRIVER, pool: 'n2', device: 'far', conditions: [condition] }])),
      'status',
    );
    world.run(5_500);
    assert.equal(world.claimNamed(name), undefined);
    assert.notEqual(claimOf(world, 'p'), name);
  });
});
