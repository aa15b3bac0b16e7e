/** What a Job does about Pods that fail, and when it counts as done before all of them are. */
import { byteLength } from '../../../apimachinery/validation/text.ts';
import {
  duplicate,
  invalid,
  invalidWithoutValue,
  notSupported,
  required,
  tooLong,
  tooMany,
  type FieldError,
} from '../../../apimachinery/field/error.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import { quote } from '../../../apimachinery/field/quote.ts';
import { printedList } from '../../apps/printed.ts';
import { isQualifiedName } from '../../../apimachinery/validation/names.ts';
import { validateNonnegative } from '../../../apimachinery/validation/objectMeta.ts';
import type {
  JobSpec,
  PodFailurePolicyOnExitCodesRequirement,
  PodFailurePolicyOnPodConditionsPattern,
  PodFailurePolicyRule,
  SuccessPolicyRule,
} from '../../schema/types/batch/v1.ts';
import { parseIndexes } from './indexes.ts';

export function validatePodFailurePolicy(errors: FieldError[], spec: JobSpec, path: Path): void {
  const rules = spec.podFailurePolicy?.rules ?? [];
  const at = path.child('rules');
  if (rules.length > MAX_RULES) errors.push(tooMany(at, rules.length, MAX_RULES));
  const { containers = [], initContainers = [] } = spec.template.spec ?? {};
  const names = new Set([...containers, ...initContainers].map(({ name }) => name));
  for (const [index, rule] of rules.entries()) validateFailureRule(errors, rule, spec, names, at.index(index));
}

function validateFailureRule(
  errors: FieldError[],
  rule: PodFailurePolicyRule,
  spec: JobSpec,
  containerNames: ReadonlySet<string>,
  path: Path,
): void {
  const at = path.child('action');
  if (rule.action === 'FailIndex') {
    if (spec.backoffLimitPerIndex === undefined) errors.push(invalid(at, rule.action, 'requires the backoffLimitPerIndex to be set'));
  } else oneOf(errors, rule.action, ACTIONS, at);
  const { onExitCodes, onPodConditions = [] } = rule;
  if (onExitCodes !== undefined) validateExitCodes(errors, onExitCodes, containerNames, path.child('onExitCodes'));
  validateConditions(errors, onPodConditions, path.child('onPodConditions'));
  const given = Number(onExitCodes !== undefined) + Number(onPodConditions.length > 0);
  if (given === 2) errors.push(invalidWithoutValue(path, 'specifying both OnExitCodes and OnPodConditions is not supported'));
  if (given === 0) errors.push(invalidWithoutValue(path, 'specifying one of OnExitCodes and OnPodConditions is required'));
}

function validateExitCodes(
  errors: FieldError[],
  requirement: PodFailurePolicyOnExitCodesRequirement,
  containerNames: ReadonlySet<string>,
  path: Path,
): void {
  const { operator, containerName } = requirement;
  const values = (requirement.values as readonly number[] | undefined) ?? [];
  oneOf(errors, operator, OPERATORS, path.child('operator'));
  if (containerName !== undefined && !containerNames.has(containerName)) {
    const text = 'must be one of the container or initContainer names in the pod template';
    errors.push(invalid(path.child('containerName'), containerName, text));
  }
  const at = path.child('values');
  if (values.length === 0)
    errors.push(
      invalid(
        at,
        printedList(requirement, 'values', (value) => value),
        'at least one value is required',
      ),
    );
  else if (values.length > MAX_EXIT_CODES) errors.push(tooMany(at, values.length, MAX_EXIT_CODES));
  const seen = new Set<number>();
  for (const [index, value] of values.entries()) {
    if (operator === 'In' && value === 0) errors.push(invalid(at.index(index), value, 'must not be 0 for the In operator'));
    if (seen.has(value)) errors.push(duplicate(at.index(index), value));
    seen.add(value);
  }
  if (values.some((value, index) => index > 0 && (values[index - 1] ?? value) > value)) errors.push(invalid(at, values, 'must be ordered'));
}

