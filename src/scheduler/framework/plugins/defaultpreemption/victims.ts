import type { Pod } from '../../../../api/schema/types/core/v1.ts';
import { matches } from '../../../../apimachinery/labels/selector.ts';
import type { CycleState, Handle } from '../../interface.ts';
import type { NodeInfo } from '../../nodeInfo.ts';
import type { Status } from '../../status.ts';
import type { Budgets } from './budgets.ts';
import { moreImportant, type Candidate } from './candidates.ts';
import { priorityOf } from '../helper/priority.ts';

/**
 * Tries the Pod on a node without all Pods of lower priority; if it fits, gives back as many as still fit, those whose
 * removal would violate a budget first, each group from the most to the least important. Who is left is a victim.
 * Returns the reason why not, otherwise.
 */
export function selectVictims(state: CycleState, pod: Pod, node: NodeInfo, handle: Handle, budgets: Budgets): Candidate | Status {
  const lower = [...node.pods.values()].filter((other) => priorityOf(other) < priorityOf(pod));
  if (lower.length === 0) return { code: 'UnschedulableAndUnresolvable', reasons: ['No preemption victims found for incoming pod'] };
  const trial = node.clone();
  const own: CycleState = new Map(state);
  const remove = (other: Pod): void => {
    trial.removePod(other);
    handle.runPreFilterRemovePod(own, pod, other, trial);
  };
  for (const other of lower) remove(other);
  const refusal = handle.runFilters(own, pod, trial);
  if (refusal !== undefined) return refusal;
  const { violating, rest } = splitByBudget(lower.toSorted(moreImportant), budgets);
  const victims: Pod[] = [];
  let budgetViolations = 0;
  const reprieve = (other: Pod): boolean => {
    trial.addPod(other);
    handle.runPreFilterAddPod(own, pod, other, trial);
    if (handle.runFilters(own, pod, trial) === undefined) return true;
    remove(other);
    victims.push(other);
    return false;
  };
  for (const other of violating) if (!reprieve(other)) budgetViolations++;
  for (const other of rest) reprieve(other);
  return { node: node.name, victims: victims.toSorted(moreImportant), budgetViolations };
}

/** Which Pods' removal would go beyond what a budget allows, counting the Pods before them in the list. */
function splitByBudget(pods: readonly Pod[], budgets: Budgets): { readonly violating: readonly Pod[]; readonly rest: readonly Pod[] } {
  const left = new Map<string, number>();
  const violating: Pod[] = [];
  const rest: Pod[] = [];
  for (const pod of pods) {
    let violates = false;
    const { labels, namespace = '', name = '' } = pod.metadata;
    // A Pod without labels is not looked at.
    for (const { key, selector, allowed, isDisrupted } of labels === undefined ? [] : budgets(namespace)) {
      if (!matches(selector, labels) || isDisrupted(name)) continue;
      const after = (left.get(key) ?? allowed) - 1;
      left.set(key, after);
      if (after < 0) violates = true;
    }
    (violates ? violating : rest).push(pod);
  }
  return { violating, rest };
}
