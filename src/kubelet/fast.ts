/**
 * Pods on a node in the mode `fast`: one write and the Pod runs and is ready, or is complete if it belongs to a Job.
 * Invariant: no memory per Pod beyond its address; whatever is to do follows from the object. Counterpart: kwok's default stages.
 */
import type { Draft } from '../base/json.ts';
import type { Container, ContainerState, ContainerStatus, Pod, PodStatus } from '../api/schema/types/core/v1.ts';
import { formatTime } from '../apimachinery/meta/time.ts';
import { imageDigest } from '../runtime/ids.ts';
import { isSidecar } from './lifecycle/resources.ts';
import type { KillReason } from './state.ts';
import { KUBELET_CONDITIONS } from './status/conditions.ts';

/** The status of a Pod that has just been bound. */
export function fastStatus(pod: Pod, ip: string, hostIp: string, nowMs: number): Draft<PodStatus> {
  const time = formatTime(nowMs);
  const generation = pod.metadata.generation ?? 1;
  const done = pod.metadata.ownerReferences?.some(({ kind, controller }) => kind === 'Job' && controller === true) === true;
  const condition = (type: string, holds: boolean): Draft<NonNullable<PodStatus['conditions']>[number]> => ({
    type,
    observedGeneration: generation,
    status: holds ? 'True' : 'False',
    ...(done && type !== 'PodScheduled' && type !== 'PodReadyToStartContainers' ? { reason: 'PodCompleted' } : {}),
    lastTransitionTime: time,
  });
  const others = (pod.status?.conditions ?? []).filter(({ type }) => !KUBELET_CONDITIONS.has(type));
  const inits = pod.spec?.initContainers ?? [];
  return {
    observedGeneration: generation,
    phase: done ? 'Succeeded' : 'Running',
    conditions: [
      ...others.map((other) => ({ ...other })),
      condition('PodReadyToStartContainers', !done),
      condition('Initialized', true),
      condition('Ready', !done),
      condition('ContainersReady', !done),
      condition('PodScheduled', true),
    ],
    hostIP: hostIp,
    hostIPs: [{ ip: hostIp }],
    podIP: ip,
    podIPs: [{ ip }],
    startTime: time,
    ...(inits.length === 0 ? {} : { initContainerStatuses: inits.map((container) => initStatus(pod, container, done, time)) }),
    containerStatuses: (pod.spec?.containers ?? []).map((container) => containerStatus(pod, container, done, time)),
    ...(pod.status?.qosClass === undefined ? {} : { qosClass: pod.status.qosClass }),
  };
}

/** A Pod that is made to fail: its containers end at once. */
export function failedFastStatus({ status = {}, metadata }: Pod, { reason, message }: KillReason, nowMs: number): Draft<PodStatus> {
  const time = formatTime(nowMs);
  const observed = metadata.generation === undefined ? {} : { observedGeneration: metadata.generation };
  const unready = new Set(['Ready', 'ContainersReady', 'PodReadyToStartContainers']);
  const failed = { status: 'False', lastTransitionTime: time } as const;
  return {
    ...(status as Draft<PodStatus>),
    phase: 'Failed',
    reason,
    message,
    conditions: [
      ...(status.conditions ?? []).map((each) =>
        unready.has(each.type)
          ? { ...each, ...failed, ...(each.type === 'PodReadyToStartContainers' ? {} : { reason: 'PodFailed' }) }
          : { ...each },
      ),
      { type: 'DisruptionTarget', status: 'True', reason: 'TerminationByKubelet', message, lastTransitionTime: time, ...observed },
    ],
    containerStatuses: (status.containerStatuses ?? []).map((each) => ({
      ...(each as Draft<ContainerStatus>),
      ready: false,
      started: false,
      state: {
        terminated: {
          exitCode: 143,
          reason: 'Error',
          startedAt: each.state?.running?.startedAt ?? time,
          finishedAt: time,
          ...(each.containerID === undefined ? {} : { containerID: each.containerID }),
        },
      },
    })),
  };
}

/** An init container that has done its work counts as ready. */
function initStatus(pod: Pod, container: Container, done: boolean, time: string): Draft<ContainerStatus> {
  if (isSidecar(container)) return containerStatus(pod, container, done, time);
  return { ...containerStatus(pod, container, true, time), ready: true };
}

function containerStatus(pod: Pod, container: Container, ended: boolean, time: string): Draft<ContainerStatus> {
  const image = container.image ?? '';
  const containerID = `containerd://${(pod.metadata.uid ?? '').replaceAll('-', '')}${imageDigest(container.name).slice(32)}`;
  const state: Draft<ContainerState> = ended
    ? { terminated: { exitCode: 0, reason: 'Completed', startedAt: time, finishedAt: time, containerID } }
    : { running: { startedAt: time } };
  return {
    name: container.name,
    state,
    lastState: {},
    ready: !ended,
    restartCount: 0,
    image,
    imageID: `${image}@sha256:${imageDigest(image)}`,
    containerID,
    started: !ended,
  };
}
