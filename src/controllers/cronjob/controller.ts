/**
 * Makes Jobs at the times of CronJobs.
 * Invariant: at most one Job is made for one time, and after a pause only the newest missed time is made up for.
 * Counterpart: k8s.io/kubernetes/pkg/controller/cronjob (the controller of version 2).
 */
import { parseSchedule } from '../../api/batch/cronjob/times.ts';
import { CRONJOBS, JOBS } from '../../api/schema/resources.ts';
import type { CronJob } from '../../api/schema/types/batch/v1.ts';
import { keyOf, splitKey } from '../../apimachinery/meta/resource.ts';
import { ownedWatch, watch, type Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { untilNext } from './missed.ts';
import { syncCronJob } from './sync.ts';

export function createCronJobController(context: ControllerContext): Controller {
  return {
    watches: [
      watch(CRONJOBS, (cronJob, previous) => {
        if (previous === undefined || !isRescheduled(cronJob, previous)) return [keyOf(cronJob)];
        awaitNewSchedule(context, cronJob);
        return [];
      }),
      ownedWatch(JOBS, CRONJOBS),
    ],
    reconcile: (key) => {
      const { namespace, name } = splitKey(key);
      const cronJob = context.client.get(CRONJOBS, namespace, name);
      return cronJob === undefined ? undefined : syncCronJob(context, cronJob);
    },
  };
}

function isRescheduled({ spec }: CronJob, { spec: before }: CronJob): boolean {
  return spec.schedule !== before.schedule || spec.timeZone !== before.timeZone;
}

/** A time of the new schedule that is over is not made up for: the next one is waited for. */
function awaitNewSchedule(context: ControllerContext, cronJob: CronJob): void {
  const schedule = parseSchedule(cronJob.spec.schedule, cronJob.spec.timeZone);
  const wait = schedule === undefined ? undefined : untilNext(cronJob, schedule, context.now());
  if (wait !== undefined) context.enqueueAfter(keyOf(cronJob), wait, true);
}
