import { forbidden, invalid, notSupported, required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { validateImmutable, validateNonnegative } from '../../../apimachinery/validation/objectMeta.ts';
import type { Deployment, DeploymentSpec, DeploymentStrategy, RollingUpdateDeployment } from '../../schema/types/apps/v1.ts';
import { numberIn, validateNotMoreThan100Percent, validatePositiveIntOrPercent } from '../intOrPercent.ts';
import { validateSelectorAndTemplate } from '../podTemplate.ts';
import { printedSelector } from '../printed.ts';
import { validateCollisionCount, validateCounts, validateCountsAgree } from '../status.ts';

export function validateDeployment(deployment: Deployment): ErrorList {
  return validateSpec(deployment.spec, undefined);
}

export function validateDeploymentUpdate(deployment: Deployment, old: Deployment): ErrorList {
  const now = printedSelector(deployment.spec?.selector);
  return [
    ...validateSpec(deployment.spec, old.spec),
    ...validateImmutable(now, printedSelector(old.spec?.selector), SPEC.child('selector')),
  ];
}

export function validateDeploymentStatusUpdate(deployment: Deployment, old: Deployment): ErrorList {
  const errors: FieldError[] = [];
  const status = { ...deployment.status };
  validateCounts(errors, status, ['observedGeneration', 'replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas']);
  validateCounts(errors, status, ['unavailableReplicas', 'terminatingReplicas', 'collisionCount']);
  validateCountsAgree(errors, status, ['updatedReplicas', 'readyReplicas', 'availableReplicas']);
  validateCollisionCount(errors, deployment.status, old.status);
  return errors;
}

function validateSpec(spec: DeploymentSpec | undefined, before: DeploymentSpec | undefined): ErrorList {
  const given = spec ?? ({ template: {} } as DeploymentSpec);
  const errors: FieldError[] = [...validateNonnegative(given.replicas ?? 0, SPEC.child('replicas'))];
  validateSelectorAndTemplate(errors, given, before, SPEC);
  validateStrategy(errors, given.strategy ?? {}, SPEC.child('strategy'));
  const { minReadySeconds = 0, revisionHistoryLimit, progressDeadlineSeconds } = given;
  errors.push(...validateNonnegative(minReadySeconds, SPEC.child('minReadySeconds')));
  errors.push(...validateNonnegative(revisionHistoryLimit ?? 0, SPEC.child('revisionHistoryLimit')));
  if (progressDeadlineSeconds === undefined) return errors;
  const path = SPEC.child('progressDeadlineSeconds');
  errors.push(...validateNonnegative(progressDeadlineSeconds, path));
  if (progressDeadlineSeconds <= minReadySeconds)
    errors.push(invalid(path, progressDeadlineSeconds, 'must be greater than minReadySeconds'));
  return errors;
}

function validateStrategy(errors: FieldError[], strategy: DeploymentStrategy, path: Path): void {
  const rolling = strategy.rollingUpdate;
  switch (strategy.type) {
    case 'Recreate':
      if (rolling !== undefined)
        errors.push(forbidden(path.child('rollingUpdate'), "may not be specified when strategy `type` is 'Recreate'"));
      break;
    case 'RollingUpdate':
      if (rolling === undefined) errors.push(required(path.child('rollingUpdate'), 'this should be defaulted and never be nil'));
      else validateRollingUpdate(errors, rolling, path.child('rollingUpdate'));
      break;
    default:
      errors.push(notSupported(path, printedStrategy(strategy), ['Recreate', 'RollingUpdate']));
  }
}

/** At least one Pod more or one less than wanted must be allowed, or nothing could ever be replaced. */
function validateRollingUpdate(errors: FieldError[], rolling: RollingUpdateDeployment, path: Path): void {
  const { maxUnavailable = 0, maxSurge = 0 } = rolling;
  errors.push(...validatePositiveIntOrPercent(maxUnavailable, path.child('maxUnavailable')));
  errors.push(...validatePositiveIntOrPercent(maxSurge, path.child('maxSurge')));
  if (numberIn(maxUnavailable) === 0 && numberIn(maxSurge) === 0) {
    errors.push(invalid(path.child('maxUnavailable'), maxUnavailable, 'may not be 0 when `maxSurge` is 0'));
  }
  errors.push(...validateNotMoreThan100Percent(maxUnavailable, path.child('maxUnavailable')));
}

function printedStrategy({ type, rollingUpdate }: DeploymentStrategy): object {
  const rolling = rollingUpdate && { MaxUnavailable: rollingUpdate.maxUnavailable ?? 0, MaxSurge: rollingUpdate.maxSurge ?? 0 };
  return { Type: type ?? '', RollingUpdate: rolling ?? null };
}

const SPEC = Path.of('spec');
