import { invalid, notSupported, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { hasInvalidValue, validateLabelSelector } from '../../../apimachinery/labels/validation.ts';
import { validateConditions } from '../../../apimachinery/validation/conditions.ts';
import { validateObjectMeta } from '../../../apimachinery/validation/objectMeta.ts';
import { nameIsPathSegment } from '../../../apimachinery/validation/objectNames.ts';
import { validateNotMoreThan100Percent, validatePositiveIntOrPercent } from '../../apps/intOrPercent.ts';
import { printedSelector } from '../../apps/printed.ts';
import { STATUS, validateCounts } from '../../apps/status.ts';
import type { PodDisruptionBudget, PodDisruptionBudgetSpec } from '../../schema/types/policy/v1.ts';

export function validatePodDisruptionBudget(budget: PodDisruptionBudget): ErrorList {
  return [...validateObjectMeta(budget.metadata, true, nameIsPathSegment), ...validateSpec(budget.spec ?? {}, undefined)];
}

export function validatePodDisruptionBudgetUpdate(budget: PodDisruptionBudget, old: PodDisruptionBudget): ErrorList {
  return validateSpec(budget.spec ?? {}, old.spec);
}

export function validatePodDisruptionBudgetStatusUpdate({ status = {} }: PodDisruptionBudget): ErrorList {
  const errors: FieldError[] = [...validateConditions(status.conditions ?? [], STATUS.child('conditions'))];
  validateCounts(errors, { ...status }, ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods']);
  return errors;
}

function validateSpec(spec: PodDisruptionBudgetSpec, before: PodDisruptionBudgetSpec | undefined): ErrorList {
  const errors: FieldError[] = [];
  const { minAvailable, maxUnavailable, selector } = spec;
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    errors.push(invalid(SPEC, printedSpec(spec), 'minAvailable and maxUnavailable cannot be both set'));
  }
  for (const name of ['minAvailable', 'maxUnavailable'] as const) {
    const value = spec[name];
    if (value === undefined) continue;
    errors.push(...validatePositiveIntOrPercent(value, SPEC.child(name)), ...validateNotMoreThan100Percent(value, SPEC.child(name)));
  }
  errors.push(...validateLabelSelector(selector, SPEC.child('selector'), { allowInvalidValues: hasInvalidValue(before?.selector) }));
  const policy: string | undefined = spec.unhealthyPodEvictionPolicy;
  if (policy !== undefined && !POLICIES.includes(policy)) {
    errors.push(notSupported(SPEC.child('unhealthyPodEvictionPolicy'), policy, POLICIES));
  }
  return errors;
}

function printedSpec({ minAvailable, selector, maxUnavailable, unhealthyPodEvictionPolicy }: PodDisruptionBudgetSpec): object {
  return {
    MinAvailable: minAvailable ?? null,
    Selector: printedSelector(selector),
    MaxUnavailable: maxUnavailable ?? null,
    UnhealthyPodEvictionPolicy: unhealthyPodEvictionPolicy ?? null,
  };
}

const SPEC = Path.of('spec');
const POLICIES: readonly string[] = ['AlwaysAllow', 'IfHealthyBudget'];
