import { invalid, notSupported, required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { hasInvalidValue, validateLabelSelector } from '../../../apimachinery/labels/validation.ts';
import { validateImmutable, validateNonnegative } from '../../../apimachinery/validation/objectMeta.ts';
import type { DaemonSet, DaemonSetSpec, DaemonSetUpdateStrategy, RollingUpdateDaemonSet } from '../../schema/types/apps/v1.ts';
import { numberIn, validateNotMoreThan100Percent, validatePositiveIntOrPercent } from '../intOrPercent.ts';
import { asSelector, isEmptySelector, validateAlwaysRunning, validateKeepingOld, validateLabelsMatch } from '../podTemplate.ts';
import { printedSelector } from '../printed.ts';
import { validateCollisionCount, validateCounts } from '../status.ts';

export function validateDaemonSet(set: DaemonSet): ErrorList {
  return validateSpec(set.spec ?? NO_SPEC, undefined);
}

export function validateDaemonSetUpdate(set: DaemonSet, old: DaemonSet): ErrorList {
  const [spec, before] = [set.spec ?? NO_SPEC, old.spec ?? NO_SPEC];
  return [
    ...validateImmutable(printedSelector(spec.selector), printedSelector(before.selector), SPEC.child('selector')),
    ...validateSpec(spec, before),
  ];
}

export function validateDaemonSetStatusUpdate(set: DaemonSet, old: DaemonSet): ErrorList {
  const errors: FieldError[] = [];
  validateCounts(errors, { ...set.status }, COUNTS);
  validateCollisionCount(errors, set.status, old.status);
  return errors;
}

function validateSpec(spec: DaemonSetSpec, before: DaemonSetSpec | undefined): readonly FieldError[] {
  const errors: FieldError[] = [];
  const at = SPEC.child('selector');
  const given = spec.selector as DaemonSetSpec['selector'] | undefined;
  errors.push(...validateLabelSelector(given, at, { allowInvalidValues: hasInvalidValue(before?.selector) }));
  const selector = asSelector(given);
  const path = SPEC.child('template');
  if (selector !== undefined) validateLabelsMatch(errors, spec.template, selector, path);
  if (given !== undefined && isEmptySelector(given)) {
    errors.push(invalid(at, printedSelector(given), 'empty selector is invalid for daemonset'));
  }
  errors.push(...validateKeepingOld(spec.template, before?.template, path));
  validateAlwaysRunning(errors, spec.template, 'DaemonSet', path.child('spec'));
  errors.push(...validateNonnegative(spec.minReadySeconds ?? 0, SPEC.child('minReadySeconds')));
  validateUpdateStrategy(errors, spec.updateStrategy ?? {}, SPEC.child('updateStrategy'));
  errors.push(...validateNonnegative(spec.revisionHistoryLimit ?? 0, SPEC.child('revisionHistoryLimit')));
  return errors;
}

function validateUpdateStrategy(errors: FieldError[], strategy: DaemonSetUpdateStrategy, path: Path): void {
  const { type, rollingUpdate: rolling } = strategy;
  if (type === 'OnDelete') return;
  if (type === 'RollingUpdate') {
    if (rolling === undefined) errors.push(required(path.child('rollingUpdate'), ''));
    else validateRolling(errors, rolling, path.child('rollingUpdate'));
    return;
  }
  const printed = rolling && { MaxUnavailable: rolling.maxUnavailable ?? 0, MaxSurge: rolling.maxSurge ?? 0 };
  errors.push(notSupported(path, { Type: type ?? '', RollingUpdate: printed ?? null }, ['RollingUpdate', 'OnDelete']));
}

/** A node has either one Pod too few for a while or one too many. */
function validateRolling(errors: FieldError[], { maxUnavailable = 0, maxSurge = 0 }: RollingUpdateDaemonSet, path: Path): void {
  const [unavailable, surge] = [path.child('maxUnavailable'), path.child('maxSurge')];
  errors.push(...validatePositiveIntOrPercent(maxUnavailable, unavailable), ...validatePositiveIntOrPercent(maxSurge, surge));
  errors.push(...validateNotMoreThan100Percent(maxUnavailable, unavailable), ...validateNotMoreThan100Percent(maxSurge, surge));
  const [hasUnavailable, hasSurge] = [numberIn(maxUnavailable) !== 0, numberIn(maxSurge) !== 0];
  if (hasUnavailable && hasSurge) errors.push(invalid(surge, maxSurge, 'may not be set when maxUnavailable is non-zero'));
  if (!hasUnavailable && !hasSurge) errors.push(required(unavailable, 'cannot be 0 when maxSurge is 0'));
}

const SPEC = Path.of('spec');
const NO_SPEC = { template: { metadata: {} } } as DaemonSetSpec;
const COUNTS = [
  'currentNumberScheduled',
  'numberMisscheduled',
  'desiredNumberScheduled',
  'numberReady',
  'observedGeneration',
  'updatedNumberScheduled',
  'numberAvailable',
  'numberUnavailable',
  'collisionCount',
] as const;
