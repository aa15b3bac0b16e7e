import { PODS } from '../../api/schema/resources.ts';
import type { Pod } from '../../api/schema/types/core/v1.ts';
import { isReason } from '../../apimachinery/errors/status.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { JOB_TRACKING_FINALIZER } from './pods.ts';

/** Takes the finalizers away. Returns the uids of the Pods that have lost theirs. */
export function releasePods({ client }: ControllerContext, pods: readonly Pod[]): ReadonlySet<string> {
  const done = new Set<string>();
  for (const { metadata } of pods) {
    try {
      client.modify(PODS, metadata.namespace ?? '', metadata.name ?? '', (copy) => {
        const rest = (copy.metadata.finalizers ?? []).filter((finalizer) => finalizer !== JOB_TRACKING_FINALIZER);
        if (rest.length > 0) copy.metadata.finalizers = rest;
        else delete copy.metadata.finalizers;
      });
    } catch (error) {
      if (!isReason(error, 'NotFound')) continue;
    }
    done.add(metadata.uid ?? '');
  }
  return done;
}
