import { invalid, notSupported, required, tooLong, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { hasInvalidValue, validateLabelSelector } from '../../../apimachinery/labels/validation.ts';
import { validateDomainPrefixedPath } from '../../../apimachinery/validation/domainPrefixed.ts';
import { isDNS1123Label } from '../../../apimachinery/validation/names.ts';
import { validateNonnegative } from '../../../apimachinery/validation/objectMeta.ts';
import { byteLength } from '../../../apimachinery/validation/text.ts';
import { asSelector, validateKeepingOld, validateLabelsMatch } from '../../apps/podTemplate.ts';
import type { Job, JobSpec } from '../../schema/types/batch/v1.ts';
import { printedSuccessPolicy, validatePodFailurePolicy, validateSuccessPolicy } from './policies.ts';
import { hasPrefixedLabels, validateGeneratedSelector } from './selector.ts';
import { validateSpecChange } from './update.ts';

export function validateJob(job: Job): ErrorList {
  return validate(job, undefined);
}

export function validateJobUpdate(job: Job, old: Job): ErrorList {
  const spec = job.spec ?? EMPTY_SPEC;
  const errors = validate(job, old);
  // The server asks the spec twice, and says so twice.
  validateSpec(errors, spec, old.spec, SPEC);
  validateSpecChange(errors, spec, old, SPEC);
  return errors;
}

function validate(job: Job, old: Job | undefined): FieldError[] {
  const errors: FieldError[] = [];
  const spec = job.spec ?? EMPTY_SPEC;
  validateGeneratedSelector(errors, job, old === undefined || hasPrefixedLabels(old));
  validateSpec(errors, spec, old?.spec, SPEC);
  const { completions = 0 } = spec;
  if (spec.completionMode === 'Indexed' && completions > 0) {
    // The last Pod has the longest name.
    const name = job.metadata.name ?? '';
    const hostname = `${name}-${completions - 1}`;
    if (isDNS1123Label(hostname).length > 0) {
      errors.push(invalid(Path.of('metadata', 'name'), name, `will not able to create pod with invalid DNS label: ${hostname}`));
    }
  }
  return errors;
}

function validateSpec(errors: FieldError[], spec: JobSpec, before: JobSpec | undefined, path: Path): void {
  validateJobSpec(errors, spec, before, path);
  const at = path.child('selector');
  if (spec.selector === undefined) errors.push(required(at, ''));
  else errors.push(...validateLabelSelector(spec.selector, at, { allowInvalidValues: hasInvalidValue(before?.selector) }));
  const selector = asSelector(spec.selector);
  if (selector !== undefined) validateLabelsMatch(errors, spec.template, selector, path.child('template'));
}

/**
 * What holds for the spec of a Job, be it made already or the template of a CronJob; the selector is another matter.
 * @param before undefined on create
 */
export function validateJobSpec(errors: FieldError[], spec: JobSpec, before: JobSpec | undefined, path: Path): void {
  for (const name of COUNTS) errors.push(...validateNonnegative(spec[name] ?? 0, path.child(name)));
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined) {
    errors.push(required(path.child('backoffLimitPerIndex'), 'when maxFailedIndexes is specified'));
  }
  if (spec.managedBy !== undefined) {
    errors.push(...validateDomainPrefixedPath(spec.managedBy, path.child('managedBy')));
    if (byteLength(spec.managedBy) > MAX_MANAGED_BY) errors.push(tooLong(path.child('managedBy'), MAX_MANAGED_BY));
  }
  validateMode(errors, spec, path);
  if (spec.podFailurePolicy !== undefined) validatePodFailurePolicy(errors, spec, path.child('podFailurePolicy'));
  if (spec.successPolicy !== undefined) {
    const at = path.child('successPolicy');
    if (spec.completionMode === 'Indexed') validateSuccessPolicy(errors, spec, at);
    else errors.push(invalid(at, printedSuccessPolicy(spec.successPolicy), 'requires indexed completion mode'));
  }
  validateReplacement(errors, spec, path.child('podReplacementPolicy'));
  errors.push(...validateKeepingOld(spec.template, before?.template, path.child('template')));
  validateRestartPolicy(errors, spec, path.child('template', 'spec', 'restartPolicy'));
}

