/**
 * Stops containers: preStop, SIGTERM, and SIGKILL when the grace is over; sidecars after the others, the last first.
 * Invariant: of programs that answer by rule all is known when it begins, and their ends are noted at once, in the future;
 * where one of them decides for itself, all of them are stopped step by step (stopping.ts).
 * Counterpart: kuberuntime_container.go and kuberuntime_termination_order.go of k8s.io/kubernetes/pkg/kubelet.
 */
import type { Container, Pod } from '../api/schema/types/core/v1.ts';
import { isRunning, stopExit, type ContainerRecord } from '../runtime/container.ts';
import { isScripted, startOfRecord } from '../runtime/programs/programOf.ts';
import { findContainer, newest } from './containers.ts';
import { preStopFailed, runHook } from './hooks.ts';
import type { Kubelet } from './kubelet.ts';
import { isSidecar } from './lifecycle/resources.ts';
import type { PodState } from './state.ts';
import { advanceStops, beginStop, LEAST_GRACE_MS } from './stopping.ts';

export interface Killing {
  readonly name: string;
  /** Text of the event Killing. */
  readonly message: string;
}

interface Target {
  readonly container: Container;
  readonly record: ContainerRecord;
}

/**
 * Kills containers and writes the event Killing for each. Returns when the last of them has ended at the latest (virtual time, ms).
 * @param graceSeconds instead of the Pod's own
 * Example: grace 30, app needs 28 s to stop: the sidecar gets SIGTERM 28 s after the beginning, and 2 s.
 */
export function killContainers(kubelet: Kubelet, state: PodState, targets: readonly Killing[], graceSeconds: number | null): number {
  const pod = kubelet.pod(state);
  const nowMs = kubelet.now();
  const live = targets.flatMap(({ name, message }) => {
    const record = newest(state, name);
    const container = findContainer(pod, name)?.spec;
    return record === undefined || container === undefined || !isRunning(record, nowMs) ? [] : [{ container, record, message }];
  });
  for (const { container, message } of live) kubelet.event(state, 'Normal', 'Killing', message, container.name);
  const graceMs = (graceSeconds ?? graceOf(pod)) * 1000;
  const [main, sidecars] = inTerminationOrder(pod, live);
  if (live.some((target) => decidesItself(pod, target))) {
    let before: readonly string[] = [];
    for (const { container, record } of main) beginStop(kubelet, state, pod, container, record, graceMs, []);
    before = main.map(({ record }) => record.id);
    for (const { container, record } of sidecars) {
      beginStop(kubelet, state, pod, container, record, graceMs, before);
      before = [...before, record.id];
    }
    return advanceStops(kubelet, state);
  }
  let until = nowMs;
  for (const target of main) until = Math.max(until, stop(kubelet, state, pod, target, nowMs, graceMs));
  for (const target of sidecars) until = Math.max(until, stop(kubelet, state, pod, target, until, graceMs));
  return until;
}

/** Whether its end cannot be known in advance: its program, or what its hook runs, is carried out. */
function decidesItself(pod: Pod, { container, record }: Target): boolean {
  if (isScripted(pod, container.name)) return false;
  return container.lifecycle?.preStop?.exec !== undefined || startOfRecord(pod, container, record).command !== undefined;
}

/** Seconds: what the deletion says, else the spec. */
function graceOf(pod: Pod): number {
  return pod.metadata.deletionGracePeriodSeconds ?? pod.spec?.terminationGracePeriodSeconds ?? 30;
}

/** Notes the container's end; returns when it is. @param turnMs when SIGTERM may be sent */
function stop(kubelet: Kubelet, state: PodState, pod: Pod, { container, record }: Target, turnMs: number, graceMs: number): number {
  const nowMs = kubelet.now();
  const hook = container.lifecycle?.preStop;
  let hookEndMs = nowMs;
  if (hook !== undefined && graceMs > 0) {
    const result = runHook(kubelet, state, pod, container, record, hook, 'preStop');
    hookEndMs = Math.min(result.endMs, nowMs + graceMs);
    if (result.error !== '' || result.endMs > hookEndMs) preStopFailed(kubelet, state, hookEndMs, container.name);
  }
  // A container waits for its turn no longer than the grace period, even if one before it was given more time.
  const termAtMs = Math.max(hookEndMs, Math.min(turnMs, nowMs + graceMs));
  const restMs = Math.max(nowMs + graceMs - termAtMs, LEAST_GRACE_MS);
  record.exit = stopExit(record, startOfRecord(pod, container, record), termAtMs, restMs, container.terminationMessagePolicy);
  return record.exit.atMs;
}

/** All but sidecars at once; sidecars one after another in the reverse order of their start. */
function inTerminationOrder(pod: Pod, live: readonly Target[]): readonly [readonly Target[], readonly Target[]] {
  const order = (pod.spec?.initContainers ?? []).filter(isSidecar).map(({ name }) => name);
  const main = live.filter(({ container }) => !order.includes(container.name));
  const sidecars = order.toReversed().flatMap((name) => live.filter(({ container }) => container.name === name));
  return [main, sidecars];
}
