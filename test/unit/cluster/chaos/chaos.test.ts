// Random acts, faults and jumps of the clock. All the while bounds hold; when the faults have ended, the cluster comes to rest where its
// specs want it, with nothing left over; when all is deleted, no part remembers more than at the beginning.
// KUBEPAD_CHAOS_SEEDS and KUBEPAD_CHAOS_MINUTES (of virtual time, per seed) make it long; KUBEPAD_CHAOS_FIRST is the first seed.
import assert from 'node:assert/strict';
import { EVENTS } from '../../../../src/api/schema/resources.ts';
import type { Revision } from '../../../../src/apiserver/storage/revision.ts';
import { Chaos } from './chaos.ts';
import { unconverged } from './converged.ts';
import { grown, leaks, sizes, staleMemory } from './leaks.ts';

const FIRST = Number(process.env['KUBEPAD_CHAOS_FIRST'] ?? 1);
const SEEDS = Number(process.env['KUBEPAD_CHAOS_SEEDS'] ?? 3);
const MINUTES = Number(process.env['KUBEPAD_CHAOS_MINUTES'] ?? 60);
/** How often a checkpoint is tried, and how long; every other time it goes through the text on a disk. */
const TWIN_EVERY = 2_000;
const TWIN_MINUTES = Math.min(60, MINUTES / 10);
/** How long a cluster at rest is looked at. */
const REST_SECONDS = 600;

/**
 * What a cluster at rest writes: heartbeats, what goes by age, and what the real controllers repeat as long as something is so: an autoscaler
 * writes every change of what it measures and tells with every look that its target is not there, the volume binder tells with every resync
 * of claims that wait for their first consumer.
 */
function isRoutine({ resource, type, actor }: Revision): boolean {
  if (resource === 'leases.coordination.k8s.io' || resource === 'nodes') return true;
  const isAutoscaler = actor.endsWith(':horizontal-pod-autoscaler');
  if (resource === 'events') return type === 'DELETED' || isAutoscaler || actor.endsWith(':persistent-volume-binder');
  return resource === 'horizontalpodautoscalers.autoscaling' && isAutoscaler;
}

/** What a cluster at rest does beyond its routine in ten minutes; a loop that writes nothing shows in the number of events. */
function restless(chaos: Chaos): readonly string[] {
  const { api, simulation } = chaos.cluster;
  const found: string[] = [];
  const heartbeats = new Map<string, number>();
  const stop = api.store.onRevision((revision) => {
    const { actor, verb, resource, key } = revision;
    if (!isRoutine(revision)) found.push(`${actor} ${verb} ${resource} ${key}`);
    else if (resource !== 'events') heartbeats.set(`${resource} ${key}`, (heartbeats.get(`${resource} ${key}`) ?? 0) + 1);
  });
  const before = simulation.eventsHandled;
  chaos.run(REST_SECONDS);
  stop.dispose();
  const events = simulation.eventsHandled - before;
  const [pods, nodes] = [api.store.count('pods'), api.store.count('nodes')];
  // Two to three times what heartbeats, probes and the looks of all controllers at them come to.
  if (events > REST_SECONDS * (5 + nodes + pods / 5)) found.push(`${events} events with ${nodes} nodes and ${pods} Pods`);
  for (const [what, count] of heartbeats) if (count > REST_SECONDS / 10 + 1) found.push(`${what} was written ${count} times`);
  return found;
}

describe('chaos', function () {
  this.timeout(60_000 + SEEDS * MINUTES * 2_000);
  for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
    it(`seed ${seed}: bounds hold, the cluster comes to rest, nothing is left over`, () => {
      const chaos = Chaos.begin(`chaos-${seed}`);
      chaos.run(3_600 + 600);
      const before = sizes(chaos.cluster);
      const check = (what: string, found: readonly string[]): void => {
        if (found.length > 0)
          assert.fail(
            [`${what}:`, ...found.slice(0, 6), 'last acts:', ...chaos.log.slice(-8)].map((line) => line.slice(0, 500)).join('\n'),
          );
      };

      for (let left = MINUTES, round = 0; left > 0; left -= TWIN_EVERY, round++) {
        chaos.play(Math.min(left, TWIN_EVERY) / 2);
        chaos.continueTwice(TWIN_MINUTES, round % 2 === 0);
        chaos.play(Math.min(left, TWIN_EVERY) / 4);
        if (seed % 3 === 0) chaos.restart();
        chaos.play(Math.min(left, TWIN_EVERY) / 4);
        check('bounds', chaos.problems);
      }
      chaos.calm();
      check('rest', chaos.problems);
      check('converged', unconverged(chaos.cluster));
      chaos.run(3_700);
      check('leaks', leaks(chaos.cluster));
      check('memory', staleMemory(chaos.cluster));
      check('rest', restless(chaos));
      chaos.clear();
      check('rest', chaos.problems);
      check('leaks of an empty cluster', [...leaks(chaos.cluster), ...staleMemory(chaos.cluster)]);
      check('memory of an empty cluster', grown(before, sizes(chaos.cluster)));
      check(
        'events',
        chaos.cluster
          .admin()
          .list(EVENTS)
          .map(({ reason }) => reason ?? ''),
      );
    });
  }
});
