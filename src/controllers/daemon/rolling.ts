import type { Pod } from '../../api/schema/types/core/v1.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { isPodAvailable } from '../util/podUtil.ts';
import { syncNodes } from './manage.ts';
import { isUpdated, nodeNames, scaledUp, type DaemonView } from './view.ts';

/**
 * One step of a rolling update.
 * Without surge old Pods are deleted as long as no more than maxUnavailable nodes are without an available Pod; the next
 * sync makes the new ones. An old Pod that is not available goes in any case, as it cannot
 * make things worse, but its node counts: two bad templates in a row leave the good Pods of the first one alone.
 * With surge a new Pod is made beside the old one, on at most maxSurge nodes at a time, and the old one goes when the new one is available.
 * Worked example: 5 nodes, maxUnavailable 50 % = 3 (2.5 rounded up): three old Pods go at once; if none of the new ones becomes ready, nothing else happens.
 * Counterpart: update.go.
 */
export function rollingUpdate(context: ControllerContext, view: DaemonView): void {
  const desired = view.nodes.filter((node) => view.placement(node).shouldRun).length;
  const rolling = view.set.spec?.updateStrategy?.rollingUpdate;
  const surge = scaledUp(rolling?.maxSurge ?? 0, desired);
  const unavailable = scaledUp(rolling?.maxUnavailable ?? 1, desired);
  if (surge === 0) replaceInPlace(context, view, Math.max(unavailable, 1));
  else replaceBeside(context, view, surge);
}

function replaceInPlace(context: ControllerContext, view: DaemonView, maxUnavailable: number): void {
  let unavailable = 0;
  const broken: Pod[] = [];
  const candidates: Pod[] = [];
  for (const pods of view.byNode.values()) {
    const found = pairOn(pods, view);
    if (found === undefined || (found.old === undefined) === (found.fresh === undefined)) unavailable++;
    else if (found.fresh !== undefined) unavailable += isAvailable(context, view, found.fresh) ? 0 : 1;
    else if (found.old !== undefined && isAvailable(context, view, found.old)) candidates.push(found.old);
    else if (found.old !== undefined) {
      broken.push(found.old);
      unavailable++;
    }
  }
  const allowed = Math.max(0, maxUnavailable - unavailable);
  syncNodes(context, view, [...broken, ...candidates.slice(0, allowed)], []);
}

/**
 * A node that is gone gets no new Pod beside the one that PodGC has not taken yet. The real controller makes one there, which `manage` takes
 * away with the next sync, and so on until PodGC has come: its client's limit of requests keeps that small, and there is none here.
 */
function replaceBeside(context: ControllerContext, view: DaemonView, maxSurge: number): void {
  let surging = 0;
  const remove: Pod[] = [];
  const broken: string[] = [];
  const candidates: string[] = [];
  const names = nodeNames(view);
  for (const [node, pods] of view.byNode) {
    if (!names.has(node)) continue;
    const found = pairOn(pods, view);
    if (found === undefined) surging++;
    else if (found.old === undefined) continue;
    else if (found.fresh === undefined) (isAvailable(context, view, found.old) ? candidates : broken).push(node);
    else if (!isAvailable(context, view, found.old)) remove.push(found.old);
    else {
      surging++;
      if (isAvailable(context, view, found.fresh)) remove.push(found.old);
    }
  }
  const allowed = Math.max(0, maxSurge - surging);
  syncNodes(context, view, remove, [...broken, ...candidates.slice(0, allowed)]);
}

/** The new and the old Pod of a node; undefined while one is being deleted or there are two of a kind. */
function pairOn(pods: readonly Pod[], view: DaemonView): { readonly fresh: Pod | undefined; readonly old: Pod | undefined } | undefined {
  if (pods.some(({ metadata }) => metadata.deletionTimestamp !== undefined)) return undefined;
  const fresh = pods.filter((pod) => isUpdated(pod, view));
  const old = pods.filter((pod) => !isUpdated(pod, view));
  return fresh.length > 1 || old.length > 1 ? undefined : { fresh: fresh[0], old: old[0] };
}

function isAvailable(context: ControllerContext, { set }: DaemonView, pod: Pod): boolean {
  return isPodAvailable(pod, set.spec?.minReadySeconds ?? 0, context.now());
}
