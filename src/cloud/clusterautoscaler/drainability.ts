/**
 * Which Pods of a node would have to move for it to go, and which of them hold it.
 * Invariant: pure; the first Pod that must stay is the reason. Counterpart: k8s.io/autoscaler/cluster-autoscaler/simulator/drainability.
 */
import type { Pod, Volume } from '../../api/schema/types/core/v1.ts';
import type { PodDisruptionBudget } from '../../api/schema/types/policy/v1.ts';
import { matchesLabelSelector } from '../../apimachinery/labels/selector.ts';
import { parseTime } from '../../apimachinery/meta/time.ts';
import type { AutoscalerOptions } from './options.ts';
import { isOfDaemonSet } from './podList.ts';

const SAFE_TO_EVICT = 'cluster-autoscaler.kubernetes.io/safe-to-evict';
const SAFE_VOLUMES = 'cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes';
const MIRROR = 'kubernetes.io/config.mirror';
/** Who makes another Pod where one has gone. */
const REPLICATING: ReadonlySet<string> = new Set(['Job', 'ReplicaSet', 'ReplicationController', 'StatefulSet']);
/** So long after its grace period a Pod that ends counts as gone. */
const LONG_TERMINATING_MS = 30_000;

export type BlockingReason =
  'LocalStorageRequested' | 'NotEnoughPdb' | 'NotReplicated' | 'NotSafeToEvictAnnotation' | 'UnmovableKubeSystemPod';

export interface BlockedBy {
  readonly pod: Pod;
  readonly reason: BlockingReason;
}

/** The budgets of the cluster, and what this scan has already taken of them. */
export class Budgets {
  private readonly left = new Map<PodDisruptionBudget, number>();
  private readonly byNamespace = new Map<string, PodDisruptionBudget[]>();

  constructor(budgets: readonly PodDisruptionBudget[]) {
    for (const budget of budgets) {
      const namespace = budget.metadata.namespace ?? '';
      const list = this.byNamespace.get(namespace);
      if (list === undefined) this.byNamespace.set(namespace, [budget]);
      else list.push(budget);
      this.left.set(budget, budget.status?.disruptionsAllowed ?? 0);
    }
  }

  of(pod: Pod): readonly PodDisruptionBudget[] {
    return (this.byNamespace.get(pod.metadata.namespace ?? '') ?? []).filter(
      ({ spec }) => spec?.selector !== undefined && matchesLabelSelector(spec.selector, pod.metadata.labels),
    );
  }

  allows(pods: readonly Pod[]): Pod | undefined {
    const wanted = new Map<PodDisruptionBudget, number>();
    for (const pod of pods)
      for (const budget of this.of(pod)) {
        const count = (wanted.get(budget) ?? 0) + 1;
        wanted.set(budget, count);
        if (count > (this.left.get(budget) ?? 0)) return pod;
      }
    return undefined;
  }

  take(pods: readonly Pod[]): void {
    for (const pod of pods) for (const budget of this.of(pod)) this.left.set(budget, (this.left.get(budget) ?? 0) - 1);
  }
}

export interface DrainInput {
  readonly budgets: Budgets;
  readonly options: Required<AutoscalerOptions>;
  readonly now: number;
}

/** The Pods that have to move; or the one that holds the node. */
export function podsToMove(pods: Iterable<Pod>, input: DrainInput): readonly Pod[] | BlockedBy {
  const moving: Pod[] = [];
  for (const pod of pods) {
    if (goesWithNode(pod, input.now)) continue;
    const reason = blockingReason(pod, input);
    if (reason !== undefined) return { pod, reason };
    moving.push(pod);
  }
  const held = input.budgets.allows(moving);
  return held === undefined ? moving : { pod: held, reason: 'NotEnoughPdb' };
}

/** Mirrors, Pods of DaemonSets, and what has ended or is about to: nobody waits for them. */
export function goesWithNode(pod: Pod, now: number): boolean {
  const { metadata, status } = pod;
  if (metadata.annotations?.[MIRROR] !== undefined || isOfDaemonSet(pod)) return true;
  // The deletion's time is when the grace period ends.
  if (metadata.deletionTimestamp !== undefined && parseTime(metadata.deletionTimestamp) + LONG_TERMINATING_MS < now) return true;
  return metadata.annotations?.[SAFE_TO_EVICT] !== 'false' && (status?.phase === 'Succeeded' || status?.phase === 'Failed');
}

function blockingReason(pod: Pod, { budgets, options }: DrainInput): BlockingReason | undefined {
  const { metadata, spec } = pod;
  const isSafe = metadata.annotations?.[SAFE_TO_EVICT];
  if (isSafe === 'true') return undefined;
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (owner === undefined || (options.skipNodesWithCustomControllerPods && !REPLICATING.has(owner.kind))) return 'NotReplicated';
  if (options.skipNodesWithSystemPods && metadata.namespace === 'kube-system' && budgets.of(pod).length === 0)
    return 'UnmovableKubeSystemPod';
  if (isSafe === 'false') return 'NotSafeToEvictAnnotation';
  const safeVolumes = (metadata.annotations?.[SAFE_VOLUMES] ?? '').split(',').map((name) => name.trim());
  if (options.skipNodesWithLocalStorage && spec?.volumes?.some((volume) => isLocal(volume) && !safeVolumes.includes(volume.name)) === true)
    return 'LocalStorageRequested';
  return undefined;
}

/** What is lost, or not there any more, on another node. */
function isLocal({ hostPath, emptyDir }: Volume): boolean {
  return hostPath !== undefined || (emptyDir !== undefined && emptyDir.medium !== 'Memory');
}
