import type { KubeObject, ResourceType } from '../../apimachinery/meta/resource.ts';
import type { OwnerReference } from '../../apimachinery/meta/types.ts';
import type { Client } from '../../client/client.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { FOREGROUND, isDeletingDependents, ORPHAN, ownerState } from './owners.ts';

/** An object that has another one among its owners, and its key in the queue. */
export interface Dependent {
  readonly type: ResourceType;
  readonly object: KubeObject;
  readonly key: string;
}

/**
 * Deletes an object if none of its owners is left.
 * With one owner left, references to the missing ones are taken away. If all that is left waits for its dependents, the object goes too,
 * in the foreground if it has dependents of its own.
 * @throws StatusError
 */
export function attemptToDelete(
  context: ControllerContext,
  type: ResourceType,
  object: KubeObject,
  dependents: (uid: string) => readonly Dependent[],
): void {
  const { client } = context;
  const { uid = '', ownerReferences = [], deletionTimestamp } = object.metadata;
  if (isDeletingDependents(object)) {
    deleteDependents(context, type, object, dependents(uid));
    return;
  }
  if (deletionTimestamp !== undefined || ownerReferences.length === 0) return;
  const states = new Map(ownerReferences.map((reference) => [reference, ownerState(client, reference, object)]));
  const missing = ownerReferences.filter((reference) => ['dangling', 'waiting'].includes(states.get(reference) ?? ''));
  if (missing.length < ownerReferences.length) {
    if (missing.length > 0) dropOwners(client, type, object, (reference) => missing.some((other) => other.uid === reference.uid));
    return;
  }
  const waiting = missing.some((reference) => states.get(reference) === 'waiting');
  const own = waiting ? dependents(uid) : [];
  if (own.some((dependent) => isDeletingDependents(dependent.object))) unblock(client, type, object);
  remove(client, type, object, own.length > 0 ? 'Foreground' : policyOf(object));
}

/** Takes the owner off all dependents, then lets the owner go. @throws StatusError */
export function attemptToOrphan(context: ControllerContext, type: ResourceType, owner: KubeObject, dependents: readonly Dependent[]): void {
  const { client } = context;
  for (const dependent of dependents) {
    dropOwners(client, dependent.type, dependent.object, (reference) => reference.uid === owner.metadata.uid);
  }
  removeFinalizer(client, type, owner, ORPHAN);
}

/** The owner goes when the last dependent that blocks it is gone; until then the dependents are told to go. */
function deleteDependents(context: ControllerContext, type: ResourceType, owner: KubeObject, dependents: readonly Dependent[]): void {
  const blocking = dependents.filter(({ object }) =>
    (object.metadata.ownerReferences ?? []).some(
      ({ uid, blockOwnerDeletion }) => uid === owner.metadata.uid && blockOwnerDeletion === true,
    ),
  );
  for (const { object, key } of dependents) if (!isDeletingDependents(object)) context.enqueue(key);
  if (blocking.length === 0) removeFinalizer(context.client, type, owner, FOREGROUND);
}

function policyOf({ metadata }: KubeObject): 'Orphan' | 'Foreground' | 'Background' {
  if ((metadata.finalizers ?? []).includes(ORPHAN)) return 'Orphan';
  return (metadata.finalizers ?? []).includes(FOREGROUND) ? 'Foreground' : 'Background';
}

function remove(
  client: Client,
  type: ResourceType,
  { metadata }: KubeObject,
  propagationPolicy: 'Orphan' | 'Foreground' | 'Background',
): void {
  client.delete(type, metadata.namespace ?? '', metadata.name ?? '', { propagationPolicy, preconditions: { uid: metadata.uid ?? '' } });
}

function dropOwners(client: Client, type: ResourceType, object: KubeObject, isDropped: (reference: OwnerReference) => boolean): void {
  client.modify(type, object.metadata.namespace ?? '', object.metadata.name ?? '', (copy) => {
    const kept = (copy.metadata.ownerReferences ?? []).filter((reference) => !isDropped(reference));
    if (kept.length > 0) copy.metadata.ownerReferences = kept;
    else delete copy.metadata.ownerReferences;
  });
}

/** A circle of owners that wait for each other: this object no longer holds up its own. */
function unblock(client: Client, type: ResourceType, object: KubeObject): void {
  client.modify(type, object.metadata.namespace ?? '', object.metadata.name ?? '', (copy) => {
    for (const reference of copy.metadata.ownerReferences ?? [])
      if (reference.blockOwnerDeletion === true) reference.blockOwnerDeletion = false;
  });
}

function removeFinalizer(client: Client, type: ResourceType, object: KubeObject, finalizer: string): void {
  client.modify(type, object.metadata.namespace ?? '', object.metadata.name ?? '', (copy) => {
    const kept = (copy.metadata.finalizers ?? []).filter((other) => other !== finalizer);
    if (kept.length > 0) copy.metadata.finalizers = kept;
    else delete copy.metadata.finalizers;
  });
}
