import type { Pod } from '../../api/schema/types/core/v1.ts';
import { parseTime } from '../../apimachinery/meta/time.ts';
import { isPodReady, maxContainerRestarts, maxSidecarRestarts, readySince } from '../util/podUtil.ts';

export const POD_DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';

/**
 * Which Pods a ReplicaSet gives up first when it has too many.
 * In order: not on a node; Pending before Unknown before Running; not ready; lower deletion cost; on a node with more
 * related Pods; ready for less time; more restarts, of containers or else of sidecars; younger. Times are compared in powers of two, ties in them go by
 * uid, so that Pods of about the same age are given up at random.
 * Worked example: ready for 70 s and 100 s: both have floor(log2 of nanoseconds) = 36, so the uid decides; ready for 60 s and 100 s: 35 and 36, the former goes.
 * Counterpart: ActivePodsWithRanks and getPodsRankedByRelatedPodsOnSameNode.
 * @param related the active Pods of all ReplicaSets with the same owner; empty if there is no owner
 * @returns the first `count` Pods in that order
 */
export function podsToDelete(pods: readonly Pod[], related: readonly Pod[], count: number, nowMs: number): readonly Pod[] {
  if (count >= pods.length) return pods;
  const perNode = new Map<string, number>();
  for (const pod of related) {
    const node = pod.spec?.nodeName ?? '';
    perNode.set(node, (perNode.get(node) ?? 0) + 1);
  }
  const ranked = pods.map((pod) => rank(pod, perNode.get(pod.spec?.nodeName ?? '') ?? 0, nowMs));
  return ranked
    .sort(compare)
    .slice(0, count)
    .map(({ pod }) => pod);
}

interface Ranked {
  readonly pod: Pod;
  readonly uid: string;
  readonly assigned: boolean;
  readonly phase: number;
  readonly ready: boolean;
  readonly cost: number;
  readonly onNode: number;
  readonly readyAt: number;
  readonly readyRank: number;
  readonly restarts: number;
  readonly sidecarRestarts: number;
  readonly createdAt: number;
  readonly ageRank: number;
}

const PHASES: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

function rank(pod: Pod, onNode: number, nowMs: number): Ranked {
  const readyAt = readySince(pod) ?? Number.NaN;
  const createdAt = parseTime(pod.metadata.creationTimestamp ?? '');
  return {
    pod,
    uid: pod.metadata.uid ?? '',
    assigned: (pod.spec?.nodeName ?? '') !== '',
    phase: PHASES[pod.status?.phase ?? ''] ?? 0,
    ready: isPodReady(pod),
    cost: deletionCost(pod),
    onNode,
    readyAt,
    readyRank: ageRank(nowMs - readyAt),
    restarts: maxContainerRestarts(pod),
    sidecarRestarts: maxSidecarRestarts(pod),
    createdAt,
    ageRank: ageRank(nowMs - createdAt),
  };
}

/** The annotation's whole number; one that is not a number counts as 0. */
function deletionCost(pod: Pod): number {
  const text = pod.metadata.annotations?.[POD_DELETION_COST] ?? '0';
  return /^(0|[-+]?[1-9][0-9]*)$/.test(text) ? Number(text) : 0;
}

/** floor(log2) of an age in nanoseconds; -1 for none. */
function ageRank(ageMs: number): number {
  return ageMs > 0 ? Math.floor(Math.log2(ageMs * 1e6)) : -1;
}

function compare(left: Ranked, right: Ranked): number {
  if (left.assigned !== right.assigned) return left.assigned ? 1 : -1;
  if (left.phase !== right.phase) return left.phase - right.phase;
  if (left.ready !== right.ready) return left.ready ? 1 : -1;
  if (left.cost !== right.cost) return left.cost - right.cost;
  if (left.onNode !== right.onNode) return right.onNode - left.onNode;
  if (left.ready && left.readyAt !== right.readyAt) return left.readyRank - right.readyRank || byUid(left, right);
  if (left.restarts !== right.restarts) return right.restarts - left.restarts;
  if (left.sidecarRestarts !== right.sidecarRestarts) return right.sidecarRestarts - left.sidecarRestarts;
  if (left.createdAt !== right.createdAt) return left.ageRank - right.ageRank || byUid(left, right);
  return 0;
}

function byUid(left: Ranked, right: Ranked): number {
  return left.uid < right.uid ? -1 : 1;
}
