import type { Draft } from '../../base/json.ts';
import type { Container, ContainerState, ContainerStatus, Pod } from '../../api/schema/types/core/v1.ts';
import { formatTime } from '../../apimachinery/meta/time.ts';
import type { ContainerRecord } from '../../runtime/container.ts';
import { imageDigest } from '../../runtime/ids.ts';
import { actualResources } from '../resize.ts';
import { isRegularInit, RESTARTING_ALL, RETIRED, restarts, seenExited, type ContainerKind } from '../containers.ts';
import type { PodState, ProbeType } from '../state.ts';

/** One container's status, out of what the kubelet has seen of its last two starts and why the last attempt failed. */
export function containerStatus(
  pod: Pod,
  state: PodState,
  container: Container,
  kind: ContainerKind,
  cacheAtMs: number,
  stored: ContainerStatus | undefined,
): Draft<ContainerStatus> {
  const records = state.records.filter((record) => record.name === container.name && record.createdAtMs <= cacheAtMs);
  const [current, former] = records;
  const status =
    current === undefined || current.sandbox === RETIRED
      ? unborn(pod, state, container, kind, stored, current)
      : born(container, state, current, former, cacheAtMs);
  const failure = state.failures[container.name];
  if (failure !== undefined && awaitsStart(pod, container, kind, current, cacheAtMs)) {
    if (status.state?.terminated !== undefined) status.lastState = { terminated: status.state.terminated };
    status.state = { waiting: { reason: failure.reason, ...(failure.message === '' ? {} : { message: failure.message }) } };
  }
  judgeReadiness(state, status, container, kind);
  return status;
}

/** A container that nobody has started yet. */
function unborn(
  pod: Pod,
  state: PodState,
  container: Container,
  kind: ContainerKind,
  stored: ContainerStatus | undefined,
  removed: ContainerRecord | undefined,
): Draft<ContainerStatus> {
  const initializing = kind === 'init' || (kind === 'main' && (pod.spec?.initContainers ?? []).length > 0);
  // Between the end of all and the start of the first.
  const restarting = removed !== undefined && state.records.every(({ sandbox }) => sandbox === RETIRED);
  return {
    name: container.name,
    state: { waiting: restarting ? { ...RESTARTING_ALL } : { reason: initializing ? 'PodInitializing' : 'ContainerCreating' } },
    lastState: removed === undefined ? ((stored?.lastState ?? {}) as Draft<ContainerState>) : terminated(removed),
    ready: false,
    restartCount: removed === undefined ? (stored?.restartCount ?? 0) : removed.attempt + 1,
    image: container.image ?? '',
    imageID: '',
  };
}

function born(
  container: Container,
  state: PodState,
  current: ContainerRecord,
  former: ContainerRecord | undefined,
  cacheAtMs: number,
): Draft<ContainerStatus> {
  // The very lists of the spec: who compares the two, as the scheduler does for every Pod, sees at once that nothing is being resized.
  const actual = actualResources(state, container.name);
  const { limits, requests } = (actual ?? container.resources ?? {}) as Draft<NonNullable<Container['resources']>>;
  const allocated = state.deferredResize === null ? container.resources?.requests : requests;
  return {
    name: container.name,
    state: seenExited(current, cacheAtMs) ? terminated(current) : { running: { startedAt: formatTime(current.startedAtMs ?? cacheAtMs) } },
    lastState: former === undefined ? {} : terminated(former),
    ready: false,
    restartCount: current.attempt,
    image: current.image,
    imageID: `${repository(current.image)}@${current.described?.digest ?? `sha256:${imageDigest(current.image)}`}`,
    containerID: `containerd://${current.id}`,
    ...(allocated === undefined ? {} : { allocatedResources: allocated as Draft<typeof allocated> }),
    resources: { ...(limits === undefined ? {} : { limits }), ...(requests === undefined ? {} : { requests }) },
    ...volumeMounts(container),
  };
}

function terminated(record: ContainerRecord): Draft<ContainerState> {
  const { exit, startedAtMs, id } = record;
  if (exit === null) return {};
  const { exitCode, reason, message, atMs } = exit;
  return {
    terminated: {
      exitCode,
      reason,
      ...(message === '' ? {} : { message }),
      ...(startedAtMs === null ? {} : { startedAt: formatTime(startedAtMs) }),
      finishedAt: formatTime(atMs),
      containerID: `containerd://${id}`,
    },
  };
}

/** Whether the next sync would start the container: only then does a failed attempt show. */
function awaitsStart(
  pod: Pod,
  container: Container,
  kind: ContainerKind,
  current: ContainerRecord | undefined,
  cacheAtMs: number,
): boolean {
  if (pod.metadata.deletionTimestamp !== undefined) return false;
  if (current === undefined) return true;
  if (!seenExited(current, cacheAtMs)) return false;
  const exitCode = current.exit?.exitCode ?? 0;
  if (kind === 'ephemeral' || (isRegularInit(container, kind) && exitCode === 0)) return false;
  return restarts(pod, container, exitCode);
}

function judgeReadiness(state: PodState, status: Draft<ContainerStatus>, container: Container, kind: ContainerKind): void {
  if (kind === 'ephemeral') return;
  const isUp = status.state?.running !== undefined;
  const id = (status.containerID ?? '').replace('containerd://', '');
  const startup = state.results[resultKey('startup', id)];
  status.started = isUp && (startup === undefined ? container.startupProbe === undefined : startup === 'success');
  if (isRegularInit(container, kind)) status.ready = status.state?.terminated?.exitCode === 0;
  else status.ready = status.started && (container.readinessProbe === undefined || state.results[resultKey('readiness', id)] === 'success');
}

/** The key of a probe's standing result. */
export function resultKey(type: ProbeType, containerId: string): string {
  return `${type}/${containerId}`;
}

function volumeMounts(container: Container): Pick<Draft<ContainerStatus>, 'volumeMounts'> {
  const mounts = container.volumeMounts;
  if (mounts === undefined || mounts.length === 0) return {};
  return {
    volumeMounts: mounts.map(({ name, mountPath, readOnly }) => ({
      name,
      mountPath,
      ...(readOnly === true ? { readOnly, recursiveReadOnly: 'Disabled' } : {}),
    })),
  };
}

function repository(image: string): string {
  return (image.split('@')[0] ?? image).replace(/:[^/:]*$/, '');
}
