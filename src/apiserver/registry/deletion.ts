import { draft } from '../../base/json.ts';
import type { KubeObject } from '../../apimachinery/meta/resource.ts';
import { formatTime } from '../../apimachinery/meta/time.ts';
import type { Strategy } from '../../api/strategy.ts';
import type { DeleteOptions } from '../request.ts';

/** What a DELETE comes to: the object goes now, or stays with a deletionTimestamp until someone lets go of it. */
export interface DeletionPlan {
  readonly now: boolean;
  readonly object: KubeObject;
}

const ORPHAN = 'orphan';
const FOREGROUND = 'foregroundDeletion';

/**
 * Works out what a DELETE does to an object.
 * The grace period ends at deletionTimestamp: `now + grace`. A second DELETE can shorten the time, never lengthen it.
 * Example: grace 30 s asked at 12:00:00 gives deletionTimestamp 12:00:30; a second DELETE at 12:00:10 with grace 5 s gives
 * 12:00:15; one with 60 s changes nothing.
 */
export function planDeletion(strategy: Strategy, old: KubeObject, options: DeleteOptions, nowMs: number): DeletionPlan {
  const object = draft(old);
  const meta = object.metadata;
  const finalizers = withPropagation(strategy, meta.finalizers ?? [], options);
  if (finalizers.length > 0) meta.finalizers = [...finalizers];
  else delete meta.finalizers;
  const grace = strategy.gracePeriodSeconds?.(old, options.gracePeriodSeconds) ?? 0;
  if (meta.deletionTimestamp === undefined) {
    if (grace === 0 && finalizers.length === 0) return { now: true, object: old };
    meta.deletionTimestamp = formatTime(nowMs + grace * 1000);
    meta.deletionGracePeriodSeconds = grace;
    if (meta.generation !== undefined) meta.generation += 1;
    return { now: false, object };
  }
  const current = meta.deletionGracePeriodSeconds ?? 0;
  if (strategy.gracePeriodSeconds !== undefined && grace < current) {
    const requestedAt = Date.parse(meta.deletionTimestamp) - current * 1000;
    meta.deletionTimestamp = formatTime(Math.max(requestedAt + grace * 1000, Math.min(nowMs + grace * 1000, Date.parse(meta.deletionTimestamp))));
    meta.deletionGracePeriodSeconds = grace;
  }
  return { now: (meta.deletionGracePeriodSeconds ?? 0) === 0 && finalizers.length === 0, object };
}

/** The finalizers that garbage collection works by follow from the policy; without one they stay as they are. */
function withPropagation(strategy: Strategy, finalizers: readonly string[], options: DeleteOptions): readonly string[] {
  const policy = options.propagationPolicy ?? implied(strategy, finalizers);
  const others = finalizers.filter((finalizer) => finalizer !== ORPHAN && finalizer !== FOREGROUND);
  if (policy === 'Orphan') return [...others, ORPHAN];
  if (policy === 'Foreground') return [...others, FOREGROUND];
  return others;
}

function implied(strategy: Strategy, finalizers: readonly string[]): 'Orphan' | 'Background' | 'Foreground' {
  if (finalizers.includes(ORPHAN)) return 'Orphan';
  if (finalizers.includes(FOREGROUND)) return 'Foreground';
  return strategy.defaultPropagation;
}
