/**
 * Finds nodes that are not needed: little used, and their Pods would fit elsewhere.
 * Invariant: how long a node has not been needed starts anew when it is needed for one scan; what it says writes nothing.
 * Counterpart: k8s.io/autoscaler/cluster-autoscaler/core/scaledown/{eligibility,planner,unneeded,unremovable}.
 */
import type { Json } from '../../base/json.ts';
import { isNodeReady } from '../../api/core/node/readiness.ts';
import type { Node, Pod } from '../../api/schema/types/core/v1.ts';
import { keyOf } from '../../apimachinery/meta/resource.ts';
import type { NodeInfo } from '../../scheduler/framework/nodeInfo.ts';
import { podRequests } from '../../scheduler/framework/resource.ts';
import { goesWithNode, podsToMove, type Budgets } from './drainability.ts';
import type { NodeGroup } from './nodeGroup.ts';
import type { AutoscalerOptions } from './options.ts';
import { byName, isOfDaemonSet } from './podList.ts';
import type { Snapshot } from './snapshot.ts';
import { isBeingDeleted } from './taints.ts';

const DISABLED_ANNOTATION = 'cluster-autoscaler.kubernetes.io/scale-down-disabled';

export interface ScaleDownInput {
  readonly snapshot: Snapshot;
  readonly groups: readonly NodeGroup[];
  readonly budgets: Budgets;
  readonly options: Required<AutoscalerOptions>;
  readonly now: number;
}

/** A node that is not needed. */
export interface Unneeded {
  readonly group: NodeGroup;
  readonly node: Node;
  readonly since: number;
  /** Of CPU or memory, whichever is used more; 0 to 1. */
  readonly utilization: number;
  /** Who has to leave first. */
  readonly pods: readonly Pod[];
}

interface Unremovable {
  readonly until: number;
  readonly reason: string;
}

export class ScaleDownPlanner {
  private readonly since = new Map<string, number>();
  private readonly unremovable = new Map<string, Unremovable>();
  private found: readonly Unneeded[] = [];
  /** Why nodes stay, as of the last look; by node. */
  private reasons = new Map<string, string>();

  /** Forgets what the last look found, but not since when. */
  begin(): void {
    this.found = [];
    this.reasons = new Map();
  }

  /** Looks at all nodes of the groups; within a trial of the snapshot, as Pods are moved there. */
  update(input: ScaleDownInput): void {
    const { groups, now } = input;
    const existing = new Set(groups.flatMap(({ nodes }) => nodes.map(nameOf)));
    for (const [name, { until }] of this.unremovable) if (until <= now || !existing.has(name)) this.unremovable.delete(name);
    this.reasons = new Map();
    const candidates = groups.flatMap((group) => (group.target <= group.min ? [] : group.nodes.map((node) => ({ group, node }))));
    // Empty nodes come first, then those that were not needed before, so that the choice does not go to and fro.
    const rank = ({ node }: { readonly node: Node }): number => (isEmpty(input, node) ? 0 : 2) + (this.since.has(nameOf(node)) ? 0 : 1);
    const ordered = candidates.map((each) => ({ ...each, rank: rank(each) })).toSorted((x, y) => x.rank - y.rank);
    const found: Unneeded[] = [];
    const going = new Set<string>();
    for (const { group, node } of ordered) {
      const unneeded = this.judge(input, group, node, going);
      if (typeof unneeded === 'object') {
        found.push(unneeded);
        going.add(nameOf(node));
      } else if (unneeded !== undefined) this.reasons.set(nameOf(node), unneeded);
    }
    for (const name of [...this.since.keys()]) if (!going.has(name)) this.since.delete(name);
    for (const { node, since } of found) this.since.set(nameOf(node), since);
    this.found = found;
  }

  /** Nodes that are not needed, as of the last look. */
  get unneeded(): readonly Unneeded[] {
    return this.found;
  }

  /** Nodes that are little used and must stay, as of the last look, with the reason. */
  get unremovableReasons(): ReadonlyMap<string, string> {
    return this.reasons;
  }

  /** What is long enough not needed and may go now: the empty ones first. */
  removable({ options, now }: ScaleDownInput): readonly Unneeded[] {
    const left = new Map<string, number>();
    const result: Unneeded[] = [];
    const emptyFirst = this.found.toSorted((a, b) => Number(a.pods.length > 0) - Number(b.pods.length > 0));
    for (const unneeded of emptyFirst) {
      const { group, node, since } = unneeded;
      const wait = isNodeReady(node) ? options.scaleDownUnneededTimeMs : options.scaleDownUnreadyTimeMs;
      if (now - since < wait) continue;
      const size = left.get(group.id) ?? group.target;
      if (size <= group.min) {
        this.reasons.set(nameOf(node), 'NodeGroupMinSizeReached');
        continue;
      }
      left.set(group.id, size - 1);
      result.push(unneeded);
    }
    return result;
  }

