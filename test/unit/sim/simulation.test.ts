import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Json } from '../../../src/base/json.ts';
import type { Component, SimEvent } from '../../../src/sim/component.ts';
import { Simulation, WAKE } from '../../../src/sim/simulation.ts';

const START = Date.UTC(2026, 0, 1);

/** Sends messages to its peers at random times, cancels some, and keeps a log: everything a real part does. */
class Chatter implements Component {
  readonly name: string;
  private readonly sim: Simulation;
  private readonly peers: readonly string[];
  private readonly rest: number;
  log: string[] = [];
  private lastTimer: number | null = null;

  constructor(sim: Simulation, name: string, peers: readonly string[], rest: number) {
    this.sim = sim;
    this.name = name;
    this.peers = peers;
    this.rest = rest;
  }

  start(): void {
    this.sim.schedule({ at: this.sim.now(), component: this.name, type: 'say', payload: this.rest });
  }

  handle(event: SimEvent): void {
    this.log.push(`${event.at} ${event.seq} ${event.type} ${JSON.stringify(event.payload)} ${event.cause ?? ''}`);
    const rest = event.payload as number;
    if (event.type === WAKE || rest <= 0) return;
    const chance = this.sim.stream(this.name);
    const peer = this.peers[chance.int(this.peers.length)] as string;
    this.sim.wake(peer, event.seq);
    const id = this.sim.schedule({ at: this.sim.now() + chance.int(50), component: peer, type: 'say', payload: rest - 1 });
    this.sim.schedule({ at: this.sim.now() + 1000, component: this.name, type: 'tick', payload: 0, background: true });
    if (this.lastTimer !== null && chance.int(4) === 0) this.sim.cancel(this.lastTimer);
    this.lastTimer = id;
  }

  checkpoint(): Json {
    return { log: [...this.log], lastTimer: this.lastTimer };
  }

  restore(state: Json): void {
    const memory = state as { log: string[]; lastTimer: number | null };
    this.log = [...memory.log];
    this.lastTimer = memory.lastTimer;
  }
}

interface World {
  readonly sim: Simulation;
  readonly parts: readonly Chatter[];
}

function world(seed: string, rest: number): World {
  const sim = new Simulation({ seed, startTime: START });
  const names = ['a', 'b', 'c'];
  const parts = names.map((name) => new Chatter(sim, name, names, rest));
  for (const part of parts) sim.register(part);
  return { sim, parts };
}

function history({ parts }: World): string {
  return JSON.stringify(parts.map((part) => part.log));
}

function run(seed: string, rest: number): World {
  const made = world(seed, rest);
  made.sim.start();
  made.sim.advance(START + 10_000);
  return made;
}

