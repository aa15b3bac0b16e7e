import { Path } from '../../../apimachinery/field/path.ts';
import { hostNameWarnings } from '../../apps/warnings.ts';
import { podTemplateWarnings } from '../../core/pod/warnings.ts';
import type { Job, JobSpec } from '../../schema/types/batch/v1.ts';

export function jobWarnings(job: Job, old: Job | undefined): readonly string[] {
  if (old === undefined) return [...hostNameWarnings(job.metadata.name ?? ''), ...jobSpecWarnings(job.spec, SPEC)];
  return job.metadata.generation === old.metadata.generation ? [] : jobSpecWarnings(job.spec, SPEC);
}

/** Counterpart: k8s.io/kubernetes/pkg/api/job.WarningsForJobSpec. */
export function jobSpecWarnings(spec: JobSpec | undefined, path: Path): readonly string[] {
  const { completionMode, completions = 0, parallelism = 0, template } = spec ?? {};
  const warnings = podTemplateWarnings(template, path.child('template'));
  if (completionMode !== 'Indexed' || completions <= SOFT_LIMIT || parallelism <= PARALLEL_SOFT_LIMIT) return warnings;
  const text =
    'In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail';
  return [`${path.toString()}: ${text}`, ...warnings];
}

const SPEC = Path.of('spec');
const SOFT_LIMIT = 100_000;
const PARALLEL_SOFT_LIMIT = 10_000;
