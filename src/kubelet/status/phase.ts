import type { Container, ContainerStatus, Pod, PodStatus } from '../../api/schema/types/core/v1.ts';
import { RESTARTING_ALL, restarts } from '../containers.ts';
import { isSidecar } from '../lifecycle/resources.ts';

export type Phase = NonNullable<PodStatus['phase']>;

export interface PhaseInput {
  readonly pod: Pod;
  readonly init: readonly ContainerStatus[];
  readonly main: readonly ContainerStatus[];
  /** The containers are stopped and will not be started again. */
  readonly terminal: boolean;
  /** A regular container has been started before. */
  readonly initialized: boolean;
}

interface Counts {
  pendingInit: number;
  failedInit: number;
  pendingSidecars: number;
  running: number;
  waiting: number;
  stopped: number;
  succeeded: number;
  restarting: number;
}

/**
 * The phase that a Pod's containers add up to.
 * Examples: init `i` failed with restartPolicy Never: Failed. `a` running, `b` waiting for its image: Pending.
 * `a` ended with 0 and `b` with 3, restartPolicy Never: Failed. The same with Always: Running.
 */
export function phaseOf(input: PhaseInput): Phase {
  const { terminal, initialized } = input;
  const counts = count(input);
  if (counts.failedInit > 0) return 'Failed';
  if (counts.pendingInit > 0 || (counts.pendingSidecars > 0 && !initialized) || counts.waiting > 0) return 'Pending';
  if (counts.running > 0) return 'Running';
  if (counts.stopped === 0) return 'Pending';
  if (!terminal && counts.restarting > 0) return 'Running';
  return counts.stopped === counts.succeeded ? 'Succeeded' : 'Failed';
}

function count({ pod, init, main }: PhaseInput): Counts {
  const counts: Counts = {
    pendingInit: 0,
    failedInit: 0,
    pendingSidecars: 0,
    running: 0,
    waiting: 0,
    stopped: 0,
    succeeded: 0,
    restarting: 0,
  };
  for (const [index, container] of (pod.spec?.initContainers ?? []).entries()) {
    const status = init[index];
    if (isSidecar(container)) countSidecar(status, counts);
    else countInit(pod, container, status, counts);
  }
  for (const [index, container] of (pod.spec?.containers ?? []).entries()) {
    const status = main[index];
    const { running, terminated } = status?.state ?? {};
    const ended = terminated ?? (running === undefined ? status?.lastState?.terminated : undefined);
    if (running !== undefined) counts.running++;
    else if (ended === undefined) counts.waiting++;
    else {
      counts.stopped++;
      if (terminated?.exitCode === 0) counts.succeeded++;
      const startsAgain = terminated === undefined && ended.reason === RESTARTING_ALL.reason;
      if (startsAgain || restarts(pod, container, ended.exitCode)) counts.restarting++;
    }
  }
  return counts;
}

/** A failed init container that starts again leaves the Pod pending. */
function countInit(pod: Pod, container: Container, status: ContainerStatus | undefined, counts: Counts): void {
  const ended = status?.state?.terminated ?? (status?.state?.running === undefined ? status?.lastState?.terminated : undefined);
  if (ended === undefined || ended.reason === RESTARTING_ALL.reason) counts.pendingInit++;
  else if (ended.exitCode !== 0 && !restarts(pod, container, ended.exitCode)) counts.failedInit++;
}

/** The end of a sidecar says nothing about the Pod's phase. */
function countSidecar(status: ContainerStatus | undefined, counts: Counts): void {
  if (status?.state?.running !== undefined) {
    if (status.started !== true) counts.pendingSidecars++;
    counts.running++;
  } else if (status?.state?.terminated === undefined && status?.lastState?.terminated === undefined) {
    counts.pendingSidecars++;
    counts.waiting++;
  }
}
