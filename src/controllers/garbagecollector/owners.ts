import { NAMESPACES } from '../../api/schema/resources.ts';
import { objectKey, type KubeObject, type ResourceType } from '../../apimachinery/meta/resource.ts';
import type { OwnerReference } from '../../apimachinery/meta/types.ts';
import type { Client } from '../../client/client.ts';

export const FOREGROUND = 'foregroundDeletion';
export const ORPHAN = 'orphan';

/**
 * What an owner reference comes to.
 * solid: the owner is there. dangling: it is not, or another object has its name. waiting: it is being deleted in the
 * foreground and waits for its dependents. unknown: the reference says nothing that could be looked up, so it keeps the object.
 */
export type OwnerState = 'solid' | 'dangling' | 'waiting' | 'unknown';

/**
 * Looks up the owner that a reference names. An owner of a namespaced kind is looked for in the dependent's own namespace only: a
 * reference into another namespace is dangling. A cluster-scoped dependent cannot have a namespaced owner: such a reference is ignored.
 */
export function ownerState(client: Client, reference: OwnerReference, dependent: KubeObject): OwnerState {
  const type = typeOf(client, reference);
  if (type === undefined) return 'unknown';
  const { namespace = '' } = dependent.metadata;
  if (type.namespaced && namespace === '') return 'unknown';
  const owner = client.get(type, type.namespaced ? namespace : '', reference.name);
  if (owner === undefined || owner.metadata.uid !== reference.uid) return 'dangling';
  return isDeletingDependents(owner) ? 'waiting' : 'solid';
}

/** Whether the reference means an object of another namespace. Asked only of references that mean nothing in the own one. */
export function isForeign(client: Client, reference: OwnerReference, dependent: KubeObject): boolean {
  const type = typeOf(client, reference);
  if (type?.namespaced !== true) return false;
  return client.list(NAMESPACES).some(({ metadata: { name = '' } }) => {
    return name !== dependent.metadata.namespace && client.get(type, name, reference.name)?.metadata.uid === reference.uid;
  });
}

/** The owner's own key in the queue; undefined if its kind is not served. */
export function ownerKey(client: Client, reference: OwnerReference, dependent: KubeObject): string | undefined {
  const type = typeOf(client, reference);
  if (type === undefined) return undefined;
  return queueKey(type, objectKey(type.namespaced ? dependent.metadata.namespace : undefined, reference.name));
}

/** `apps/deployments default/web`: a resource and an object of it. */
export function queueKey(type: ResourceType, key: string): string {
  return `${type.group}/${type.plural} ${key}`;
}

/** Being deleted in the foreground: the finalizer stays until the dependents are gone. */
export function isDeletingDependents(object: KubeObject): boolean {
  return isHeldBy(object, FOREGROUND);
}

/** Being deleted, its dependents to be left alone. */
export function isOrphaning(object: KubeObject): boolean {
  return isHeldBy(object, ORPHAN);
}

function isHeldBy({ metadata }: KubeObject, finalizer: string): boolean {
  return metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).includes(finalizer);
}

function typeOf(client: Client, reference: OwnerReference): ResourceType | undefined {
  return client.api.catalog.strategyForKind(reference.apiVersion, reference.kind)?.resource;
}
