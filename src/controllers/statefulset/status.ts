import { draft, jsonEqual, type Draft } from '../../base/json.ts';
import { STATEFULSETS } from '../../api/schema/resources.ts';
import type { StatefulSetStatus } from '../../api/schema/types/apps/v1.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import type { StatefulView } from './control.ts';
import { revisionOf } from './identity.ts';
import { isCreated, isRunningAndAvailable, isRunningAndReady, isTerminating } from './podState.ts';

/**
 * The status that follows from the Pods. When all are of the new revision and ready, it becomes the current one.
 * currentReplicas and updatedReplicas count the same Pods while the two revisions are one.
 */
export function syncStatus(context: ControllerContext, view: StatefulView): void {
  const { set, pods } = view;
  const minReadySeconds = set.spec?.minReadySeconds ?? 0;
  const living = pods.filter((pod) => isCreated(pod) && !isTerminating(pod));
  const replicas = pods.filter(isCreated).length;
  const ready = pods.filter(isRunningAndReady).length;
  let current = view.current.metadata.name ?? '';
  const update = view.update.metadata.name ?? '';
  let currentReplicas = living.filter((pod) => revisionOf(pod) === current).length;
  const updated = living.filter((pod) => revisionOf(pod) === update).length;
  if (set.spec?.updateStrategy?.type === 'RollingUpdate' && updated === replicas && ready === replicas && updated === set.spec.replicas) {
    current = update;
    currentReplicas = updated;
  }
  const { conditions, collisionCount } = set.status ?? {};
  const status: Draft<StatefulSetStatus> = {
    replicas,
    ...(ready === 0 ? {} : { readyReplicas: ready }),
    ...(currentReplicas === 0 ? {} : { currentReplicas }),
    ...(updated === 0 ? {} : { updatedReplicas: updated }),
    availableReplicas: pods.filter((pod) => isRunningAndAvailable(pod, minReadySeconds, context.now())).length,
    currentRevision: current,
    updateRevision: update,
    collisionCount: collisionCount ?? 0,
    ...(set.metadata.generation === undefined ? {} : { observedGeneration: set.metadata.generation }),
    ...(conditions === undefined ? {} : { conditions: draft(conditions) }),
  };
  const stored = context.client.get(STATEFULSETS, set.metadata.namespace ?? '', set.metadata.name ?? '');
  if (stored !== undefined && !jsonEqual(stored.status, status)) context.client.updateStatus(STATEFULSETS, { ...draft(stored), status });
}
