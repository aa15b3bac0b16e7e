/** The labels by which a Job knows its Pods, unless its author chose some. Counterpart: generateSelector of pkg/registry/batch/job. */
import type { Draft } from '../../../base/json.ts';
import { invalid, required, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { matches } from '../../../apimachinery/labels/selector.ts';
import type { ObjectMeta } from '../../../apimachinery/meta/types.ts';
import { asSelector } from '../../apps/podTemplate.ts';
import { printedLabels, printedSelector } from '../../apps/printed.ts';
import type { Job } from '../../schema/types/batch/v1.ts';

export const JOB_NAME_LABEL = 'batch.kubernetes.io/job-name';
export const CONTROLLER_UID_LABEL = 'batch.kubernetes.io/controller-uid';
const LEGACY_JOB_NAME_LABEL = 'job-name';
const LEGACY_CONTROLLER_UID_LABEL = 'controller-uid';

type Labels = Record<string, string>;

/** Labels of Jobs that were taken from the template, see `sharedLabels`. */
const taken = new WeakSet<Labels>();

/** The labels of a Job that has none of its own: in the server it is the very map of the template, which grows with it. */
export function sharedLabels(labels: Readonly<Labels>): Labels {
  const copy = { ...labels };
  taken.add(copy);
  return copy;
}

/** Labels that are there already are left alone; validation says if they are wrong. */
export function generateSelector(job: Draft<Job>): void {
  const { spec, metadata } = job;
  if (spec === undefined || spec.manualSelector === true) return;
  const { name = '', uid = '', labels } = metadata;
  const generated: Labels = {
    [LEGACY_JOB_NAME_LABEL]: name,
    [JOB_NAME_LABEL]: name,
    [LEGACY_CONTROLLER_UID_LABEL]: uid,
    [CONTROLLER_UID_LABEL]: uid,
    ...spec.template.metadata.labels,
  };
  spec.template.metadata.labels = generated;
  if (labels !== undefined && taken.has(labels)) metadata.labels = { ...generated };
  ((spec.selector ??= {}).matchLabels ??= {})[CONTROLLER_UID_LABEL] ??= uid;
}

/** Jobs of old have the labels without prefix only. */
export function hasPrefixedLabels(job: Job): boolean {
  const labels = job.spec?.template.metadata.labels ?? {};
  return labels[JOB_NAME_LABEL] !== undefined && labels[CONTROLLER_UID_LABEL] !== undefined;
}

/** Whether template and selector have what `generateSelector` gives them. */
export function validateGeneratedSelector(errors: FieldError[], job: Job, prefixed: boolean): void {
  const selector = job.spec?.selector;
  if (job.spec?.manualSelector === true || selector === undefined) return;
  const { name = '', uid = '' } = job.metadata;
  const expected = [
    [LEGACY_CONTROLLER_UID_LABEL, uid],
    [LEGACY_JOB_NAME_LABEL, name],
    ...(prefixed ? ([[CONTROLLER_UID_LABEL, uid] as const, [JOB_NAME_LABEL, name] as const] as const) : []),
  ] as const;
  for (const [key, value] of expected) validateHasLabel(errors, job.spec?.template.metadata, key, value);
  const requirements = asSelector(selector);
  if (requirements !== undefined && !matches(requirements, Object.fromEntries(expected))) {
    errors.push(invalid(Path.of('spec', 'selector'), printedSelector(selector), '`selector` not auto-generated'));
  }
}

function validateHasLabel(errors: FieldError[], metadata: ObjectMeta | undefined, key: string, expected: string): void {
  const path = Path.of('spec', 'template', 'metadata', 'labels').key(key);
  const value = metadata?.labels?.[key];
  if (value === undefined) errors.push(required(path, `must be '${expected}'`));
  else if (value !== expected) errors.push(invalid(path, printedLabels(metadata), `must be '${expected}'`));
}
