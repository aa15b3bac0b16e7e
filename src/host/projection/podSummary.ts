/**
 * What one line says about a Pod: the STATUS, READY and RESTARTS of `kubectl get pods`, its tone, what it asks for.
 * Invariant: a function of the object alone, kept as long as the object is; so a Pod that did not change costs nothing.
 * Counterpart: a row of `kubectl get pods` (see src/api/core/pod/columns.ts).
 */
import { milliValue, value } from '../../apimachinery/quantity/quantity.ts';
import { podSummary } from '../../api/core/pod/columns.ts';
import type { Container, ContainerStatus, Pod } from '../../api/schema/types/core/v1.ts';
import type { Health, Tone } from '../protocol/view.ts';

export interface PodSummary {
  readonly status: string;
  readonly ready: string;
  readonly restarts: number;
  readonly tone: Tone;
  readonly detail: string;
  /** Which counter of Health it belongs to. */
  readonly counts: 'running' | 'pending' | 'failing' | 'succeeded' | 'terminating';
  /** Millicores and bytes that the scheduler counts for it; nothing once it has ended. */
  readonly cpu: number;
  readonly memory: number;
  readonly finished: boolean;
  readonly isReady: boolean;
}

const summaries = new WeakMap<Pod, PodSummary>();

export function summarise(pod: Pod): PodSummary {
  let summary = summaries.get(pod);
  if (summary === undefined) summaries.set(pod, (summary = make(pod)));
  return summary;
}

function make(pod: Pod): PodSummary {
  const line = podSummary(pod);
  const status = line.status === '' ? 'Pending' : line.status;
  const phase = pod.status?.phase ?? 'Pending';
  const isReady = pod.status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;
  const finished = phase === 'Succeeded' || phase === 'Failed';
  const counts = countsAs(pod, status, phase);
  return {
    status: phase === 'Running' && status === 'Running' && !isReady ? 'Running, not ready' : status,
    ready: `${line.ready}/${line.total}`,
    restarts: line.restarts,
    tone: toneOf(counts, isReady),
    detail: detailOf(pod),
    counts,
    cpu: finished ? 0 : requestOf(pod, 'cpu', milliValue),
    memory: finished ? 0 : requestOf(pod, 'memory', value),
    finished,
    isReady,
  };
}

/** Waiting for something that comes by itself is pending; waiting because something went wrong is failing. */
const PATIENT: ReadonlySet<string> = new Set(['ContainerCreating', 'PodInitializing', 'Pending', 'SchedulingGated']);

function countsAs(pod: Pod, status: string, phase: string): PodSummary['counts'] {
  if (pod.metadata.deletionTimestamp !== undefined) return 'terminating';
  if (phase === 'Succeeded') return 'succeeded';
  if (phase === 'Failed' || phase === 'Unknown') return 'failing';
  if (status === 'Running' || status === 'NotReady') return 'running';
  return PATIENT.has(status) || /^Init:\d/.test(status) ? 'pending' : 'failing';
}

function toneOf(counts: PodSummary['counts'], isReady: boolean): Tone {
  switch (counts) {
    case 'running':
      return isReady ? 'ok' : 'idle';
    case 'pending':
      return 'busy';
    case 'failing':
      return 'error';
    case 'succeeded':
    case 'terminating':
      return 'idle';
  }
}

/** The scheduler's words for a Pod without node; the runtime's for a container that waits. */
function detailOf(pod: Pod): string {
  const scheduled = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status === 'False') return scheduled.message ?? '';
  if (pod.status?.message !== undefined && pod.status.message !== '') return pod.status.message;
  const waiting = statusesOf(pod).find(({ state }) => (state?.waiting?.message ?? '') !== '');
  return waiting?.state?.waiting?.message ?? '';
}

function statusesOf(pod: Pod): readonly ContainerStatus[] {
  return [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
}

export function isSidecar(container: Container): boolean {
  return container.restartPolicy === 'Always';
}

/** The sum of the containers and sidecars, or what an init container asks for if that is more; overhead added. */
function requestOf(pod: Pod, resource: 'cpu' | 'memory', read: (text: string | undefined) => number): number {
  const own = (container: Container): number => read(container.resources?.requests?.[resource]);
  const { spec } = pod;
  let sidecars = 0;
  let starting = 0;
  for (const container of spec?.initContainers ?? []) {
    if (isSidecar(container)) {
      sidecars += own(container);
      starting = Math.max(starting, sidecars);
    } else starting = Math.max(starting, sidecars + own(container));
  }
  const running = (spec?.containers ?? []).reduce((sum, container) => sum + own(container), sidecars);
  return Math.max(running, starting) + read(spec?.overhead?.[resource]);
}

/** Adds a Pod to the counters, or takes it away. */
export function count(health: Record<PodSummary['counts'], number>, pod: Pod, by: 1 | -1): void {
  health[summarise(pod).counts] += by;
}

export type PodCounters = Record<PodSummary['counts'], number>;

export function toHealth(counters: PodCounters, nodes: number, nodesReady: number): Health {
  return { nodes, nodesReady, ...counters };
}
