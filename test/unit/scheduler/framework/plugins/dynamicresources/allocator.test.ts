import assert from 'node:assert/strict';
import { NAMESPACES } from '../../../../../../src/api/schema/resources.ts';
import type { Device, DeviceClaim, DeviceSubRequest } from '../../../../../../src/api/schema/types/resource/v1.ts';
import { ask, DeviceWorld, DRIVER } from '../devices.ts';

const gpu = (name: string, model: string, index = 0): Device => ({ name, attributes: { model: { string: model }, index: { int: index } } });
const MODEL = 'device.attributes["gpu.example.com"].model';

interface Case {
  readonly title: string;
  readonly devices: readonly (string | Device)[];
  readonly claim: DeviceClaim;
  /** Undefined: there are not enough. */
  readonly gets: readonly string[] | undefined;
}

const exactly = { deviceClassName: 'gpu' };
const CASES: readonly Case[] = [
  { title: 'a number of devices', devices: ['a', 'b', 'c'], claim: { requests: [ask('r', 2)] }, gets: ['r n1/a', 'r n1/b'] },
  { title: 'more than there are', devices: ['a'], claim: { requests: [ask('r', 2)] }, gets: undefined },
  {
    title: 'those that an expression names',
    devices: [gpu('a', 'x'), gpu('b', 'y')],
    claim: { requests: [ask('r', 1, `${MODEL} == "y"`)] },
    gets: ['r n1/b'],
  },
  {
    title: 'what an attribute in a domain of nobody is asked for with care',
    devices: [gpu('a', 'x')],
    claim: { requests: [ask('r', 1, '!("other.example.com" in device.attributes) && !has(device.attributes["other.example.com"].x)')] },
    gets: ['r n1/a'],
  },
  {
    title: 'by capacity and version',
    devices: [
      { name: 'a', capacity: { memory: { value: '40Gi' } }, attributes: { driverVersion: { version: '1.2.3' } } },
      { name: 'b', capacity: { memory: { value: '80Gi' } }, attributes: { driverVersion: { version: '2.0.0' } } },
    ],
    claim: {
      requests: [
        ask(
          'r',
          1,
          'device.capacity["gpu.example.com"].memory.compareTo(quantity("64Gi")) >= 0 && device.attributes["gpu.example.com"].driverVersion.isGreaterThan(semver("1.9.0"))',
        ),
      ],
    },
    gets: ['r n1/b'],
  },
  {
    title: 'all devices',
    devices: ['a', 'b'],
    claim: { requests: [{ name: 'r', exactly: { ...exactly, allocationMode: 'All' } }] },
    gets: ['r n1/a', 'r n1/b'],
  },
  {
    title: 'all where there is none',
    devices: [gpu('a', 'x')],
    claim: {
      requests: [{ name: 'r', exactly: { ...exactly, allocationMode: 'All', selectors: [{ cel: { expression: `${MODEL} == "z"` } }] } }],
    },
    gets: undefined,
  },
  {
    title: 'another device for each request, going back where the first choice does not work out',
    devices: [gpu('a', 'x'), gpu('b', 'y')],
    claim: { requests: [ask('any'), ask('x', 1, `${MODEL} == "x"`)] },
    gets: ['any n1/b', 'x n1/a'],
  },
  {
    title: 'the first alternative that there is',
    devices: [gpu('a', 'x'), gpu('b', 'x')],
    claim: {
      requests: [
        {
          name: 'r',
          firstAvailable: [
            { name: 'large', deviceClassName: 'gpu', selectors: [{ cel: { expression: `${MODEL} == "y"` } }] },
            { name: 'small', deviceClassName: 'gpu', count: 2 },
          ],
        },
      ],
    },
    gets: ['r/small n1/a', 'r/small n1/b'],
  },
  {
    title: 'devices with one value of an attribute',
    devices: [gpu('a', 'x'), gpu('b', 'y'), gpu('c', 'y')],
    claim: { requests: [ask('r', 2)], constraints: [{ matchAttribute: 'gpu.example.com/model' }] },
    gets: ['r n1/b', 'r n1/c'],
  },
  {
    title: 'devices with different values',
    devices: [gpu('a', 'x'), gpu('b', 'x'), gpu('c', 'y')],
    claim: { requests: [ask('r', 2)], constraints: [{ distinctAttribute: 'gpu.example.com/model' }] },
    gets: ['r n1/a', 'r n1/c'],
  },
  {
    title: 'a constraint of some requests only',
    devices: [gpu('a', 'x'), gpu('b', 'y'), gpu('c', 'y')],
    claim: { requests: [ask('q'), ask('r', 2)], constraints: [{ requests: ['r'], matchAttribute: 'gpu.example.com/model' }] },
    gets: ['q n1/a', 'r n1/b', 'r n1/c'],
  },
  {
    title: 'nothing that is tainted, unless it is tolerated',
    devices: [
      { name: 'a', taints: [{ key: 'bad', effect: 'NoSchedule' }] },
      { name: 'b', taints: [{ key: 'known', effect: 'NoExecute' }] },
    ],
    claim: { requests: [{ name: 'r', exactly: { ...exactly, tolerations: [{ key: 'known', operator: 'Exists' }] } }] },
    gets: ['r n1/b'],
  },
  {
    title: 'what only informs',
    devices: [{ name: 'a', taints: [{ key: 'seen', effect: 'None' }] }],
    claim: { requests: [ask('r')] },
    gets: ['r n1/a'],
  },
  {
    title: 'a share of one device twice',
    devices: [{ name: 'a', allowMultipleAllocations: true, capacity: { memory: { value: '10Gi' } } }],
    claim: { requests: ['q', 'r'].map((name) => ({ name, exactly: { ...exactly, capacity: { requests: { memory: '4Gi' } } } })) },
    gets: ['q n1/a', 'r n1/a'],
  },
  {
    title: 'no more than a device has',
    devices: [{ name: 'a', allowMultipleAllocations: true, capacity: { memory: { value: '10Gi' } } }],
    claim: { requests: ['q', 'r'].map((name) => ({ name, exactly: { ...exactly, capacity: { requests: { memory: '6Gi' } } } })) },
    gets: undefined,
  },
  {
    title: 'a capacity that no device has',
    devices: ['a'],
    claim: { requests: [{ name: 'r', exactly: { ...exactly, capacity: { requests: { memory: '1Gi' } } } }] },
    gets: undefined,
  },
];

