/**
 * Deletes Jobs some time after they have finished.
 * Invariant: a Job goes spec.ttlSecondsAfterFinished after the end that its condition tells, however late the field is set.
 * Counterpart: k8s.io/kubernetes/pkg/controller/ttlafterfinished.
 */
import { JOBS } from '../../api/schema/resources.ts';
import { splitKey } from '../../apimachinery/meta/resource.ts';
import { parseTime } from '../../apimachinery/meta/time.ts';
import { finishedCondition } from '../job/conditions.ts';
import { watch, type Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';

export function createTTLAfterFinishedController(context: ControllerContext): Controller {
  const { client } = context;
  return {
    watches: [
      watch(JOBS, (job, _previous, deleted) =>
        deleted || job.spec?.ttlSecondsAfterFinished === undefined || finishedCondition(job) === undefined
          ? []
          : [`${job.metadata.namespace ?? ''}/${job.metadata.name ?? ''}`],
      ),
    ],
    reconcile: (key) => {
      const { namespace, name } = splitKey(key);
      const job = client.get(JOBS, namespace, name);
      const ttl = job?.spec?.ttlSecondsAfterFinished;
      const finished = job === undefined ? undefined : finishedCondition(job);
      if (job === undefined || ttl === undefined || finished === undefined || job.metadata.deletionTimestamp !== undefined)
        return undefined;
      const left = parseTime(finished.lastTransitionTime ?? '') + ttl * 1000 - context.now();
      if (left > 0) return { requeueAfterMs: left };
      const { uid } = job.metadata;
      client.delete(JOBS, namespace, name, {
        propagationPolicy: 'Foreground',
        preconditions: uid === undefined ? {} : { uid },
      });
      return undefined;
    },
  };
}
