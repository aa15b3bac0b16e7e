import type { Node, Pod } from '../../api/schema/types/core/v1.ts';
import { podRequests, resourceOf } from '../../scheduler/framework/resource.ts';
import { nextMachines, type NodeGroup } from './nodeGroup.ts';
import type { Snapshot } from './snapshot.ts';

/** What growing one group would do. */
export interface Option {
  readonly group: NodeGroup;
  readonly nodeCount: number;
  /** The Pods that would fit then. */
  readonly pods: readonly Pod[];
  readonly machine: Node;
}

export interface EstimatorInput {
  readonly snapshot: Snapshot;
  readonly group: NodeGroup;
  /** Pods that fit on an empty machine of the group. */
  readonly pods: readonly Pod[];
  /** What DaemonSets run on a node. */
  readonly daemonPods: (node: Node) => readonly Pod[];
  /** How many machines of the group are on their way already. */
  readonly upcoming: number;
  readonly limit: number;
  readonly taken: ReadonlySet<string>;
}

/**
 * How many machines the Pods need: the largest first, each on the first new machine that takes it, else on one more.
 * Worked example: machines of 2 CPU, Pods of 1.5, 1, 0.5, 0.5 CPU: 1.5 + 0.5 on the first, 1 + 0.5 on the second.
 */
export function estimate({ snapshot, group, pods, daemonPods, upcoming, limit, taken }: EstimatorInput): Option | undefined {
  const machines = nextMachines(group, upcoming, limit, taken);
  const [machine] = machines;
  if (machine === undefined) return undefined;
  const fitting: Pod[] = [];
  let used = 0;
  snapshot.trial(() => {
    let lastIsEmpty = false;
    for (const pod of largestFirst(pods, machine)) {
      const names = machines.slice(0, used).map(({ metadata }) => metadata.name ?? '');
      let place = names.find((name) => snapshot.refusal(pod, name) === undefined);
      if (place === undefined && !lastIsEmpty && used < machines.length) {
        const next = machines[used++];
        if (next === undefined) break;
        snapshot.tryNode(next, daemonPods(next));
        lastIsEmpty = true;
        const name = next.metadata.name ?? '';
        if (snapshot.refusal(pod, name) === undefined) place = name;
      }
      if (place === undefined) continue;
      if (place === machines[used - 1]?.metadata.name) lastIsEmpty = false;
      snapshot.tryPod(pod, place);
      fitting.push(pod);
    }
    if (lastIsEmpty) used--;
  });
  return used === 0 || fitting.length === 0 ? undefined : { group, nodeCount: used, pods: fitting, machine };
}

/** By the share of a machine's CPU and memory that they ask for. */
function largestFirst(pods: readonly Pod[], { status }: Node): readonly Pod[] {
  const { milliCpu, memoryBytes } = resourceOf(status?.allocatable);
  const score = (pod: Pod): number => {
    const { total } = podRequests(pod);
    return total.milliCpu / Math.max(1, milliCpu) + total.memoryBytes / Math.max(1, memoryBytes);
  };
  return pods
    .map((pod) => ({ pod, size: score(pod) }))
    .toSorted((a, b) => b.size - a.size)
    .map(({ pod }) => pod);
}
