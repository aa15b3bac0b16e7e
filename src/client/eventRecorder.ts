/**
 * Writes Event objects for what a part of the cluster did, with the correlation that client-go does before it sends:
 * equal events are counted in one object, ten similar ones are combined, a flood about one object is cut off.
 * Invariant: recording never fails the caller; an Event that the API server refuses is dropped, as in Kubernetes.
 * Counterpart: k8s.io/client-go/tools/record (EventRecorder, EventCorrelator).
 */
import type { Json, JsonObject } from '../base/json.ts';
import { EVENTS } from '../api/schema/resources.ts';
import type { ObjectReference } from '../api/schema/types/core/v1.ts';
import { StatusError } from '../apimachinery/errors/status.ts';
import { formatTime } from '../apimachinery/meta/time.ts';
import type { Client } from './client.ts';
import { eventName, firstSequence } from './eventName.ts';

export type EventType = 'Normal' | 'Warning';

export interface EventSource {
  readonly component: string;
  readonly host?: string;
}

/** Similar events (same object, type, reason, source; other message) after which they are combined, and in which time. */
const MAX_SIMILAR = 10;
const SIMILAR_INTERVAL_MS = 600_000;
/** Per source and object: this many events at once, then one more every five minutes. */
const SPAM_BURST = 25;
const SPAM_REFILL_MS = 300_000;

interface Similar {
  readonly messages: string[];
  lastAt: number;
}

/** What is known of the Event object that equal events are counted in; it need not be there (cut off as a flood, expired). */
interface Observed {
  readonly namespace: string;
  readonly name: string;
  readonly count: number;
  /** firstTimestamp */
  readonly since: string;
}

export class EventRecorder {
  private readonly client: Client;
  private readonly source: EventSource;
  private readonly now: () => number;
  /** The memory as the last checkpoint or restore had it, while nothing was recorded since; most recorders rest most of the time. */
  private resting: JsonObject | undefined;
  /** Whether only `resting` has the memory. */
  private asleep = false;
  private sequence: number;
  private similar = new Map<string, Similar>();
  private observed = new Map<string, Observed>();
  private spam = new Map<string, { tokens: number; at: number }>();

  constructor(client: Client, source: EventSource, now: () => number) {
    this.client = client;
    this.source = source;
    this.now = now;
    this.sequence = firstSequence(`${source.component}/${source.host ?? ''}`);
  }

  /** @param annotations written on a new Event object only */
  event(object: ObjectReference, type: EventType, reason: string, message: string, annotations?: Readonly<Record<string, string>>): void {
    this.wakeUp();
    const nowMs = this.now();
    const group = [this.source.component, this.source.host ?? '', ...identity(object), type, reason].join('\0');
    const text = this.combine(group, message, nowMs);
    const observed = this.observe(combinedKey(`${group}\0${object.fieldPath ?? ''}\0${text}`, text), object, nowMs);
    // An event that is cut off counts all the same: the next one that gets through shows them all.
    if (this.isSpam([this.source.component, this.source.host ?? '', ...identity(object)].join('\0'), nowMs)) return;
    try {
      if (!this.countUp(observed, text, nowMs)) this.write(observed, object, type, reason, text, annotations, nowMs);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
    }
  }

  checkpoint(): JsonObject {
    this.resting ??= {
      sequence: this.sequence,
      similar: [...this.similar].map(([key, { messages, lastAt }]) => [key, [...messages], lastAt]),
      observed: [...this.observed].map(([key, { namespace, name, count, since }]) => [key, namespace, name, count, since]),
      spam: [...this.spam].map(([key, { tokens, at }]) => [key, tokens, at]),
    };
    return this.resting;
  }

  restore(state: Json): void {
    this.resting = state as JsonObject;
    this.asleep = true;
  }

