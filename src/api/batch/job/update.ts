/** What of a Job may change. Counterpart: ValidateJobSpecUpdate of k8s.io/kubernetes/pkg/apis/batch/validation. */
import { invalid, type FieldError } from '../../../apimachinery/field/error.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import { FIELD_IMMUTABLE, validateImmutable } from '../../../apimachinery/validation/objectMeta.ts';
import { printedSelector } from '../../apps/printed.ts';
import { internalPodSpec, internalPodTemplate } from '../../core/pod/internal.ts';
import { semanticallyEqual } from '../../core/pod/update.ts';
import type { Affinity, Container, PodSpec, PodTemplateSpec } from '../../schema/types/core/v1.ts';
import type { Job, JobSpec } from '../../schema/types/batch/v1.ts';
import { hasCondition } from './conditions.ts';
import { printedPodFailurePolicy, printedSuccessPolicy } from './policies.ts';

export function validateSpecChange(errors: FieldError[], spec: JobSpec, old: Job, path: Path): void {
  const before = old.spec;
  if (before === undefined) return;
  validateCompletions(errors, spec, before, path);
  errors.push(...validateImmutable(printedSelector(spec.selector), printedSelector(before.selector), path.child('selector')));
  validateTemplate(errors, spec.template, old, path);
  errors.push(...validateImmutable(spec.completionMode, before.completionMode, path.child('completionMode')));
  if (!semanticallyEqual(spec.podFailurePolicy, before.podFailurePolicy)) {
    errors.push(invalid(path.child('podFailurePolicy'), printedPodFailurePolicy(spec.podFailurePolicy), FIELD_IMMUTABLE));
  }
  errors.push(...validateImmutable(spec.backoffLimitPerIndex, before.backoffLimitPerIndex, path.child('backoffLimitPerIndex')));
  errors.push(...validateImmutable(spec.managedBy, before.managedBy, path.child('managedBy')));
  if (!semanticallyEqual(spec.successPolicy, before.successPolicy)) {
    errors.push(invalid(path.child('successPolicy'), printedSuccessPolicy(spec.successPolicy), FIELD_IMMUTABLE));
  }
}

/** An Indexed Job can be made larger or smaller if all of its indexes run at once. */
function validateCompletions(errors: FieldError[], spec: JobSpec, old: JobSpec, path: Path): void {
  const { completions, parallelism } = spec;
  const at = path.child('completions');
  if (spec.completionMode !== 'Indexed') errors.push(...validateImmutable(completions, old.completions, at));
  else if (completions !== undefined && completions !== old.completions && completions !== parallelism) {
    errors.push(invalid(at, completions, 'can only be modified in tandem with spec.parallelism'));
  }
}

/**
 * The template stays as it is, but for a suspended Job without Pods: where its Pods may go and what they ask for can
 * still be changed then, by a queueing controller for example.
 */
function validateTemplate(errors: FieldError[], template: PodTemplateSpec, old: Job, path: Path): void {
  const before = old.spec?.template;
  if (before === undefined) return;
  if (!isAtRest(old)) {
    if (!semanticallyEqual(template, before)) errors.push(invalid(path.child('template'), internalPodTemplate(template), FIELD_IMMUTABLE));
    return;
  }
  const spec = template.spec ?? NO_SPEC;
  if (semanticallyEqual(spec, withWishesOf(before.spec ?? NO_SPEC, spec))) return;
  errors.push(invalid(path.child('template', 'spec'), internalPodSpec(spec), FIELD_IMMUTABLE));
}

function isAtRest({ spec, status = {} }: Job): boolean {
  const neverRan = status.startTime === undefined;
  return spec?.suspend === true && (status.active ?? 0) === 0 && (neverRan || hasCondition(status, 'Suspended'));
}

/** The old spec with all that may change taken from the new one. */
function withWishesOf(old: PodSpec, spec: PodSpec): PodSpec {
  const { nodeSelector: _a, tolerations: _b, schedulingGates: _c, affinity: _d, ...rest } = old;
  const affinity = affinityFor(old.affinity, spec.affinity);
  return {
    ...rest,
    ...(spec.nodeSelector && { nodeSelector: spec.nodeSelector }),
    ...(spec.tolerations && { tolerations: spec.tolerations }),
    ...(spec.schedulingGates && { schedulingGates: spec.schedulingGates }),
    ...(affinity && { affinity }),
    containers: withResourcesOf(old.containers, spec.containers),
    ...(old.initContainers && { initContainers: withResourcesOf(old.initContainers, spec.initContainers ?? []) }),
  };
}

/** Only the affinity to nodes may change. */
function affinityFor(old: Affinity | undefined, affinity: Affinity | undefined): Affinity | undefined {
  if (old === undefined && affinity === undefined) return undefined;
  const { nodeAffinity: _, ...rest } = old ?? {};
  if (affinity === undefined && Object.keys(rest).length === 0) return undefined;
  return affinity?.nodeAffinity ? { ...rest, nodeAffinity: affinity.nodeAffinity } : rest;
}

function withResourcesOf(old: readonly Container[], containers: readonly Container[]): readonly Container[] {
  if (old.length !== containers.length) return old;
  return old.map((before, index) => {
    const container = containers[index];
    if (container?.name !== before.name) return before;
    const { resources: _, ...rest } = before;
    return container.resources === undefined ? rest : { ...rest, resources: container.resources };
  });
}

const NO_SPEC: PodSpec = { containers: [] };
