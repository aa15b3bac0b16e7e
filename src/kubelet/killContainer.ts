/**
 * Stops containers: preStop, SIGTERM, and SIGKILL when the grace is over; sidecars after the others, the last first.
 * Invariant: all of it is known when it begins, because programs answer by rule: the ends are noted at once, in the future.
 * Counterpart: kuberuntime_container.go and kuberuntime_termination_order.go of k8s.io/kubernetes/pkg/kubelet.
 */
import type { Pod } from '../api/schema/types/core/v1.ts';
import { isRunning, stopExit, type ContainerRecord } from '../runtime/container.ts';
import { programOf, startOf } from '../runtime/programs/programOf.ts';
import { findContainer, newest } from './containers.ts';
import { runHook } from './hooks.ts';
import type { Kubelet } from './kubelet.ts';
import { isSidecar } from './lifecycle/resources.ts';
import type { PodState } from './state.ts';

export interface Killing {
  readonly name: string;
  /** Text of the event Killing. */
  readonly message: string;
}

/** Every container gets at least so long after SIGTERM. */
const LEAST_GRACE_MS = 2_000;

/**
 * Kills containers and writes the event Killing for each. Returns when the last of them has ended (virtual time, ms).
 * @param graceSeconds instead of the Pod's own
 * Example: grace 30, app needs 28 s to stop: the sidecar gets SIGTERM 28 s after the beginning, and 2 s.
 */
export function killContainers(kubelet: Kubelet, state: PodState, targets: readonly Killing[], graceSeconds: number | null): number {
  const pod = kubelet.pod(state);
  const nowMs = kubelet.now();
  const live = targets.filter(({ name }) => {
    const record = newest(state, name);
    return record !== undefined && isRunning(record, nowMs);
  });
  for (const { name, message } of live) kubelet.event(state, 'Normal', 'Killing', message, name);
  const graceMs = (graceSeconds ?? graceOf(pod)) * 1000;
  const [main, sidecars] = inTerminationOrder(
    pod,
    live.map(({ name }) => name),
  );
  let until = nowMs;
  for (const name of main) until = Math.max(until, stop(kubelet, state, pod, name, nowMs, graceMs));
  for (const name of sidecars) until = Math.max(until, stop(kubelet, state, pod, name, until, graceMs));
  return until;
}

/** Seconds: what the deletion says, else the spec. */
function graceOf(pod: Pod): number {
  return pod.metadata.deletionGracePeriodSeconds ?? pod.spec?.terminationGracePeriodSeconds ?? 30;
}

/** Notes the container's end; returns when it is. @param turnMs when SIGTERM may be sent */
function stop(kubelet: Kubelet, state: PodState, pod: Pod, name: string, turnMs: number, graceMs: number): number {
  const nowMs = kubelet.now();
  const record = newest(state, name);
  const spec = findContainer(pod, name)?.spec;
  if (record === undefined || spec === undefined) return nowMs;
  const hook = spec.lifecycle?.preStop;
  let hookEndMs = nowMs;
  if (hook !== undefined && graceMs > 0) {
    const result = runHook(pod, state, spec, record, hook, nowMs);
    hookEndMs = Math.min(result.endMs, nowMs + graceMs);
    if (result.error !== '' || result.endMs > hookEndMs) note(kubelet, state, hookEndMs, name);
  }
  // A container waits for its turn no longer than the grace period, even if one before it was given more time.
  const termAtMs = Math.max(hookEndMs, Math.min(turnMs, nowMs + graceMs));
  const restMs = Math.max(nowMs + graceMs - termAtMs, LEAST_GRACE_MS);
  record.exit = stopExit(record, startOfRecord(pod, spec, record), termAtMs, restMs, spec.terminationMessagePolicy);
  return record.exit.atMs;
}

function startOfRecord(pod: Pod, spec: Parameters<typeof programOf>[1], record: ContainerRecord): ReturnType<typeof startOf> {
  return startOf(programOf(pod, spec, record.described), record.attempt);
}

/** The event comes when the hook has failed, which may be later. */
function note(kubelet: Kubelet, state: PodState, atMs: number, container: string): void {
  if (atMs <= kubelet.now()) {
    kubelet.event(state, 'Warning', 'FailedPreStopHook', 'PreStopHook failed', container);
    return;
  }
  state.effects.push({ atMs, reason: 'FailedPreStopHook', message: 'PreStopHook failed', container });
  kubelet.schedule(state, 'effect', atMs);
}

/** All but sidecars at once; sidecars one after another in the reverse order of their start. */
function inTerminationOrder(pod: Pod, names: readonly string[]): readonly [readonly string[], readonly string[]] {
  const order = (pod.spec?.initContainers ?? []).filter(isSidecar).map(({ name }) => name);
  const main = names.filter((name) => !order.includes(name));
  const sidecars = order.toReversed().filter((name) => names.includes(name));
  return [main, sidecars];
}
