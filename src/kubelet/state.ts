/**
 * The memory of the kubelets: one record per node and one per Pod, all plain data.
 * Invariant: nothing here that is not JSON; a checkpoint is a copy of these records.
 */
import type { Pod } from '../api/schema/types/core/v1.ts';
import type { KubeletMode } from './mode.ts';
import type { AddressPool } from '../runtime/ipam.ts';
import type { ContainerRecord } from '../runtime/container.ts';
import type { TimerId } from '../sim/component.ts';
import type { PodRequests } from './lifecycle/resources.ts';
import type { OngoingResize } from './resize.ts';
import type { ShutdownGroup } from './nodeshutdown/groups.ts';

export interface NodeState {
  readonly name: string;
  readonly mode: KubeletMode;
  /** Where in each second the node looks at its runtime (relist) and at its queue of retries. */
  readonly relistPhaseMs: number;
  readonly queuePhaseMs: number;
  /** Second of the ten-second round in which the Lease is renewed. */
  readonly slot: number;
  readonly address: string;
  readonly pool: AddressPool;
  /** Images on the node: name > bytes. */
  readonly images: Record<string, number>;
  /** Of the images that an Image object described when they were pulled: name > digest. */
  readonly digests: Record<string, string>;
  /** The first is being pulled. */
  readonly pulls: Pull[];
  readonly used: PodRequests;
  /** The machine is off. */
  down: boolean;
  /** `cut`: the kubelet does not reach the API server; `stopped`: it does not run. The machine's containers go on. */
  link: 'up' | 'cut' | 'stopped';
  /** False until the first status that says Ready. */
  ready: boolean;
  reportedAtMs: number;
  /** Grows when the machine boots. */
  boots: number;
  /** Null unless the machine is shut down in order, or has been and is off. */
  shutdown: ShutdownState | null;
  /** When each image came onto the node, and when it was used last, milliseconds since 1970. */
  readonly imageUse: Record<string, ImageUse>;
  /** Null while nobody looks at the images: the disk is not crowded and they do not grow too old. */
  imageGc: { failed: boolean; readonly sinceMs: number } | null;
  /** Null while nothing weighs on the machine. */
  eviction: EvictionState | null;
  /** Attachable volumes in use, with the uids of the Pods that use them. */
  readonly volumes: Record<string, string[]>;
  /** When the Node's status will be written because these have changed. */
  volumesReportMs: number | null;
}

export type Pressure = 'MemoryPressure' | 'DiskPressure' | 'PIDPressure';

export interface ImageUse {
  readonly detectedMs: number;
  readonly usedMs: number;
}

export interface ShutdownState {
  readonly groups: readonly ShutdownGroup[];
  /** The group of Pods that are being ended; -1 before the first. */
  index: number;
  untilMs: number;
  done: boolean;
}

export interface EvictionState {
  /** Disk that was freed since the node is looked at. */
  freedBytes: number;
  /** Since when each threshold is met without a break. */
  readonly sinceMs: Record<string, number>;
  /** The thresholds that are acted on: they are met until their minimum reclaim is free, too. */
  unresolved: readonly string[];
  /** When the threshold of a condition was met last. */
  readonly met: Partial<Record<Pressure, number>>;
  /** The Pod that was evicted last, until it is cleaned up. */
  victim: { readonly uid: string; readonly sinceMs: number } | null;
}

export interface Pull {
  readonly uid: string;
  readonly image: string;
  readonly askedAtMs: number;
  startedAtMs: number | null;
  timer: Timer | null;
  outcome: { readonly ok: boolean; readonly sizeBytes: number; readonly error: string; readonly digest: string } | null;
}

export interface Timer {
  readonly id: TimerId;
  readonly atMs: number;
}

export type Work = 'syncing' | 'terminating' | 'terminated' | 'finished';

/** Whether the node sets resources and ports aside for the Pod: until its containers have been stopped. */
export function isActive({ work }: PodState): boolean {
  return work === 'syncing' || work === 'terminating';
}

export interface Sandbox {
  readonly attempt: number;
  readonly ip: string;
  ready: boolean;
}

/** Why a container is not started: what the status shows as its waiting state. */
export interface StartFailure {
  readonly reason: string;
  readonly message: string;
}

/** Of a Pod that has to go because its node lacks something, or because it broke a limit. */
export const EVICTED = 'Evicted';

/** Why a Pod is made to fail: what its status says. */
export interface KillReason {
  readonly reason: string;
  readonly message: string;
  /** It broke limits of its own: nobody disrupts it. */
  readonly ownFault?: boolean;
}

export interface BackOffEntry {
  delayMs: number;
  updatedAtMs: number;
}

export type ProbeType = 'startup' | 'liveness' | 'readiness';
export type ProbeResult = 'success' | 'failure' | 'unknown';

export interface ProbeWorker {
  readonly type: ProbeType;
  readonly container: string;
  /** The ticker runs from here. */
  bornAtMs: number;
  containerId: string;
  last: ProbeResult;
  run: number;
  onHold: boolean;
  stopped: boolean;
  /** A look was asked for while the probe was busy. */
  triggered: boolean;
  /** A probe that takes time: when it ends and what it comes to. */
  busy: {
    readonly untilMs: number;
    readonly result: ProbeResult;
    readonly output: string;
    readonly timer: Timer;
    readonly pid?: number;
  } | null;
  timer: Timer | null;
}

