/**
 * What faults do to the containers of a Pod: when they end, how long they answer nobody, which probes fail.
 * Invariant: reads only; the same faults, Pod and time give the same answer, so an effect is gone with its fault.
 */
import { concernsNode, concernsPod } from '../../api/kubepad/fault/match.ts';
import { parseDuration } from '../../api/kubepad/duration.ts';
import type { Fault, FaultType } from '../../api/kubepad/types.ts';
import type { Container, Pod } from '../../api/schema/types/core/v1.ts';
import { value } from '../../apimachinery/quantity/quantity.ts';
import { naturalExit, type ContainerRecord, type Exit } from '../../runtime/container.ts';
import { exitReason } from '../../runtime/programs/interpreter.ts';
import { describedMemory, exceedsAfter } from '../../runtime/programs/memory.ts';
import { startOfRecord } from '../../runtime/programs/programOf.ts';
import type { Kubelet } from '../kubelet.ts';
import { isSidecar } from '../lifecycle/resources.ts';
import { limitsOf } from '../limits.ts';
import { sharedMemory } from '../memoryVolumes.ts';
import type { ProbeType } from '../state.ts';

/** What every container uses while nothing leaks. */
export const BASE_MEMORY_BYTES = 10 * 1024 * 1024;
const DEFAULT_LATENCY_MS = 30_000;
const DEFAULT_AFTER_MS = 1_000;
const DEFAULT_EXIT_CODE = 1;
const DEFAULT_RATE_BYTES = 64 * 1024 * 1024;
const MINUTE_MS = 60_000;

const NONE: readonly Fault[] = [];

/** The active faults of a type that hit a container. */
export function faultsOn(kubelet: Kubelet, type: FaultType, pod: Pod, container: Container): readonly Fault[] {
  const faults = kubelet.faults.of(type);
  if (faults.length === 0) return NONE;
  const node = kubelet.nodeObject(pod.spec?.nodeName ?? '');
  return faults.filter(
    (fault) => concernsPod(fault, pod) && concernsContainer(fault, pod, container) && (node === undefined || concernsNode(fault, node)),
  );
}

function concernsContainer({ spec }: Fault, pod: Pod, container: Container): boolean {
  const name = spec?.target?.pods?.container;
  if (name !== undefined) return name === container.name;
  return isSidecar(container) || !(pod.spec?.initContainers ?? []).includes(container);
}

/** How and when the container ends if nobody stops it: by its program or by a fault, whichever comes first. */
export function plannedExit(kubelet: Kubelet, pod: Pod, container: Container, record: ContainerRecord): Exit | null {
  if (record.startedAtMs === null) return record.exit;
  const program = startOfRecord(pod, container, record);
  let exit = naturalExit(program, record.startedAtMs, container.terminationMessagePolicy);
  for (const planned of [
    ...crashes(kubelet, pod, container, record.startedAtMs),
    ...outOfMemory(kubelet, pod, container, record.startedAtMs),
    ...beyondLimit(container, record, record.startedAtMs),
  ])
    if (exit === null || planned.atMs < exit.atMs) exit = planned;
  return exit;
}

/** Plans the end of a container that has just started, and notes the faults that hit it. */
export function planExit(kubelet: Kubelet, pod: Pod, container: Container, record: ContainerRecord): void {
  record.exit = plannedExit(kubelet, pod, container, record);
  for (const type of ['CrashLoop', 'MemoryLeak'] as const)
    for (const fault of faultsOn(kubelet, type, pod, container)) kubelet.hit(fault, pod);
}

function crashes(kubelet: Kubelet, pod: Pod, container: Container, startedAtMs: number): readonly Exit[] {
  return faultsOn(kubelet, 'CrashLoop', pod, container).map(({ spec }) => {
    const exitCode = spec?.exitCode ?? DEFAULT_EXIT_CODE;
    const dueMs = startedAtMs + durationOf(spec?.after, DEFAULT_AFTER_MS);
    return { atMs: Math.max(dueMs, kubelet.now() + 1), exitCode, reason: exitReason(exitCode), message: '' };
  });
}

