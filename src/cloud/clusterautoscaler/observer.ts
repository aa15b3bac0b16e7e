import { jsonEqual, type Json } from '../../base/json.ts';
import { isNodeReady } from '../../api/core/node/readiness.ts';
import { NODEPOOLS, type NodePool } from '../../api/kubepad/types.ts';
import { DEPLOYMENTS, NODES, PODDISRUPTIONBUDGETS, PODS } from '../../api/schema/resources.ts';
import type { Deployment } from '../../api/schema/types/apps/v1.ts';
import type { Node, Pod } from '../../api/schema/types/core/v1.ts';
import type { PodDisruptionBudget } from '../../api/schema/types/policy/v1.ts';
import type { Client } from '../../client/client.ts';
import type { Change, WatchCursor } from '../../client/watchCursor.ts';
import { NAMESPACE } from './flags.ts';
import { isUnschedulable } from './podList.ts';
import type { Snapshot } from './snapshot.ts';

export const WATCHED = [NODEPOOLS, NODES, PODS, PODDISRUPTIONBUDGETS, DEPLOYMENTS] as const;

/** Keeps the picture of the cluster and the Pods that wait up to date, and says whether a look is worth while. */
export class Observer {
  private readonly snapshot: Snapshot;
  private readonly waiting = new Map<string, Pod>();

  constructor(snapshot: Snapshot) {
    this.snapshot = snapshot;
  }

  /** Pods that the scheduler found no node for, by uid. */
  get unschedulable(): ReadonlyMap<string, Pod> {
    return this.waiting;
  }

  /** Takes in what changed. True: something that decides whether nodes are needed. */
  observe(cursor: WatchCursor): boolean {
    let concerns = false;
    for (const change of cursor.poll(NODEPOOLS)) if (poolConcerns(change)) concerns = true;
    for (const change of cursor.poll(NODES)) {
      const node = change.object as Node;
      if (change.type === 'DELETED') this.snapshot.removeNode(node.metadata.name ?? '');
      else this.snapshot.setNode(node);
      if (nodeConcerns(change)) concerns = true;
    }
    for (const change of cursor.poll(PODS)) {
      this.observePod(change.object as Pod, change.type === 'DELETED');
      if (podConcerns(change)) concerns = true;
    }
    for (const change of cursor.poll(PODDISRUPTIONBUDGETS)) if (budgetConcerns(change)) concerns = true;
    for (const change of cursor.poll(DEPLOYMENTS)) if (isOwnDeployment(change)) concerns = true;
    return concerns;
  }

  restore(nodes: Json, client: Client): void {
    this.snapshot.restore(nodes);
    this.waiting.clear();
    for (const pod of client.podsOnNode('')) this.observeWaiting(pod, false);
  }

  clear(): void {
    this.snapshot.clear();
    this.waiting.clear();
  }

  private observePod(pod: Pod, gone: boolean): void {
    if (gone) this.snapshot.removePod(pod);
    else this.snapshot.setPod(pod);
    this.observeWaiting(pod, gone);
  }

  private observeWaiting(pod: Pod, gone: boolean): void {
    const uid = pod.metadata.uid ?? '';
    if (!gone && isUnschedulable(pod)) this.waiting.set(uid, pod);
    else this.waiting.delete(uid);
  }
}

/** The spec: its status is what the cloud and this part say of it. */
function poolConcerns({ type, object, previous }: Change): boolean {
  return type !== 'MODIFIED' || !jsonEqual((object as NodePool).spec, (previous as NodePool | undefined)?.spec);
}

function nodeConcerns({ type, object, previous }: Change): boolean {
  const [node, before] = [object as Node, previous as Node | undefined];
  if (type !== 'MODIFIED' || before === undefined) return true;
  return (
    isNodeReady(node) !== isNodeReady(before) ||
    !jsonEqual(node.spec, before.spec) ||
    !jsonEqual(node.metadata.labels, before.metadata.labels) ||
    !jsonEqual(node.metadata.annotations, before.metadata.annotations) ||
    !jsonEqual(node.status?.allocatable, before.status?.allocatable)
  );
}

function podConcerns({ type, object, previous }: Change): boolean {
  const [pod, before] = [object as Pod, previous as Pod | undefined];
  if (type !== 'MODIFIED' || before === undefined) return type === 'DELETED' || (pod.spec?.nodeName ?? '') !== '' || isUnschedulable(pod);
  return (
    pod.spec?.nodeName !== before.spec?.nodeName ||
    pod.status?.phase !== before.status?.phase ||
    pod.metadata.deletionTimestamp !== before.metadata.deletionTimestamp ||
    isUnschedulable(pod) !== isUnschedulable(before) ||
    !jsonEqual(pod.metadata.annotations, before.metadata.annotations)
  );
}

function budgetConcerns({ type, object, previous }: Change): boolean {
  const [budget, before] = [object as unknown as PodDisruptionBudget, previous as unknown as PodDisruptionBudget | undefined];
  return type !== 'MODIFIED' || budget.status?.disruptionsAllowed !== before?.status?.disruptionsAllowed;
}

/** The one whose command has the flags. */
function isOwnDeployment({ type, object, previous }: Change): boolean {
  if (object.metadata.namespace !== NAMESPACE) return false;
  return type !== 'MODIFIED' || !jsonEqual((object as Deployment).spec, (previous as Deployment | undefined)?.spec);
}