describe('the allocation of devices', () => {
  for (const { title, devices, claim, gets } of CASES) {
    it(`gives ${title}`, () => {
      const world = new DeviceWorld(['n1']);
      world.deviceClass('gpu');
      world.slice('n1', devices);
      world.claim('one', claim);
      world.pod('p', ['one']);
      world.run();
      if (gets === undefined) assert.match(world.message('p') ?? '', /1 cannot allocate all claims/);
      else assert.deepEqual(world.devicesOf('one'), gets);
    });
  }

  it('rounds a share up to what the device gives', () => {
    const world = new DeviceWorld(['n1']);
    world.deviceClass('gpu');
    const requestPolicy = { default: '10', validRange: { min: '10', step: '5' } };
    world.slice('n1', [{ name: 'a', allowMultipleAllocations: true, capacity: { cores: { value: '100', requestPolicy } } }]);
    world.claim('one', { requests: [{ name: 'r', exactly: { deviceClassName: 'gpu', capacity: { requests: { cores: '12' } } } }] });
    world.pod('p', ['one']);
    world.run();
    const [result] = world.claimNamed('one')?.status?.allocation?.devices?.results ?? [];
    assert.deepEqual(result?.consumedCapacity, { cores: '15' });
    assert.match(result?.shareID ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('takes parts of a device only while their counters last', () => {
    const world = new DeviceWorld(['n1']);
    world.deviceClass('gpu');
    const part = (name: string, memory: string): Device => ({
      name,
      consumesCounters: [{ counterSet: 'whole', counters: { memory: { value: memory } } }],
    });
    const pool = { name: 'n1', generation: 1, resourceSliceCount: 2 };
    world.slice('n1', [part('big', '30Gi'), part('small-0', '10Gi'), part('small-1', '10Gi')], { pool });
    // The counters have a slice of their own.
    const sharedCounters = [{ name: 'whole', counters: { memory: { value: '40Gi' } } }];
    world.publish('counters', { driver: DRIVER, pool, nodeName: 'n1', sharedCounters });
    world.claim('one', { requests: [ask('r')] });
    world.claim('two', { requests: [ask('r')] });
    world.claim('three', { requests: [ask('r')] });
    for (const name of ['one', 'two', 'three']) world.pod(name, [name]);
    world.run();
    assert.deepEqual(
      ['one', 'two', 'three'].map((name) => world.devicesOf(name)),
      [['r n1/big'], ['r n1/small-0'], []],
    );
  });

  it('lets an administrator in beside the user', () => {
    const world = new DeviceWorld(['n1']);
    world.deviceClass('gpu');
    world.slice('n1', ['a']);
    world.client.modify(
      NAMESPACES,
      '',
      'default',
      ({ metadata }) => void (metadata.labels = { 'resource.kubernetes.io/admin-access': 'true' }),
    );
    world.claim('one', { requests: [ask('r')] });
    world.claim('two', { requests: [{ name: 'r', exactly: { deviceClassName: 'gpu', adminAccess: true } }] });
    world.pod('p', ['one']);
    world.pod('q', ['two']);
    world.run();
    assert.deepEqual([world.devicesOf('one'), world.devicesOf('two')], [['r n1/a'], ['r n1/a']]);
  });

  it('finds devices that several nodes reach', () => {
    const world = new DeviceWorld();
    world.deviceClass('gpu');
    const term = { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In' as const, values: ['n2'] }] };
    const pool = { name: 'net', generation: 2, resourceSliceCount: 1 };
    const nodeSelector = { nodeSelectorTerms: [term] };
    world.publish('new', { driver: DRIVER, pool, nodeSelector, devices: [{ name: 'a' }] });
    world.publish('old', { driver: DRIVER, pool: { ...pool, generation: 1 }, nodeSelector, devices: [{ name: 'b' }] });
    world.claim('one', { requests: [ask('r')] });
    world.pod('p', ['one']);
    world.run();
    assert.equal(world.nodeOf('p'), 'n2');
    assert.deepEqual(world.claimNamed('one')?.status?.allocation?.nodeSelector, { nodeSelectorTerms: [term] });
    assert.deepEqual(world.devicesOf('one'), ['r net/a']);
  });

  it('leaves a pool alone of which a part is missing', () => {
    const world = new DeviceWorld(['n1']);
    world.deviceClass('gpu');
    world.slice('n1', ['a'], { pool: { name: 'n1', generation: 1, resourceSliceCount: 2 } });
    world.claim('one', { requests: [ask('r')] });
    world.claim('all', { requests: [{ name: 'r', exactly: { deviceClassName: 'gpu', allocationMode: 'All' } }] });
    world.pod('p', ['one']);
    world.pod('q', ['all']);
    world.run();
    assert.match(world.message('p') ?? '', /1 cannot allocate all claims/);
    assert.equal(
      world.message('q'),
      'running "DynamicResources" filter plugin: claim default/all, request r: asks for all devices, but resource pool gpu.example.com/n1 is currently being updated',
    );
  });

  it('hands on what class and claim tell the driver', () => {
    const world = new DeviceWorld(['n1']);
    const tell = (value: string): { readonly driver: string; readonly parameters: { readonly value: string } } => ({
      driver: 'gpu.example.com',
      parameters: { value },
    });
    world.deviceClass('gpu', { config: [{ opaque: tell('class') }] });
    world.slice('n1', ['a', 'b']);
    world.claim('one', { requests: [ask('q'), ask('r')], config: [{ requests: ['r'], opaque: tell('r') }, { opaque: tell('all') }] });
    world.pod('p', ['one']);
    world.run();
    assert.deepEqual(world.claimNamed('one')?.status?.allocation?.devices?.config, [
      { source: 'FromClass', opaque: tell('class') },
      { source: 'FromClaim', requests: ['r'], opaque: tell('r') },
      { source: 'FromClaim', opaque: tell('all') },
    ]);
  });

  it('prefers nodes where an earlier alternative is free', () => {
    const world = new DeviceWorld();
    world.deviceClass('gpu');
    world.slice('n1', [gpu('a', 'small')]);
    world.slice('n2', [gpu('a', 'large')]);
    const alternative = (name: string): DeviceSubRequest => ({
      name,
      deviceClassName: 'gpu',
      selectors: [{ cel: { expression: `${MODEL} == "${name}"` } }],
    });
    world.claim('one', { requests: [{ name: 'r', firstAvailable: [alternative('large'), alternative('small')] }] });
    world.pod('p', ['one']);
    world.run();
    assert.deepEqual(world.devicesOf('one'), ['r/large n2/a']);
  });
});