function validateMode(errors: FieldError[], spec: JobSpec, path: Path): void {
  const mode: string = spec.completionMode ?? 'NonIndexed';
  if (!MODES.includes(mode)) errors.push(notSupported(path.child('completionMode'), mode, MODES));
  if (mode === 'Indexed') validateIndexed(errors, spec, path);
  if (mode !== 'NonIndexed') return;
  for (const name of ['backoffLimitPerIndex', 'maxFailedIndexes'] as const) {
    if (spec[name] !== undefined) errors.push(invalid(path.child(name), spec[name], 'requires indexed completion mode'));
  }
}

/** The lists of indexes in the status must not grow too long. */
function validateIndexed(errors: FieldError[], spec: JobSpec, path: Path): void {
  const { completions, maxFailedIndexes } = spec;
  const atMost = (name: 'parallelism' | 'maxFailedIndexes', limit: number, when: string): void => {
    const value = spec[name];
    if (value !== undefined && value > limit)
      errors.push(invalid(path.child(name), value, `must be less than or equal to ${limit}${when}`));
  };
  if (completions === undefined) errors.push(required(path.child('completions'), 'when completion mode is Indexed'));
  atMost('parallelism', MAX_INDEXED, ' when completion mode is Indexed');
  if (completions !== undefined && maxFailedIndexes !== undefined && maxFailedIndexes > completions) {
    errors.push(invalid(path.child('maxFailedIndexes'), maxFailedIndexes, 'must be less than or equal to completions'));
  }
  atMost('maxFailedIndexes', MAX_INDEXED, '');
  if (completions === undefined || completions <= MAX_INDEXED || spec.backoffLimitPerIndex === undefined) return;
  if (maxFailedIndexes === undefined) {
    errors.push(required(path.child('maxFailedIndexes'), `must be specified when completions is above ${MAX_INDEXED}`));
  }
  const when = ` when completions are above ${MAX_INDEXED} and used with backoff limit per index`;
  atMost('parallelism', MAX_OF_MANY, when);
  atMost('maxFailedIndexes', MAX_OF_MANY, when);
}

function validateReplacement(errors: FieldError[], spec: JobSpec, path: Path): void {
  const policy: string | undefined = spec.podReplacementPolicy;
  const supported = spec.podFailurePolicy === undefined ? REPLACEMENTS : ['Failed'];
  if (policy !== undefined && !supported.includes(policy)) errors.push(notSupported(path, policy, supported));
}

/** Always is what a template without a policy gets, so it is answered as if nothing were said. */
function validateRestartPolicy(errors: FieldError[], spec: JobSpec, path: Path): void {
  const policy: string = spec.template.spec?.restartPolicy ?? '';
  if (policy === '' || policy === 'Always') errors.push(required(path, 'valid values: "OnFailure", "Never"'));
  else if (policy !== 'OnFailure' && policy !== 'Never') errors.push(notSupported(path, policy, ['OnFailure', 'Never']));
  else if (policy === 'OnFailure' && spec.podFailurePolicy !== undefined) {
    errors.push(invalid(path, policy, 'only "Never" is supported when podFailurePolicy is specified'));
  }
}

const SPEC = Path.of('spec');
const EMPTY_SPEC: JobSpec = { template: { metadata: {} } };
/** In the order in which they are checked. */
const COUNTS = [
  'parallelism',
  'completions',
  'activeDeadlineSeconds',
  'backoffLimit',
  'ttlSecondsAfterFinished',
  'backoffLimitPerIndex',
  'maxFailedIndexes',
] as const;
const MODES: readonly string[] = ['NonIndexed', 'Indexed'];
const REPLACEMENTS: readonly string[] = ['Failed', 'TerminatingOrFailed'];
const MAX_MANAGED_BY = 63;
const MAX_INDEXED = 100_000;
const MAX_OF_MANY = 10_000;
