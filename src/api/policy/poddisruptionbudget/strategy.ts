/**
 * PodDisruptionBudgets: how many Pods of a set may be evicted at once.
 * Invariant: either the least that must stay or the most that may go is given, never both.
 * Counterpart: k8s.io/kubernetes/pkg/registry/policy/poddisruptionbudget.
 */
import { nameIsPathSegment } from '../../../apimachinery/validation/objectNames.ts';
import { age, AGE, integer, NAME, text } from '../../columns.ts';
import { PODDISRUPTIONBUDGETS } from '../../schema/resources.ts';
import type { PodDisruptionBudget } from '../../schema/types/policy/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { validatePodDisruptionBudget, validatePodDisruptionBudgetStatusUpdate, validatePodDisruptionBudgetUpdate } from './validation.ts';

export const PODDISRUPTIONBUDGET_STRATEGY: Strategy<PodDisruptionBudget> = {
  resource: PODDISRUPTIONBUDGETS,
  singular: 'poddisruptionbudget',
  shortNames: ['pdb'],
  categories: [],
  tracksGeneration: true,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: false,
  validateName: nameIsPathSegment,
  prepareForCreate(budget) {
    budget.status = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };
  },
  // Nothing is asked of metadata beyond what is asked of any object.
  validatesMetadata: true,
  validate: validatePodDisruptionBudget,
  validateUpdate: validatePodDisruptionBudgetUpdate,
  status: { validateUpdate: validatePodDisruptionBudgetStatusUpdate },
  defaultPropagation: 'Background',
  table: {
    columns: [NAME, text('Min Available'), text('Max Unavailable'), integer('Allowed Disruptions'), AGE],
    cells: (budget, nowMs) => [
      budget.metadata.name ?? '',
      String(budget.spec?.minAvailable ?? 'N/A'),
      String(budget.spec?.maxUnavailable ?? 'N/A'),
      budget.status?.disruptionsAllowed ?? 0,
      age(budget, nowMs),
    ],
  },
};
