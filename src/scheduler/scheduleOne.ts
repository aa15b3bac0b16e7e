import type { Pod } from '../api/schema/types/core/v1.ts';
import type { CycleState, Handle } from './framework/interface.ts';
import type { NodeInfo } from './framework/nodeInfo.ts';
import { unresolvable, type Status } from './framework/status.ts';
import type { Profile } from './framework/runtime/profile.ts';

/** What one attempt at one Pod came to. */
export type ScheduleResult =
  | { readonly kind: 'selected'; readonly node: string; readonly visited: number }
  /** A plugin could not judge: the attempt says nothing about the nodes. */
  | { readonly kind: 'error'; readonly message: string; readonly visited: number }
  | {
      readonly kind: 'unschedulable';
      readonly visited: number;
      /** By node, the first refusal. */
      readonly filtered: ReadonlyMap<string, Status>;
      /** Nodes that PreFilter had excluded. */
      readonly excluded: readonly Status[];
      readonly preFilter: Status | undefined;
    };

export interface ScheduleInput {
  readonly profile: Profile;
  readonly state: CycleState;
  readonly pod: Pod;
  readonly nodes: readonly NodeInfo[];
  readonly handle: Handle;
  /** Where in the list of nodes to begin. */
  readonly start: number;
  /** Of the nodes that fit, how many are enough; 0: see nodesToFind. */
  readonly percentage: number;
  /** A whole number below its argument, for ties. */
  readonly chance: (below: number) => number;
}

/**
 * How many nodes that fit are enough: all below 100; above, 50 % less one percent for every 125 nodes, at least 5 %, never
 * fewer than 100. A percentage that was asked for takes the place of that. Examples: 100 of 100, 420 of 1,000 (42 %), 500 of 5,000 (10 %).
 */
export function nodesToFind(total: number, asked = 0): number {
  if (total < MIN_FEASIBLE_NODES) return total;
  const percentage = asked > 0 ? asked : Math.max(MIN_PERCENTAGE, 50 - Math.floor(total / 125));
  return Math.max(MIN_FEASIBLE_NODES, Math.floor((total * percentage) / 100));
}

const MIN_FEASIBLE_NODES = 100;
const MIN_PERCENTAGE = 5;

/** Finds the best node for a Pod: filter, then score, then a seeded choice among the best. */
export function scheduleOne(input: ScheduleInput): ScheduleResult {
  const { profile, state, pod, nodes, handle } = input;
  const preFilter = profile.preFilter(state, pod, handle);
  const filtered = new Map<string, Status>();
  if (preFilter.status?.code === 'Error') return failed('PreFilter plugin', preFilter.status, 0);
  if (preFilter.status !== undefined) return { kind: 'unschedulable', visited: 0, filtered, excluded: [], preFilter: preFilter.status };
  const nominated = nominatedNode(input);
  if (nominated !== undefined) return { kind: 'selected', node: nominated, visited: 0 };
  const { nodeNames } = preFilter;
  const candidates = nodeNames === undefined ? nodes : named(nodeNames, nodes, handle);
  const { feasible, refused, visited, error } = findFeasible(input, candidates);
  if (error !== undefined) return failed('filter plugin', error, visited);
  if (feasible.length === 0) {
    for (const { node, status } of refused) filtered.set(node.name, status);
    const reason = unresolvable(`node(s) didn't satisfy plugin(s) [${preFilter.narrowedBy.join(' ')}]`);
    const excluded = new Array<Status>(nodes.length - candidates.length).fill(reason);
    return { kind: 'unschedulable', visited, filtered, excluded, preFilter: undefined };
  }
  const [only] = feasible;
  if (feasible.length === 1 && only !== undefined) return { kind: 'selected', node: only.name, visited };
  return { kind: 'selected', node: selectHost(input, feasible), visited };
}

/** The nodes of those names in the order of the list. A Pod that names one node, as a DaemonSet's do, costs no walk over all. */
function named(names: ReadonlySet<string>, nodes: readonly NodeInfo[], handle: Handle): readonly NodeInfo[] {
  if (names.size > 1) return nodes.filter((node) => names.has(node.name));
  return [...names].map((name) => handle.nodeInfo(name)).filter((node) => node !== undefined);
}

/** A Pod that was promised a node after a preemption gets it, if it fits there now. */
function nominatedNode({ state, pod, handle }: ScheduleInput): string | undefined {
  const name = pod.status?.nominatedNodeName ?? '';
  if (name === '') return undefined;
  const node = handle.nodeInfo(name);
  return node !== undefined && handle.runFilters(state, pod, node) === undefined ? name : undefined;
}

interface Refused {
  readonly node: NodeInfo;
  readonly status: Status;
}

interface Found {
  readonly feasible: readonly NodeInfo[];
  readonly refused: readonly Refused[];
  readonly visited: number;
  readonly error?: Status;
}

/** As the framework wraps what a plugin says; PreFilter has the name of the plugin after the words. */
function failed(point: 'PreFilter plugin' | 'filter plugin', { plugin = '', reasons }: Status, visited: number): ScheduleResult {
  const name = JSON.stringify(plugin);
  const who = point === 'filter plugin' ? `${name} ${point}` : `${point} ${name}`;
  return { kind: 'error', message: `running ${who}: ${reasons.join(', ')}`, visited };
}

function findFeasible({ state, pod, handle, start, percentage }: ScheduleInput, candidates: readonly NodeInfo[]): Found {
  const enough = nodesToFind(candidates.length, percentage);
  const feasible: NodeInfo[] = [];
  const refused: Refused[] = [];
  let visited = 0;
  let next = candidates.length === 0 ? 0 : start % candidates.length;
  for (; visited < candidates.length && feasible.length < enough; visited++) {
    const node = candidates[next];
    if (++next === candidates.length) next = 0;
    if (node === undefined) break;
    const status = handle.runFilters(state, pod, node);
    if (status === undefined) feasible.push(node);
    else if (status.code === 'Error') return { feasible, refused, visited, error: status };
    else refused.push({ node, status });
  }
  return { feasible, refused, visited };
}

function selectHost({ profile, state, pod, handle, chance }: ScheduleInput, feasible: readonly NodeInfo[]): string {
  const totals = profile.score(state, pod, feasible, handle);
  let best = Number.NEGATIVE_INFINITY;
  let ties: NodeInfo[] = [];
  let i = 0;
  for (const node of feasible) {
    const total = totals[i++] ?? 0;
    if (total > best) {
      best = total;
      ties = [node];
    } else if (total === best) ties.push(node);
  }
  return ties[ties.length === 1 ? 0 : chance(ties.length)]?.name ?? '';
}
