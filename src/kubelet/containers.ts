import type { Container, ContainerRestartRule, Pod } from '../api/schema/types/core/v1.ts';
import { isRunning, type ContainerRecord } from '../runtime/container.ts';
import { isSidecar } from './lifecycle/resources.ts';
import type { PodState } from './state.ts';

export type ContainerKind = 'init' | 'main' | 'ephemeral';

export interface FoundContainer {
  readonly spec: Container;
  readonly kind: ContainerKind;
}

/** A container of the spec by name, wherever it stands. */
export function findContainer(pod: Pod, name: string): FoundContainer | undefined {
  const main = pod.spec?.containers.find((container) => container.name === name);
  if (main !== undefined) return { spec: main, kind: 'main' };
  const init = pod.spec?.initContainers?.find((container) => container.name === name);
  if (init !== undefined) return { spec: init, kind: 'init' };
  const ephemeral = pod.spec?.ephemeralContainers?.find((container) => container.name === name);
  return ephemeral === undefined ? undefined : { spec: ephemeral, kind: 'ephemeral' };
}

/** The fieldPath of an event about a container. */
export function fieldPathOf(pod: Pod, name: string): string | undefined {
  switch (findContainer(pod, name)?.kind) {
    case 'main':
      return `spec.containers{${name}}`;
    case 'init':
      return `spec.initContainers{${name}}`;
    case 'ephemeral':
      return `spec.ephemeralContainers{${name}}`;
    default:
      return undefined;
  }
}

/** The newest start of a container that the runtime knows. */
export function newest(state: PodState, name: string): ContainerRecord | undefined {
  return state.records.find((record) => record.name === name);
}

/** What the kubelet sees of a container at a time of its cache: nothing, running, or how it ended. */
export function seenExited(record: ContainerRecord, cacheAtMs: number): boolean {
  return record.exit !== null && record.exit.atMs <= cacheAtMs;
}

/** Why a container is gone that was taken away to start the whole Pod again. */
export const RESTARTING_ALL = {
  reason: 'RestartingAllContainers',
  message: 'The container is removed because RestartAllContainers in place',
} as const;

/** In place of its sandbox's attempt: the container was removed to start the whole Pod again. */
export const RETIRED = -1;

/** Whether the end of a container makes all containers of its Pod start again. */
export function restartsAll(container: Container, exitCode: number): boolean {
  return matchingRule(container, exitCode)?.action === 'RestartAllContainers';
}

/** Whether any container of the Pod has such a rule. */
export function couldRestartAll({ spec }: Pod): boolean {
  const asks = ({ restartPolicyRules }: Container): boolean =>
    restartPolicyRules?.some(({ action }) => action === 'RestartAllContainers') === true;
  return spec?.containers.some(asks) === true || spec?.initContainers?.some(asks) === true;
}

function matchingRule(container: Container, exitCode: number): ContainerRestartRule | undefined {
  return (container.restartPolicyRules ?? []).find(({ exitCodes }) => {
    const listed = (exitCodes?.values ?? []).includes(exitCode);
    return (exitCodes?.operator === 'In' && listed) || (exitCodes?.operator === 'NotIn' && !listed);
  });
}

/** Containers that run now, whatever the kubelet has seen. */
export function running(state: PodState, nowMs: number): readonly ContainerRecord[] {
  return state.records.filter((record) => isRunning(record, nowMs));
}

/**
 * Whether a container that ended is started again. The container's own rules come first, then its own policy, then the
 * Pod's; init containers that are no sidecars treat Always as OnFailure.
 */
export function restarts(pod: Pod, container: Container, exitCode: number): boolean {
  if (matchingRule(container, exitCode) !== undefined) return true;
  const policy = container.restartPolicy ?? pod.spec?.restartPolicy ?? 'Always';
  if (policy === 'Never') return false;
  return policy === 'Always' || exitCode !== 0;
}

export function isRegularInit(container: Container, kind: ContainerKind): boolean {
  return kind === 'init' && !isSidecar(container);
}

/** `p_ns(uid)`: how the kubelet names a Pod in texts. */
export function podLabel(state: PodState): string {
  return `${state.name}_${state.namespace}(${state.uid})`;
}
