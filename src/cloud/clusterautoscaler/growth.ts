/**
 * Carries out what the scale-up decides: counts what is on its way, asks for more, and tells Pods why or why not.
 * Invariant: what a Pod waits for and is on its way makes no group grow once more.
 * Counterpart: k8s.io/autoscaler/cluster-autoscaler/core/static_autoscaler.go and its pod list processors.
 */
import { isNodeReady } from '../../api/core/node/readiness.ts';
import { formatDuration } from '../../api/kubepad/duration.ts';
import { NODEPOOLS } from '../../api/kubepad/types.ts';
import { NODES, PODS } from '../../api/schema/resources.ts';
import type { ConfigMap, Node, Pod } from '../../api/schema/types/core/v1.ts';
import { parseTime } from '../../apimachinery/meta/time.ts';
import { objectReference, type Client } from '../../client/client.ts';
import type { ClusterState } from './clusterState.ts';
import type { AutoscalerEvents } from './events.ts';
import { nextMachines, type NodeGroup } from './nodeGroup.ts';
import type { AutoscalerOptions } from './options.ts';
import { allAreNew, byImportance, createdAt, isExpendable, isOfDaemonSet } from './podList.ts';
import { scaleUp, type Increase } from './scaleUp.ts';
import type { Snapshot } from './snapshot.ts';
import { asReady } from './taints.ts';

export interface GrowthEnvironment {
  readonly client: Client;
  readonly snapshot: Snapshot;
  readonly state: ClusterState;
  readonly events: AutoscalerEvents;
  readonly options: () => Required<AutoscalerOptions>;
  readonly daemonPods: (node: Node) => readonly Pod[];
  readonly now: () => number;
  readonly chance: (below: number) => number;
}

export interface GrowthOutcome {
  /** Something was ordered. */
  readonly grown: boolean;
  /** There are Pods, but none has waited for long. */
  readonly tooNew: boolean;
  /** There are Pods that wait for a node. */
  readonly waiting: boolean;
}

export class Growth {
  private readonly environment: GrowthEnvironment;
  private found: ReadonlyMap<string, ReadonlyMap<string, number>> = new Map();

  constructor(environment: GrowthEnvironment) {
    this.environment = environment;
  }

  /** By group, why it did not grow, each with the number of Pods; as of the last look. */
  get refusals(): ReadonlyMap<string, ReadonlyMap<string, number>> {
    return this.found;
  }

  /** A node that has registered and is not ready yet. */
  isStarting(node: Node): boolean {
    const { now, options } = this.environment;
    return !isNodeReady(node) && now() - parseTime(node.metadata.creationTimestamp ?? '') < options().maxNodeProvisionTimeMs;
  }

  /** Machines that did not come in time are waited for no longer. */
  takeNote(groups: readonly NodeGroup[]): void {
    const { client, state, events, now } = this.environment;
    for (const { group, waitedMs } of state.update(groups, now())) {
      const waited = formatDuration(waitedMs);
      events.cluster('Warning', 'ScaleUpTimedOut', `Nodes added to group ${group.id} failed to register within ${waited}`);
      const size = Math.max(group.min, group.nodes.length) + group.beingDeleted;
      client.modify(NODEPOOLS, '', group.id, ({ spec }) => {
        if (spec !== undefined) spec.count = size;
      });
    }
  }

  /** Within a trial of the snapshot, which afterwards has what is on its way. */
  grow(groups: readonly NodeGroup[], all: readonly Pod[], priorities: ConfigMap | undefined): GrowthOutcome {
    const { client, snapshot, state, options, now, daemonPods, chance } = this.environment;
    const taken = new Set(client.list(NODES).map(({ metadata }) => metadata.name ?? ''));
    const upcoming = this.addUpcoming(groups, taken);
    const pods = this.whoNeedsMore(all);
    this.found = new Map();
    if (pods.length === 0) return { grown: false, tooNew: false, waiting: false };
    if (allAreNew(pods, now())) return { grown: false, tooNew: true, waiting: true };
    const nodesTotal = taken.size + [...upcoming.values()].reduce((sum, count) => sum + count, 0);
    const result = scaleUp({
      snapshot,
      state,
      groups,
      upcoming,
      pods,
      daemonPods,
      options: options(),
      priorities,
      nodesTotal,
      now: now(),
      chance,
      taken,
    });
    for (const increase of result.increases) this.order(increase);
    const grown = result.increases.length > 0;
    if (grown) this.tellTriggered(result.triggered, result.increases);
    else this.tellRefused(result.refused, result.isFull);
    this.found = countRefusals(result.refused);
    return { grown, tooNew: false, waiting: true };
  }

