import type { Container, Pod } from '../../api/schema/types/core/v1.ts';
import type { ContainerUsage } from '../../apiserver/endpoints/nodeApi.ts';
import { milliValue, value } from '../../apimachinery/quantity/quantity.ts';
import { resolvePath } from '../../runtime/files/fileSystem.ts';
import { isRunning, type ContainerRecord } from '../../runtime/container.ts';
import { describedMemory } from '../../runtime/programs/memory.ts';
import { isScripted } from '../../runtime/programs/programOf.ts';
import { serverImage } from '../../runtime/programs/servers.ts';
import { idleUsage, type Allowance, type IdleProfile, type Usage } from '../../runtime/usage.ts';
import { leakedBytes } from '../faults/podFaults.ts';
import { limitsOf } from '../limits.ts';
import { sharedMemory } from '../memoryVolumes.ts';
import type { Programs } from '../programs/programs.ts';
import type { Kubelet } from '../kubelet.ts';
import type { PodState } from '../state.ts';
import { findStarted, type Started } from './started.ts';

/** The containers of a Pod that run now. */
export function runningContainers(pod: Pod, state: PodState | undefined, nowMs: number): readonly Started[] {
  return [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])].flatMap(({ name }) => {
    const started = findStarted(pod, state, name, false);
    return typeof started === 'string' || !isRunning(started.record, nowMs) ? [] : [started];
  });
}

/** What listens in a Pod: its containers' own servers, and those among the processes of containers that run something else. */
export function listeners(programs: Programs, pod: Pod, state: PodState | undefined, nowMs: number): readonly Started[] {
  return runningContainers(pod, state, nowMs).flatMap((started): readonly Started[] => {
    if (started.start.command === undefined) return [started];
    return programs.servers(started.record.id).map(({ program: { root, body }, start, startedAtMs, cwd }) => ({
      container: started.container,
      start,
      record: { ...started.record, startedAtMs },
      ...(root === undefined ? {} : { root: resolvePath(cwd, root) }),
      ...(body === undefined ? {} : { body }),
    }));
  });
}

export interface MeasuredUsage extends ContainerUsage {
  /** What they would use without a limit. */
  readonly wantedNanoCpu: number;
  /** How long a request waits for its turn at the CPU, milliseconds. */
  readonly waitMs: number;
}

/** What they use, with what a fault makes them leak. Counterpart: the summary API of a kubelet. */
export function usageOf(kubelet: Kubelet, pod: Pod, state: PodState | undefined): readonly MeasuredUsage[] {
  const nowMs = kubelet.now();
  return runningContainers(pod, state, nowMs).map(({ container, record, start }) => {
    const { requests } = container.resources ?? {};
    const limits = limitsOf(container);
    const allowance = {
      requestedMilliCpu: milliValue(requests?.['cpu']),
      requestedBytes: value(requests?.['memory']),
      limitMilliCpu: limits.milliCpu,
      limitBytes: limits.memoryBytes,
    };
    const ageMs = nowMs - (record.startedAtMs ?? nowMs);
    const usage =
      start.command === undefined
        ? idleUsage(record.id, allowance, ageMs, profileOf(pod, container, record))
        : usageOfProcesses(kubelet.programs, record.id, allowance);
    const shared = sharedMemory(kubelet.worlds, pod, container) ?? 0;
    const memoryBytes = (describedMemory(record.described?.program, ageMs) ?? usage.memoryBytes) + shared;
    const leaked = leakedBytes(kubelet, pod, container, record);
    const load = kubelet.loadOn(pod.metadata.uid ?? '', container.name);
    const loaded = usage.nanoCpu + (load?.nanoCpu ?? 0);
    return {
      name: container.name,
      nanoCpu: Math.min(loaded, allowance.limitMilliCpu * 1e6),
      memoryBytes: Math.min(memoryBytes + leaked, allowance.limitBytes),
      wantedNanoCpu: (start.command === undefined ? usage.nanoCpu : kubelet.programs.load(record.id).milliCpu * 1e6) + (load?.nanoCpu ?? 0),
      waitMs: load?.waitMs ?? 0,
    };
  });
}

/** The server of a well-known image that does what it is known for. */
function profileOf(pod: Pod, container: Container, { described }: ContainerRecord): IdleProfile | undefined {
  if (described !== undefined || isScripted(pod, container.name) || container.command !== undefined) return undefined;
  return serverImage(container.image ?? '');
}

function usageOfProcesses(programs: Programs, id: string, { limitMilliCpu, limitBytes }: Allowance): Usage {
  const { milliCpu, memoryBytes } = programs.load(id);
  return { nanoCpu: Math.round(Math.min(milliCpu, limitMilliCpu) * 1e6), memoryBytes: Math.min(memoryBytes, limitBytes) };
}
