import type { Draft } from '../../../base/json.ts';
import { defaultPodTemplateSpec } from '../../core/pod/defaults.ts';
import type { Job, JobSpec } from '../../schema/types/batch/v1.ts';
import { sharedLabels } from './selector.ts';

/** Counterpart: SetDefaults_Job of k8s.io/kubernetes/pkg/apis/batch/v1. */
export function defaultJob(job: Draft<Job>): void {
  const spec = (job.spec ??= { template: { metadata: {} } });
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1;
  spec.parallelism ??= 1;
  spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : MAX_INT32;
  defaultPodTemplateSpec(spec.template);
  const { labels } = spec.template.metadata;
  if (labels !== undefined && Object.keys(job.metadata.labels ?? {}).length === 0) job.metadata.labels = sharedLabels(labels);
  spec.completionMode ??= 'NonIndexed';
  spec.suspend ??= false;
  defaultConditions(spec);
  spec.manualSelector ??= false;
  spec.podReplacementPolicy ??= spec.podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed';
}

function defaultConditions(spec: Draft<JobSpec>): void {
  for (const rule of spec.podFailurePolicy?.rules ?? [])
    for (const pattern of rule.onPodConditions ?? []) if ((pattern.status ?? '') === '') pattern.status = 'True';
}

const MAX_INT32 = 2 ** 31 - 1;
