/**
 * Starts one container: back-off, image, configuration, create, start, postStart.
 * Invariant: returns the outcome, or `wait` after leaving what it waits for in the step, with a timer.
 * Counterpart: startContainer of k8s.io/kubernetes/pkg/kubelet/kuberuntime/kuberuntime_container.go.
 */
import type { Container, Pod } from '../api/schema/types/core/v1.ts';
import type { ContainerRecord } from '../runtime/container.ts';
import { containerId } from '../runtime/ids.ts';
import type { Start } from '../runtime/programs/grammar.ts';
import { isScripted, programOf, startOf, startOfRecord } from '../runtime/programs/programOf.ts';
import { readsEnvironment } from '../runtime/programs/servers.ts';
import { usualProgram } from '../runtime/programs/wellKnown.ts';
import { inBackOff, nextBackOff } from './backOff.ts';
import { configError, configurationOf } from './config.ts';
import { planExit } from './faults/podFaults.ts';
import { findContainer, newest, podLabel, RETIRED, seenExited } from './containers.ts';
import { runHook } from './hooks.ts';
import { describedOn, ensureImage, finishPull } from './images.ts';
import { killContainers } from './killContainer.ts';
import type { Kubelet } from './kubelet.ts';
import { applyResources, restartsForResize } from './resize.ts';
import type { PodState, StartFailure } from './state.ts';
import type { RunStep } from './syncPod.ts';

export type StartOutcome = StartFailure | null | 'wait';

/** Ends of one container that are kept beside the newest start. */
const KEPT_FORMER = 1;

export function startContainer(kubelet: Kubelet, state: PodState, step: RunStep, name: string): StartOutcome {
  const pod = kubelet.pod(state);
  const container = findContainer(pod, name)?.spec;
  if (container === undefined) return null;
  const failure = backOff(kubelet, state, step, pod, container);
  if (failure !== null) return failure;
  const image = ensureImage(kubelet, state, pod, container);
  if (image === 'wait') {
    step.wait = { for: 'pull', container: name, image: container.image ?? '' };
    return 'wait';
  }
  return image ?? create(kubelet, state, step, pod, container);
}

/** Goes on where `startContainer` had to wait. */
export function resumeStart(kubelet: Kubelet, state: PodState, step: RunStep, name: string): StartOutcome {
  const pod = kubelet.pod(state);
  const container = findContainer(pod, name)?.spec;
  const { wait } = step;
  if (container === undefined || wait === null) return null;
  if (wait.for === 'pull') {
    const image = finishPull(kubelet, state, container, wait.image);
    if (image === 'wait') return 'wait';
    step.wait = null;
    return image ?? create(kubelet, state, step, pod, container);
  }
  step.wait = null;
  if (wait.for === 'latency') return start(kubelet, state, step, pod, container);
  if (wait.for === 'postStart') return finishPostStart(kubelet, state, step, container, wait.error);
  return null;
}

function backOff(kubelet: Kubelet, state: PodState, step: RunStep, pod: Pod, container: Container): StartFailure | null {
  const ended = state.records.find(
    (record) => record.name === container.name && record.sandbox !== RETIRED && seenExited(record, step.cacheAtMs),
  );
  if (ended === undefined || ended.exit === null) return null;
  // A container that the kubelet restarts for a resize did not fail.
  if (restartsForResize(pod, state, container.name)) return null;
  const key = `container/${container.name}`;
  const entry = state.backOff[key];
  if (!inBackOff(entry, ended.exit.atMs, kubelet.now())) {
    state.backOff[key] = nextBackOff(entry, ended.exit.atMs, kubelet.now());
    return null;
  }
  kubelet.event(
    state,
    'Warning',
    'BackOff',
    `Back-off restarting failed container ${container.name} in pod ${podLabel(state)}`,
    container.name,
  );
  const delay = formatDelay(entry?.delayMs ?? 0);
  return { reason: 'CrashLoopBackOff', message: `back-off ${delay} restarting failed container=${container.name} pod=${podLabel(state)}` };
}

/** `10s`, `1m20s`, `5m0s`: as Go prints a duration. */
function formatDelay(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}

function create(kubelet: Kubelet, state: PodState, step: RunStep, pod: Pod, container: Container): StartOutcome {
  const program = programFor(kubelet, state, pod, container);
  const error = configError(kubelet, state, pod, container);
  const reason = error === undefined ? 'CreateContainerError' : 'CreateContainerConfigError';
  const message = error ?? program.createError;
  if (message !== undefined) {
    kubelet.event(state, 'Warning', 'Failed', `Error: ${message}`, container.name);
    return { reason, message };
  }
  kubelet.event(state, 'Normal', 'Created', 'Container created', container.name);
  if (program.startLatencyMs === undefined) return start(kubelet, state, step, pod, container);
  step.wait = { for: 'latency', container: container.name };
  state.stepTimer = kubelet.schedule(state, 'step', kubelet.now() + program.startLatencyMs);
  return 'wait';
}

