import { invalid, notSupported, required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { validateNonnegative } from '../../../apimachinery/validation/objectMeta.ts';
import type {
  CrossVersionObjectReference,
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerSpec,
  HPAScalingPolicy,
  HPAScalingRules,
} from '../../schema/types/autoscaling/v2.ts';
import { validateMetrics } from './metrics.ts';
import { apiVersionError, validateReference, type APIVersionRule } from './reference.ts';

export function validateHorizontalPodAutoscaler(autoscaler: HorizontalPodAutoscaler): ErrorList {
  return validateSpec(autoscaler.spec, undefined);
}

export function validateHorizontalPodAutoscalerUpdate(autoscaler: HorizontalPodAutoscaler, old: HorizontalPodAutoscaler): ErrorList {
  return validateSpec(autoscaler.spec, old.spec);
}

export function validateHorizontalPodAutoscalerStatusUpdate({ status }: HorizontalPodAutoscaler): ErrorList {
  return (['currentReplicas', 'desiredReplicas'] as const).flatMap((name) =>
    validateNonnegative(status?.[name] ?? 0, Path.of('status', name)),
  );
}

function validateSpec(spec: HorizontalPodAutoscalerSpec, before: HorizontalPodAutoscalerSpec | undefined): ErrorList {
  const errors: FieldError[] = [];
  const { minReplicas, scaleTargetRef = NO_REFERENCE } = spec as Partial<HorizontalPodAutoscalerSpec>;
  const maxReplicas = (spec.maxReplicas as number | undefined) ?? 0;
  // Scaling to zero is a feature that is off; who has it already may keep it.
  const least = before?.minReplicas === 0 ? 0 : 1;
  if (minReplicas !== undefined && minReplicas < least) {
    errors.push(invalid(SPEC.child('minReplicas'), minReplicas, `must be greater than or equal to ${least}`));
  }
  const at = SPEC.child('maxReplicas');
  if (maxReplicas === 0) errors.push(required(at, 'must be set and greater than 0'));
  else if (maxReplicas < 0) errors.push(invalid(at, maxReplicas, 'must be greater than or equal to 1'));
  if (minReplicas !== undefined && maxReplicas < minReplicas) {
    errors.push(invalid(at, maxReplicas, 'must be greater than or equal to `minReplicas`'));
  }
  validateReference(errors, scaleTargetRef, targetRule(scaleTargetRef, before?.scaleTargetRef), SPEC.child('scaleTargetRef'));
  validateMetrics(errors, spec, metricRule(before), SPEC.child('metrics'));
  for (const name of ['scaleUp', 'scaleDown'] as const) {
    const rules = spec.behavior?.[name];
    if (rules !== undefined) validateRules(errors, rules, SPEC.child('behavior', name));
  }
  return errors;
}

/** Only one kind of the core group can be scaled; what stands there already is not asked again. */
function targetRule(target: CrossVersionObjectReference, before: CrossVersionObjectReference | undefined): APIVersionRule {
  if (before !== undefined && before.apiVersion === target.apiVersion && before.kind === target.kind) return 'any';
  return target.kind === 'ReplicationController' ? 'wellFormed' : 'grouped';
}

function metricRule(before: HorizontalPodAutoscalerSpec | undefined): APIVersionRule {
  const isBroken = before?.metrics?.some(
    ({ type, object }) => type === 'Object' && object !== undefined && apiVersionError(object.describedObject, 'wellFormed') !== undefined,
  );
  return isBroken === true ? 'any' : 'wellFormed';
}

function validateRules(errors: FieldError[], rules: HPAScalingRules, path: Path): void {
  const { stabilizationWindowSeconds: window = 0, selectPolicy, policies = [] } = rules;
  const at = path.child('stabilizationWindowSeconds');
  if (window < 0) errors.push(invalid(at, window, 'must be greater than or equal to zero'));
  if (window > MAX_WINDOW) errors.push(invalid(at, window, `must be less than or equal to ${MAX_WINDOW}`));
  if (selectPolicy !== undefined && !SELECTIONS.includes(selectPolicy)) {
    errors.push(notSupported(path.child('selectPolicy'), selectPolicy, SELECTIONS));
  }
  if (policies.length === 0) errors.push(required(path.child('policies'), 'must specify at least one Policy'));
  for (const [index, policy] of policies.entries()) validatePolicy(errors, policy, path.child('policies').index(index));
  const { tolerance } = rules;
  if (tolerance !== undefined && tolerance.startsWith('-')) {
    errors.push(invalid(path.child('tolerance'), tolerance, 'must be greater than or equal to 0'));
  }
}

function validatePolicy(errors: FieldError[], policy: Partial<HPAScalingPolicy>, path: Path): void {
  const { type = '', value = 0, periodSeconds = 0 } = policy;
  if (!POLICIES.includes(type)) errors.push(notSupported(path.child('type'), type, POLICIES));
  if (value <= 0) errors.push(invalid(path.child('value'), value, 'must be greater than zero'));
  const at = path.child('periodSeconds');
  if (periodSeconds <= 0) errors.push(invalid(at, periodSeconds, 'must be greater than zero'));
  if (periodSeconds > MAX_PERIOD) errors.push(invalid(at, periodSeconds, `must be less than or equal to ${MAX_PERIOD}`));
}

const SPEC = Path.of('spec');
const NO_REFERENCE: CrossVersionObjectReference = { kind: '', name: '' };
const MAX_WINDOW = 3600;
const MAX_PERIOD = 1800;
const SELECTIONS: readonly string[] = ['Disabled', 'Max', 'Min'];
const POLICIES: readonly string[] = ['Percent', 'Pods'];
