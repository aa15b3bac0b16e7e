import type { PodDisruptionBudget } from '../../../../api/schema/types/policy/v1.ts';
import { fromLabelSelector, type Selector } from '../../../../apimachinery/labels/selector.ts';
import { keyOf } from '../../../../apimachinery/meta/resource.ts';
import type { SchedulerReader } from '../../interface.ts';

/** A disruption budget as a preemption sees it. */
export interface Budget {
  readonly key: string;
  readonly selector: Selector;
  readonly allowed: number;
  /** An eviction of the Pod of this name has been granted already. */
  readonly isDisrupted: (pod: string) => boolean;
}

/** The budgets of a namespace that protect something. */
export type Budgets = (namespace: string) => readonly Budget[];

/** The budgets as they are now, for one preemption: a namespace's are read once, however many nodes are tried. */
export function readBudgets(reader: SchedulerReader): Budgets {
  const known = new Map<string, readonly Budget[]>();
  return (namespace) => {
    let budgets = known.get(namespace);
    if (budgets === undefined) {
      const stored = reader.list('poddisruptionbudgets.policy', namespace) as readonly PodDisruptionBudget[];
      known.set(namespace, (budgets = stored.map(readBudget).filter(({ selector }) => selector.length > 0)));
    }
    return budgets;
  };
}

/** One without a selector, or with an empty one, protects nothing here. */
function readBudget(budget: PodDisruptionBudget): Budget {
  const { disruptionsAllowed = 0, disruptedPods = {} } = budget.status ?? {};
  return {
    key: keyOf(budget),
    selector: fromLabelSelector(budget.spec?.selector),
    allowed: disruptionsAllowed,
    isDisrupted: (pod) => disruptedPods[pod] !== undefined,
  };
}