function start(kubelet: Kubelet, state: PodState, step: RunStep, pod: Pod, container: Container): StartOutcome {
  const nowMs = kubelet.now();
  const program = programFor(kubelet, state, pod, container);
  const began = newRecord(kubelet, state, pod, container);
  const failed = program.startError ?? launch(kubelet, pod, container, began);
  const record: ContainerRecord =
    failed === undefined
      ? began
      : { ...began, startedAtMs: null, exit: { atMs: nowMs, exitCode: 128, reason: 'StartError', message: failed } };
  addRecord(kubelet, state, record);
  if (failed === undefined) planExit(kubelet, pod, container, record);
  if (failed !== undefined) {
    step.changed = true;
    kubelet.event(state, 'Warning', 'Failed', `Error: ${failed}`, container.name);
    return { reason: 'RunContainerError', message: failed };
  }
  applyResources(state, pod, container);
  kubelet.event(state, 'Normal', 'Started', 'Container started', container.name);
  if (program.command !== undefined) kubelet.programs.run({ pod, container, record });
  return postStart(kubelet, state, step, pod, container);
}

function newRecord(kubelet: Kubelet, state: PodState, pod: Pod, container: Container): ContainerRecord {
  const { name } = container;
  const described = describedOn(kubelet, state, container);
  const configuration = configurationOf(kubelet, state.namespace, pod, container);
  return {
    id: containerId(kubelet.random(state.node)),
    name,
    attempt: (newest(state, name)?.attempt ?? -1) + 1,
    image: container.image ?? '',
    sandbox: state.sandbox?.attempt ?? 0,
    createdAtMs: kubelet.now(),
    startedAtMs: kubelet.now(),
    exit: null,
    ...(described === undefined ? {} : { described }),
    ...(configuration === undefined ? {} : { configuration }),
  };
}

/** Begins what is more than a text. @returns why it cannot be started */
function launch(kubelet: Kubelet, pod: Pod, container: Container, record: ContainerRecord): string | undefined {
  const { command } = startOfRecord(pod, container, record);
  const place = { pod, container, record };
  if (command !== undefined) return kubelet.programs.launch(place, command);
  if (isScripted(pod, container.name) || record.described !== undefined || !readsEnvironment(container.image ?? '')) return undefined;
  // A database that lacks its password says so and ends.
  const usual = usualProgram(container, kubelet.programs.surroundings.variables(place));
  if ('text' in usual) record.program = usual.text;
  return undefined;
}

function addRecord(kubelet: Kubelet, state: PodState, record: ContainerRecord): void {
  state.records.unshift(record);
  let former = 0;
  state.records = state.records.filter(({ id, name }) => {
    if (name !== record.name || former++ <= KEPT_FORMER) return true;
    kubelet.programs.forget(id);
    return false;
  });
}

function postStart(kubelet: Kubelet, state: PodState, step: RunStep, pod: Pod, container: Container): StartOutcome {
  const hook = container.lifecycle?.postStart;
  const record = newest(state, container.name);
  if (hook === undefined || record === undefined) return null;
  const nowMs = kubelet.now();
  const { endMs, error, running } = runHook(kubelet, state, pod, container, record, hook, 'postStart');
  if (endMs <= nowMs) return finishPostStart(kubelet, state, step, container, error);
  step.wait = { for: 'postStart', container: container.name, error, ...(running === undefined ? {} : { pid: running }) };
  if (Number.isFinite(endMs)) state.stepTimer = kubelet.schedule(state, 'step', endMs);
  return 'wait';
}

/** A container whose postStart failed is killed; its outcome is known, but the sync waits for its end. */
function finishPostStart(kubelet: Kubelet, state: PodState, step: RunStep, container: Container, error: string): StartOutcome {
  if (error === '') return null;
  kubelet.event(state, 'Warning', 'FailedPostStartHook', 'PostStartHook failed', container.name);
  const untilMs = killContainers(kubelet, state, [{ name: container.name, message: 'FailedPostStartHook' }], null);
  step.changed = true;
  const failure = { reason: 'PostStartHookError', message: error };
  if (untilMs <= kubelet.now()) return failure;
  step.wait = { for: 'kill', untilMs, failure };
  state.stepTimer = kubelet.schedule(state, 'step', untilMs);
  return 'wait';
}

function programFor(kubelet: Kubelet, state: PodState, pod: Pod, container: Container): Start {
  return startOf(programOf(pod, container, describedOn(kubelet, state, container)), (newest(state, container.name)?.attempt ?? -1) + 1);
}
