import type { Json } from '../base/json.ts';
import { EVENTS } from '../api/schema/resources.ts';
import type { Event } from '../api/schema/types/core/v1.ts';
import { parseTime } from '../apimachinery/meta/time.ts';
import type { Component, SimEvent } from '../sim/component.ts';
import type { Simulation } from '../sim/simulation.ts';
import type { ApiServer } from './apiServer.ts';
import { APISERVER } from './bootstrap.ts';

/** kube-apiserver's --event-ttl. */
const TTL_MS = 3_600_000;
/** Looking for expired Events costs a walk over all of them; it is not done more often than this. */
const INTERVAL_MS = 60_000;

/**
 * Lets Events go an hour after they were last written, as the lease that etcd keeps them under does.
 * Works in the background: it never keeps the cluster from being stable.
 */
export function createEventTtl(simulation: Simulation, api: ApiServer): Component {
  const name = 'apiserver/event-ttl';
  const schedule = (at: number): void => void simulation.schedule({ at, component: name, type: 'expire', background: true });
  return {
    name,
    start: () => schedule(simulation.now() + TTL_MS),
    handle(event: SimEvent): void {
      const now = event.at;
      let next = now + TTL_MS;
      for (const item of api.store.list('events') as readonly Event[]) {
        const expiry = lastWritten(item) + TTL_MS;
        if (expiry > now) next = Math.min(next, expiry);
        else api.delete(APISERVER, EVENTS, item.metadata.namespace ?? '', item.metadata.name ?? '');
      }
      schedule(Math.max(next, now + INTERVAL_MS));
    },
    checkpoint: (): Json => null,
    restore: () => undefined,
  };
}

function lastWritten(event: Event): number {
  const times = [event.metadata.creationTimestamp, event.lastTimestamp, event.series?.lastObservedTime].map((time) =>
    parseTime(time ?? ''),
  );
  return Math.max(...times.filter((time) => !Number.isNaN(time)), 0);
}