  private wakeUp(): void {
    const state = this.resting;
    this.resting = undefined;
    if (!this.asleep) return;
    this.asleep = false;
    const memory = state as {
      readonly sequence: number;
      readonly similar: readonly [string, readonly string[], number][];
      readonly observed: readonly [string, string, string, number, string][];
      readonly spam: readonly [string, number, number][];
    };
    this.sequence = memory.sequence;
    this.similar = new Map(memory.similar.map(([key, messages, lastAt]) => [key, { messages: [...messages], lastAt }]));
    this.observed = new Map(memory.observed.map(([key, namespace, name, count, since]) => [key, { namespace, name, count, since }]));
    this.spam = new Map(memory.spam.map(([key, tokens, at]) => [key, { tokens, at }]));
  }

  /** The tenth different message of a group within ten minutes becomes the combined one. */
  private combine(group: string, message: string, nowMs: number): string {
    let record = this.similar.get(group);
    if (record === undefined || nowMs - record.lastAt > SIMILAR_INTERVAL_MS) {
      record = { messages: [], lastAt: nowMs };
      remember(this.similar, group, record);
    }
    if (!record.messages.includes(message)) record.messages.push(message);
    record.lastAt = nowMs;
    if (record.messages.length < MAX_SIMILAR) return message;
    record.messages.shift();
    return `(combined from similar events): ${message}`;
  }

  private isSpam(key: string, nowMs: number): boolean {
    let bucket = this.spam.get(key);
    if (bucket === undefined) {
      bucket = { tokens: SPAM_BURST, at: nowMs };
      remember(this.spam, key, bucket);
    }
    bucket.tokens = Math.min(SPAM_BURST, bucket.tokens + (nowMs - bucket.at) / SPAM_REFILL_MS);
    bucket.at = nowMs;
    if (bucket.tokens < 1) return true;
    bucket.tokens -= 1;
    return false;
  }

  private observe(key: string, object: ObjectReference, nowMs: number): Observed {
    const before = this.observed.get(key);
    const observed = before === undefined ? this.newObject(object, nowMs) : { ...before, count: before.count + 1 };
    remember(this.observed, key, observed);
    return observed;
  }

  private newObject(object: ObjectReference, nowMs: number): Observed {
    const namespace = (object.namespace ?? '') === '' ? 'default' : (object.namespace ?? '');
    return { namespace, name: eventName(object.name ?? '', nowMs, this.sequence++), count: 1, since: formatTime(nowMs) };
  }

  private countUp({ namespace, name, count }: Observed, text: string, nowMs: number): boolean {
    if (count === 1) return false;
    const stored = this.client.modify(EVENTS, namespace, name, (event) => {
      event.count = count;
      event.message = text;
      event.lastTimestamp = formatTime(nowMs);
    });
    return stored !== undefined;
  }

  private write(
    { namespace, name, count, since }: Observed,
    object: ObjectReference,
    type: EventType,
    reason: string,
    message: string,
    annotations: Readonly<Record<string, string>> | undefined,
    nowMs: number,
  ): void {
    this.client.create(EVENTS, {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace, ...(annotations === undefined ? {} : { annotations: { ...annotations } }) },
      involvedObject: { ...object },
      reason,
      message,
      source: { ...this.source },
      firstTimestamp: since,
      lastTimestamp: formatTime(nowMs),
      count,
      type,
      reportingComponent: this.source.component,
      reportingInstance: this.source.host ?? '',
    });
  }
}

function identity({ kind, namespace, name, uid, apiVersion }: ObjectReference): readonly (string | undefined)[] {
  return [kind, namespace, name, uid, apiVersion];
}

/** Combined events of a group are one object, whatever the last message was. */
function combinedKey(key: string, text: string): string {
  return text.startsWith('(combined from similar events)') ? `${key.slice(0, key.length - text.length)}(combined)` : key;
}

const MEMORY_LIMIT = 4096;

/** Maps remember insertion order: the oldest entry goes when the memory is full (client-go: an LRU of 4096). */
function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > MEMORY_LIMIT) {
    const oldest = map.keys().next();
    if (oldest.done !== true) map.delete(oldest.value);
  }
}