/** The kernel ends the container when its memory has grown to the limit. */
function outOfMemory(kubelet: Kubelet, pod: Pod, container: Container, startedAtMs: number): readonly Exit[] {
  const { memoryBytes } = limitsOf(container);
  if (!Number.isFinite(memoryBytes)) return [];
  const room = Math.max(0, memoryBytes - BASE_MEMORY_BYTES);
  return faultsOn(kubelet, 'MemoryLeak', pod, container).map((fault) => ({
    atMs: Math.max(Math.ceil(leakStart(fault, startedAtMs) + (room / rateOf(fault)) * MINUTE_MS), kubelet.now() + 1),
    exitCode: 137,
    reason: 'OOMKilled',
    message: '',
  }));
}

/** What an Image says its program needs may be more than the container gets. */
function beyondLimit(container: Container, { described }: ContainerRecord, startedAtMs: number): readonly Exit[] {
  const { memoryBytes } = limitsOf(container);
  const afterMs = Number.isFinite(memoryBytes) ? exceedsAfter(described?.program, memoryBytes) : undefined;
  return afterMs === undefined ? [] : [{ atMs: startedAtMs + Math.max(afterMs, 1), exitCode: 137, reason: 'OOMKilled', message: '' }];
}

export function memoryOf(kubelet: Kubelet, pod: Pod, container: Container, record: ContainerRecord): number {
  const own = describedMemory(record.described?.program, kubelet.now() - (record.startedAtMs ?? kubelet.now()));
  const used = own ?? Math.max(BASE_MEMORY_BYTES, kubelet.programs.load(record.id).memoryBytes);
  return used + (sharedMemory(kubelet.worlds, pod, container) ?? 0) + leakedBytes(kubelet, pod, container, record);
}

/**
 * What a running container uses beside what it would.
 * Worked example: a leak of 64Mi a minute since 30 s: 32Mi.
 */
export function leakedBytes(kubelet: Kubelet, pod: Pod, container: Container, record: ContainerRecord): number {
  const startedAtMs = record.startedAtMs ?? kubelet.now();
  const leaks = faultsOn(kubelet, 'MemoryLeak', pod, container).map(
    (fault) => (Math.max(0, kubelet.now() - leakStart(fault, startedAtMs)) / MINUTE_MS) * rateOf(fault),
  );
  return Math.floor(leaks.reduce((sum, bytes) => sum + bytes, 0));
}

function leakStart({ status }: Fault, startedAtMs: number): number {
  return Math.max(startedAtMs, Date.parse(status?.activeSince ?? '') || 0);
}

function rateOf({ spec }: Fault): number {
  return spec?.rate === undefined ? DEFAULT_RATE_BYTES : value(spec.rate);
}

/** Why a probe of the container fails whatever the program says: it is still starting, or it is made to fail. */
export function failingProbe(
  kubelet: Kubelet,
  pod: Pod,
  container: Container,
  record: ContainerRecord,
  type: ProbeType,
): { readonly fault: Fault; readonly how: 'starting' | 'failing' } | undefined {
  const ageMs = kubelet.now() - (record.startedAtMs ?? kubelet.now());
  const slow = faultsOn(kubelet, 'SlowStart', pod, container).find(({ spec }) => ageMs < durationOf(spec?.latency, DEFAULT_LATENCY_MS));
  if (slow !== undefined) return { fault: slow, how: 'starting' };
  const failing = faultsOn(kubelet, 'ProbeFailure', pod, container).find(({ spec }) => (spec?.probes ?? [type]).includes(type));
  return failing === undefined ? undefined : { fault: failing, how: 'failing' };
}

function durationOf(text: string | undefined, otherwise: number): number {
  return (text === undefined ? undefined : parseDuration(text)) ?? otherwise;
}
