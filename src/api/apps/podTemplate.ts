/** What ReplicaSet and Deployment ask of their selector and of the Pods they make. */
import { forbidden, invalid, notSupported, required, type ErrorList, type FieldError } from '../../apimachinery/field/error.ts';
import type { Path } from '../../apimachinery/field/path.ts';
import { matches, NOTHING, fromLabelSelector, type Selector } from '../../apimachinery/labels/selector.ts';
import { hasInvalidValue, validateLabelSelector } from '../../apimachinery/labels/validation.ts';
import type { LabelSelector, ObjectMeta } from '../../apimachinery/meta/types.ts';
import { isQualifiedName, isValidLabelValue } from '../../apimachinery/validation/names.ts';
import type { PodSpec, PodTemplateSpec } from '../schema/types/core/v1.ts';
import { optionsForUpdate, STRICT } from '../core/pod/options.ts';
import { validatePodTemplateSpec } from '../core/pod/validation.ts';
import { printedLabels, printedSelector } from './printed.ts';

export interface PodOwnerSpec {
  readonly replicas?: number;
  readonly selector: LabelSelector;
  readonly template?: PodTemplateSpec;
}

/**
 * The selector, then the template.
 * @param before undefined on create
 */
export function validateSelectorAndTemplate(errors: FieldError[], spec: PodOwnerSpec, before: PodOwnerSpec | undefined, path: Path): void {
  const given = spec.selector as LabelSelector | undefined;
  const at = path.child('selector');
  if (given === undefined) errors.push(required(at, ''));
  else {
    errors.push(...validateLabelSelector(given, at, { allowInvalidValues: hasInvalidValue(before?.selector) }));
    if (isEmptySelector(given)) errors.push(invalid(at, printedSelector(given), 'empty selector is invalid for deployment'));
  }
  const selector = asSelector(given);
  if (selector === undefined) errors.push(invalid(at, printedSelector(given), 'invalid label selector'));
  else {
    const { template = EMPTY_TEMPLATE, replicas = 0 } = spec;
    validateOwnedTemplate(errors, { template, old: before?.template, selector, replicas, owner: 'ReplicaSet' }, path.child('template'));
  }
}

export interface OwnedTemplate {
  readonly template: PodTemplateSpec;
  /** The template that is replaced; undefined on create. */
  readonly old: PodTemplateSpec | undefined;
  readonly selector: Selector;
  readonly replicas: number;
  /** Named in messages. */
  readonly owner: 'ReplicaSet' | 'ReplicationController';
}

/** Of Pods that are kept running: they match the selector. */
export function validateOwnedTemplate(errors: FieldError[], owned: OwnedTemplate, path: Path): void {
  const { template, old, selector, owner } = owned;
  if (selector.length > 0) validateLabelsMatch(errors, template, selector, path);
  errors.push(...validateKeepingOld(template, old, path));
  if (owned.replicas > 1) validateReadOnlyDisks(errors, template, old, path.child('spec', 'volumes'));
  validateAlwaysRunning(errors, template, owner, path.child('spec'));
}

/** @param path of the template */
export function validateLabelsMatch(errors: FieldError[], template: PodTemplateSpec, selector: Selector, path: Path): void {
  const metadata = template.metadata as ObjectMeta | undefined;
  if (matches(selector, metadata?.labels)) return;
  errors.push(invalid(path.child('metadata', 'labels'), printedLabels(metadata), '`selector` does not match template `labels`'));
}

/** Pods that are kept running are restarted always and have no deadline. */
export function validateAlwaysRunning(errors: FieldError[], template: PodTemplateSpec, owner: string, path: Path): void {
  const { restartPolicy = '', activeDeadlineSeconds } = (template.spec ?? {}) as Partial<PodSpec>;
  if (restartPolicy !== 'Always') errors.push(notSupported(path.child('restartPolicy'), restartPolicy, ['Always']));
  if (activeDeadlineSeconds !== undefined) {
    errors.push(forbidden(path.child('activeDeadlineSeconds'), `activeDeadlineSeconds in ${owner} is not Supported`));
  }
}

/** What the stored template has already is let through; the old one is only looked at where the new one fails. */
export function validateKeepingOld(template: PodTemplateSpec, old: PodTemplateSpec | undefined, path: Path): ErrorList {
  const strict = validatePodTemplateSpec(template, path, STRICT);
  if (strict.length === 0 || old === undefined) return strict;
  const options = optionsForUpdate(STRICT, (candidate) => validatePodTemplateSpec(old, path, candidate).length);
  return options === STRICT ? strict : validatePodTemplateSpec(template, path, options);
}

/** A disk that can be written is attached to one node only, so several Pods cannot share it. */
function validateReadOnlyDisks(errors: FieldError[], template: PodTemplateSpec, old: PodTemplateSpec | undefined, path: Path): void {
  const isWritable = (one: PodTemplateSpec): boolean =>
    (one.spec?.volumes ?? []).some(({ gcePersistentDisk }) => gcePersistentDisk !== undefined && gcePersistentDisk.readOnly !== true);
  if (old !== undefined && isWritable(old)) return;
  (template.spec?.volumes ?? []).forEach(({ gcePersistentDisk }, index) => {
    if (gcePersistentDisk === undefined || gcePersistentDisk.readOnly === true) return;
    const text = 'must be true for replicated pods > 1; GCE PD can only be mounted on multiple machines if it is read-only';
    errors.push(invalid(path.index(index).child('gcePersistentDisk', 'readOnly'), false, text));
  });
}

export function isEmptySelector(selector: LabelSelector): boolean {
  return Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0;
}

const EMPTY_TEMPLATE: PodTemplateSpec = { metadata: {} };

/** Undefined where a requirement cannot be made of it. */
export function asSelector(selector: LabelSelector | undefined): Selector | undefined {
  if (selector === undefined) return NOTHING;
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) {
    if (isQualifiedName(key).length > 0 || isValidLabelValue(value).length > 0) return undefined;
  }
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    const wantsValues = operator === 'In' || operator === 'NotIn';
    if (!wantsValues && operator !== 'Exists' && operator !== 'DoesNotExist') return undefined;
    if (isQualifiedName(key).length > 0 || wantsValues !== values.length > 0) return undefined;
    if (values.some((value) => isValidLabelValue(value).length > 0)) return undefined;
  }
  return fromLabelSelector(selector);
}
