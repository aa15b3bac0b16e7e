import type { Client } from '../../client/client.ts';
import { isReason, StatusError } from '../../apimachinery/errors/status.ts';
import { matches, type Selector } from '../../apimachinery/labels/selector.ts';
import { keyOf, type KubeObject, type ResourceType } from '../../apimachinery/meta/resource.ts';
import type { ApiServer } from '../../apiserver/apiServer.ts';
import { controllerOf, newControllerRef } from './controllerRef.ts';

/** Finds objects that no controller manages, by namespace. */
export const INDEX_ORPHANS = 'controllers/orphans';

/** Adds the index of orphans for a resource; once per resource. */
export function addOrphanIndex(api: ApiServer, resource: string): void {
  api.store.addIndex(resource, INDEX_ORPHANS, (object) => (controllerOf(object) === undefined ? [object.metadata.namespace ?? ''] : []));
}

/**
 * The objects that belong to an owner: those that its selector means and that it controls already, or may take because
 * nobody does. What it controls but no longer means is let go. An owner that is being deleted takes and drops nothing.
 * Counterpart: ControllerRefManager of k8s.io/kubernetes/pkg/controller (ClaimPods, ClaimReplicaSets).
 * @param isMember what else an object must be beside meant by the selector; what is owned and no member is let go
 * @param isCandidate what is no candidate is neither returned nor taken nor let go
 * @returns the owned objects, sorted by key
 */
export function claim<T extends KubeObject>(
  client: Client,
  ownerType: ResourceType,
  owner: KubeObject,
  type: ResourceType<T>,
  selector: Selector,
  isMember: (object: T) => boolean = () => true,
  isCandidate: (object: T) => boolean = () => true,
): readonly T[] {
  const deleting = owner.metadata.deletionTimestamp !== undefined;
  const claimed: T[] = [];
  for (const object of client.ownedBy(type, owner.metadata.uid ?? '')) {
    if (controllerOf(object)?.uid !== owner.metadata.uid || !isCandidate(object)) continue;
    if (matches(selector, object.metadata.labels) && isMember(object)) claimed.push(object);
    else if (!deleting) release(client, type, object, owner);
  }
  if (deleting) return claimed;
  const adopted: T[] = [];
  for (const orphan of client.byIndex(type, INDEX_ORPHANS, owner.metadata.namespace ?? '')) {
    if (orphan.metadata.deletionTimestamp !== undefined || !matches(selector, orphan.metadata.labels)) continue;
    if (!isMember(orphan) || !isCandidate(orphan)) continue;
    const object = adopt(client, type, orphan, ownerType, owner);
    if (object !== undefined) adopted.push(object);
  }
  if (adopted.length === 0) return claimed;
  return [...claimed, ...adopted].sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
}

function adopt<T extends KubeObject>(
  client: Client,
  type: ResourceType<T>,
  object: T,
  ownerType: ResourceType,
  owner: KubeObject,
): T | undefined {
  const { namespace, name } = object.metadata;
  try {
    return client.modify(type, namespace ?? '', name ?? '', (copy) => {
      ((copy as { metadata: { ownerReferences?: unknown[] } }).metadata.ownerReferences ??= []).push(newControllerRef(ownerType, owner));
    });
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

function release<T extends KubeObject>(client: Client, type: ResourceType<T>, object: T, owner: KubeObject): void {
  const { namespace, name } = object.metadata;
  try {
    client.modify(type, namespace ?? '', name ?? '', (copy) => {
      const meta = (copy as { metadata: { ownerReferences?: { uid: string }[] } }).metadata;
      const rest = (meta.ownerReferences ?? []).filter((reference) => reference.uid !== owner.metadata.uid);
      if (rest.length > 0) meta.ownerReferences = rest;
      else delete meta.ownerReferences;
    });
  } catch (error) {
    // Gone, or refused for good (a Pod that became invalid): there is nothing to let go of.
    if (!(error instanceof StatusError) || !(isReason(error, 'NotFound') || isReason(error, 'Invalid'))) throw error;
  }
}
