import { jsonEqual, type Draft } from '../../base/json.ts';
import type { Pod, PodStatus } from '../../api/schema/types/core/v1.ts';
import type { Kubelet } from '../kubelet.ts';
import type { KillReason, PodState } from '../state.ts';
import { generateStatus, isTerminal, type GenerateInput } from './generate.ts';

const DEADLINE_TEXT = 'Pod was active on the node longer than the specified deadline';

/**
 * Makes up the status and writes it if it differs from the stored one.
 * A terminal phase is held back until the containers are known to be stopped: their states show first, the phase follows.
 * Returns the status as made up, with the phase not held back.
 */
export function updateStatus(kubelet: Kubelet, state: PodState, cacheAtMs: number, stopped: boolean): Draft<PodStatus> {
  const pod = kubelet.pod(state);
  const nowMs = kubelet.now();
  const overdue = isOverdue(pod, nowMs);
  if (overdue) kubelet.event(state, 'Normal', 'DeadlineExceeded', DEADLINE_TEXT);
  const status = generateStatus({
    pod,
    state,
    cacheAtMs,
    nowMs,
    nodeAddress: kubelet.node(state.node).address,
    terminal: stopped,
    failure:
      state.killed !== null ? disruptedBy(state.killed) : overdue ? { reason: 'DeadlineExceeded', message: DEADLINE_TEXT } : undefined,
  });
  state.cacheAtMs = cacheAtMs;
  // Who is evicted is told so at once.
  store(kubelet, state, pod, stopped || state.killed !== null ? status : heldBack(status, pod));
  return status;
}

/** Writes a status that is not the one stored. A Pod that is gone from the API server has nowhere to write to. */
export function store(kubelet: Kubelet, state: PodState, pod: Pod, status: Draft<PodStatus>): void {
  if (state.orphan === null && !jsonEqual(status, pod.status)) kubelet.writeStatus(state, status);
}

/** activeDeadlineSeconds counts from the start time, which the status holds in whole seconds. */
export function deadlineOf(pod: Pod): number | undefined {
  const seconds = pod.spec?.activeDeadlineSeconds;
  const start = pod.status?.startTime;
  return seconds === undefined || start === undefined ? undefined : Date.parse(start) + seconds * 1000;
}

function disruptedBy({ reason, message, ownFault }: KillReason): NonNullable<GenerateInput['failure']> {
  if (ownFault === true) return { reason, message };
  return { reason, message, condition: { type: 'DisruptionTarget', status: 'True', reason: 'TerminationByKubelet', message } };
}

function isOverdue(pod: Pod, nowMs: number): boolean {
  const deadline = deadlineOf(pod);
  return deadline !== undefined && nowMs >= deadline && !(isTerminal(pod.status?.phase) && pod.status?.reason !== 'DeadlineExceeded');
}

function heldBack(status: Draft<PodStatus>, pod: Pod): Draft<PodStatus> {
  const before = pod.status;
  if (!isTerminal(status.phase) || isTerminal(before?.phase)) return status;
  const { reason: _reason, message: _message, ...rest } = status;
  return {
    ...rest,
    phase: before?.phase ?? 'Pending',
    ...(before?.reason === undefined ? {} : { reason: before.reason }),
    ...(before?.message === undefined ? {} : { message: before.message }),
  };
}