function validateConditions(errors: FieldError[], patterns: readonly PodFailurePolicyOnPodConditionsPattern[], path: Path): void {
  if (patterns.length > MAX_CONDITIONS) errors.push(tooMany(path, patterns.length, MAX_CONDITIONS));
  for (const [index, { type = '', status }] of (patterns as readonly Partial<PodFailurePolicyOnPodConditionsPattern>[]).entries()) {
    for (const text of isQualifiedName(type)) errors.push(invalid(path.index(index).child('type'), type, text));
    oneOf(errors, status, STATUSES, path.index(index).child('status'));
  }
}

export function validateSuccessPolicy(errors: FieldError[], spec: JobSpec, path: Path): void {
  const rules = spec.successPolicy?.rules ?? [];
  const at = path.child('rules');
  if (rules.length === 0) errors.push(required(at, 'at least one rules must be specified when the successPolicy is specified'));
  if (rules.length > MAX_RULES) errors.push(tooMany(at, rules.length, MAX_RULES));
  for (const [index, rule] of rules.entries()) validateSuccessRule(errors, rule, spec.completions ?? 0, at.index(index));
}

function validateSuccessRule(errors: FieldError[], rule: SuccessPolicyRule, completions: number, path: Path): void {
  const { succeededCount: count, succeededIndexes } = rule;
  if (count === undefined && succeededIndexes === undefined) {
    errors.push(required(path, 'at least one of succeededCount or succeededIndexes must be specified'));
  }
  let total = 0;
  if (succeededIndexes !== undefined) {
    const at = path.child('succeededIndexes');
    if (byteLength(succeededIndexes) > MAX_INDEXES_BYTES) errors.push(tooLong(at, MAX_INDEXES_BYTES));
    const indexes = parseIndexes(succeededIndexes, completions);
    if ('error' in indexes) errors.push(invalid(at, succeededIndexes, `error parsing succeededIndexes: ${indexes.error}`));
    else total = indexes.total;
  }
  if (count === undefined) return;
  const at = path.child('succeededCount');
  errors.push(...validateNonnegative(count, at));
  const atMost = (limit: number, what: string): FieldError =>
    invalid(at, count, `must be less than or equal to ${limit} (the number of ${what})`);
  if (count > completions) errors.push(atMost(completions, 'specified completions'));
  if (succeededIndexes !== undefined && count > total) errors.push(atMost(total, 'indexes in the specified succeededIndexes field'));
}

export function printedPodFailurePolicy(policy: JobSpec['podFailurePolicy']): unknown {
  return policy === undefined ? null : { Rules: printedList(policy, 'rules', printedRule) };
}

function printedRule(rule: PodFailurePolicyRule): unknown {
  const { onExitCodes: codes } = rule;
  return {
    Action: (rule.action as string | undefined) ?? '',
    OnExitCodes: codes === undefined ? null : printedExitCodes(codes),
    OnPodConditions: printedList(rule, 'onPodConditions', printedPattern),
  };
}

function printedPattern({ type = '', status = '' }: Partial<PodFailurePolicyOnPodConditionsPattern>): unknown {
  return { Type: type, Status: status };
}

function printedExitCodes(requirement: PodFailurePolicyOnExitCodesRequirement): unknown {
  const { containerName, operator } = requirement;
  return {
    ContainerName: containerName ?? null,
    Operator: (operator as string | undefined) ?? '',
    Values: printedList(requirement, 'values', (value) => value),
  };
}

export function printedSuccessPolicy(policy: JobSpec['successPolicy']): unknown {
  return policy === undefined ? null : { Rules: printedList(policy, 'rules', printedSuccessRule) };
}

function printedSuccessRule({ succeededIndexes, succeededCount }: SuccessPolicyRule): unknown {
  return { SucceededIndexes: succeededIndexes ?? null, SucceededCount: succeededCount ?? null };
}

function oneOf(errors: FieldError[], value: string | undefined, supported: readonly string[], path: Path): void {
  if (value === undefined || value === '') errors.push(required(path, `valid values: [${supported.map(quote).join(' ')}]`));
  else if (!supported.includes(value)) errors.push(notSupported(path, value, supported));
}

const ACTIONS: readonly string[] = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const OPERATORS: readonly string[] = ['In', 'NotIn'];
const STATUSES: readonly string[] = ['False', 'True', 'Unknown'];
const MAX_RULES = 20;
const MAX_EXIT_CODES = 255;
const MAX_CONDITIONS = 20;
const MAX_INDEXES_BYTES = 64 * 1024;
