import type { Draft } from '../../base/json.ts';
import type { Container, ContainerStatus, Pod, PodCondition } from '../../api/schema/types/core/v1.ts';
import { couldRestartAll, restartsAll } from '../containers.ts';
import { isSidecar } from '../lifecycle/resources.ts';
import type { Phase } from './phase.ts';

/** A condition without its times. */
export interface Judgement {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly reason?: string;
  readonly message?: string;
}

export interface ConditionInput {
  readonly pod: Pod;
  readonly phase: Phase;
  readonly init: readonly ContainerStatus[];
  readonly main: readonly ContainerStatus[];
  readonly sandboxReady: boolean;
  /** Why a resize has to wait; null if none does. */
  readonly deferredResize: string | null;
  /** A resize is being carried out. */
  readonly resizing: boolean;
  /** The conditions as stored: readiness gates are read from them. */
  readonly stored: readonly PodCondition[];
}

/** The kubelet's own types; others in the status belong to somebody else and are kept. */
export const KUBELET_CONDITIONS: ReadonlySet<string> = new Set([
  'AllContainersRestarting',
  'PodResizePending',
  'PodResizeInProgress',
  'PodReadyToStartContainers',
  'Initialized',
  'Ready',
  'ContainersReady',
  'PodScheduled',
]);

/** In the order in which the kubelet writes them. */
export function judge(input: ConditionInput): readonly Judgement[] {
  const containersReady = judgeContainers(input);
  const { deferredResize } = input;
  return [
    ...(deferredResize === null
      ? []
      : [{ type: 'PodResizePending', status: 'True' as const, reason: 'Deferred', message: deferredResize }]),
    ...(input.resizing ? [{ type: 'PodResizeInProgress', status: 'True' as const }] : []),
    ...(couldRestartAll(input.pod) ? [judgeRestart(input)] : []),
    { type: 'PodReadyToStartContainers', status: input.sandboxReady ? 'True' : 'False' },
    judgeInitialized(input),
    judgeReady(input, containersReady),
    containersReady,
    { type: 'PodScheduled', status: 'True' },
  ];
}

/** `lastTransitionTime` moves only if the status changes; others' conditions stay in front. */
export function mergeConditions(
  judgements: readonly Judgement[],
  stored: readonly PodCondition[],
  generation: number | undefined,
  time: string,
): Draft<PodCondition>[] {
  const merged: Draft<PodCondition>[] = stored
    .filter(({ type }) => !KUBELET_CONDITIONS.has(type) && !judgements.some((judgement) => judgement.type === type))
    .map((condition) => ({ ...condition }));
  for (const judgement of judgements) {
    const before = stored.find((condition) => condition.type === judgement.type);
    const lastTransitionTime = before?.status === judgement.status ? (before.lastTransitionTime ?? time) : time;
    merged.push({ ...judgement, ...(generation === undefined ? {} : { observedGeneration: generation }), lastTransitionTime });
  }
  return merged;
}

/** Of Pods only in which a container can ask for it. It is over when no container is left. */
function judgeRestart({ pod, phase, init, main }: ConditionInput): Judgement {
  const type = 'AllContainersRestarting';
  const completed = ended(type, phase);
  if (completed !== undefined) return completed;
  const asks = (container: Container, status: ContainerStatus | undefined): boolean =>
    status?.state?.terminated !== undefined && restartsAll(container, status.state.terminated.exitCode);
  const isAsked =
    (pod.spec?.initContainers ?? []).some((container, index) => asks(container, init[index])) ||
    (pod.spec?.containers ?? []).some((container, index) => asks(container, main[index]));
  if (!isAsked) return { type, status: 'False' };
  return { type, status: 'True', reason: 'RestartAllContainersStarted', message: 'container exited with restart policy rule' };
}

function judgeInitialized({ pod, phase, init, main }: ConditionInput): Judgement {
  const type = 'Initialized';
  const incomplete = (pod.spec?.initContainers ?? []).filter((container, index) => {
    const status = init[index];
    return isSidecar(container) ? status?.started !== true : status?.ready !== true;
  });
  if (phase === 'Succeeded' && incomplete.every(isSidecar)) return { type, status: 'True', reason: 'PodCompleted' };
  // Once a regular container has started, a restarting sidecar does not take the initialization back.
  const begun = main.some(
    (status) => status.started === true || status.state?.terminated !== undefined || status.lastState?.terminated !== undefined,
  );
  if (incomplete.length === 0 || (begun && incomplete.every(isSidecar))) return { type, status: 'True' };
  return { type, status: 'False', reason: 'ContainersNotInitialized', message: `containers with incomplete status: ${list(incomplete)}` };
}

function judgeContainers({ pod, phase, init, main }: ConditionInput): Judgement {
  const type = 'ContainersReady';
  const completed = ended(type, phase);
  if (completed !== undefined) return completed;
  const unready = [
    ...(pod.spec?.initContainers ?? []).filter((container, index) => isSidecar(container) && init[index]?.ready !== true),
    ...(pod.spec?.containers ?? []).filter((_, index) => main[index]?.ready !== true),
  ];
  if (unready.length === 0) return { type, status: 'True' };
  return { type, status: 'False', reason: 'ContainersNotReady', message: `containers with unready status: ${list(unready)}` };
}

function judgeReady({ pod, phase, stored }: ConditionInput, containersReady: Judgement): Judgement {
  const type = 'Ready';
  const completed = ended(type, phase);
  if (completed !== undefined) return completed;
  if (containersReady.status !== 'True') return { ...containersReady, type };
  const problems: string[] = [];
  for (const { conditionType } of pod.spec?.readinessGates ?? []) {
    const condition = stored.find((other) => other.type === conditionType);
    if (condition === undefined) problems.push(`corresponding condition of pod readiness gate "${conditionType}" does not exist.`);
    else if (condition.status !== 'True')
      problems.push(`the status of pod readiness gate "${conditionType}" is not "True", but ${condition.status}`);
  }
  if (problems.length === 0) return { type, status: 'True' };
  return { type, status: 'False', reason: 'ReadinessGatesNotReady', message: problems.join(', ') };
}

function ended(type: string, phase: Phase): Judgement | undefined {
  if (phase === 'Succeeded') return { type, status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { type, status: 'False', reason: 'PodFailed' };
  return undefined;
}

/** `[a b]`, as Go prints a list. */
function list(containers: readonly Container[]): string {
  return `[${containers.map((container) => container.name).join(' ')}]`;
}
