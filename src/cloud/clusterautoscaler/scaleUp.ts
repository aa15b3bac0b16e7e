/**
 * Decides which groups grow for Pods that fit nowhere, and by how much.
 * Invariant: a group never passes its maximum; a Pod that fits on a node that is there, or on its way, makes nothing grow.
 * Counterpart: k8s.io/autoscaler/cluster-autoscaler/core/scaleup/orchestrator.
 */
import type { ConfigMap, Node, Pod } from '../../api/schema/types/core/v1.ts';
import type { ClusterState } from './clusterState.ts';
import { estimate, type Option } from './estimator.ts';
import { bestOption } from './expander.ts';
import { nextMachines, type NodeGroup } from './nodeGroup.ts';
import type { AutoscalerOptions } from './options.ts';
import { equivalenceGroups } from './podList.ts';
import { shareOut, areSimilar } from './similar.ts';
import type { Snapshot } from './snapshot.ts';

export interface ScaleUpInput {
  readonly snapshot: Snapshot;
  readonly state: ClusterState;
  readonly groups: readonly NodeGroup[];
  /** By group, how many machines are on their way. */
  readonly upcoming: ReadonlyMap<string, number>;
  /** Pods that fit nowhere, the most important first. */
  readonly pods: readonly Pod[];
  readonly daemonPods: (node: Node) => readonly Pod[];
  readonly options: Required<AutoscalerOptions>;
  readonly priorities: ConfigMap | undefined;
  readonly nodesTotal: number;
  readonly now: number;
  readonly chance: (below: number) => number;
  /** Names of nodes that belong to nobody's pool. */
  readonly taken: ReadonlySet<string>;
}

export interface Increase {
  readonly group: NodeGroup;
  readonly newSize: number;
}

export interface ScaleUpResult {
  readonly increases: readonly Increase[];
  /** For whom it is done. */
  readonly triggered: readonly Pod[];
  /** Why not for the others: the reasons by group. */
  readonly refused: readonly { readonly pod: Pod; readonly reasons: ReadonlyMap<string, readonly string[]> }[];
  /** The cluster has as many nodes as it may have. */
  readonly isFull: boolean;
}

export const MAX_SIZE_REACHED = 'max node group size reached';
export const IN_BACKOFF = 'in backoff after failed scale-up';
export const NOT_READY = 'not ready for scale-up';

export function scaleUp(input: ScaleUpInput): ScaleUpResult {
  const { groups, pods, options, nodesTotal } = input;
  const room = options.maxNodesTotal > 0 ? options.maxNodesTotal - nodesTotal : Number.POSITIVE_INFINITY;
  const skipped = new Map<string, readonly string[]>();
  for (const group of groups) {
    const reason = skipReason(input, group);
    if (reason !== undefined) skipped.set(group.id, [reason]);
  }
  const rejected = new Map<Pod, Map<string, readonly string[]>>();
  const fitting = new Map<string, Pod[]>();
  const classes = equivalenceGroups(pods);
  for (const group of groups) {
    if (skipped.has(group.id)) continue;
    const fits: Pod[] = [];
    tryMachine(input, group, (name) => {
      for (const same of classes) {
        const [first] = same;
        const reasons = first === undefined ? undefined : input.snapshot.refusal(first, name);
        if (reasons === undefined) fits.push(...same);
        else for (const pod of same) rejected.set(pod, (rejected.get(pod) ?? new Map<string, readonly string[]>()).set(group.id, reasons));
      }
    });
    fitting.set(group.id, fits);
  }
  const refused = pods.map((pod) => ({ pod, reasons: new Map([...(rejected.get(pod) ?? []), ...skipped]) }));
  if (room <= 0) return { increases: [], triggered: [], refused, isFull: true };
  const best = choose(input, fitting, room);
  if (best === undefined) return { increases: [], triggered: [], refused, isFull: false };
  const similar = groups.filter(
    (group) =>
      group === best.group ||
      (options.balanceSimilarNodeGroups && isSimilar(input, best, group) && fitsAll(fitting.get(group.id) ?? [], best.pods)),
  );
  const increases = shareOut(similar, Math.min(room, best.nodeCount));
  return { increases, triggered: best.pods, refused: refused.filter(({ pod }) => !best.pods.includes(pod)), isFull: false };
}

function choose(input: ScaleUpInput, fitting: ReadonlyMap<string, readonly Pod[]>, room: number): Option | undefined {
  const { groups, snapshot, daemonPods, upcoming, options, taken } = input;
  const found: Option[] = [];
  for (const group of groups) {
    const pods = fitting.get(group.id) ?? [];
    if (pods.length === 0) continue;
    const others = options.balanceSimilarNodeGroups
      ? groups.filter((other) => other !== group && fitsAll(fitting.get(other.id) ?? [], pods))
      : [];
    const limit = Math.min(
      room,
      [group, ...others].reduce((sum, { max, target }) => sum + max - target, 0),
    );
    const option = estimate({ snapshot, group, pods, daemonPods, upcoming: upcoming.get(group.id) ?? 0, limit, taken });
    if (option !== undefined) found.push(option);
  }
  return bestOption(found, options.expander, input.priorities, input.chance);
}

function skipReason({ state, now }: ScaleUpInput, group: NodeGroup): string | undefined {
  if (state.backoff(group.id, now) !== undefined) return IN_BACKOFF;
  const readiness = state.readiness(group, () => false);
  if (!state.isHealthy(group, readiness)) return NOT_READY;
  return group.target >= group.max ? MAX_SIZE_REACHED : undefined;
}

/** With an empty machine of the group in the picture, with what DaemonSets run there. */
function tryMachine({ snapshot, upcoming, daemonPods, taken }: ScaleUpInput, group: NodeGroup, act: (name: string) => void): void {
  const [machine] = nextMachines(group, upcoming.get(group.id) ?? 0, 1, taken);
  if (machine === undefined) return;
  snapshot.trial(() => {
    snapshot.tryNode(machine, daemonPods(machine));
    act(machine.metadata.name ?? '');
  });
}

function isSimilar({ upcoming, taken, options }: ScaleUpInput, best: Option, group: NodeGroup): boolean {
  const [machine] = nextMachines(group, upcoming.get(group.id) ?? 0, 1, taken);
  return machine !== undefined && areSimilar(best.machine, machine, options.balancingIgnoreLabels);
}

function fitsAll(list: readonly Pod[], pods: readonly Pod[]): boolean {
  return pods.every((pod) => list.includes(pod));
}
