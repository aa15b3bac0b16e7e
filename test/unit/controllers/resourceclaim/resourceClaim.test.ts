import assert from 'node:assert/strict';
import { PODS, RESOURCECLAIMS } from '../../../../src/api/schema/resources.ts';
import { generatedBase } from '../../../../src/controllers/resourceclaim/fromTemplate.ts';
import { ask, DeviceWorld } from '../../scheduler/framework/plugins/devices.ts';

function claims(world: DeviceWorld): readonly string[] {
  return world.client.list(RESOURCECLAIMS, 'default').map(({ metadata }) => metadata.name ?? '');
}

function worldWithDevices(): DeviceWorld {
  const world = new DeviceWorld(['n1']);
  world.deviceClass('gpu');
  world.slice('n1', ['a', 'b']);
  return world;
}

describe('the controller of claims', () => {
  it('makes the claim that a template describes, and tells the Pod', () => {
    const world = worldWithDevices();
    world.template('t', { requests: [ask('r')] });
    world.pod('p', { template: 't' });
    world.run();
    const [name = ''] = claims(world);
    assert.match(name, /^p-c0-[a-z0-9]{5}$/);
    const { metadata, spec } = world.claimNamed(name) ?? {};
    assert.deepEqual(metadata?.annotations, { 'resource.kubernetes.io/pod-claim-name': 'c0' });
    assert.deepEqual(
      metadata.ownerReferences?.map(({ kind, name: owner, controller, blockOwnerDeletion }) => [
        kind,
        owner,
        controller,
        blockOwnerDeletion,
      ]),
      [['Pod', 'p', true, true]],
    );
    assert.deepEqual(spec?.devices?.requests?.[0]?.exactly?.count, 1);
    assert.deepEqual(world.podNamed('p')?.status?.resourceClaimStatuses, [{ name: 'c0', resourceClaimName: name }]);
    assert.equal(world.nodeOf('p'), 'n1');
  });

  it('says which template is missing, and goes on when it comes', () => {
    const world = worldWithDevices();
    world.pod('p', { template: 't' });
    world.run();
    assert.equal(
      world.events()[0],
      'FailedResourceClaimCreation: PodResourceClaim c0: resource claim template "t": resourceclaimtemplate.resource.k8s.io "t" not found',
    );
    world.template('t', { requests: [ask('r')] });
    world.run(5_000);
    assert.equal(world.nodeOf('p'), 'n1');
  });

  it('makes a claim anew that somebody deleted before it was used', () => {
    const world = worldWithDevices();
    world.template('t', { requests: [ask('r', 5)] });
    world.pod('p', { template: 't' });
    world.run();
    const [before = ''] = claims(world);
    world.client.delete(RESOURCECLAIMS, 'default', before);
    world.run();
    const after = claims(world);
    assert.equal(after.length, 1);
    assert.notEqual(after[0], before);
    assert.equal(world.podNamed('p')?.status?.resourceClaimStatuses?.[0]?.resourceClaimName, after[0]);
  });

  it('deletes what it made for a Pod that has ended', () => {
    const world = worldWithDevices();
    world.template('t', { requests: [ask('r')] });
    world.pod('p', { template: 't' });
    world.run();
    world.client.modify(PODS, 'default', 'p', ({ status }) => void (status !== undefined && (status.phase = 'Succeeded')), 'status');
    world.run();
    assert.deepEqual(claims(world), []);
  });

  it('lets the claim of a Pod that is gone go, its finalizer with it', () => {
    const world = worldWithDevices();
    world.template('t', { requests: [ask('r')] });
    world.pod('p', { template: 't' });
    world.run();
    world.client.delete(PODS, 'default', 'p', { gracePeriodSeconds: 0 });
    world.run(2_000);
    assert.deepEqual(claims(world), []);
  });

  it('keeps devices while one of several users is left', () => {
    const world = worldWithDevices();
    world.claim('one', { requests: [ask('r')] });
    world.pod('p', ['one']);
    world.pod('q', ['one']);
    world.run();
    world.client.delete(PODS, 'default', 'p', { gracePeriodSeconds: 0 });
    world.run();
    assert.deepEqual(
      world.claimNamed('one')?.status?.reservedFor?.map(({ name }) => name),
      ['q'],
    );
    assert.deepEqual(world.devicesOf('one'), ['r n1/a']);
  });

  it('reserves an allocated claim for a Pod that no scheduler placed', () => {
    const world = worldWithDevices();
    world.claim('one', { requests: [ask('r')] });
    world.pod('p', ['one']);
    world.run();
    world.pod('q', ['one'], { nodeName: 'n1' });
    world.run();
    assert.deepEqual(
      world.claimNamed('one')?.status?.reservedFor?.map(({ name }) => name),
      ['p', 'q'],
    );
  });

  it('lets an allocated claim go that nobody uses', () => {
    const world = worldWithDevices();
    world.claim('one', { requests: [ask('r')] });
    world.pod('p', ['one']);
    world.run();
    world.client.delete(RESOURCECLAIMS, 'default', 'one');
    world.run();
    assert.ok(world.claimNamed('one')?.metadata.deletionTimestamp, 'it is held while it is used');
    world.client.delete(PODS, 'default', 'p', { gracePeriodSeconds: 0 });
    world.run();
    assert.equal(world.claimNamed('one'), undefined);
  });

  it('cuts both names where they are long', () => {
    assert.equal(generatedBase('p', 'c'), 'p-c-');
    assert.equal(generatedBase('p'.repeat(60), 'c'.repeat(4)), `${'p'.repeat(51)}-ccc`);
  });
});
