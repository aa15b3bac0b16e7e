import { invalid, notSupported, required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { validateNonnegative } from '../../../apimachinery/validation/objectMeta.ts';
import { byteLength, maxLengthError } from '../../../apimachinery/validation/text.ts';
import { printedSelector } from '../../apps/printed.ts';
import type { CronJob, CronJobSpec, JobSpec } from '../../schema/types/batch/v1.ts';
import { validateJobSpec } from '../job/validation.ts';
import { scheduleError } from './schedule.ts';
import { locationError } from './timeZone.ts';

export function validateCronJob(cronJob: CronJob): ErrorList {
  const errors: FieldError[] = [];
  validateSpec(errors, cronJob.spec, undefined);
  // Eleven more follow in the names of its Jobs. Names of old may be longer, so updates do not ask.
  const name = cronJob.metadata.name ?? '';
  if (byteLength(name) > MAX_NAME) errors.push(invalid(Path.of('metadata', 'name'), name, maxLengthError(MAX_NAME)));
  return errors;
}

export function validateCronJobUpdate(cronJob: CronJob, old: CronJob): ErrorList {
  const errors: FieldError[] = [];
  validateSpec(errors, cronJob.spec, old.spec);
  return errors;
}

function validateSpec(errors: FieldError[], spec: CronJobSpec, before: CronJobSpec | undefined): void {
  validateSchedule(errors, spec, before);
  errors.push(...validateNonnegative(spec.startingDeadlineSeconds ?? 0, SPEC.child('startingDeadlineSeconds')));
  if (before === undefined || before.timeZone !== spec.timeZone) validateTimeZone(errors, spec.timeZone, SPEC.child('timeZone'));
  const policy: string = spec.concurrencyPolicy ?? '';
  if (policy === '') errors.push(required(SPEC.child('concurrencyPolicy'), ''));
  else if (!POLICIES.includes(policy)) errors.push(notSupported(SPEC.child('concurrencyPolicy'), policy, POLICIES));
  validateTemplate(errors, spec.jobTemplate.spec ?? NO_SPEC, before?.jobTemplate.spec, SPEC.child('jobTemplate', 'spec'));
  for (const name of ['successfulJobsHistoryLimit', 'failedJobsHistoryLimit'] as const) {
    errors.push(...validateNonnegative(spec[name] ?? 0, SPEC.child(name)));
  }
}

/** A zone within the schedule was accepted once; who has it may keep it, but not beside `timeZone`. */
function validateSchedule(errors: FieldError[], spec: CronJobSpec, before: CronJobSpec | undefined): void {
  const schedule = (spec.schedule as string | undefined) ?? '';
  const path = SPEC.child('schedule');
  if (schedule === '') {
    errors.push(required(path, ''));
    return;
  }
  const problem = scheduleError(schedule);
  if (problem !== undefined) errors.push(invalid(path, schedule, problem));
  if (!schedule.includes('TZ')) return;
  if (before?.schedule.includes('TZ') !== true) {
    errors.push(invalid(path, schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'));
  } else if (spec.timeZone !== undefined) {
    errors.push(invalid(path, schedule, 'cannot use both timeZone field and TZ or CRON_TZ in schedule'));
  }
}

function validateTimeZone(errors: FieldError[], zone: string | undefined, path: Path): void {
  if (zone === undefined) return;
  if (zone === '') {
    errors.push(invalid(path, zone, 'timeZone must be nil or non-empty string'));
    return;
  }
  const isNamed = zone.split('/').every((part) => ZONE_PART.test(part) && part !== '.' && part !== '..' && !part.startsWith('-'));
  if (!isNamed) {
    errors.push(invalid(path, zone, `unknown time zone ${zone}`));
    return;
  }
  if (zone.toLowerCase() === 'local') {
    errors.push(invalid(path, zone, 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones'));
  }
  const problem = locationError(zone);
  if (problem !== undefined) errors.push(invalid(path, zone, problem));
}

/** The Jobs get selectors of their own. */
function validateTemplate(errors: FieldError[], spec: JobSpec, before: JobSpec | undefined, path: Path): void {
  validateJobSpec(errors, spec, before, path);
  if (spec.selector !== undefined) {
    errors.push(invalid(path.child('selector'), printedSelector(spec.selector), '`selector` will be auto-generated'));
  }
  if (spec.manualSelector === true) errors.push(notSupported(path.child('manualSelector'), true, ['nil', 'false']));
}

const SPEC = Path.of('spec');
const NO_SPEC: JobSpec = { template: { metadata: {} } };
const MAX_NAME = 52;
const POLICIES: readonly string[] = ['Allow', 'Forbid', 'Replace'];
const ZONE_PART = /^[A-Za-z.\-_0-9+]{1,14}$/;
