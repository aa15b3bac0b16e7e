import assert from 'node:assert/strict';
import { RESOURCESLICES } from '../../../../src/api/schema/resources.ts';
import type { DeviceTaint, DeviceToleration } from '../../../../src/api/schema/types/resource/v1.ts';
import { draft } from '../../../../src/base/json.ts';
import { ask, DeviceWorld } from '../../scheduler/framework/plugins/devices.ts';

const BROKEN: DeviceTaint = { key: 'broken', effect: 'NoExecute' };

/** A Pod with the device `a` of a node. */
function worldWithPod(tolerations: readonly DeviceToleration[] = []): DeviceWorld {
  const world = new DeviceWorld(['n1'], ['device-taint-eviction-controller']);
  world.deviceClass('gpu');
  world.slice('n1', ['a', 'b']);
  world.claim('one', { requests: [{ name: 'r', exactly: { ...ask('r').exactly, deviceClassName: 'gpu', tolerations } }] });
  world.pod('p', ['one']);
  world.run();
  assert.deepEqual(world.devicesOf('one'), ['r n1/a']);
  return world;
}

function taint(world: DeviceWorld, device: string, taints: readonly DeviceTaint[]): void {
  world.client.modify(RESOURCESLICES, '', 'slice-n1', ({ spec }) => {
    const found = spec.devices?.find(({ name }) => name === device);
    if (found !== undefined) found.taints = draft(taints);
  });
}

const isGoing = (world: DeviceWorld): boolean => world.podNamed('p')?.metadata.deletionTimestamp !== undefined;

describe('a device with a NoExecute taint', () => {
  it('costs a Pod that uses it its life', () => {
    const world = worldWithPod();
    taint(world, 'a', [BROKEN]);
    world.run();
    assert.ok(isGoing(world));
    const { reason, message } = world.podNamed('p')?.status?.conditions?.find(({ type }) => type === 'DisruptionTarget') ?? {};
    assert.deepEqual([reason, message], ['DeletionByDeviceTaintManager', 'Device Taint manager: deleting due to NoExecute taint']);
    assert.ok(world.events().includes('DeviceTaintManagerEviction: Marking for deletion'));
  });

  it('leaves alone who uses another, or only may not be scheduled there', () => {
    const world = worldWithPod();
    taint(world, 'b', [BROKEN]);
    taint(world, 'a', [{ key: 'full', effect: 'NoSchedule' }]);
    world.run(60_000);
    assert.ok(!isGoing(world));
  });

  it('is borne for as long as the claim tolerates it', () => {
    const world = worldWithPod([{ key: 'broken', operator: 'Exists', tolerationSeconds: 30 }]);
    taint(world, 'a', [BROKEN]);
    world.run(29_000);
    assert.ok(!isGoing(world));
    world.run(2_000);
    assert.ok(isGoing(world));
  });

  it('is forgotten when it goes in time', () => {
    const world = worldWithPod([{ key: 'broken', operator: 'Exists', tolerationSeconds: 30 }]);
    taint(world, 'a', [BROKEN]);
    world.run(10_000);
    taint(world, 'a', []);
    world.run(60_000);
    assert.ok(!isGoing(world));
    assert.ok(world.events().includes('DeviceTaintManagerEviction: Cancelling deletion'));
  });

  it('is borne for ever by who tolerates it for ever', () => {
    const world = worldWithPod([{ operator: 'Exists' }]);
    taint(world, 'a', [BROKEN]);
    world.run(600_000);
    assert.ok(!isGoing(world));
  });
});
