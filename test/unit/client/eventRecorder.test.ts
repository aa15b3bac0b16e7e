import assert from 'node:assert/strict';
import { EVENTS } from '../../../src/api/schema/resources.ts';
import type { Event } from '../../../src/api/schema/types/core/v1.ts';
import { EventRecorder } from '../../../src/client/eventRecorder.ts';
import type { Cluster } from '../../../src/cluster/cluster.ts';
import { newCluster, START } from '../controllers/support.ts';

const POD = { kind: 'Pod', apiVersion: 'v1', namespace: 'default', name: 'web', uid: 'u' } as const;

describe('EventRecorder', () => {
  let cluster: Cluster;
  let nowMs: number;
  let recorder: EventRecorder;

  beforeEach(() => {
    cluster = newCluster({ nodes: 0 });
    nowMs = START + 60_000;
    recorder = new EventRecorder(cluster.admin(), { component: 'kubelet', host: 'node-1' }, () => nowMs);
  });

  const say = (message: string): void => recorder.event(POD, 'Warning', 'BackOff', message);
  const events = (): readonly Event[] => cluster.admin().list(EVENTS, 'default');

  it('counts equal events in one object', () => {
    for (let turn = 0; turn < 3; turn++) {
      say('again');
      nowMs += 10_000;
    }
    const [only, ...others] = events();
    assert.deepEqual(others, []);
    assert.equal(only?.count, 3);
    assert.equal(only.firstTimestamp, '2026-01-05T10:01:00Z');
    assert.equal(only.lastTimestamp, '2026-01-05T10:01:20Z');
  });

  it('writes what two sources say of one object at one instant', () => {
    const other = new EventRecorder(cluster.admin(), { component: 'default-scheduler' }, () => nowMs);
    say('by the kubelet');
    other.event(POD, 'Warning', 'Other', 'by another');
    assert.deepEqual(new Set(events().map(({ message }) => message)), new Set(['by another', 'by the kubelet']));
  });

  it('counts what a flood keeps from being written', () => {
    for (let turn = 0; turn < 40; turn++) say('again');
    assert.equal(events()[0]?.count, 25);
    nowMs += 300_000;
    say('again');
    assert.equal(events()[0]?.count, 41);
  });

  it('combines the tenth similar event of ten minutes', () => {
    for (let turn = 1; turn <= 12; turn++) say(`attempt ${turn}`);
    const messages = events().map(({ message, count }) => `${message} ${count}`);
    assert.equal(messages.length, 10);
    assert.ok(messages.includes('(combined from similar events): attempt 12 3'));
  });

  it('makes an Event that has expired again, with its count', () => {
    say('again');
    const [first] = events();
    cluster.admin().delete(EVENTS, 'default', first?.metadata.name ?? '');
    nowMs += 20_000;
    say('again');
    const [second] = events();
    assert.equal(second?.metadata.name, first?.metadata.name);
    assert.equal(second?.count, 2);
    assert.equal(second.firstTimestamp, '2026-01-05T10:01:00Z');
  });

  it('goes on after a restore as it would have without one', () => {
    for (let turn = 0; turn < 26; turn++) say('again');
    const copy = new EventRecorder(cluster.admin(), { component: 'kubelet', host: 'node-1' }, () => nowMs);
    copy.restore(recorder.checkpoint());
    copy.event(POD, 'Warning', 'BackOff', 'again');
    assert.equal(events()[0]?.count, 25);
    assert.deepEqual((copy.checkpoint()['observed'] as unknown[][])[0]?.[3], 27);
  });
});
