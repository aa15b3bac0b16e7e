import type { Container, ContainerStatus, Pod } from '../../api/schema/types/core/v1.ts';
import type { ContainerRecord } from '../../runtime/container.ts';
import type { Start } from '../../runtime/programs/grammar.ts';
import { startOfRecord } from '../../runtime/programs/programOf.ts';
import { findContainer } from '../containers.ts';
import type { PodState } from '../state.ts';

/** One start of a container: what ran, and since when. */
export interface Started {
  readonly container: Container;
  readonly start: Start;
  readonly record: ContainerRecord;
  /** Of a server among the container's processes: the directory that it shows, or what it says to everybody. */
  readonly root?: string;
  readonly body?: string;
}

/**
 * The start that logs and commands are about, or why there is none, in the kubelet's words.
 * @param state undefined on nodes that keep no memory of their Pods: then the status says it
 */
export function findStarted(pod: Pod, state: PodState | undefined, name: string, previous: boolean): Started | string {
  const podName = pod.metadata.name ?? '';
  const where = `container "${name}" in pod "${podName}"`;
  const container = findContainer(pod, name)?.spec;
  const status = statusOf(pod, name);
  if (container === undefined || status === undefined) return `${where} is not available`;
  const { waiting, running, terminated } = status.state ?? {};
  const last = status.lastState?.terminated;
  const records = state?.records.filter((record) => record.name === name && record.startedAtMs !== null) ?? [];
  const found = (record: ContainerRecord): Started => ({
    container,
    start: startOfRecord(pod, container, record),
    record,
  });
  const fromStatus = (): Started => found(recordOf(status, name, previous));
  if (previous) {
    if (last === undefined || (last.containerID ?? '') === '') return `previous terminated ${where} not found`;
    const record = records.find(({ id }) => last.containerID?.endsWith(id) === true) ?? records[1];
    return record === undefined ? fromStatus() : found(record);
  }
  const [newest] = records;
  if (newest !== undefined) return found(newest);
  if (running !== undefined || terminated !== undefined) return fromStatus();
  if (last !== undefined) return found(recordOf(status, name, true));
  switch (waiting?.reason) {
    case undefined:
      return `${where} is waiting to start - no logs yet`;
    case 'ErrImagePull':
      return `${where} is waiting to start: image can't be pulled`;
    case 'ImagePullBackOff':
      return `${where} is waiting to start: trying and failing to pull image`;
    default:
      return `${where} is waiting to start: ${waiting?.reason ?? ''}`;
  }
}

function statusOf({ status }: Pod, name: string): ContainerStatus | undefined {
  const all = [
    ...(status?.containerStatuses ?? []),
    ...(status?.initContainerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ];
  return all.find((candidate) => candidate.name === name);
}

function recordOf(status: ContainerStatus, name: string, previous: boolean): ContainerRecord {
  const ended = previous ? status.lastState?.terminated : status.state?.terminated;
  const startedAtMs = Date.parse(ended?.startedAt ?? status.state?.running?.startedAt ?? '') || 0;
  return {
    id: (ended?.containerID ?? status.containerID ?? '').replace('containerd://', ''),
    name,
    attempt: Math.max(status.restartCount - (previous ? 1 : 0), 0),
    image: status.image,
    sandbox: 0,
    createdAtMs: startedAtMs,
    startedAtMs,
    exit:
      ended === undefined
        ? null
        : {
            atMs: Date.parse(ended.finishedAt ?? '') || startedAtMs,
            exitCode: ended.exitCode,
            reason: ended.reason ?? '',
            message: ended.message ?? '',
          },
  };
}
