import assert from 'node:assert/strict';
import { PODS, RESOURCECLAIMS } from '../../../../../../src/api/schema/resources.ts';
import { ask, DeviceWorld } from '../devices.ts';

describe('a Pod with a claim of devices', () => {
  it('gets the node that has them, and the claim says which', () => {
    const world = new DeviceWorld();
    world.deviceClass('gpu');
    world.slice('n2', ['gpu-0', 'gpu-1']);
    world.claim('one', { requests: [ask('r')] });
    world.pod('p', ['one']);
    world.run();
    assert.equal(world.nodeOf('p'), 'n2');
    const claim = world.claimNamed('one');
    assert.deepEqual(claim?.metadata.finalizers, ['resource.kubernetes.io/delete-protection']);
    assert.deepEqual(claim.status, {
      allocation: {
        allocationTimestamp: '1970-01-01T00:00:00Z',
        devices: { results: [{ request: 'r', driver: 'gpu.example.com', pool: 'n2', device: 'gpu-0' }] },
        nodeSelector: { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n2'] }] }] },
      },
      reservedFor: [{ resource: 'pods', name: 'p', uid: world.podNamed('p')?.metadata.uid }],
    });
  });

  it('shares the claim with others on the same node', () => {
    const world = new DeviceWorld();
    world.deviceClass('gpu');
    world.slice('n2', ['gpu-0']);
    world.claim('one', { requests: [ask('r')] });
    world.pod('p', ['one']);
    world.pod('q', ['one']);
    world.run();
    assert.equal(world.nodeOf('q'), 'n2');
    assert.deepEqual(
      world.claimNamed('one')?.status?.reservedFor?.map(({ name }) => name),
      ['p', 'q'],
    );
  });

  it('waits until a device is free', () => {
    const world = new DeviceWorld();
    world.deviceClass('gpu');
    world.slice('n1', ['gpu-0']);
    world.claim('one', { requests: [ask('r')] });
    world.claim('two', { requests: [ask('r')] });
    world.pod('p', ['one']);
    world.pod('q', ['two']);
    world.run();
    assert.equal(
      world.message('q'),
      '0/2 nodes are available: 2 cannot allocate all claims. still not schedulable, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.',
    );
    world.client.delete(PODS, 'default', 'p', { gracePeriodSeconds: 0 });
    world.run(20_000);
    assert.equal(world.nodeOf('q'), 'n1');
    assert.deepEqual(world.claimNamed('one')?.status ?? {}, {});
    assert.equal(world.claimNamed('one')?.metadata.finalizers, undefined);
  });

  it('waits without an attempt while the claim is not there, is not made, or goes', () => {
    const world = new DeviceWorld();
    world.deviceClass('gpu');
    world.slice('n1', ['gpu-0']);
    world.pod('p', ['later']);
    world.run();
    assert.equal(world.podNamed('p')?.status?.conditions, undefined);
    assert.deepEqual(world.events(), []);
    world.claim('later', { requests: [ask('r')] });
    world.run();
    assert.equal(world.nodeOf('p'), 'n1');
  });

  it('is told which class is missing, and tried again when it comes', () => {
    const world = new DeviceWorld();
    world.slice('n1', ['gpu-0']);
    world.claim('one', { requests: [ask('r')] });
    world.pod('p', ['one']);
    world.run();
    assert.match(world.message('p') ?? '', /^0\/2 nodes are available: request r: device class gpu does not exist\./);
    world.deviceClass('gpu');
    world.run(2_000);
    assert.equal(world.nodeOf('p'), 'n1');
  });

  it('stops with an error where a selector fails on a device', () => {
    const world = new DeviceWorld();
    world.deviceClass('gpu');
    world.slice('n1', ['gpu-0']);
    world.claim('one', { requests: [ask('r', 1, 'device.attributes["gpu.example.com"].model == "x"')] });
    world.pod('p', ['one']);
    world.run();
    assert.equal(
      world.message('p'),
      'running "DynamicResources" filter plugin: claim default/one: selector #0 on device gpu.example.com/n1/gpu-0: CEL runtime error: ' +
        'no such key: model. Consider using CEL optional chaining (?), has() macro, or orValue() for optional fields',
    );
    assert.equal(world.podNamed('p')?.status?.conditions?.[0]?.reason, 'SchedulerError');
  });

  it('gives up devices on a node that it cannot use', () => {
    const world = new DeviceWorld();
    world.deviceClass('gpu');
    world.slice('n1', ['gpu-0']);
    world.slice('n2', ['gpu-0']);
    world.claim('one', { requests: [ask('r')] });
    world.client.modify(
      RESOURCECLAIMS,
      'default',
      'one',
      (claim) =>
        void (claim.status = {
          allocation: {
            devices: { results: [{ request: 'r', driver: 'gpu.example.com', pool: 'n1', device: 'gpu-0' }] },
            nodeSelector: { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n1'] }] }] },
          },
        }),
      'status',
    );
    world.pod('p', ['one'], { nodeSelector: { 'kubernetes.io/hostname': 'n2' } });
    world.run(50);
    assert.equal(
      world.events()[0],
      "FailedScheduling: 0/2 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 resourceclaim not available on the node. deallocation of ResourceClaim completed, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
    );
    world.run(5_000);
    assert.equal(world.nodeOf('p'), 'n2');
    assert.deepEqual(world.devicesOf('one'), ['r n2/gpu-0']);
  });

  it('waits for devices that have to be made ready, and looks again when their state changes', () => {
    const world = new DeviceWorld();
    world.deviceClass('gpu');
    world.slice('n1', [{ name: 'far', bindingConditions: ['attached'], bindingFailureConditions: ['broken'] }]);
    world.claim('one', { requests: [ask('r')] });
    world.pod('p', ['one']);
    world.run();
    assert.equal(world.nodeOf('p'), undefined);
    assert.equal(world.podNamed('p')?.status?.nominatedNodeName, 'n1');
    assert.deepEqual(world.events(), ['BindingConditionsPending: waiting for binding conditions for device on node n1']);
    setCondition(world, 'attached');
    world.run(10_000);
    assert.equal(world.nodeOf('p'), 'n1');
  });

  it('says why devices will not be ready', () => {
    const world = new DeviceWorld(['n1']);
    world.deviceClass('gpu');
    world.slice('n1', [{ name: 'far', bindingConditions: ['attached'], bindingFailureConditions: ['broken'] }]);
    world.claim('one', { requests: [ask('r')] });
    world.pod('p', ['one']);
    world.run();
    setCondition(world, 'broken');
    world.run(6_000);
    assert.ok(
      world
        .events()
        .includes('FailedScheduling: running PreBind plugin "DynamicResources": claim one binding failed: reason=Why, message="since"'),
      world.events().join('\n'),
    );
    assert.equal(world.claimNamed('one')?.status?.reservedFor, undefined);
  });
});

function setCondition(world: DeviceWorld, type: string): void {
  const condition = { type, status: 'True', reason: 'Why', message: 'since', lastTransitionTime: '1970-01-01T00:00:00Z' } as const;
  world.client.modify(
    RESOURCECLAIMS,
    'default',
    'one',
    ({ status }) => {
      if (status !== undefined) status.devices = [{ driver: 'gpu.example.com', pool: 'n1', device: 'far', conditions: [condition] }];
    },
    'status',
  );
}
