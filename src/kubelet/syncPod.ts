/**
 * Brings a Pod one step closer to its spec: writes the status, waits for the volumes, then carries out the plan of
 * podActions one action after another. An action that takes time leaves the sync as data in `state.step`.
 * Invariant: everything that is waited for is in `state.step` and has a timer (or a pull), so that a restored Pod goes on.
 * Counterpart: Kubelet.SyncPod and kubeGenericRuntimeManager.SyncPod of k8s.io/kubernetes/pkg/kubelet.
 */
import { expandVolumes } from './expandVolume.ts';
import { killContainers, type Killing } from './killContainer.ts';
import type { Kubelet } from './kubelet.ts';
import { podActions } from './podActions.ts';
import { addProbes, triggerReadiness } from './prober/worker.ts';
import { resizeOf, reviewResize } from './resize.ts';
import { acquire, release } from '../runtime/ipam.ts';
import { resumeStart, startContainer } from './startContainer.ts';
import type { Action, PodState, StartFailure, Step, SyncOutcome, SyncResult } from './state.ts';
import { isTerminal } from './status/generate.ts';
import { updateStatus } from './status/manager.ts';
import { findContainer, RESTARTING_ALL, RETIRED, running } from './containers.ts';
import { reportMissingPullSecrets } from './images.ts';
import { whyNotPrepared } from './resourceClaims.ts';
import { beginMount, needsMount } from './volumes.ts';
import { SANDBOX_ANNOTATION } from '../runtime/programs/grammar.ts';

export type RunStep = Extract<Step, { kind: 'run' }>;

export function syncPod(kubelet: Kubelet, state: PodState, cacheAtMs: number): SyncOutcome {
  reviewResize(kubelet, state);
  const status = updateStatus(kubelet, state, cacheAtMs, false);
  triggerReadiness(kubelet, state);
  if (isTerminal(status.phase)) return { started: false, changed: false, next: 'terminating' };
  if (!state.volumesMounted && needsMount(kubelet.pod(state))) {
    beginMount(kubelet, state, cacheAtMs);
    return 'waits';
  }
  return runPlan(kubelet, state, cacheAtMs);
}

/** The part of the sync that talks to the runtime; the volumes are there. */
export function runPlan(kubelet: Kubelet, state: PodState, cacheAtMs: number): SyncOutcome {
  const pod = kubelet.pod(state);
  if (!state.volumesMounted) expandVolumes(kubelet, state, pod);
  state.volumesMounted = true;
  addProbes(kubelet, state, pod);
  reportMissingPullSecrets(kubelet, state, pod);
  const plan = podActions(pod, state, cacheAtMs);
  state.step = { kind: 'run', cacheAtMs, plan, index: 0, outcomes: {}, started: false, changed: false, failed: false, wait: null };
  return advance(kubelet, state, state.step);
}

/** What a sync was waiting for has happened. */
export function resume(kubelet: Kubelet, state: PodState): SyncOutcome {
  const { step } = state;
  if (step?.kind !== 'run' || step.wait === null) return 'waits';
  const { wait } = step;
  const action = step.plan[step.index];
  if (wait.for === 'kill') {
    step.wait = null;
    step.changed = true;
    if (wait.failure !== null && action?.do === 'start') settle(step, action, wait.failure);
    if (action?.do === 'killPod') stopSandbox(state);
    if (action?.do === 'restartAll') retireContainers(kubelet, state);
    step.index++;
  } else if (action?.do === 'start') {
    const outcome = resumeStart(kubelet, state, step, action.container);
    if (outcome === 'wait') return 'waits';
    settle(step, action, outcome);
    step.index++;
  }
  return advance(kubelet, state, step);
}

function advance(kubelet: Kubelet, state: PodState, step: RunStep): SyncOutcome {
  // A Pod that was deleted while it waited starts nothing any more.
  for (; step.index < step.plan.length && state.work === 'syncing'; step.index++) {
    const action = step.plan[step.index];
    if (action !== undefined && !perform(kubelet, state, step, action)) return 'waits';
  }
  return finish(kubelet, state, step);
}

