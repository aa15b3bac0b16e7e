import { parseTime } from '../../apimachinery/meta/time.ts';
import type { ObjectMeta } from '../../apimachinery/meta/types.ts';
import { parseDuration } from './duration.ts';

/** An object that is in force for a time: a Fault, a Load. */
export interface Temporary {
  readonly metadata: ObjectMeta;
  readonly spec?: { readonly from?: string; readonly duration?: string };
  readonly status?: { readonly activeSince?: string };
}

export type Phase = 'Pending' | 'Active' | 'Ended';

/** Between which times something is in force. Milliseconds since 1970. */
export interface Span {
  readonly startMs: number;
  /** Undefined: until the object is deleted. */
  readonly endMs: number | undefined;
}

/**
 * Worked example: made at 10:00:00, `from: 30s`, `duration: 5m`: in force from 10:00:30 to 10:05:30.
 * What has no `from` begins when it is first seen, and keeps that moment.
 */
export function spanOf({ metadata, spec, status }: Temporary, nowMs: number): Span {
  const { from, duration } = spec ?? {};
  const startMs = from === undefined ? (timeOf(status?.activeSince) ?? nowMs) : startOf(from, timeOf(metadata.creationTimestamp) ?? nowMs);
  const lastsMs = duration === undefined ? undefined : parseDuration(duration);
  return { startMs, endMs: lastsMs === undefined ? undefined : startMs + lastsMs };
}

export function phaseAt({ startMs, endMs }: Span, nowMs: number): Phase {
  if (nowMs < startMs) return 'Pending';
  return endMs !== undefined && nowMs >= endMs ? 'Ended' : 'Active';
}

function startOf(from: string, createdMs: number): number {
  const delay = parseDuration(from);
  return delay === undefined ? Date.parse(from) : createdMs + delay;
}

function timeOf(text: string | undefined): number | undefined {
  const time = parseTime(text ?? '');
  return Number.isNaN(time) ? undefined : time;
}
