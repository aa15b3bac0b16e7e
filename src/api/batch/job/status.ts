/**
 * What a Job's status may say. As other controllers may manage Jobs too (`managedBy`), the server watches over what
 * clients rely on: a finished Job stays finished, counters only grow.
 * Invariant: a rule is asked only where what it speaks of has changed.
 * Counterpart: validateJobStatus and ValidateJobStatusUpdate of k8s.io/kubernetes/pkg/apis/batch/validation.
 */
import { jsonEqual } from '../../../base/json.ts';
import { duplicate, invalid, invalidWithoutValue, required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { FIELD_IMMUTABLE, validateNonnegative } from '../../../apimachinery/validation/objectMeta.ts';
import type { Job, JobStatus } from '../../schema/types/batch/v1.ts';
import { hasCondition, isFinished, type JobConditionType } from './conditions.ts';
import { firstOverlap, parseIndexes } from './indexes.ts';

export function validateJobStatusUpdate(job: Job, old: Job): ErrorList {
  const errors: FieldError[] = [];
  const [status, before] = [job.status ?? {}, old.status ?? {}];
  const change: Change = { job, status, before };
  for (const name of COUNTS) errors.push(...validateNonnegative(status[name] ?? 0, STATUS.child(name)));
  validateUncounted(errors, status);
  validateTimes(errors, change);
  validateEnd(errors, change);
  validateIndexes(errors, change);
  validateRunning(errors, change);
  validateCriteria(errors, change);
  validateProgress(errors, change);
  return errors;
}

interface Change {
  readonly job: Job;
  readonly status: JobStatus;
  readonly before: JobStatus;
}

function changed({ status, before }: Change, ...names: readonly (keyof JobStatus)[]): boolean {
  return names.some((name) => !jsonEqual(status[name], before[name]));
}

function turned({ status, before }: Change, ...types: readonly JobConditionType[]): boolean {
  return types.some((type) => hasCondition(status, type) !== hasCondition(before, type));
}

function finishedTurned({ status, before }: Change): boolean {
  return isFinished(status) !== isFinished(before);
}

function condition(errors: FieldError[], isWrong: boolean, text: string): void {
  if (isWrong) errors.push(invalidWithoutValue(STATUS.child('conditions'), text));
}

/** Each Pod is named once. */
function validateUncounted(errors: FieldError[], { uncountedTerminatedPods: pods }: JobStatus): void {
  const seen = new Set<string>();
  for (const list of ['succeeded', 'failed'] as const) {
    for (const [index, uid] of (pods?.[list] ?? []).entries()) {
      const path = STATUS.child('uncountedTerminatedPods', list).index(index);
      if (uid === '') errors.push(invalid(path, uid, 'must not be empty'));
      else if (seen.has(uid)) errors.push(duplicate(path, uid));
      else seen.add(uid);
    }
  }
}

function validateTimes(errors: FieldError[], change: Change): void {
  const { status } = change;
  const isComplete = hasCondition(status, 'Complete');
  condition(
    errors,
    turned(change, 'Complete', 'Failed') && isComplete && hasCondition(status, 'Failed'),
    'cannot set Complete=True and Failed=true conditions',
  );
  condition(
    errors,
    turned(change, 'Complete', 'FailureTarget') && isComplete && hasCondition(status, 'FailureTarget'),
    'cannot set Complete=True and FailureTarget=true conditions',
  );
  const path = STATUS.child('completionTime');
  const { startTime, completionTime } = status;
  const time = printedTime(completionTime);
  if (turned(change, 'Complete') || changed(change, 'completionTime')) {
    if (completionTime !== undefined && !isComplete) {
      errors.push(invalidPrinted(path, time, 'cannot set completionTime when there is no Complete=True condition'));
    }
    if (completionTime === undefined && isComplete) errors.push(required(path, 'completionTime is required for Complete jobs'));
  }
  const isEarlier = startTime !== undefined && completionTime !== undefined && completionTime < startTime;
  if (changed(change, 'startTime', 'completionTime') && isEarlier) {
    errors.push(invalidPrinted(path, time, 'must be equal to or after `startTime`'));
  }
}

function validateEnd(errors: FieldError[], change: Change): void {
  const { status } = change;
  condition(
    errors,
    (turned(change, 'Failed') || changed(change, 'failedIndexes')) &&
      hasCondition(status, 'Failed') &&
      !hasCondition(status, 'FailureTarget'),
    'cannot set Failed=True condition without the FailureTarget=true condition',
  );
  condition(
    errors,
    turned(change, 'Complete', 'SuccessCriteriaMet') && hasCondition(status, 'Complete') && !hasCondition(status, 'SuccessCriteriaMet'),
    'cannot set Complete=True condition without the SuccessCriteriaMet=true condition',
  );
  if (!isFinished(status)) return;
  const isNew = finishedTurned(change);
  const { active = 0, startTime, uncountedTerminatedPods: pods } = status;
  if ((isNew || changed(change, 'active')) && active > 0) {
    errors.push(invalid(STATUS.child('active'), active, 'active>0 is invalid for finished job'));
  }
  if ((isNew || changed(change, 'startTime')) && startTime === undefined) {
    errors.push(required(STATUS.child('startTime'), 'startTime is required for finished job'));
  }
  const uncounted = (pods?.failed?.length ?? 0) + (pods?.succeeded?.length ?? 0);
  if ((isNew || changed(change, 'uncountedTerminatedPods')) && uncounted > 0) {
    const printed = { Succeeded: pods?.succeeded ?? null, Failed: pods?.failed ?? null };
    errors.push(invalid(STATUS.child('uncountedTerminatedPods'), printed, 'must be empty for finished job'));
  }
}

function validateIndexes(errors: FieldError[], change: Change): void {
  const { completions, backoffLimitPerIndex, completionMode } = change.job.spec ?? {};
  const { completedIndexes = '', failedIndexes } = change.status;
  const isCompletedNew = changed(change, 'completedIndexes');
  const isFailedNew = changed(change, 'failedIndexes');
  const report = (name: 'completedIndexes' | 'failedIndexes', value: string, text: string): void => {
    errors.push(invalid(STATUS.child(name), value, text));
  };
  const parse = (name: 'completedIndexes' | 'failedIndexes', value: string): void => {
    const indexes = parseIndexes(value, completions ?? 0);
    if ('error' in indexes) report(name, value, `error parsing ${name}: ${indexes.error}`);
  };
  if (isCompletedNew && completions !== undefined) parse('completedIndexes', completedIndexes);
  if (isFailedNew && completions !== undefined && backoffLimitPerIndex !== undefined && failedIndexes !== undefined) {
    parse('failedIndexes', failedIndexes);
  }
  if (isCompletedNew && completedIndexes !== '' && completionMode !== 'Indexed') {
    report('completedIndexes', completedIndexes, 'cannot set non-empty completedIndexes when non-indexed completion mode');
  }
  if (isFailedNew && backoffLimitPerIndex === undefined && failedIndexes !== undefined) {
    report('failedIndexes', failedIndexes, 'cannot set non-null failedIndexes when backoffLimitPerIndex is null');
  }
  if ((isFailedNew || isCompletedNew) && completions !== undefined && failedIndexes !== undefined) {
    const index = firstOverlap(completedIndexes, failedIndexes, completions);
    if (index !== undefined) report('failedIndexes', failedIndexes, `failedIndexes and completedIndexes overlap at index: ${index}`);
  }
}

function validateRunning(errors: FieldError[], change: Change): void {
  const { terminating = 0, ready = 0, active = 0 } = change.status;
  if ((finishedTurned(change) || changed(change, 'terminating')) && terminating > 0 && isFinished(change.status)) {
    errors.push(invalid(STATUS.child('terminating'), terminating, 'terminating>0 is invalid for finished job'));
  }
  if (changed(change, 'ready', 'active') && ready > active) {
    errors.push(invalid(STATUS.child('ready'), ready, 'cannot set more ready pods than active'));
  }
}

function validateCriteria(errors: FieldError[], { job, status }: Change): void {
  const isMet = hasCondition(status, 'SuccessCriteriaMet');
  condition(errors, isMet && hasCondition(status, 'Failed'), 'cannot set SuccessCriteriaMet=True and Failed=true conditions');
  condition(errors, isMet && hasCondition(status, 'FailureTarget'), 'cannot set SuccessCriteriaMet=True and FailureTarget=true conditions');
  condition(
    errors,
    job.spec?.successPolicy !== undefined && !isMet && hasCondition(status, 'Complete'),
    'cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True',
  );
}

/** Nothing goes back: conditions that end a Job, counters, times. */
function validateProgress(errors: FieldError[], change: Change): void {
  const { job, status, before } = change;
  const { completionMode, completions, parallelism, suspend } = job.spec ?? {};
  for (const type of ['Failed', 'Complete', 'FailureTarget'] as const) {
    condition(errors, hasCondition(before, type) && !hasCondition(status, type), `cannot disable the terminal ${type}=True condition`);
  }
  const shrinks = (name: 'failed' | 'succeeded'): boolean => (status[name] ?? 0) < (before[name] ?? 0);
  if (shrinks('failed')) errors.push(invalid(STATUS.child('failed'), status.failed ?? 0, 'cannot decrease the failed counter'));
  // An Indexed Job that runs all indexes at once can be made smaller.
  const isElastic = completionMode === 'Indexed' && completions === parallelism;
  if (!isElastic && shrinks('succeeded')) {
    errors.push(invalid(STATUS.child('succeeded'), status.succeeded ?? 0, 'cannot decrease the succeeded counter'));
  }
  const { completionTime } = status;
  if (completionTime !== undefined && before.completionTime !== undefined && changed(change, 'completionTime')) {
    errors.push(invalidPrinted(STATUS.child('completionTime'), printedTime(completionTime), FIELD_IMMUTABLE));
  }
  if (before.startTime !== undefined && changed(change, 'startTime') && suspend !== true) {
    errors.push(required(STATUS.child('startTime'), 'startTime cannot be removed for unsuspended job'));
  }
  const [wasMet, isMet] = [hasCondition(before, 'SuccessCriteriaMet'), hasCondition(status, 'SuccessCriteriaMet')];
  condition(errors, wasMet && !isMet, 'cannot disable the SuccessCriteriaMet=True condition');
  condition(
    errors,
    hasCondition(before, 'Complete') && !wasMet && isMet,
    'cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions',
  );
}

/** Times print as Go's Time does: `2026-01-02 03:04:05 +0000 UTC`. */
function printedTime(time: string | undefined): string {
  return time === undefined ? 'null' : `${time.slice(0, 10)} ${time.slice(11, 19)} +0000 UTC`;
}

function invalidPrinted(path: Path, printed: string, detail: string): FieldError {
  return invalidWithoutValue(path, `${printed}: ${detail}`);
}

const STATUS = Path.of('status');
/** In the order in which they are checked. */
const COUNTS = ['active', 'succeeded', 'failed', 'ready', 'terminating'] as const;
