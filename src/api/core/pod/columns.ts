/**
 * The row of `kubectl get pods`. STATUS is no field of a Pod: it is what is most worth saying about its phase, its
 * containers and its end.
 * Counterpart: k8s.io/kubernetes/pkg/printers/internalversion, printPod.
 */
import { age, AGE, NAME, text, wide } from '../../columns.ts';
import { translateTimestampSince } from '../../duration.ts';
import type { ContainerStatus, Pod } from '../../schema/types/core/v1.ts';
import type { Table } from '../../table.ts';
import { isRestartableInit } from './visit.ts';

export const POD_TABLE: Table<Pod> = {
  columns: [
    NAME,
    text('Ready'),
    text('Status'),
    text('Restarts'),
    AGE,
    wide('IP'),
    wide('Node'),
    wide('Nominated Node'),
    wide('Readiness Gates'),
  ],
  cells: (pod, nowMs) => {
    const summary = podSummary(pod);
    return [
      pod.metadata.name ?? '',
      `${summary.ready}/${summary.total}`,
      summary.status,
      printRestarts(summary, nowMs),
      age(pod, nowMs),
      pod.status?.podIPs?.[0]?.ip || '<none>',
      pod.spec?.nodeName || '<none>',
      pod.status?.nominatedNodeName || '<none>',
      printReadinessGates(pod),
    ];
  },
};

/** What a row says of the containers; the sidebar and `describe` say the same. */
export interface PodSummary {
  readonly ready: number;
  readonly total: number;
  readonly status: string;
  readonly restarts: number;
  /** When the last container that was restarted had ended; RFC 3339. */
  readonly lastRestart: string | undefined;
}

interface Tally {
  ready: number;
  status: string;
  restarts: number;
  lastRestart: string | undefined;
}

export function podSummary(pod: Pod): PodSummary {
  const { status, spec } = pod;
  const inits = spec?.initContainers ?? [];
  const sidecars = new Set(inits.filter(isRestartableInit).map((container) => container.name));
  const tally: Tally = { ready: 0, status: status?.reason || status?.phase || '', restarts: 0, lastRestart: undefined };
  const scheduled = status?.conditions?.find((condition) => condition.type === 'PodScheduled');
  if (scheduled?.reason === 'SchedulingGated') tally.status = 'SchedulingGated';
  const initializing = summarizeInit(pod, sidecars, tally);
  if (!initializing || hasCondition(pod, 'Initialized')) summarizeMain(pod, sidecars, tally);
  if (pod.metadata.deletionTimestamp !== undefined) {
    if (status?.reason === 'NodeLost') tally.status = 'Unknown';
    else if (status?.phase !== 'Failed' && status?.phase !== 'Succeeded') tally.status = 'Terminating';
  }
  return { ...tally, total: (spec?.containers ?? []).length + sidecars.size };
}

/** Goes through the init containers up to the first that is not done; returns whether there is one. */
function summarizeInit(pod: Pod, sidecars: ReadonlySet<string>, tally: Tally): boolean {
  for (const [index, container] of (pod.status?.initContainerStatuses ?? []).entries()) {
    countRestarts(tally, container);
    const { waiting, terminated } = container.state ?? {};
    if (terminated?.exitCode === 0) continue;
    if (sidecars.has(container.name) && container.started) {
      if (container.ready) tally.ready++;
      continue;
    }
    if (terminated) tally.status = `Init:${terminated.reason || exitText(terminated)}`;
    else if (waiting?.reason && waiting.reason !== 'PodInitializing') tally.status = `Init:${waiting.reason}`;
    else tally.status = `Init:${index}/${(pod.spec?.initContainers ?? []).length}`;
    return true;
  }
  return false;
}

/** From here on only restarts of what still runs count. The first container with something to say has the last word. */
function summarizeMain(pod: Pod, sidecars: ReadonlySet<string>, tally: Tally): void {
  tally.restarts = 0;
  tally.lastRestart = undefined;
  for (const container of pod.status?.initContainerStatuses ?? []) if (sidecars.has(container.name)) countRestarts(tally, container);
  let running = false;
  let failure = '';
  for (const container of (pod.status?.containerStatuses ?? []).toReversed()) {
    countRestarts(tally, container);
    const { waiting, terminated } = container.state ?? {};
    if (waiting?.reason) tally.status = waiting.reason;
    else if (terminated) {
      tally.status = terminated.reason || exitText(terminated);
      if (terminated.exitCode !== 0) failure = tally.status;
    } else if (container.ready && container.state?.running) {
      running = true;
      tally.ready++;
    }
  }
  // Some containers are done while others run.
  if (tally.status !== 'Completed') return;
  if (running) tally.status = hasCondition(pod, 'Ready') ? 'Running' : 'NotReady';
  else if (failure !== '') tally.status = failure;
}

function countRestarts(tally: Tally, container: ContainerStatus): void {
  tally.restarts += container.restartCount;
  const finished = container.lastState?.terminated?.finishedAt;
  if (finished !== undefined && (tally.lastRestart === undefined || finished > tally.lastRestart)) tally.lastRestart = finished;
}

function exitText(terminated: { readonly signal?: number; readonly exitCode: number }): string {
  return terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`;
}

function hasCondition(pod: Pod, type: string): boolean {
  return (pod.status?.conditions ?? []).some((condition) => condition.type === type && condition.status === 'True');
}

/** `3 (5s ago)` */
function printRestarts(summary: PodSummary, nowMs: number): string {
  if (summary.restarts === 0 || summary.lastRestart === undefined) return String(summary.restarts);
  return `${summary.restarts} (${translateTimestampSince(summary.lastRestart, nowMs)} ago)`;
}

function printReadinessGates(pod: Pod): string {
  const gates = pod.spec?.readinessGates ?? [];
  if (gates.length === 0) return '<none>';
  return `${gates.filter((gate) => hasCondition(pod, gate.conditionType)).length}/${gates.length}`;
}
