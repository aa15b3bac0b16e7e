/**
 * The end of a Pod: its containers are stopped (terminating), then it is over (terminated) and its object may go.
 * Invariant: the object is deleted only after the containers are gone. Counterpart: SyncTerminatingPod and SyncTerminatedPod of
 * k8s.io/kubernetes/pkg/kubelet, and TerminatePod of its status manager.
 */
import type { Draft } from '../base/json.ts';
import type { ContainerStatus, Pod, PodStatus } from '../api/schema/types/core/v1.ts';
import { release } from '../runtime/ipam.ts';
import { leaveVolumes } from './attachable.ts';
import { running } from './containers.ts';
import { killContainers } from './killContainer.ts';
import { noteLastUse } from './images.ts';
import type { Kubelet } from './kubelet.ts';
import { isSidecar, accumulate } from './lifecycle/resources.ts';
import { stopProbes } from './prober/worker.ts';
import { retryResizes } from './resize.ts';
import { EVICTED, type PodState, type SyncOutcome, type SyncResult } from './state.ts';
import { generateStatus, isTerminal } from './status/generate.ts';
import { store, updateStatus } from './status/manager.ts';

export function syncTerminatingPod(kubelet: Kubelet, state: PodState, cacheAtMs: number): SyncOutcome {
  updateStatus(kubelet, state, cacheAtMs, false);
  stopProbes(kubelet, state, ['liveness', 'startup']);
  const targets = running(state, kubelet.now()).map(({ name }) => ({ name, message: `Stopping container ${name}` }));
  const untilMs = killContainers(kubelet, state, targets, state.graceSeconds);
  state.step = { kind: 'terminating', untilMs };
  if (untilMs <= kubelet.now()) return finishTerminating(kubelet, state);
  state.stepTimer = kubelet.schedule(state, 'step', untilMs);
  return 'waits';
}

/** All containers have ended: what they had is free at once for a Pod that the scheduler sends when it sees this one's phase. */
export function finishTerminating(kubelet: Kubelet, state: PodState): SyncResult {
  stopProbes(kubelet, state, ['readiness']);
  if (state.sandbox !== null) state.sandbox.ready = false;
  updateStatus(kubelet, state, kubelet.now(), true);
  accumulate(kubelet.node(state.node).used, state.requests, -1);
  retryResizes(kubelet, state.node);
  return { started: false, changed: false, next: 'terminated' };
}

export function syncTerminatedPod(kubelet: Kubelet, state: PodState): void {
  updateStatus(kubelet, state, kubelet.now(), true);
  const pod = kubelet.pod(state);
  store(kubelet, state, pod, concluded(kubelet, state, pod));
  finishPod(kubelet, state);
}

/** The Pod is over: gives back its address, and lets a deleted object go. */
export function finishPod(kubelet: Kubelet, state: PodState): void {
  state.work = 'finished';
  state.pending = false;
  for (const timer of [state.look, state.resync, state.stepTimer, state.diskTimer, state.deadline]) kubelet.cancel(timer);
  state.look = state.resync = state.stepTimer = state.diskTimer = state.deadline = null;
  release(kubelet.node(state.node).pool, state.uid);
  leaveVolumes(kubelet, state);
  noteLastUse(kubelet, state);
  clean(kubelet, state);
  if (state.orphan !== null) kubelet.forget(state);
  else if (kubelet.pod(state).metadata.deletionTimestamp !== undefined) kubelet.deletePod(state);
}

/** Volumes that belong to the Pod are emptied; of an evicted Pod nothing is kept, as its node needs the room. */
function clean({ worlds }: Kubelet, { uid, killed }: PodState): void {
  if (killed?.reason === EVICTED) worlds.dropFiles(`pod/${uid}`);
  else worlds.dropLayers(`pod/${uid}`, 'volume/');
}

/** Every container gets a terminated state and the Pod a final phase; what is not known is reported as a failure. */
function concluded(kubelet: Kubelet, state: PodState, pod: Pod): Draft<PodStatus> {
  const nowMs = kubelet.now();
  const status = (pod.status ??
    generateStatus({ pod, state, cacheAtMs: nowMs, nowMs, nodeAddress: '', terminal: true })) as Draft<PodStatus>;
  const init = status.initContainerStatuses ?? [];
  const main = status.containerStatuses ?? [];
  return {
    ...status,
    phase: isTerminal(status.phase) ? (status.phase ?? 'Failed') : 'Failed',
    ...(init.length === 0 ? {} : { initContainerStatuses: init.map((one, index) => (index < begun(init) ? lost(one) : one)) }),
    containerStatuses: hasInitialized(pod, init, main) ? main.map(lost) : main,
  };
}

function lost(status: Draft<ContainerStatus>): Draft<ContainerStatus> {
  if (status.state?.terminated !== undefined) return status;
  const message = 'The container could not be located when the pod was terminated';
  return { ...status, state: { terminated: { reason: 'ContainerStatusUnknown', message, exitCode: 137 } } };
}

/** How many init containers have had their turn; one at least. */
function begun(init: readonly ContainerStatus[]): number {
  const last = init.findLastIndex(({ state, lastState }) => state?.waiting === undefined || lastState?.terminated !== undefined);
  return Math.max(last + 1, 1);
}

function hasInitialized(pod: Pod, init: readonly ContainerStatus[], main: readonly ContainerStatus[]): boolean {
  const specs = pod.spec?.initContainers ?? [];
  const last = specs.at(-1);
  if (last === undefined) return true;
  if (main.some(({ state, lastState }) => state?.waiting === undefined || lastState?.terminated !== undefined)) return true;
  const status = init.at(-1);
  if (isSidecar(last)) return status?.started === true;
  return status?.state?.terminated?.exitCode === 0 || status?.lastState?.terminated?.exitCode === 0;
}