  /** When the next node will have been unneeded for long enough. */
  nextDeadline(options: Required<AutoscalerOptions>, now: number): number | undefined {
    const times = this.found.map(
      ({ node, since }) => since + (isNodeReady(node) ? options.scaleDownUnneededTimeMs : options.scaleDownUnreadyTimeMs),
    );
    return times.length === 0 ? undefined : Math.max(now, Math.min(...times));
  }

  /** When a node that had to stay is asked about again: only where something has changed since it was asked. */
  nextRecheck(changedAt: number, recheckMs: number): number | undefined {
    const times = [...this.unremovable.values()].map(({ until }) => until).filter((until) => until - recheckMs < changedAt);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  checkpoint(): Json {
    return {
      since: [...this.since],
      unremovable: [...this.unremovable].map(([name, { until, reason }]) => [name, until, reason]),
    };
  }

  restore(state: Json): void {
    const { since, unremovable } = state as {
      readonly since: readonly [string, number][];
      readonly unremovable: readonly [string, number, string][];
    };
    this.since.clear();
    this.unremovable.clear();
    for (const [name, at] of since) this.since.set(name, at);
    for (const [name, until, reason] of unremovable) this.unremovable.set(name, { until, reason });
    this.begin();
  }

  /** The node as one that is not needed, why it must stay, or undefined: it is used. */
  private judge(input: ScaleDownInput, group: NodeGroup, node: Node, going: ReadonlySet<string>): Unneeded | string | undefined {
    const { snapshot, options, now } = input;
    const name = nameOf(node);
    const info = snapshot.node(name);
    if (info === undefined || isBeingDeleted(node)) return undefined;
    if (node.metadata.annotations?.[DISABLED_ANNOTATION] === 'true') return 'ScaleDownDisabledAnnotation';
    const utilization = utilizationOf(info, options.ignoreDaemonSetsUtilization);
    if (utilization >= options.scaleDownUtilizationThreshold) return undefined;
    const known = this.unremovable.get(name);
    if (known !== undefined) return known.reason;
    const pods = this.empty(input, info, going);
    if (typeof pods === 'string') {
      this.unremovable.set(name, { until: now + options.unremovableNodeRecheckTimeoutMs, reason: pods });
      return pods;
    }
    return { group, node, since: this.since.get(name) ?? now, utilization, pods };
  }

  /** Moves the Pods of the node to others that stay, for the rest of the trial; or says why that cannot be done. */
  private empty({ snapshot, budgets, options, now }: ScaleDownInput, info: NodeInfo, going: ReadonlySet<string>): readonly Pod[] | string {
    const pods = podsToMove([...info.pods.values()].toSorted(byName), { budgets, options, now });
    if ('reason' in pods) return `BlockedByPod ${keyOf(pods.pod)} (${pods.reason})`;
    const places = snapshot.trial(() => {
      const found: { pod: Pod; place: string }[] = [];
      for (const pod of pods) {
        const waiting = snapshot.tryUnbind(pod);
        const place = snapshot.findNode(waiting, (other) => other !== info && isNodeReady(other.node) && !going.has(other.name));
        if (place === undefined) return undefined;
        snapshot.tryPod(waiting, place);
        found.push({ pod, place });
      }
      return found;
    });
    if (places === undefined) return 'NoPlaceToMovePods';
    for (const { pod, place } of places) snapshot.tryPod(snapshot.tryUnbind(pod), place);
    budgets.take(pods);
    return pods;
  }
}

/** Requests over what the node has for Pods. Worked example: 500m of 2 CPU, 3 of 4 GiB: 0.75. */
function utilizationOf({ allocatable, requested, pods }: NodeInfo, ignoreDaemonSets: boolean): number {
  let [cpu, memory] = [requested.milliCpu, requested.memoryBytes];
  let [allCpu, allMemory] = [allocatable.milliCpu, allocatable.memoryBytes];
  if (ignoreDaemonSets)
    for (const pod of pods.values()) {
      if (!isOfDaemonSet(pod)) continue;
      const { total } = podRequests(pod);
      cpu -= total.milliCpu;
      memory -= total.memoryBytes;
      allCpu -= total.milliCpu;
      allMemory -= total.memoryBytes;
    }
  return Math.max(allCpu <= 0 ? 0 : cpu / allCpu, allMemory <= 0 ? 0 : memory / allMemory);
}

/** Nobody would have to move. */
function isEmpty({ snapshot, now }: ScaleDownInput, node: Node): boolean {
  for (const pod of snapshot.node(nameOf(node))?.pods.values() ?? []) if (!goesWithNode(pod, now)) return false;
  return true;
}

function nameOf({ metadata }: Node): string {
  return metadata.name ?? '';
}
