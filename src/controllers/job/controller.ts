/**
 * Runs Pods of Jobs until enough of them have succeeded.
 * Invariant: every Pod that ends is counted exactly once; its finalizer holds it until then.
 * Counterpart: k8s.io/kubernetes/pkg/controller/job.
 */
import { JOBS, PODS } from '../../api/schema/resources.ts';
import { keyOf, objectKey, splitKey } from '../../apimachinery/meta/resource.ts';
import { watch, type Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { controllerOf } from '../util/controllerRef.ts';
import { orphanWatch } from '../util/orphanWatch.ts';
import { BackoffStore } from './backoff.ts';
import { isTracked } from './pods.ts';
import { releasePods } from './release.ts';
import { syncJob } from './sync.ts';

/** Changes of Pods are gathered for so long, so that many which end together are counted together. */
const BATCH_MS = 1000;
/** Requests of this form are about a Pod that may have lost its Job; a Job's key has no colon. */
const ORPHAN = 'orphan:';
const JOB_CONTROLLER = 'kubernetes.io/job-controller';

export function createJobController(context: ControllerContext): Controller {
  const { client } = context;
  const backoff = new BackoffStore();
  return {
    watches: [
      watch(JOBS, (job, previous, deleted) => {
        const key = keyOf(job);
        // A Job that goes at once leaves its uncounted Pods behind.
        if (deleted) return [key, ...client.ownedBy(PODS, job.metadata.uid ?? '').map((pod) => `${ORPHAN}${keyOf(pod)}`)];
        if (previous === undefined || previous.metadata.generation !== job.metadata.generation) return [key];
        // Only the status moved, mostly by this controller itself.
        context.enqueueAfter(key, BATCH_MS);
        return [];
      }),
      watch(PODS, (pod, previous, deleted) => {
        const jobs = [pod, previous].map((state) => (state === undefined ? undefined : controllerOf(state)));
        for (const owner of jobs) {
          if (owner?.kind !== JOBS.kind) continue;
          const key = objectKey(pod.metadata.namespace, owner.name);
          if (client.get(JOBS, pod.metadata.namespace ?? '', owner.name)?.metadata.uid === owner.uid) context.enqueueAfter(key, BATCH_MS);
          else if (!deleted && isTracked(pod)) return [`${ORPHAN}${keyOf(pod)}`];
        }
        return [];
      }),
      orphanWatch(client, PODS, JOBS, (job) => job.spec?.selector),
    ],
    reconcile: (key) => {
      if (key.startsWith(ORPHAN)) {
        reconcileOrphan(context, key.slice(ORPHAN.length));
        return undefined;
      }
      const { namespace, name } = splitKey(key);
      const job = client.get(JOBS, namespace, name);
      if (job === undefined) backoff.forget(key);
      else if ((job.spec?.managedBy ?? JOB_CONTROLLER) === JOB_CONTROLLER) return syncJob(context, backoff, job);
      return undefined;
    },
    checkpoint: () => backoff.checkpoint(),
    restore: (state) => backoff.restore(state ?? []),
  };
}

function reconcileOrphan(context: ControllerContext, key: string): void {
  const { namespace, name } = splitKey(key);
  const pod = context.client.get(PODS, namespace, name);
  if (pod === undefined || !isTracked(pod)) return;
  const owner = controllerOf(pod);
  const job = owner?.kind === JOBS.kind ? context.client.get(JOBS, namespace, owner.name) : undefined;
  if (job === undefined || job.metadata.uid !== owner?.uid) releasePods(context, [pod]);
}
