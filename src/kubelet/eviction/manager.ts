/**
 * Keeps a machine from running out of memory or disk: says so in the Node's conditions, frees images, evicts Pods one by one.
 * Invariant: only nodes that something weighs on are looked at (a leak, a full disk); all others cost nothing.
 * Counterpart: managerImpl.synchronize of k8s.io/kubernetes/pkg/kubelet/eviction.
 */
import { concernsNode } from '../../api/kubepad/fault/match.ts';
import type { Node } from '../../api/schema/types/core/v1.ts';
import { value } from '../../apimachinery/quantity/quantity.ts';
import { watchImages } from '../imagegc/manager.ts';
import { deleteImage, unusedImages } from '../imagegc/unused.ts';
import type { KubeletHost } from '../kubelets.ts';
import { terminate } from '../podWorkers.ts';
import type { KubeletSettings } from '../../api/kubepad/nodepool/kubeletConfiguration.ts';
import { settingsOf } from './settings.ts';
import { EVICTED, type EvictionState, type NodeState, type PodState, type Pressure } from '../state.ts';
import { updateStatus } from '../status/manager.ts';
import { evictionText, ranked } from './ranking.ts';
import { diskAvailable, podDisk } from './disk.ts';
import { metThresholds, type Signal } from './thresholds.ts';

const MONITORING_MS = 10_000;
/** immediateEvictionGracePeriodSeconds */
const IMMEDIATE_GRACE_SECONDS = 1;
/** While an evicted Pod is being cleaned up. */
const CLEANUP_POLL_MS = 1_000;
const CLEANUP_TIMEOUT_MS = 30_000;

const PRESSURES: readonly Pressure[] = ['MemoryPressure', 'DiskPressure', 'PIDPressure'];
const EVENTS: Readonly<Record<Pressure, readonly [begins: string, ends: string]>> = {
  MemoryPressure: ['NodeHasInsufficientMemory', 'NodeHasSufficientMemory'],
  DiskPressure: ['NodeHasDiskPressure', 'NodeHasNoDiskPressure'],
  PIDPressure: ['NodeHasInsufficientPID', 'NodeHasSufficientPID'],
};

/** From now on the node is looked at. */
export function watchNode(host: KubeletHost, state: NodeState): void {
  if (state.eviction !== null || state.mode !== 'realistic') return;
  state.eviction = { freedBytes: 0, sinceMs: {}, unresolved: [], met: {}, victim: null };
  host.scheduleOwn('evict', host.now() + CLEANUP_POLL_MS, { node: state.name }, false);
}

/** The disk is full, or nearly so. */
export function watchDisk(host: KubeletHost, state: NodeState): void {
  watchNode(host, state);
  watchImages(host, state);
}

/** Images came or files were written: a crowded disk is looked at. */
export function diskFilled(host: KubeletHost, state: NodeState): void {
  if (state.eviction !== null && state.imageGc !== null) return;
  const node = host.nodeObject(state.name);
  if (node === undefined) return;
  const capacity = value(node.status?.capacity?.['ephemeral-storage']);
  // The collection of images rounds up.
  const leastFree = (capacity * (101 - settingsOf(host, node).imageHighPercent)) / 100;
  if (capacity > 0 && diskAvailable(host, node, state, capacity) <= leastFree) watchDisk(host, state);
}

/** One look at the node. */
export function checkNode(host: KubeletHost, name: string): void {
  const state = host.findNode(name);
  const node = host.nodeObject(name);
  if (state === undefined || state.eviction === null) return;
  if (node === undefined || state.down || state.link === 'stopped') {
    state.eviction = null;
    return;
  }
  const nowMs = host.now();
  const settings = settingsOf(host, node);
  const met = metThresholds(host, node, state, settings);
  notePressure(host, state, met, nowMs, settings.transitionMs);
  const { eviction } = state;
  const due = afterGrace(eviction, met, nowMs);
  const waits = eviction.victim !== null && isBusy(host, eviction.victim.uid) && nowMs - eviction.victim.sinceMs < CLEANUP_TIMEOUT_MS;
  if (!waits) {
    eviction.victim = null;
    const [signal] = due;
    if (signal !== undefined) relieve(host, node, state, signal, settings);
  }
  const grows = hasLeak(host, node, state);
  const weighs = grows || settings.hasOwnThresholds || host.faults.onNode('DiskPressure', node) !== undefined;
  const pending = Object.keys(eviction.met).length > 0;
  if (!weighs && !pending && eviction.victim === null) {
    state.eviction = null;
    return;
  }
  // What nothing can be done about any more, or does not get worse, does not keep the cluster from being stable.
  const idle = eviction.victim === null && due.length === met.length && (met.length > 0 || (!grows && !pending));
  const delay = eviction.victim === null ? MONITORING_MS : CLEANUP_POLL_MS;
  host.scheduleOwn('evict', nowMs + delay, { node: name }, idle);
}