/** A container that is being stopped: its hook runs, it waits for its turn, it has got SIGTERM. */
export interface Stop {
  readonly container: string;
  readonly id: string;
  stage: 'hook' | 'turn' | 'term';
  hookEndMs: number;
  /** The process of the hook while it runs. */
  hookPid: number | null;
  readonly graceEndMs: number;
  /** Ids of containers that have to end before. */
  readonly after: readonly string[];
  killAtMs: number | null;
}

/** One thing that a sync has to do, in order. */
export type Action =
  | { readonly do: 'kill'; readonly container: string; readonly message: string; readonly graceSeconds: number | null }
  | { readonly do: 'sandbox' }
  | { readonly do: 'killPod' }
  | { readonly do: 'resize' }
  | { readonly do: 'restartAll' }
  /** `gate`: if it fails, what comes after it is left out (init containers). */
  | { readonly do: 'start'; readonly container: string; readonly gate: boolean };

/** What happens at a time while a step goes on: an event to be written. */
export interface Effect {
  readonly atMs: number;
  readonly reason: string;
  readonly message: string;
  readonly container: string;
}

/** A sync that waits for something. */
export type Step =
  | {
      readonly kind: 'volumes';
      readonly cacheAtMs: number;
      readonly sinceMs: number;
      failures: number;
      /** When what failed is tried again; null: nothing has failed. */
      nextTryMs: number | null;
      /** Volumes that have to be attached first. */
      readonly attach: readonly string[];
      attachFailures: number;
      /** When it is looked again whether they are attached; null: they are. */
      attachAtMs: number | null;
      mounted: boolean;
    }
  | {
      readonly kind: 'run';
      readonly cacheAtMs: number;
      readonly plan: readonly Action[];
      index: number;
      readonly outcomes: Record<string, StartFailure | null>;
      started: boolean;
      changed: boolean;
      failed: boolean;
      wait: Wait | null;
    }
  | { readonly kind: 'terminating'; readonly untilMs: number };

export type Wait =
  | { readonly for: 'pull'; readonly container: string; readonly image: string }
  | { readonly for: 'latency'; readonly container: string }
  | { readonly for: 'kill'; readonly untilMs: number; readonly failure: StartFailure | null }
  | { readonly for: 'postStart'; readonly container: string; readonly error: string; readonly pid?: number };

/** How a sync ended: what decides about the next one. */
export interface SyncResult {
  /** A container was started: the runtime is looked at again at once. */
  readonly started: boolean;
  /** Something else changed that the next look will show. */
  readonly changed: boolean;
  /** Undefined: nothing is left to do. A time: a back-off ends then. `retry`: it failed. */
  readonly again?: number | 'retry';
  /** The Pod goes over to another kind of work. */
  readonly next?: Work;
}

/** `waits`: the sync goes on when what it waits for in `step` has happened. */
export type SyncOutcome = SyncResult | 'waits';

export interface PodState {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly node: string;
  /** What the node has set aside for it: grows and shrinks when a resize is carried out. */
  requests: PodRequests;
  work: Work;
  /** Something happened that the worker has not looked at yet. */
  pending: boolean;
  /** End of the last sync; -1 before the first. */
  syncedAtMs: number;
  /** How old what the last status was made of is. */
  cacheAtMs: number;
  /** The cache of the runtime's state was renewed for this Pod after the last sync. */
  refreshed: boolean;
  volumesMounted: boolean;
  /** Overrides the Pod's own grace period, seconds. */
  graceSeconds: number | null;
  sandbox: Sandbox | null;
  /** Newest first. */
  records: ContainerRecord[];
  failures: Record<string, StartFailure>;
  backOff: Record<string, BackOffEntry>;
  /** Image > text of its last failed pull. */
  pullErrors: Record<string, string>;
  probes: ProbeWorker[];
  /** `<type>/<container id>` */
  results: Record<string, ProbeResult>;
  effects: Effect[];
  step: Step | null;
  look: Timer | null;
  resync: Timer | null;
  stepTimer: Timer | null;
  deadline: Timer | null;
  stopTimer: Timer | null;
  /** When its use of the disk is looked at, because it is beyond a limit. */
  diskTimer: Timer | null;
  /** Containers that are being stopped step by step. */
  stops: Stop[];
  /** When the processes of containers go on: container id > timer. */
  wakes: Record<string, Timer>;
  /** The last the API server said, once the object is gone from there. */
  orphan: Pod | null;
  /** While the node is cut off: the Pod as the kubelet saw it last, with the status that it would write. */
  seen: Pod | null;
  /** Why the kubelet ended it by its own will. */
  killed: KillReason | null;
  /** Resources the runtime has applied, by container; only of Pods that were resized. */
  resized: Record<string, string>;
  /** Why a resize has to wait. */
  deferredResize: string | null;
  /** The resize that is being carried out. */
  resizing: OngoingResize | null;
}

export function newPodState(pod: Pod, node: string, requests: PodRequests): PodState {
  return {
    uid: pod.metadata.uid ?? '',
    namespace: pod.metadata.namespace ?? '',
    name: pod.metadata.name ?? '',
    node,
    requests,
    work: 'syncing',
    pending: false,
    syncedAtMs: -1,
    cacheAtMs: 0,
    refreshed: false,
    volumesMounted: false,
    graceSeconds: null,
    sandbox: null,
    records: [],
    failures: {},
    backOff: {},
    pullErrors: {},
    probes: [],
    results: {},
    effects: [],
    step: null,
    look: null,
    resync: null,
    stepTimer: null,
    deadline: null,
    stopTimer: null,
    diskTimer: null,
    stops: [],
    wakes: {},
    orphan: null,
    seen: null,
    killed: null,
    resized: {},
    deferredResize: null,
    resizing: null,
  };
}
