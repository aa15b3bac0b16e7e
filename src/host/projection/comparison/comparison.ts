/**
 * Containers against virtual machines, computed from the Pods of one host of this cluster.
 * Invariant: pure. What is said of containers is measured here; what is said of VMs adds documented figures to the same programs.
 * Counterpart: none in Kubernetes.
 */
import { value } from '../../../apimachinery/quantity/quantity.ts';
import type { Node, Pod } from '../../../api/schema/types/core/v1.ts';
import { VM } from './constants.ts';

/** A Pod that runs on the host, and what its containers use of the memory. */
export interface HostedPod {
  readonly pod: Pod;
  readonly memoryBytes: number;
}

export interface Side {
  /** How many of such programs the host has room for. */
  readonly fits: number;
  /** What stops one more. */
  readonly bound: 'memory' | 'pods';
  /** Of each, beyond the program itself. */
  readonly overheadBytes: number;
  /** What all of today's instances need. */
  readonly totalBytes: number;
  /** Undefined: none has started here. */
  readonly startMs: number | undefined;
}

export interface Comparison {
  readonly host: string;
  readonly memoryBytes: number;
  readonly instances: number;
  /** Of one instance, on average. */
  readonly programBytes: number;
  readonly container: Side;
  readonly vm: Side;
}

/** Undefined: nothing runs on the host that could be compared. */
export function compare(node: Node, hosted: readonly HostedPod[]): Comparison | undefined {
  const instances = hosted.length;
  const memoryBytes = value(node.status?.allocatable?.['memory']);
  if (instances === 0 || memoryBytes === 0) return undefined;
  const programBytes = Math.max(1, Math.round(sum(hosted.map((each) => each.memoryBytes)) / instances));
  const declared = Math.round(sum(hosted.map(({ pod }) => value(pod.spec?.overhead?.['memory']))) / instances);
  const pods = value(node.status?.allocatable?.['pods']);
  const vmBytes = VM.guestBytes.value + VM.hypervisorBytes.value;
  const starts = hosted.flatMap(({ pod }) => startOf(pod) ?? []).toSorted((a, b) => a - b);
  const side = (overheadBytes: number, most: number, startMs: number | undefined): Side => {
    const byMemory = Math.floor(memoryBytes / (programBytes + overheadBytes));
    return {
      fits: Math.min(byMemory, most),
      bound: byMemory <= most ? 'memory' : 'pods',
      overheadBytes,
      totalBytes: instances * (programBytes + overheadBytes),
      startMs,
    };
  };
  return {
    host: node.metadata.name ?? '',
    memoryBytes,
    instances,
    programBytes,
    // Without a runtime class that declares one, a Pod has no overhead that the scheduler counts.
    container: side(declared, pods, starts[Math.floor((starts.length - 1) / 2)]),
    vm: side(vmBytes, Infinity, VM.startMs.value),
  };
}

/**
 * From the node's choice to the start of the last container, the pull of its image included; undefined for Pods that were
 * restarted, whose statuses tell a later start. Times of the API are whole seconds, so it is at least one.
 */
function startOf({ status }: Pod): number | undefined {
  const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled')?.lastTransitionTime;
  const statuses = status?.containerStatuses ?? [];
  if (scheduled === undefined || scheduled === null || statuses.some(({ restartCount }) => restartCount > 0)) return undefined;
  const started = statuses.flatMap(({ state }) => state?.running?.startedAt ?? []).map((time) => Date.parse(time));
  if (started.length === 0) return undefined;
  return Math.max(1000, Math.max(...started) - Date.parse(scheduled));
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
