/**
 * PriorityClasses: names for how important Pods are.
 * Invariant: neither value nor preemption policy ever changes; Pods carry copies of them.
 * Counterpart: k8s.io/kubernetes/pkg/registry/scheduling/priorityclass.
 */
import { forbidden, notSupported, required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { validateImmutable } from '../../../apimachinery/validation/objectMeta.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { age, AGE, boolean, integer, NAME, text } from '../../columns.ts';
import { PRIORITYCLASSES } from '../../schema/resources.ts';
import type { PriorityClass } from '../../schema/types/scheduling/v1.ts';
import type { Strategy } from '../../strategy.ts';

export const PRIORITYCLASS_STRATEGY: Strategy<PriorityClass> = {
  resource: PRIORITYCLASSES,
  singular: 'priorityclass',
  shortNames: ['pc'],
  categories: [],
  // The generation is set once and never counted.
  tracksGeneration: false,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  defaults(priorityClass) {
    priorityClass.preemptionPolicy ??= 'PreemptLowerPriority';
  },
  prepareForCreate(priorityClass) {
    priorityClass.metadata.generation = 1;
  },
  validate: validatePriorityClass,
  validateUpdate: validatePriorityClassUpdate,
  defaultPropagation: 'Background',
  table: {
    columns: [NAME, integer('Value'), boolean('Global-Default'), AGE, text('PreemptionPolicy')],
    cells: (one, nowMs) => [
      one.metadata.name ?? '',
      one.value ?? 0,
      one.globalDefault === true,
      age(one, nowMs),
      one.preemptionPolicy ?? '',
    ],
  },
};

function validatePriorityClass(priorityClass: PriorityClass): ErrorList {
  const errors: FieldError[] = [];
  const name = priorityClass.metadata.name ?? '';
  if (name.startsWith(SYSTEM_PREFIX)) {
    const problem = systemProblem(priorityClass, name);
    const text = `priority class names with '${SYSTEM_PREFIX}' prefix are reserved for system use only. error: ${problem ?? ''}`;
    if (problem !== undefined) errors.push(forbidden(Path.of('metadata', 'name'), text));
  } else if ((priorityClass.value ?? 0) > HIGHEST_USER_VALUE) {
    errors.push(forbidden(Path.of('value'), `maximum allowed value of a user defined priority is ${HIGHEST_USER_VALUE}`));
  }
  const policy: string | undefined = priorityClass.preemptionPolicy;
  if (policy === '') errors.push(required(Path.of('preemptionPolicy'), ''));
  else if (policy !== undefined && !POLICIES.includes(policy)) errors.push(notSupported(Path.of('preemptionPolicy'), policy, POLICIES));
  return errors;
}

function validatePriorityClassUpdate(priorityClass: PriorityClass, old: PriorityClass): ErrorList {
  const errors: FieldError[] = [];
  if (priorityClass.value !== old.value) errors.push(forbidden(Path.of('value'), 'may not be changed in an update.'));
  errors.push(...validateImmutable(priorityClass.preemptionPolicy, old.preemptionPolicy, Path.of('preemptionPolicy')));
  return errors;
}

/** The two classes that the cluster itself has are known by name and value. */
function systemProblem({ value, globalDefault }: PriorityClass, name: string): string | undefined {
  const known = SYSTEM_VALUES[name];
  if (known === undefined) return `${name} is not a known system priority class`;
  if (value !== known) return `value of ${name} PriorityClass must be ${known}`;
  return globalDefault === true ? `globalDefault of ${name} PriorityClass must be false` : undefined;
}

const SYSTEM_PREFIX = 'system-';
const HIGHEST_USER_VALUE = 1000000000;
const SYSTEM_VALUES: Readonly<Record<string, number>> = {
  'system-node-critical': 2000001000,
  'system-cluster-critical': 2000000000,
};
const POLICIES: readonly string[] = ['PreemptLowerPriority', 'Never'];
