import { draft, jsonEqual, type Draft } from '../../base/json.ts';
import { DAEMONSETS } from '../../api/schema/resources.ts';
import type { DaemonSetStatus } from '../../api/schema/types/apps/v1.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { isPodAvailable, isPodReady } from '../util/podUtil.ts';
import { byCreation, isUpdated, type DaemonView } from './view.ts';

/** Counts nodes, not Pods: of several Pods of a node the oldest stands for it. Returns whether a ready Pod is not yet available. */
export function syncStatus(context: ControllerContext, view: DaemonView): boolean {
  const { set } = view;
  const counts = { desired: 0, scheduled: 0, misscheduled: 0, ready: 0, available: 0, updated: 0 };
  for (const node of view.nodes) {
    const [pod] = [...(view.byNode.get(node.metadata.name ?? '') ?? [])].sort(byCreation);
    if (!view.placement(node).shouldRun) {
      if (pod !== undefined) counts.misscheduled++;
      continue;
    }
    counts.desired++;
    if (pod === undefined) continue;
    counts.scheduled++;
    if (isPodReady(pod)) counts.ready++;
    if (isPodAvailable(pod, set.spec?.minReadySeconds ?? 0, context.now())) counts.available++;
    if (isUpdated(pod, view)) counts.updated++;
  }
  const unavailable = counts.desired - counts.available;
  const { collisionCount, conditions } = set.status ?? {};
  const status: Draft<DaemonSetStatus> = {
    currentNumberScheduled: counts.scheduled,
    numberMisscheduled: counts.misscheduled,
    desiredNumberScheduled: counts.desired,
    numberReady: counts.ready,
    ...(set.metadata.generation === undefined ? {} : { observedGeneration: set.metadata.generation }),
    ...(counts.updated === 0 ? {} : { updatedNumberScheduled: counts.updated }),
    ...(counts.available === 0 ? {} : { numberAvailable: counts.available }),
    ...(unavailable === 0 ? {} : { numberUnavailable: unavailable }),
    ...(collisionCount === undefined ? {} : { collisionCount }),
    ...(conditions === undefined ? {} : { conditions: draft(conditions) }),
  };
  const stored = context.client.get(DAEMONSETS, set.metadata.namespace ?? '', set.metadata.name ?? '');
  if (stored !== undefined && !jsonEqual(stored.status, status)) context.client.updateStatus(DAEMONSETS, { ...draft(stored), status });
  return counts.ready !== counts.available;
}
