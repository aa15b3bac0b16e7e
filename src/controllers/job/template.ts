import type { Draft } from '../../base/json.ts';
import { JOBS } from '../../api/schema/resources.ts';
import type { Job } from '../../api/schema/types/batch/v1.ts';
import type { Container, Pod } from '../../api/schema/types/core/v1.ts';
import { podFromTemplate } from '../util/podControl.ts';
import { judgeFailure } from './failurePolicy.ts';
import { COMPLETION_INDEX, counterOf, INDEX_FAILURE_COUNT, INDEX_IGNORED_FAILURE_COUNT, JOB_TRACKING_FINALIZER } from './pods.ts';
import { hasLimitPerIndex } from './view.ts';

const INDEX_VARIABLE = 'JOB_COMPLETION_INDEX';
/** Names are at most 63 long, of which generateName adds five. */
const MAX_PREFIX = 58;

/**
 * The Pod that a Job makes; of an Indexed Job the one for an index, with its number in annotation, label, host name and
 * environment.
 * @param replaced the failed Pod of the same index, whose failures it takes along
 */
export function jobPod(job: Job, index: number | undefined, replaced: Pod | undefined): Draft<Pod> {
  const template = job.spec?.template ?? { metadata: {} };
  const pod = podFromTemplate(template, JOBS, job);
  const { metadata } = pod;
  if (metadata.finalizers?.includes(JOB_TRACKING_FINALIZER) !== true) (metadata.finalizers ??= []).push(JOB_TRACKING_FINALIZER);
  if (index === undefined || pod.spec === undefined) return pod;
  const name = job.metadata.name ?? '';
  const suffix = `-${index}-`;
  metadata.generateName = `${name.slice(0, MAX_PREFIX - suffix.length)}${suffix}`;
  (metadata.annotations ??= {})[COMPLETION_INDEX] = String(index);
  (metadata.labels ??= {})[COMPLETION_INDEX] = String(index);
  pod.spec.hostname = `${name}-${index}`;
  for (const container of [...(pod.spec.initContainers ?? []), ...pod.spec.containers]) addIndexVariable(container);
  if (hasLimitPerIndex(job)) countFailures(job, metadata.annotations, replaced);
  return pod;
}

function addIndexVariable(container: Draft<Container>): void {
  if (container.env?.some(({ name }) => name === INDEX_VARIABLE) === true) return;
  (container.env ??= []).push({
    name: INDEX_VARIABLE,
    valueFrom: { fieldRef: { fieldPath: `metadata.labels['${COMPLETION_INDEX}']` } },
  });
}

function countFailures(job: Job, annotations: Record<string, string>, replaced: Pod | undefined): void {
  const counts = replaced !== undefined && judgeFailure(job, replaced).counts;
  const failures = replaced === undefined ? 0 : counterOf(replaced, INDEX_FAILURE_COUNT) + (counts ? 1 : 0);
  const ignored = replaced === undefined ? 0 : counterOf(replaced, INDEX_IGNORED_FAILURE_COUNT) + (counts ? 0 : 1);
  annotations[INDEX_FAILURE_COUNT] = String(failures);
  if (ignored > 0) annotations[INDEX_IGNORED_FAILURE_COUNT] = String(ignored);
}
