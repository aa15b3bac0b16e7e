import type { OwnerReference } from '../../apimachinery/meta/types.ts';
import { apiVersion, type KubeObject, type ResourceType } from '../../apimachinery/meta/resource.ts';

/** The owner that manages an object; at most one reference has `controller: true`. Counterpart: metav1.GetControllerOf. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  const { ownerReferences } = object.metadata;
  if (ownerReferences === undefined) return undefined;
  for (const reference of ownerReferences) if (reference.controller === true) return reference;
  return undefined;
}

export function isControlledBy(object: KubeObject, owner: KubeObject): boolean {
  return controllerOf(object)?.uid === owner.metadata.uid;
}

/** The reference that makes `owner` the controller of an object; its deletion in the foreground waits for the object. */
export function newControllerRef(type: ResourceType, owner: KubeObject): OwnerReference {
  const { name, uid } = owner.metadata;
  return { apiVersion: apiVersion(type), kind: type.kind, name: name ?? '', uid: uid ?? '', controller: true, blockOwnerDeletion: true };
}
