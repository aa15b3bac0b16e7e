/**
 * What the kube-proxies of the nodes have not got yet: Services whose last change waits for the next sync, and what a kube-proxy that
 * is stopped or cut off still believes.
 * Invariant: plain data; a Service that is not named here is on every node as the store has it.
 * Counterpart: the bounded-frequency runner of k8s.io/kubernetes/pkg/proxy, and rules that stay in a kernel nobody writes to.
 */
import type { Json, JsonObject } from '../../base/json.ts';
import type { Inputs } from './serviceRule.ts';

/** From a change to the end of the sync that brings it: the watch, and writing the rules. */
const SYNC_MS = 100;
/** `--iptables-min-sync-period`. */
const MIN_PERIOD_MS = 1_000;

interface Waiting {
  /** Null: there was no such Service. */
  readonly before: Inputs | null;
  readonly untilMs: number;
}

/** What the nodes of one fault believe: every Service that changed since, as it was. */
interface Frozen {
  readonly fault: string;
  readonly believed: Record<string, Inputs | null>;
}

export class SyncState {
  private waiting: Record<string, Waiting> = {};
  private frozen: Frozen[] = [];
  private nextSyncMs = 0;

  /** A Service or its endpoints changed. @param before what was there until now */
  changed(key: string, before: Inputs | null, nowMs: number): void {
    if (nowMs > this.nextSyncMs) this.sweep(nowMs);
    const untilMs = this.syncAt(nowMs);
    const earlier = this.waiting[key];
    // What the nodes see stays until the sync, however often it changes before.
    const visible = earlier !== undefined && earlier.untilMs > nowMs ? earlier.before : before;
    this.waiting[key] = { before: visible, untilMs };
    for (const { believed } of this.frozen) if (!Object.hasOwn(believed, key)) believed[key] = visible;
  }

  /** The faults that keep kube-proxies from their work now, oldest first. */
  stopped(faults: readonly string[]): void {
    this.frozen = this.frozen.filter(({ fault }) => faults.includes(fault));
    for (const fault of faults) if (!this.frozen.some((each) => each.fault === fault)) this.frozen.push({ fault, believed: {} });
  }

  /**
   * What a node has instead of what the store has; undefined: nothing else.
   * @param faults those that keep this node's kube-proxy from its work
   */
  believed(key: string, faults: readonly string[], nowMs: number): Inputs | null | undefined {
    for (const { fault, believed } of this.frozen) if (faults.includes(fault) && Object.hasOwn(believed, key)) return believed[key];
    const waiting = this.waiting[key];
    return waiting !== undefined && waiting.untilMs > nowMs ? waiting.before : undefined;
  }

  /** All that some node may have of a Service instead of what the store has. */
  former(key: string): readonly Inputs[] {
    const all = [this.waiting[key]?.before, ...this.frozen.map(({ believed }) => believed[key])];
    return all.filter((inputs) => inputs !== undefined && inputs !== null);
  }

  /** Services of which some node may have something else than the store has. */
  doubtful(): readonly string[] {
    const keys = new Set(Object.keys(this.waiting));
    for (const { believed } of this.frozen) for (const key of Object.keys(believed)) keys.add(key);
    return [...keys];
  }

  /** What the nodes have heard of by now is left out. */
  checkpoint(nowMs: number): JsonObject {
    const waiting = Object.fromEntries(Object.entries(this.waiting).filter(([, { untilMs }]) => untilMs > nowMs));
    const frozen = this.frozen.map(({ fault, believed }) => ({ fault, believed: { ...believed } }));
    return { waiting, frozen, nextSyncMs: this.nextSyncMs } as unknown as JsonObject;
  }

  restore(memory: Json): void {
    const { waiting = {}, frozen = [], nextSyncMs = 0 } = (memory ?? {}) as unknown as Partial<Memory>;
    this.waiting = { ...waiting };
    this.frozen = frozen.map(({ fault, believed }) => ({ fault, believed: { ...believed } }));
    this.nextSyncMs = nextSyncMs;
  }

  /** At once, if the last sync is long enough ago; else with the next one. */
  private syncAt(nowMs: number): number {
    if (nowMs + SYNC_MS > this.nextSyncMs) this.nextSyncMs = Math.max(nowMs + SYNC_MS, this.nextSyncMs + MIN_PERIOD_MS);
    return this.nextSyncMs;
  }

  private sweep(nowMs: number): void {
    for (const [key, { untilMs }] of Object.entries(this.waiting)) if (untilMs <= nowMs) delete this.waiting[key];
  }
}

interface Memory {
  readonly waiting: Record<string, Waiting>;
  readonly frozen: readonly Frozen[];
  readonly nextSyncMs: number;
}
