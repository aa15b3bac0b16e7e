import { fnv1a } from '../base/fnv.ts';

const NANOS_PER_MS = 1_000_000;

/** Where the sequence of a source begins: elsewhere for each, so that what two say of one object at one instant gets two names. */
export function firstSequence(source: string): number {
  return fnv1a(source) % NANOS_PER_MS;
}

/** client-go names an Event by its object and the time in nanoseconds; the sequence stands for what virtual time lacks in resolution. */
export function eventName(object: string, nowMs: number, sequence: number): string {
  const nanos = BigInt(Math.floor(nowMs)) * BigInt(NANOS_PER_MS) + BigInt(sequence % NANOS_PER_MS);
  return `${object}.${nanos.toString(16)}`;
}
