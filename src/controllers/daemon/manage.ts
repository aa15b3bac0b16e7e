import { DAEMONSETS } from '../../api/schema/resources.ts';
import type { Node, Pod } from '../../api/schema/types/core/v1.ts';
import { objectReference } from '../../client/client.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { PodControl } from '../util/podControl.ts';
import { isPodAvailable, isPodReady } from '../util/podUtil.ts';
import { slowStartBatch } from '../util/slowStart.ts';
import type { FailedPodsBackoff } from './failedPodsBackoff.ts';
import { daemonPod } from './placement.ts';
import { allowsSurge, byCreation, nodeNames, type DaemonView } from './view.ts';

/** At most so many Pods are made or removed in one sync. */
const BURST = 250;

/** Gives each node the Pods that it shall have. Returns whether anything was done. @throws StatusError */
export function manage(context: ControllerContext, view: DaemonView, backoff: FailedPodsBackoff): boolean {
  const needed: string[] = [];
  const surplus: Pod[] = [];
  for (const node of view.nodes) decideNode(context, view, node, backoff, needed, surplus);
  // Pods that wait for a node that is gone.
  const names = nodeNames(view);
  for (const [name, pods] of view.byNode) {
    if (!names.has(name))
      surplus.push(...pods.filter((pod) => (pod.spec?.nodeName ?? '') === '' && pod.metadata.deletionTimestamp === undefined));
  }
  return syncNodes(context, view, surplus, needed);
}

/** Deletes Pods and makes one on each node named. @throws StatusError of the first that was refused */
export function syncNodes(context: ControllerContext, view: DaemonView, remove: readonly Pod[], create: readonly string[]): boolean {
  const control = new PodControl(context.client, context.events);
  const queue = create.slice(0, BURST);
  let index = 0;
  const { error } = slowStartBatch(queue.length, () => {
    const node = queue[index++] ?? '';
    return control.create(daemonPod(view.set, node, view.hash, view.generation), DAEMONSETS, view.set);
  });
  const failures = remove.slice(0, BURST).map((pod) => control.delete(pod, DAEMONSETS, view.set));
  const failed = error ?? failures.find((failure) => failure !== undefined);
  if (failed !== undefined) throw failed;
  return queue.length + remove.length > 0;
}

function decideNode(
  context: ControllerContext,
  view: DaemonView,
  node: Node,
  backoff: FailedPodsBackoff,
  needed: string[],
  surplus: Pod[],
): void {
  const name = node.metadata.name ?? '';
  const { shouldRun, mayStay } = view.placement(node);
  const pods = view.byNode.get(name) ?? [];
  if (pods.length === 0) {
    if (shouldRun) needed.push(name);
    return;
  }
  const present = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  if (!mayStay) {
    surplus.push(...present);
    return;
  }
  const running: Pod[] = [];
  for (const pod of present) {
    const { phase } = pod.status ?? {};
    if (phase !== 'Failed' && phase !== 'Succeeded') running.push(pod);
    else if (mayGo(context, view, pod, name, backoff)) surplus.push(pod);
  }
  surplus.push(...excess(context, view, running.sort(byCreation)));
}

/** A Pod that has ended is removed, a failed one with back-off; until then it counts for nothing. */
function mayGo(context: ControllerContext, view: DaemonView, pod: Pod, node: string, backoff: FailedPodsBackoff): boolean {
  const about = objectReference(DAEMONSETS, view.set);
  const key = `${view.set.metadata.uid ?? ''}/${view.set.metadata.generation ?? 0}/${node}`;
  const text = `daemon pod ${pod.metadata.namespace ?? ''}/${pod.metadata.name ?? ''} on node ${node}`;
  if (pod.status?.phase === 'Succeeded') {
    context.events.event(about, 'Normal', 'SucceededDaemonPod', `Found succeeded ${text}, will try to delete it`);
    return true;
  }
  const waitMs = backoff.attempt(key);
  if (waitMs > 0) {
    context.enqueueAfter(`${view.set.metadata.namespace ?? ''}/${view.set.metadata.name ?? ''}`, waitMs);
    return false;
  }
  context.events.event(about, 'Warning', 'FailedDaemonPod', `Found failed ${text}, will try to kill it`);
  return true;
}

/** One Pod a node, the oldest; during a surge one old and one new, until the new one is available or the old one not ready. */
function excess(context: ControllerContext, view: DaemonView, running: readonly Pod[]): readonly Pod[] {
  if (running.length <= 1) return [];
  if (!allowsSurge(view.set)) return running.slice(1);
  const isNew = (pod: Pod): boolean => pod.metadata.labels?.['controller-revision-hash'] === view.hash;
  const [fresh] = running.filter(isNew);
  const [old] = running.filter((pod) => !isNew(pod));
  const surplus = running.filter((pod) => pod !== fresh && pod !== old);
  if (fresh === undefined || old === undefined) return surplus;
  const done = !isPodReady(old) || isPodAvailable(fresh, view.set.spec?.minReadySeconds ?? 0, context.now());
  return done ? [...surplus, old] : surplus;
}
