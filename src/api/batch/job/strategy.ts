/**
 * Jobs: Pods that run to their end.
 * Invariant: a Job knows its Pods by labels that hold its uid, unless its author chose others; its template never changes
 * while it may have Pods.
 * Counterpart: k8s.io/kubernetes/pkg/registry/batch/job.
 */
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { JOBS } from '../../schema/resources.ts';
import type { Job } from '../../schema/types/batch/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { JOB_TABLE } from './columns.ts';
import { defaultJob } from './defaults.ts';
import { generateSelector } from './selector.ts';
import { validateJobStatusUpdate } from './status.ts';
import { validateJob, validateJobUpdate } from './validation.ts';
import { jobWarnings } from './warnings.ts';

export const JOB_STRATEGY: Strategy<Job> = {
  resource: JOBS,
  singular: 'job',
  shortNames: [],
  categories: ['all'],
  tracksGeneration: true,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  defaults: defaultJob,
  prepareForCreate(job) {
    job.status = {};
    generateSelector(job);
  },
  validate: validateJob,
  validateUpdate: validateJobUpdate,
  warnings: jobWarnings,
  status: { validateUpdate: validateJobStatusUpdate },
  // For the sake of clients older than garbage collection.
  defaultPropagation: 'Orphan',
  table: JOB_TABLE,
};
