/**
 * Makes room for a Pod of higher priority by deleting Pods of lower priority, as few and as lowly as will do.
 * Counterpart: plugins/defaultpreemption and framework/preemption.
 */
import type { Pod } from '../../../../api/schema/types/core/v1.ts';
import type { DefaultPreemptionArgs } from '../../../apis/config/types.ts';
import type { CycleState, Handle, Plugin, PostFilterResult } from '../../interface.ts';
import type { Status } from '../../status.ts';
import { countReasons } from '../../../fitError.ts';
import { priorityOf } from '../helper/priority.ts';
import { readBudgets } from './budgets.ts';
import { chooseCandidate, type Candidate } from './candidates.ts';
import { selectVictims } from './victims.ts';

export function createDefaultPreemption({
  minCandidateNodesPercentage = 10,
  minCandidateNodesAbsolute = 100,
}: DefaultPreemptionArgs = {}): Plugin {
  // So many candidates are enough, once one of them breaks no budget.
  const enough = (nodes: number): number => Math.max(Math.floor((nodes * minCandidateNodesPercentage) / 100), minCandidateNodesAbsolute);
  return {
    name: 'DefaultPreemption',
    events: [{ resource: 'pods', helps: (pod, change) => change.type === 'DELETED' && priorityOf(change.object as Pod) < priorityOf(pod) }],
    postFilter: (state, pod, filtered, handle) => preempt(state, pod, filtered, handle, enough),
  };
}

function preempt(
  state: CycleState,
  pod: Pod,
  filtered: ReadonlyMap<string, Status>,
  handle: Handle,
  enough: (nodes: number) => number,
): PostFilterResult {
  const ineligible = whyNotEligible(pod, filtered, handle);
  if (ineligible !== undefined) return refuse(`preemption: ${ineligible}`);
  const candidates: Candidate[] = [];
  const statuses: Status[] = [];
  const limit = enough(potentialNodes(filtered));
  const budgets = readBudgets(handle.reader);
  for (const [name, status] of filtered) {
    if (candidates.length >= limit && candidates.some(({ budgetViolations }) => budgetViolations === 0)) break;
    const node = handle.nodeInfo(name);
    if (node === undefined) continue;
    if (status.code === 'UnschedulableAndUnresolvable') {
      statuses.push({ code: status.code, reasons: ['Preemption is not helpful for scheduling'] });
      continue;
    }
    const result = selectVictims(state, pod, node, handle, budgets);
    if ('reasons' in result) statuses.push(result);
    else candidates.push(result);
  }
  const best = chooseCandidate(candidates);
  if (best !== undefined) return { victims: best.victims, nominatedNode: best.node };
  const others = handle.nodeInfos().length - filtered.size;
  for (let i = 0; i < others; i++)
    statuses.push({ code: 'UnschedulableAndUnresolvable', reasons: ['Preemption is not helpful for scheduling'] });
  return refuse(`preemption: 0/${handle.nodeInfos().length} nodes are available: ${countReasons(statuses).join(', ')}.`);
}

function potentialNodes(filtered: ReadonlyMap<string, Status>): number {
  let count = 0;
  for (const { code } of filtered.values()) if (code === 'Unschedulable') count++;
  return count;
}

function refuse(reason: string): PostFilterResult {
  return { status: { code: 'Unschedulable', reasons: [reason] } };
}

/** A Pod that may not preempt, or that waits for victims which are still on their way out. */
function whyNotEligible(pod: Pod, filtered: ReadonlyMap<string, Status>, handle: Handle): string | undefined {
  if (pod.spec?.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.';
  const nominated = pod.status?.nominatedNodeName ?? '';
  if (nominated === '' || filtered.get(nominated)?.code === 'UnschedulableAndUnresolvable') return undefined;
  for (const other of handle.nodeInfo(nominated)?.pods.values() ?? []) {
    if (priorityOf(other) < priorityOf(pod) && other.metadata.deletionTimestamp !== undefined && isPreempted(other)) {
      return 'not eligible due to a terminating pod on the nominated node.';
    }
  }
  return undefined;
}

function isPreempted(pod: Pod): boolean {
  return (pod.status?.conditions ?? []).some(
    ({ type, status, reason }) => type === 'DisruptionTarget' && status === 'True' && reason === 'PreemptionByScheduler',
  );
}
