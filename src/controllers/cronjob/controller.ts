/**
 * Makes Jobs at the times of CronJobs.
 * Invariant: at most one Job is made for one time, and after a pause only the newest missed time is made up for.
 * Counterpart: k8s.io/kubernetes/pkg/controller/cronjob (the controller of version 2).
 */
import { CRONJOBS, JOBS } from '../../api/schema/resources.ts';
import { splitKey } from '../../apimachinery/meta/resource.ts';
import type { Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { syncCronJob } from './sync.ts';

export function createCronJobController(context: ControllerContext): Controller {
  return {
    for: CRONJOBS,
    owns: [JOBS],
    reconcile: (key) => {
      const { namespace, name } = splitKey(key);
      const cronJob = context.client.get(CRONJOBS, namespace, name);
      return cronJob === undefined ? undefined : syncCronJob(context, cronJob);
    },
  };
}