  /** Puts machines that were ordered, and nodes that are not ready yet, into the picture as they will be. */
  private addUpcoming(groups: readonly NodeGroup[], taken: ReadonlySet<string>): ReadonlyMap<string, number> {
    const { snapshot, daemonPods } = this.environment;
    const upcoming = new Map<string, number>();
    for (const group of groups) {
      for (const node of group.nodes) if (this.isStarting(node)) snapshot.tryNode(asReady(node));
      const missing = Math.max(0, group.target - group.nodes.length);
      if (missing === 0) continue;
      upcoming.set(group.id, missing);
      for (const node of nextMachines(group, 0, missing, taken)) snapshot.tryNode(node, daemonPods(node));
    }
    return upcoming;
  }

  /** Pods for which there will be no room on what is there or on its way; the others take their places in the picture. */
  private whoNeedsMore(all: readonly Pod[]): readonly Pod[] {
    const { snapshot, now } = this.environment;
    const options = this.environment.options();
    const needy: Pod[] = [];
    for (const pod of all.toSorted(byImportance)) {
      if (isExpendable(pod, options.expendablePodsPriorityCutoff) || isOfDaemonSet(pod)) continue;
      if (createdAt(pod) + options.newPodScaleUpDelayMs > now()) continue;
      const place = snapshot.findNode(pod, () => true);
      if (place === undefined) needy.push(pod);
      else snapshot.tryPod(pod, place);
    }
    return needy;
  }

  private order({ group, newSize }: Increase): void {
    const { client, state, events, now, options } = this.environment;
    const sizes = `instead of ${group.target} (max: ${group.max})`;
    events.cluster('Normal', 'ScaledUpGroup', `Scale-up: setting group ${group.id} size to ${newSize} ${sizes}`);
    client.modify(NODEPOOLS, '', group.id, ({ spec }) => {
      if (spec !== undefined) spec.count = Math.min(group.max, newSize + group.beingDeleted);
    });
    state.registerScaleUp(group.id, newSize - group.target, now(), options().maxNodeProvisionTimeMs);
    events.cluster('Normal', 'ScaledUpGroup', `Scale-up: group ${group.id} size set to ${newSize} ${sizes}`);
  }

  private tellTriggered(pods: readonly Pod[], increases: readonly Increase[]): void {
    const plan = increases.map(({ group, newSize }) => `{${group.id} ${group.target}->${newSize} (max: ${group.max})}`).join(' ');
    for (const pod of pods)
      this.environment.events.about(objectReference(PODS, pod), 'Normal', 'TriggeredScaleUp', `pod triggered scale-up: [${plan}]`);
  }

  private tellRefused(
    refused: readonly { readonly pod: Pod; readonly reasons: ReadonlyMap<string, readonly string[]> }[],
    isFull: boolean,
  ): void {
    for (const { pod, reasons } of refused) {
      const text = isFull ? 'max total nodes in cluster reached' : reasonsMessage(reasons);
      this.environment.events.about(objectReference(PODS, pod), 'Normal', 'NotTriggerScaleUp', `pod didn't trigger scale-up: ${text}`);
    }
  }
}

/** `1 Insufficient cpu, 2 max node group size reached`: each reason with the number of groups that gave it. */
export function reasonsMessage(reasons: ReadonlyMap<string, readonly string[]>): string {
  const counts = new Map<string, number>();
  for (const list of reasons.values()) for (const reason of list) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => `${count} ${reason}`).join(', ');
}

function countRefusals(
  refused: readonly { readonly reasons: ReadonlyMap<string, readonly string[]> }[],
): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const found = new Map<string, Map<string, number>>();
  for (const { reasons } of refused)
    for (const [group, list] of reasons) {
      const counts = found.get(group) ?? new Map<string, number>();
      found.set(group, counts);
      const text = list.join(', ');
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
  return found;
}
