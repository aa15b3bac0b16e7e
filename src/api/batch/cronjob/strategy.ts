/**
 * CronJobs: Jobs made at set times.
 * Invariant: a CronJob that is stored has a schedule that can be read.
 * Counterpart: k8s.io/kubernetes/pkg/registry/batch/cronjob.
 */
import { Path } from '../../../apimachinery/field/path.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import type { Draft } from '../../../base/json.ts';
import { hostNameWarnings } from '../../apps/warnings.ts';
import { defaultPodTemplateSpec } from '../../core/pod/defaults.ts';
import { CRONJOBS } from '../../schema/resources.ts';
import type { CronJob } from '../../schema/types/batch/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { jobSpecWarnings } from '../job/warnings.ts';
import { CRONJOB_TABLE } from './columns.ts';
import { validateCronJob, validateCronJobUpdate } from './validation.ts';

export const CRONJOB_STRATEGY: Strategy<CronJob> = {
  resource: CRONJOBS,
  singular: 'cronjob',
  shortNames: ['cj'],
  categories: ['all'],
  tracksGeneration: true,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  defaults: defaultCronJob,
  prepareForCreate(cronJob) {
    cronJob.status = {};
  },
  validate: validateCronJob,
  validateUpdate: validateCronJobUpdate,
  warnings: cronJobWarnings,
  status: { validateUpdate: () => [] },
  defaultPropagation: 'Background',
  table: CRONJOB_TABLE,
};

/** The Job in it is defaulted when it is made. */
function defaultCronJob({ spec }: Draft<CronJob>): void {
  if (((spec.concurrencyPolicy as string | undefined) ?? '') === '') spec.concurrencyPolicy = 'Allow';
  spec.suspend ??= false;
  spec.successfulJobsHistoryLimit ??= 3;
  spec.failedJobsHistoryLimit ??= 1;
  const job = (spec.jobTemplate.spec ??= { template: { metadata: {} } });
  defaultPodTemplateSpec(job.template);
}

function cronJobWarnings(cronJob: CronJob, old: CronJob | undefined): readonly string[] {
  const warnings = old === undefined ? [...hostNameWarnings(cronJob.metadata.name ?? '')] : [];
  if (cronJob.metadata.generation !== old?.metadata.generation) warnings.push(...jobSpecWarnings(cronJob.spec.jobTemplate.spec, TEMPLATE));
  if (cronJob.spec.schedule.includes('TZ')) {
    // The path is the server's own.
    warnings.push(
      'CRON_TZ or TZ used in spec.spec.schedule is not officially supported, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details',
    );
  }
  return warnings;
}

const TEMPLATE = Path.of('spec', 'jobTemplate', 'spec');