describe('Simulation', () => {
  it('gives a byte-identical history for the same seed and inputs', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 40 }), (seed, rest) => {
        assert.equal(history(run(seed, rest)), history(run(seed, rest)));
      }),
      { numRuns: 50 },
    );
  });

  it('gives another history for another seed', () => {
    assert.notEqual(history(run('one', 30)), history(run('two', 30)));
  });

  it('continues a fork taken at any moment identically', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 0, max: 200 }), (seed, events) => {
        const original = world(seed, 30);
        original.sim.start();
        original.sim.advance(START + 10_000, { events });
        const checkpoint = JSON.parse(JSON.stringify(original.sim.checkpoint()));
        const fork = world(seed, 30);
        fork.sim.restore(checkpoint);
        original.sim.advance(START + 10_000);
        fork.sim.advance(START + 10_000);
        assert.equal(history(fork), history(original));
        assert.deepEqual(fork.sim.checkpoint(), original.sim.checkpoint());
      }),
      { numRuns: 60 },
    );
  });

  it('repeats a recorded run up to a number of events', () => {
    const original = world('seed', 30);
    original.sim.start();
    original.sim.advance(START + 500);
    const copy = world('seed', 30);
    copy.sim.start();
    assert.ok(copy.sim.replayTo(original.sim.eventsHandled, original.sim.now()));
    assert.equal(history(copy), history(original));
    assert.equal(copy.sim.now(), START + 500);
  });

  it('hands out events in the order of time, then of scheduling', () => {
    const sim = new Simulation({ seed: 's', startTime: START });
    const seen: string[] = [];
    sim.register(recorder('r', (event) => seen.push(String(event.payload))));
    const at = (offset: number, payload: string): number => sim.schedule({ at: START + offset, component: 'r', type: 't', payload });
    at(5, 'c');
    at(1, 'a');
    const cancelled = at(2, 'never');
    at(5, 'd');
    at(1, 'b');
    sim.cancel(cancelled);
    sim.advance(START + 4);
    assert.deepEqual(seen, ['a', 'b']);
    assert.equal(sim.now(), START + 4);
    sim.advance(START + 5);
    assert.deepEqual(seen, ['a', 'b', 'c', 'd']);
  });

  it('merges wake-ups of one instant and keeps the cause of the first', () => {
    const sim = new Simulation({ seed: 's', startTime: START });
    const causes: (number | undefined)[] = [];
    sim.register(recorder('r', (event) => causes.push(event.cause)));
    sim.wake('r', 7);
    sim.wake('r', 8);
    sim.advance(START);
    sim.wake('r', 9);
    sim.advance(START);
    assert.deepEqual(causes, [7, 9]);
  });

  it('tells stable and settled apart from background work', () => {
    const sim = new Simulation({ seed: 's', startTime: START });
    sim.register(recorder('r', () => undefined));
    sim.schedule({ at: START + 10_000, component: 'r', type: 'heartbeat', background: true });
    assert.equal(sim.stable, true);
    sim.schedule({ at: START + 20_000, component: 'r', type: 'deadline' });
    assert.equal(sim.stable, false);
    assert.equal(sim.isSettled(), true);
    assert.equal(sim.isSettled(30_000), false);
    assert.deepEqual(sim.runUntil('settled'), { reason: 'Done', events: 0 });
    assert.deepEqual(sim.runUntil('stable'), { reason: 'Done', events: 2 });
    assert.equal(sim.now(), START + 20_000);
  });

  it('does what is in the background on the way to the limit', () => {
    const sim = new Simulation({ seed: 's', startTime: START });
    const handled: number[] = [];
    sim.register(recorder('r', () => handled.push(sim.now() - START)));
    sim.schedule({ at: START + 10_000, component: 'r', type: 'probe', background: true });
    sim.schedule({ at: START + 90_000, component: 'r', type: 'deadline' });
    assert.deepEqual(sim.runUntil('stable', 60_000), { reason: 'LimitReached', events: 1 });
    assert.deepEqual([handled, sim.now() - START], [[10_000], 60_000]);
  });

  it('stops at the limit of virtual time and says so', () => {
    const sim = new Simulation({ seed: 's', startTime: START });
    sim.register(recorder('r', () => sim.schedule({ at: sim.now() + 1000, component: 'r', type: 'again' })));
    sim.wake('r');
    const result = sim.runUntil('stable', 60_000);
    assert.equal(result.reason, 'LimitReached');
    assert.equal(sim.now(), START + 60_000);
  });

  it('gives the thread back when the budget is used up', () => {
    const made = world('seed', 30);
    made.sim.start();
    assert.deepEqual(made.sim.advance(START + 10_000, { events: 3 }), { reason: 'BudgetReached', events: 3 });
    let asked = 0;
    assert.equal(made.sim.advance(START + 10_000, { expired: () => ++asked > 2 }).reason, 'BudgetReached');
  });

  it('lets go of what it has handled, whoever asks how the cluster stands', () => {
    const sim = new Simulation({ seed: 's', startTime: START });
    sim.register(recorder('r', () => sim.schedule({ at: sim.now() + 10, component: 'r', type: 'again' })));
    sim.wake('r');
    sim.advance(START + 10_000);
    assert.equal(sim.held, 2);
  });

  it('starts a component that the checkpoint does not know, and drops the memory of one that is gone', () => {
    const old = new Simulation({ seed: 's', startTime: START });
    old.register(recorder('kept', () => undefined));
    old.register(recorder('gone', () => undefined));
    old.start();
    old.wake('gone');
    const sim = new Simulation({ seed: 's', startTime: START });
    const seen: string[] = [];
    sim.register(recorder('kept', () => undefined));
    sim.register({ ...recorder('new', ({ type }) => seen.push(type)), start: () => sim.wake('new') });
    sim.restore(old.checkpoint());
    assert.equal(sim.advance(START + 1).reason, 'Done');
    assert.deepEqual(seen, [WAKE]);
  });

  it('goes on after a bug in a component if somebody is told of it, and passes it on if not', () => {
    const faulty = (sim: Simulation): void => {
      sim.register(
        recorder('r', ({ payload }) => {
          if (payload === 'bad') throw new Error('a bug');
        }),
      );
      for (const payload of ['bad', 'good']) sim.schedule({ at: START + 1, component: 'r', type: 't', payload });
    };
    const told: string[] = [];
    const onFault = ({ component, type }: SimEvent, error: unknown): void => void told.push(`${component} ${type} ${String(error)}`);
    const contained = new Simulation({ seed: 's', startTime: START, onFault });
    faulty(contained);
    assert.deepEqual(contained.advance(START + 2), { reason: 'Done', events: 2 });
    assert.equal(contained.dispatching, false);
    assert.deepEqual(told, ['r t Error: a bug']);
    const open = new Simulation({ seed: 's', startTime: START });
    faulty(open);
    assert.throws(() => open.advance(START + 2), /a bug/);
  });

  it('reports a runaway loop with its last events instead of hanging', () => {
    const sim = new Simulation({ seed: 's', startTime: START, maxEventsPerInstant: 100 });
    sim.register(recorder('r', () => sim.schedule({ at: sim.now(), component: 'r', type: 'again' })));
    sim.wake('r');
    const result = sim.advance(START + 1);
    assert.equal(result.reason, 'Runaway');
    assert.equal(result.runaway?.length, 20);
    assert.ok(result.runaway.every((event) => event.component === 'r'));
  });
});

function recorder(name: string, handle: (event: SimEvent) => void): Component {
  return { name, start: () => undefined, handle, checkpoint: () => null, restore: () => undefined };
}