/** Carries out one action; false if the sync has to wait for it. */
function perform(kubelet: Kubelet, state: PodState, step: RunStep, action: Action): boolean {
  switch (action.do) {
    case 'sandbox':
      return createSandbox(kubelet, state, step);
    case 'kill':
      return kill(kubelet, state, step, [{ name: action.container, message: action.message }], action.graceSeconds);
    case 'killPod': {
      const targets = running(state, kubelet.now()).map(({ name }) => ({ name, message: `Stopping container ${name}` }));
      if (!kill(kubelet, state, step, targets, null)) return false;
      stopSandbox(state);
      step.changed = true;
      return true;
    }
    case 'restartAll': {
      const targets = running(state, kubelet.now()).map(({ name }) => ({ name, message: 'killing' }));
      // Without the hooks, and with the least grace.
      if (!kill(kubelet, state, step, targets, 0)) return false;
      retireContainers(kubelet, state);
      return true;
    }
    case 'resize':
      resizeContainers(kubelet, state, step);
      return true;
    case 'start': {
      const outcome = startContainer(kubelet, state, step, action.container);
      if (outcome === 'wait') return false;
      settle(step, action, outcome);
      return true;
    }
  }
}

/** Notes how a start went; a failed init container ends the plan. */
function settle(step: RunStep, action: Extract<Action, { do: 'start' }>, outcome: StartFailure | null): void {
  step.outcomes[action.container] = outcome;
  if (outcome === null) step.started = true;
  else if (action.gate) step.index = step.plan.length;
}

function kill(kubelet: Kubelet, state: PodState, step: RunStep, targets: readonly Killing[], graceSeconds: number | null): boolean {
  const untilMs = killContainers(kubelet, state, targets, graceSeconds);
  step.changed = true;
  if (untilMs <= kubelet.now()) return true;
  step.wait = { for: 'kill', untilMs, failure: null };
  state.stepTimer = kubelet.schedule(state, 'step', untilMs);
  return false;
}

function createSandbox(kubelet: Kubelet, state: PodState, step: RunStep): boolean {
  const pod = kubelet.pod(state);
  const failure = pod.metadata.annotations?.[SANDBOX_ANNOTATION];
  if (failure !== undefined) {
    kubelet.event(state, 'Warning', 'FailedCreatePodSandBox', `Failed to create pod sandbox: rpc error: code = Unknown desc = ${failure}`);
    step.failed = true;
    step.index = step.plan.length;
    return true;
  }
  const unprepared = whyNotPrepared(kubelet, pod);
  if (unprepared !== undefined) {
    const text = `Failed to prepare dynamic resources: prepare dynamic resources: ${unprepared}`;
    kubelet.event(state, 'Warning', 'FailedPrepareDynamicResources', text);
    step.failed = true;
    step.index = step.plan.length;
    return true;
  }
  const { sandbox } = state;
  const { pool } = kubelet.node(state.node);
  if (sandbox !== null) {
    kubelet.event(state, 'Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.');
    release(pool, state.uid);
  }
  state.sandbox = { attempt: (sandbox?.attempt ?? -1) + 1, ip: acquire(pool, state.uid), ready: true };
  step.changed = true;
  return true;
}

/** Takes all containers away, so that they start anew; their last state says why. */
function retireContainers(kubelet: Kubelet, state: PodState): void {
  for (const record of state.records) {
    if (record.sandbox === RETIRED) continue;
    record.sandbox = RETIRED;
    record.exit = { atMs: kubelet.now(), exitCode: 137, ...RESTARTING_ALL };
    const container = findContainer(kubelet.pod(state), record.name)?.spec;
    if (container !== undefined) kubelet.programs.stop({ pod: kubelet.pod(state), container, record });
  }
  updateStatus(kubelet, state, kubelet.now(), false);
}

function stopSandbox(state: PodState): void {
  if (state.sandbox !== null) state.sandbox.ready = false;
}

/** In place. The runtime is looked at again at once, so that the status shows it. */
function resizeContainers(kubelet: Kubelet, state: PodState, step: RunStep): void {
  const resize = resizeOf(kubelet.pod(state), state);
  if (resize === undefined) return;
  state.resized = { ...state.resized, ...resize.applied };
  step.started = true;
}

function finish(kubelet: Kubelet, state: PodState, step: RunStep): SyncResult {
  let again: SyncResult['again'];
  for (const [name, outcome] of Object.entries(step.outcomes)) {
    if (outcome === null) {
      delete state.failures[name];
      continue;
    }
    state.failures[name] = outcome;
    if (outcome.reason !== 'CrashLoopBackOff') again = 'retry';
    else if (again !== 'retry') again = Math.min(again ?? Number.POSITIVE_INFINITY, backOffEnd(state, name, kubelet.now()));
  }
  if (step.failed) again = 'retry';
  return { started: step.started, changed: step.changed, ...(again === undefined ? {} : { again }) };
}

function backOffEnd(state: PodState, name: string, nowMs: number): number {
  const ended = state.records.find((record) => record.name === name)?.exit?.atMs ?? nowMs;
  return ended + (state.backOff[`container/${name}`]?.delayMs ?? 0);
}
