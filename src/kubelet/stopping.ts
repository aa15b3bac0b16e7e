/**
 * Containers that are being stopped and whose programs decide for themselves when they end: preStop, SIGTERM, SIGKILL, each in its turn.
 * Invariant: all of it is data in `state.stops`; whenever a hook or a container ends, or a time has come, `advanceStops` looks again.
 * Counterpart: killContainer and the termination order of k8s.io/kubernetes/pkg/kubelet/kuberuntime.
 */
import type { Container, Pod } from '../api/schema/types/core/v1.ts';
import { isRunning, stopExit, type ContainerRecord } from '../runtime/container.ts';
import { startOfRecord } from '../runtime/programs/programOf.ts';
import { findContainer } from './containers.ts';
import { preStopFailed, runHook } from './hooks.ts';
import type { Kubelet } from './kubelet.ts';
import type { PodState, Stop } from './state.ts';

/** Every container gets at least so long after SIGTERM. */
export const LEAST_GRACE_MS = 2_000;

/** Begins to stop a container. @param after ids of containers that have to end first */
export function beginStop(
  kubelet: Kubelet,
  state: PodState,
  pod: Pod,
  container: Container,
  record: ContainerRecord,
  graceMs: number,
  after: readonly string[],
): void {
  const nowMs = kubelet.now();
  const graceEndMs = nowMs + graceMs;
  const stop: Stop = {
    container: container.name,
    id: record.id,
    stage: 'hook',
    hookEndMs: nowMs,
    hookPid: null,
    graceEndMs,
    after,
    killAtMs: null,
  };
  state.stops.push(stop);
  const hook = container.lifecycle?.preStop;
  if (hook === undefined || graceMs <= 0) return;
  const result = runHook(kubelet, state, pod, container, record, hook, 'preStop');
  if (result.running !== undefined) {
    stop.hookPid = result.running;
    stop.hookEndMs = graceEndMs;
    return;
  }
  stop.hookEndMs = Math.min(result.endMs, graceEndMs);
  if (result.error !== '' || result.endMs > graceEndMs) preStopFailed(kubelet, state, stop.hookEndMs, container.name);
}

/** A preStop hook has come to its end. */
export function hookEnded(kubelet: Kubelet, state: PodState, container: string, failed: boolean): void {
  const stop = state.stops.find((each) => each.container === container && each.hookPid !== null);
  if (stop === undefined) return;
  stop.hookPid = null;
  stop.hookEndMs = kubelet.now();
  if (failed) preStopFailed(kubelet, state, kubelet.now(), container);
}

/** Goes on as far as the time and the containers allow. @returns when all will have ended at the latest */
export function advanceStops(kubelet: Kubelet, state: PodState): number {
  const nowMs = kubelet.now();
  const pod = kubelet.pod(state);
  for (let again = true; again;) {
    again = false;
    for (const stop of [...state.stops]) if (advance(kubelet, state, pod, stop)) again = true;
  }
  state.stops = state.stops.filter((stop) => recordOf(state, stop, nowMs) !== undefined);
  kubelet.cancel(state.stopTimer);
  state.stopTimer = null;
  if (state.stops.length === 0) return nowMs;
  const next = Math.min(...state.stops.map((stop) => nextTime(state, stop, nowMs)));
  if (Number.isFinite(next)) state.stopTimer = kubelet.schedule(state, 'stop', next);
  return Math.max(...state.stops.map(({ graceEndMs, killAtMs }) => killAtMs ?? graceEndMs + LEAST_GRACE_MS));
}

/** @returns whether anything came of it */
function advance(kubelet: Kubelet, state: PodState, pod: Pod, stop: Stop): boolean {
  const nowMs = kubelet.now();
  const record = recordOf(state, stop, nowMs);
  const container = findContainer(pod, stop.container)?.spec;
  if (record === undefined || container === undefined) return false;
  const place = { pod, container, record };
  if (stop.stage === 'hook') {
    if (nowMs < stop.hookEndMs) return false;
    if (stop.hookPid !== null) {
      kubelet.programs.end(place, stop.hookPid);
      stop.hookPid = null;
      preStopFailed(kubelet, state, nowMs, stop.container);
    }
    stop.stage = 'turn';
    return true;
  }
  if (stop.stage === 'turn') {
    const waits = stop.after.some((id) => state.records.some((other) => other.id === id && isRunning(other, nowMs)));
    if (waits && nowMs < stop.graceEndMs) return false;
    stop.stage = 'term';
    const restMs = Math.max(stop.graceEndMs - nowMs, LEAST_GRACE_MS);
    stop.killAtMs = nowMs + restMs;
    const start = startOfRecord(pod, container, record);
    if (start.command === undefined) record.exit = stopExit(record, start, nowMs, restMs, container.terminationMessagePolicy);
    else kubelet.programs.signal(place, 'TERM');
    return true;
  }
  if (stop.killAtMs === null || nowMs < stop.killAtMs) return false;
  kubelet.programs.signal(place, 'KILL');
  return true;
}

/** The container's record while it runs. */
function recordOf(state: PodState, { id }: Stop, nowMs: number): ContainerRecord | undefined {
  return state.records.find((record) => record.id === id && isRunning(record, nowMs));
}

function nextTime(state: PodState, { id, stage, hookEndMs, graceEndMs, killAtMs }: Stop, nowMs: number): number {
  const exitMs = state.records.find((record) => record.id === id)?.exit?.atMs ?? Number.POSITIVE_INFINITY;
  const own = stage === 'hook' ? hookEndMs : stage === 'turn' ? graceEndMs : (killAtMs ?? Number.POSITIVE_INFINITY);
  return Math.max(Math.min(own, exitMs), nowMs);
}
