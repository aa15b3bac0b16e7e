/**
 * Events as parts write them that use the group events.k8s.io (the scheduler): equal events become a series.
 * Invariant: as in EventRecorder, recording never fails the caller. Counterpart: k8s.io/client-go/tools/events.
 */
import type { Json } from '../base/json.ts';
import { EVENTS } from '../api/schema/resources.ts';
import type { ObjectReference } from '../api/schema/types/core/v1.ts';
import { StatusError } from '../apimachinery/errors/status.ts';
import { formatMicroTime } from '../apimachinery/meta/time.ts';
import type { Client } from './client.ts';
import { eventName, firstSequence } from './eventName.ts';
import type { EventType } from './eventRecorder.ts';

/** A series ends when nothing was added to it for this long. */
const SERIES_MS = 360_000;

interface Series {
  readonly namespace: string;
  readonly name: string;
  count: number;
  lastAt: number;
}

export class EventsRecorder {
  private readonly client: Client;
  private readonly controller: string;
  private readonly now: () => number;
  /** The memory as the last checkpoint or restore had it, while nothing was recorded since; most recorders rest most of the time. */
  private resting: Json | undefined;
  /** Whether only `resting` has the memory. */
  private asleep = false;
  private sequence: number;
  private series = new Map<string, Series>();

  /** @param controller `default-scheduler` */
  constructor(client: Client, controller: string, now: () => number) {
    this.client = client;
    this.controller = controller;
    this.now = now;
    this.sequence = firstSequence(controller);
  }

  /** `regarding` with its resourceVersion: a change of the object starts a new event. */
  event(regarding: ObjectReference, type: EventType, reason: string, action: string, note: string): void {
    this.wakeUp();
    const nowMs = this.now();
    const key = [type, action, reason, regarding.uid ?? '', regarding.resourceVersion ?? ''].join('\0');
    const running = this.series.get(key);
    try {
      if (running === undefined || nowMs - running.lastAt > SERIES_MS) this.begin(key, regarding, type, reason, action, note, nowMs);
      else this.extend(running, nowMs);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
    }
  }

  checkpoint(): Json {
    this.resting ??= { sequence: this.sequence, series: [...this.series].map(([key, series]) => [key, { ...series }]) };
    return this.resting;
  }

  restore(state: Json): void {
    this.resting = state;
    this.asleep = true;
  }

  private wakeUp(): void {
    const state = this.resting;
    this.resting = undefined;
    if (!this.asleep) return;
    this.asleep = false;
    const memory = state as unknown as { readonly sequence: number; readonly series: readonly [string, Series][] };
    this.sequence = memory.sequence;
    this.series = new Map(memory.series.map(([key, series]) => [key, { ...series }]));
  }

  private begin(
    key: string,
    regarding: ObjectReference,
    type: EventType,
    reason: string,
    action: string,
    note: string,
    nowMs: number,
  ): void {
    const namespace = (regarding.namespace ?? '') === '' ? 'default' : (regarding.namespace ?? '');
    const name = eventName(regarding.name ?? '', nowMs, this.sequence++);
    this.client.create(EVENTS, {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace },
      involvedObject: { ...regarding },
      reason,
      message: note,
      source: {},
      type,
      eventTime: formatMicroTime(nowMs),
      action,
      reportingComponent: this.controller,
      reportingInstance: `${this.controller}-control-plane`,
    });
    this.series.delete(key);
    this.series.set(key, { namespace, name, count: 1, lastAt: nowMs });
    if (this.series.size > MEMORY_LIMIT) this.forgetOldest();
  }

  /** The second event makes a series of it; from then on client-go only counts, and writes again after half an hour. */
  private extend(running: Series, nowMs: number): void {
    running.count += 1;
    running.lastAt = nowMs;
    if (running.count !== 2) return;
    this.client.modify(EVENTS, running.namespace, running.name, (event) => {
      event.series = { count: running.count, lastObservedTime: formatMicroTime(nowMs) };
    });
  }

  private forgetOldest(): void {
    const oldest = this.series.keys().next();
    if (oldest.done !== true) this.series.delete(oldest.value);
  }
}

const MEMORY_LIMIT = 4096;