/** Soft thresholds count when they have been met for their grace period. */
function afterGrace(eviction: EvictionState, met: readonly Signal[], nowMs: number): readonly Signal[] {
  const { sinceMs } = eviction;
  for (const key of Object.keys(sinceMs)) if (!met.some((signal) => signal.key === key)) delete sinceMs[key];
  const due = met.filter(({ key, graceMs }) => nowMs - (sinceMs[key] ??= nowMs) >= graceMs);
  eviction.unresolved = due.map(({ key }) => key);
  return due;
}

/** Whether the use of memory goes on growing. */
function hasLeak(host: KubeletHost, node: Node, state: NodeState): boolean {
  const leaks = host.faults.of('MemoryLeak').filter((fault) => concernsNode(fault, node));
  return leaks.length > 0 && host.podsOf(state.name).some((pod) => pod.work === 'syncing');
}

/** Keeps the conditions: they begin at once and stay for a while. */
function notePressure(host: KubeletHost, state: NodeState, met: readonly Signal[], nowMs: number, transitionMs: number): void {
  const { eviction } = state;
  if (eviction === null) return;
  const before = PRESSURES.filter((type) => eviction.met[type] !== undefined);
  for (const { condition } of met) eviction.met[condition] = nowMs;
  for (const type of before) if (nowMs - (eviction.met[type] ?? 0) >= transitionMs) delete eviction.met[type];
  const changed = PRESSURES.filter((type) => before.includes(type) !== (eviction.met[type] !== undefined));
  if (changed.length === 0) return;
  host.keeper.report(state);
  for (const type of changed) {
    const reason = EVENTS[type][before.includes(type) ? 1 : 0];
    host.nodeEvent(state.name, 'Normal', reason, `Node ${state.name} status is now: ${reason}`);
  }
}

/** Frees what can be freed without harm, else evicts the first Pod in the order. */
function relieve(host: KubeletHost, node: Node, state: NodeState, signal: Signal, settings: KubeletSettings): void {
  host.nodeEvent(state.name, 'Warning', 'EvictionThresholdMet', `Attempting to reclaim ${signal.resource}`);
  if (signal.condition === 'DiskPressure') {
    for (const image of unusedImages(host, state)) deleteImage(host, state, image);
    const due = state.eviction?.unresolved ?? [];
    const met = metThresholds(host, node, state, settings);
    if (!met.some(({ key, condition }) => condition === signal.condition && due.includes(key))) return;
  }
  const [victim] = ranked(host, host.podsOf(state.name), signal.resource);
  if (victim === undefined || state.eviction === null) return;
  const freed = podDisk(host, victim).bytes;
  const own = host.pod(victim).spec?.terminationGracePeriodSeconds ?? settings.maxPodGraceSeconds;
  evict(host, victim, evictionText(host, victim, signal), {
    ...(signal.isSoft ? { graceSeconds: Math.min(own, settings.maxPodGraceSeconds) } : {}),
  });
  state.eviction.victim = { uid: victim.uid, sinceMs: host.now() };
  state.eviction.freedBytes += freed;
}

export interface EvictionTerms {
  /** It broke its own limits. */
  readonly ownFault?: boolean;
  /** Default: a second, in which a preStop hook at least begins. */
  readonly graceSeconds?: number;
}

/** The Pod fails at once; its containers end as the terms say. */
export function evict(
  host: KubeletHost,
  state: PodState,
  message: string,
  { ownFault = false, graceSeconds = IMMEDIATE_GRACE_SECONDS }: EvictionTerms = {},
): void {
  host.event(state, 'Warning', EVICTED, message);
  state.killed = { reason: EVICTED, message, ...(ownFault ? { ownFault } : {}) };
  updateStatus(host, state, state.cacheAtMs, false);
  state.graceSeconds = graceSeconds;
  terminate(host, state);
}

function isBusy(host: KubeletHost, uid: string): boolean {
  const state = host.state(uid);
  return state !== undefined && state.work !== 'finished';
}
