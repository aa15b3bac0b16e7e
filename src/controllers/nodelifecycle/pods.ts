import { PODS } from '../../api/schema/resources.ts';
import type { Pod } from '../../api/schema/types/core/v1.ts';
import { objectReference } from '../../client/client.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { formatTime } from '../../apimachinery/meta/time.ts';

/** The Pods of a node that fell silent are no longer ready: Services stop sending to them. */
export function markPodsNotReady(context: ControllerContext, pods: readonly Pod[]): void {
  for (const pod of pods) {
    const ready = pod.status?.conditions?.find(({ type }) => type === 'Ready');
    if (ready === undefined || ready.status === 'False') continue;
    const { namespace = '', name = '' } = pod.metadata;
    context.client.modify(
      PODS,
      namespace,
      name,
      (copy) => {
        for (const condition of copy.status?.conditions ?? []) {
          if (condition.type === 'Ready') Object.assign(condition, { status: 'False', lastTransitionTime: formatTime(context.now()) });
        }
      },
      'status',
    );
    context.events.event(objectReference(PODS, pod), 'Warning', 'NodeNotReady', 'Node is not ready');
  }
}
