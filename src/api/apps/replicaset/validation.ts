import type { ErrorList, FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { validateImmutable, validateNonnegative } from '../../../apimachinery/validation/objectMeta.ts';
import type { ReplicaSet, ReplicaSetSpec } from '../../schema/types/apps/v1.ts';
import { validateSelectorAndTemplate } from '../podTemplate.ts';
import { printedSelector } from '../printed.ts';
import { validateCounts, validateCountsAgree } from '../status.ts';

export function validateReplicaSet(set: ReplicaSet): ErrorList {
  return validateSpec(set.spec, undefined);
}

export function validateReplicaSetUpdate(set: ReplicaSet, old: ReplicaSet): ErrorList {
  const now = printedSelector(set.spec?.selector);
  return [...validateSpec(set.spec, old.spec), ...validateImmutable(now, printedSelector(old.spec?.selector), SPEC.child('selector'))];
}

export function validateReplicaSetStatusUpdate(set: ReplicaSet): ErrorList {
  const errors: FieldError[] = [];
  const status = { ...set.status };
  const counts = ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'];
  validateCounts(errors, status, ['replicas', ...counts, 'observedGeneration', 'terminatingReplicas']);
  validateCountsAgree(errors, status, counts);
  return errors;
}

function validateSpec(given: ReplicaSetSpec | undefined, before: ReplicaSetSpec | undefined): ErrorList {
  const spec = given ?? ({} as ReplicaSetSpec);
  const errors: FieldError[] = [...validateNonnegative(spec.replicas ?? 0, SPEC.child('replicas'))];
  errors.push(...validateNonnegative(spec.minReadySeconds ?? 0, SPEC.child('minReadySeconds')));
  validateSelectorAndTemplate(errors, spec, before, SPEC);
  return errors;
}

const SPEC = Path.of('spec');
