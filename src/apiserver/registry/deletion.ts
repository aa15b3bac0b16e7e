import { draft } from '../../base/json.ts';
import * as errors from '../../apimachinery/errors/status.ts';
import type { Status } from '../../apimachinery/errors/status.ts';
import type { KubeObject } from '../../apimachinery/meta/resource.ts';
import { formatTime, parseTime } from '../../apimachinery/meta/time.ts';
import type { Strategy } from '../../api/strategy.ts';
import type { DeleteOptions } from '../request.ts';

/** What a DELETE comes to. */
export interface DeletionPlan {
  /** The object as the deletion leaves it: what is written if it differs from the stored one, and what is answered. */
  readonly object: KubeObject;
  /** The object goes now; false: it stays until its time is up and the last finalizer is gone. */
  readonly now: boolean;
}

const ORPHAN = 'orphan';
const FOREGROUND = 'foregroundDeletion';

/**
 * Works out what a DELETE does to an object.
 * The grace period ends at deletionTimestamp: `now + grace`. A second DELETE can shorten the time, never lengthen it.
 * Example: grace 30 s asked at 12:00:00 gives deletionTimestamp 12:00:30; a second DELETE at 12:00:10 with grace 5 s gives
 * 12:00:05 (counted from the first one); one with 60 s changes nothing.
 */
export function planDeletion(strategy: Strategy, old: KubeObject, options: DeleteOptions, nowMs: number): DeletionPlan {
  return strategy.gracePeriodSeconds === undefined
    ? planAtOnce(strategy, old, options, nowMs)
    : planGraceful(strategy, old, options, nowMs);
}

/** Kinds without a grace period go at once unless a finalizer holds them. */
function planAtOnce(strategy: Strategy, old: KubeObject, options: DeleteOptions, nowMs: number): DeletionPlan {
  const object = draft(old);
  const finalizers = withPropagation(strategy, old.metadata.finalizers ?? [], options);
  if (finalizers.length === 0) return { object: old, now: true };
  object.metadata.finalizers = [...finalizers];
  markAsDeleting(object, nowMs);
  return { object, now: false };
}

function planGraceful(strategy: Strategy, old: KubeObject, options: DeleteOptions, nowMs: number): DeletionPlan {
  const object = draft(old);
  const meta = object.metadata;
  const current = meta.deletionGracePeriodSeconds ?? 0;
  if (meta.deletionTimestamp === undefined) {
    const grace = strategy.gracePeriodSeconds?.(old, options.gracePeriodSeconds) ?? 0;
    meta.deletionTimestamp = formatTime(nowMs + grace * 1000);
    meta.deletionGracePeriodSeconds = grace;
    if (meta.generation !== undefined) meta.generation += 1;
  } else if (current === 0 || options.gracePeriodSeconds === undefined || options.gracePeriodSeconds >= current) {
    // Finalizers cannot be changed by options once the deletion has begun.
    return { object: old, now: current === 0 && (old.metadata.finalizers ?? []).length === 0 };
  } else {
    meta.deletionTimestamp = formatTime(parseTime(meta.deletionTimestamp) + (options.gracePeriodSeconds - current) * 1000);
    meta.deletionGracePeriodSeconds = options.gracePeriodSeconds;
  }
  const finalizers = withPropagation(strategy, meta.finalizers ?? [], options);
  if (finalizers.length > 0) meta.finalizers = [...finalizers];
  else delete meta.finalizers;
  return { object, now: meta.deletionGracePeriodSeconds === 0 && finalizers.length === 0 };
}

/** What a deletion writes into an object that a finalizer keeps. */
export function markAsDeleting(object: ReturnType<typeof draft<KubeObject>>, nowMs: number): void {
  const meta = object.metadata;
  if (meta.deletionTimestamp === undefined && meta.generation !== undefined && meta.generation > 0) meta.generation += 1;
  if (meta.deletionTimestamp === undefined || parseTime(meta.deletionTimestamp) > nowMs) meta.deletionTimestamp = formatTime(nowMs);
  meta.deletionGracePeriodSeconds = 0;
}

/** The finalizers that garbage collection works by follow from the policy; without one they stay as they are. */
export function withPropagation(strategy: Strategy, finalizers: readonly string[], options: DeleteOptions): readonly string[] {
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

/** An uid or a resourceVersion that the caller insists on; the message names the kind, not the resource. */
export function checkPreconditions(strategy: Strategy, old: KubeObject, options: DeleteOptions): Status | undefined {
  const { uid, resourceVersion } = options.preconditions ?? {};
  const { metadata } = old;
  const { group, kind } = strategy.resource;
  const conflict = (text: string): Status => errors.conflict({ group, plural: kind }, metadata.name ?? '', text);
  if (uid !== undefined && uid !== metadata.uid) {
    return conflict(
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid ?? ''}). The object might have been deleted and then recreated`,
    );
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    return conflict(
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion ?? ''}). The object might have been modified`,
    );
  }
  return undefined;
}

/** An update that took the last finalizer of an object whose time is up carries out its deletion. */
export function isReadyToGo(object: KubeObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds, finalizers } = object.metadata;
  return deletionTimestamp !== undefined && (deletionGracePeriodSeconds ?? 0) === 0 && (finalizers ?? []).length === 0;
}
