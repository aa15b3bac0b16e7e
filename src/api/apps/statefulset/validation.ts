import { jsonEqual } from '../../../base/json.ts';
import { forbidden, invalid, notSupported, required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { validateLabels, validateLabelSelector } from '../../../apimachinery/labels/validation.ts';
import { isDNS1123Label } from '../../../apimachinery/validation/names.ts';
import { validateAnnotations, validateNonnegative } from '../../../apimachinery/validation/objectMeta.ts';
import { validatePodAnnotations } from '../../core/pod/annotations.ts';
import { STRICT } from '../../core/pod/options.ts';
import { EMPTY_SPEC } from '../../core/pod/validation.ts';
import { validateClaimSpec } from '../../core/pod/volumeClaimTemplate.ts';
import type {
  RollingUpdateStatefulSetStrategy,
  StatefulSet,
  StatefulSetSpec,
  StatefulSetUpdateStrategy,
} from '../../schema/types/apps/v1.ts';
import type { PodTemplateSpec, Volume } from '../../schema/types/core/v1.ts';
import { asSelector, isEmptySelector, validateAlwaysRunning, validateKeepingOld, validateLabelsMatch } from '../podTemplate.ts';
import { numberIn, validateNotMoreThan100Percent, validatePositiveIntOrPercent } from '../intOrPercent.ts';
import { printedSelector } from '../printed.ts';
import { STATUS, validateCollisionCount, validateCounts } from '../status.ts';

export function validateStatefulSet(set: StatefulSet): ErrorList {
  return validateSpec(set.spec ?? NO_SPEC, { before: undefined, skipTemplate: false });
}

export function validateStatefulSetUpdate(set: StatefulSet, old: StatefulSet): ErrorList {
  const [spec, before] = [set.spec ?? NO_SPEC, old.spec ?? NO_SPEC];
  const isBroken = validateSpec(before, { before, skipTemplate: false }).length > 0;
  const errors = validateSpec(spec, { before, skipTemplate: isBroken });
  const kept = { ...spec };
  for (const name of MUTABLE) Object.assign(kept, { [name]: before[name] });
  if (!jsonEqual(kept, before)) {
    const text = `updates to statefulset spec for fields other than ${MUTABLE_TEXT} are forbidden`;
    errors.push(forbidden(SPEC, text));
  }
  return errors;
}

export function validateStatefulSetStatusUpdate(set: StatefulSet, old: StatefulSet): ErrorList {
  const errors: FieldError[] = [];
  const status = { ...set.status };
  const counts = ['readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'] as const;
  validateCounts(errors, status, ['replicas', ...counts, 'observedGeneration', 'collisionCount']);
  for (const name of counts) {
    const count = status[name] ?? 0;
    if (count > (status.replicas ?? 0)) errors.push(invalid(STATUS.child(name), count, 'cannot be greater than status.replicas'));
  }
  const { availableReplicas = 0, readyReplicas = 0 } = status;
  if (availableReplicas > readyReplicas) {
    errors.push(invalid(STATUS.child('availableReplicas'), availableReplicas, 'cannot be greater than status.readyReplicas'));
  }
  validateCollisionCount(errors, set.status, old.status);
  return errors;
}

interface Circumstances {
  /** What is replaced; undefined on create. */
  readonly before: StatefulSetSpec | undefined;
  /** The stored set breaks rules already, so its template is not asked again. */
  readonly skipTemplate: boolean;
}

function validateSpec(spec: StatefulSetSpec, { before, skipTemplate }: Circumstances): FieldError[] {
  const errors: FieldError[] = [];
  const policy: string = spec.podManagementPolicy ?? '';
  if (policy === '') errors.push(required(SPEC.child('podManagementPolicy'), ''));
  else if (policy !== 'OrderedReady' && policy !== 'Parallel') {
    errors.push(invalid(SPEC.child('podManagementPolicy'), policy, "must be 'OrderedReady' or 'Parallel'"));
  }
  validateUpdateStrategy(errors, spec.updateStrategy ?? {}, SPEC.child('updateStrategy'));
  validateRetention(errors, spec, SPEC.child('persistentVolumeClaimRetentionPolicy'));
  if (before === undefined) {
    for (const [index, claim] of (spec.volumeClaimTemplates ?? []).entries())
      validateClaimSpec(errors, claim.spec ?? {}, SPEC.child('volumeClaimTemplates').index(index).child('spec'));
  }
  errors.push(...validateNonnegative(spec.replicas ?? 0, SPEC.child('replicas')));
  errors.push(...validateNonnegative(spec.minReadySeconds ?? 0, SPEC.child('minReadySeconds')));
  errors.push(...validateNonnegative(spec.ordinals?.start ?? 0, SPEC.child('ordinals', 'start')));
  const { serviceName = '' } = spec;
  if (before === undefined && serviceName !== '') {
    for (const text of isDNS1123Label(serviceName)) errors.push(invalid(SPEC.child('serviceName'), serviceName, text));
  }
  validateSelectorAndTemplate(errors, spec, { before, skipTemplate });
  validateAlwaysRunning(errors, spec.template, 'StatefulSet', SPEC.child('template', 'spec'));
  return errors;
}

function validateUpdateStrategy(errors: FieldError[], strategy: StatefulSetUpdateStrategy, path: Path): void {
  const rolling = strategy.rollingUpdate;
  switch (strategy.type as string | undefined) {
    case undefined:
    case '':
      errors.push(required(path, ''));
      break;
    case 'OnDelete':
      if (rolling === undefined) break;
      errors.push(invalid(path.child('rollingUpdate'), printedRolling(rolling), "only allowed for updateStrategy 'RollingUpdate'"));
      break;
    case 'RollingUpdate':
      if (rolling !== undefined) validateRolling(errors, rolling, path.child('rollingUpdate'));
      break;
    default:
      errors.push(
        invalid(
          path,
          { Type: strategy.type, RollingUpdate: rolling ? printedRolling(rolling) : null },
          "must be 'RollingUpdate' or 'OnDelete'",
        ),
      );
  }
}

function validateRolling(errors: FieldError[], { partition = 0, maxUnavailable }: RollingUpdateStatefulSetStrategy, path: Path): void {
  errors.push(...validateNonnegative(partition, path.child('partition')));
  if (maxUnavailable === undefined) return;
  const at = path.child('maxUnavailable');
  errors.push(...validatePositiveIntOrPercent(maxUnavailable, at));
  if (numberIn(maxUnavailable) === 0) errors.push(invalid(at, maxUnavailable, 'cannot be 0'));
  errors.push(...validateNotMoreThan100Percent(maxUnavailable, at));
}

function printedRolling({ partition = 0, maxUnavailable }: RollingUpdateStatefulSetStrategy): object {
  return { Partition: partition, MaxUnavailable: maxUnavailable ?? null };
}

function validateRetention(errors: FieldError[], { persistentVolumeClaimRetentionPolicy: policy }: StatefulSetSpec, path: Path): void {
  if (policy === undefined) return;
  for (const name of ['whenDeleted', 'whenScaled'] as const) {
    const value = policy[name] ?? '';
    if (!RETENTIONS.includes(value)) errors.push(notSupported(path.child(name), value, RETENTIONS));
  }
}

function validateSelectorAndTemplate(errors: FieldError[], spec: StatefulSetSpec, { before, skipTemplate }: Circumstances): void {
  const at = SPEC.child('selector');
  const given = spec.selector as StatefulSetSpec['selector'] | undefined;
  if (given === undefined) errors.push(required(at, ''));
  else {
    errors.push(...validateLabelSelector(given, at));
    if (isEmptySelector(given)) errors.push(invalid(at, printedSelector(given), 'empty selector is invalid for statefulset'));
  }
  const selector = asSelector(given);
  if (selector === undefined) {
    errors.push(invalid(at, printedSelector(given), ''));
    return;
  }
  const path = SPEC.child('template');
  if (selector.length > 0) validateLabelsMatch(errors, spec.template, selector, path);
  if (!skipTemplate) errors.push(...validateKeepingOld(withClaims(spec), before && withClaims(before), path));
  const { labels, annotations } = spec.template.metadata;
  errors.push(...validateLabels(labels, path.child('labels')));
  errors.push(...validateAnnotations(annotations, path.child('annotations')));
  validatePodAnnotations(errors, annotations, spec.template.spec ?? EMPTY_SPEC, path.child('annotations'), STRICT);
}

/** The template as its Pods will be: with the volumes of their claims, and with names that the controller gives them. */
function withClaims({ template, volumeClaimTemplates = [] }: StatefulSetSpec): PodTemplateSpec {
  const { spec } = template;
  if (spec === undefined || (spec.hostname === undefined && spec.subdomain === undefined && volumeClaimTemplates.length === 0))
    return template;
  const { hostname: _hostname, subdomain: _subdomain, ...rest } = spec;
  if (volumeClaimTemplates.length === 0) return { ...template, spec: rest };
  const volumes = new Map<string, Volume>();
  for (const { metadata } of volumeClaimTemplates) {
    const { name = '' } = metadata;
    volumes.set(name, { name, persistentVolumeClaim: { claimName: name } });
  }
  const others = (spec.volumes ?? []).filter(({ name }) => !volumes.has(name));
  return { ...template, spec: { ...rest, volumes: [...volumes.values(), ...others] } };
}

const SPEC = Path.of('spec');
const NO_SPEC = { template: { metadata: {} } } as StatefulSetSpec;
const RETENTIONS: readonly string[] = ['Retain', 'Delete'];
const MUTABLE = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
] as const;
const MUTABLE_TEXT =
  "'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds'";
