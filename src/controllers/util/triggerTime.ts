import type { Draft, Json } from '../../base/json.ts';
import type { Pod, Service } from '../../api/schema/types/core/v1.ts';
import { keyOf } from '../../apimachinery/meta/resource.ts';
import type { ObjectMeta } from '../../apimachinery/meta/types.ts';
import { formatTime, parseTime } from '../../apimachinery/meta/time.ts';

/** When the change came about that the addresses follow: what measures how late they are. */
const TRIGGER_TIME = 'endpoints.kubernetes.io/last-change-trigger-time';

/** What the last look at a Service saw; replaced, never changed. */
interface Seen {
  readonly serviceMs: number;
  /** By Pod, when its readiness changed last. */
  readonly pods: Readonly<Record<string, number>>;
}

/**
 * What triggered a look at a Service's addresses: the earliest of the changes since the last look, of the Pods' readiness or of
 * the Service itself; the first time the making of the Service.
 * Worked example: Pods became ready at 5 s and 7 s since the last look: 5 s. A Pod left: nothing.
 * Counterpart: TriggerTimeTracker of k8s.io/endpointslice.
 */
export class TriggerTimes {
  private readonly seen = new Map<string, Seen>();

  /** Notes what is there now. @returns the time as text; undefined: nothing changed whose time is known */
  compute(service: Service, pods: readonly Pod[]): string | undefined {
    const key = keyOf(service);
    const before = this.seen.get(key);
    const serviceMs = parseTime(service.metadata.creationTimestamp ?? '');
    let earliest = Number.POSITIVE_INFINITY;
    const times: Record<string, number> = {};
    for (const { metadata, status } of pods) {
      const ready = status?.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime;
      if (ready === undefined) continue;
      const ms = parseTime(ready);
      const name = metadata.name ?? '';
      times[name] = ms;
      if (ms > (before?.pods[name] ?? Number.NEGATIVE_INFINITY)) earliest = Math.min(earliest, ms);
    }
    if (before !== undefined && serviceMs > before.serviceMs) earliest = Math.min(earliest, serviceMs);
    this.seen.set(key, { serviceMs, pods: times });
    if (before === undefined) return service.metadata.creationTimestamp;
    return Number.isFinite(earliest) ? formatTime(earliest) : undefined;
  }

  /** The Service is gone. */
  forget(key: string): void {
    this.seen.delete(key);
  }

  checkpoint(): Json {
    return [...this.seen] as unknown as Json;
  }

  restore(state: Json): void {
    this.seen.clear();
    for (const [key, seen] of state as unknown as readonly (readonly [string, Seen])[]) this.seen.set(key, seen);
  }
}

/** Writes the time on what is about to be stored, or takes the last one away. */
export function setTriggerTime(metadata: Draft<ObjectMeta>, time: string | undefined): void {
  if (time !== undefined) (metadata.annotations ??= {})[TRIGGER_TIME] = time;
  else if (metadata.annotations !== undefined) {
    delete metadata.annotations[TRIGGER_TIME];
    if (Object.keys(metadata.annotations).length === 0) delete metadata.annotations;
  }
}
