/**
 * Deletes objects whose owners are gone, and carries out deletions in the foreground and with orphaned dependents.
 * Invariant: an object goes only if it has owners and none of them is there; an object without owners is never touched.
 * The graph of owners is not kept: every resource has an index by owner uid, so the dependents of an owner, even of one
 * that never was, are one look-up away. Counterpart: k8s.io/kubernetes/pkg/controller/garbagecollector.
 */
import { jsonEqual } from '../../base/json.ts';
import { STRATEGIES } from '../../api/register.ts';
import type { KubeObject, ResourceType } from '../../apimachinery/meta/resource.ts';
import { groupResource, keyOf, splitKey } from '../../apimachinery/meta/resource.ts';
import type { OwnerReference } from '../../apimachinery/meta/types.ts';
import { objectReference, type Client } from '../../client/client.ts';
import { watch, type Controller, type Watch } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { attemptToDelete, attemptToOrphan, type Dependent } from './attempt.ts';
import { isDeletingDependents, isForeign, isOrphaning, ownerKey, ownerState, queueKey } from './owners.ts';

/** Events come and go in masses and own nothing. */
const IGNORED: ReadonlySet<string> = new Set(['events', 'events.events.k8s.io']);

export function createGarbageCollector(context: ControllerContext): Controller {
  const { client } = context;
  const recorded = [...STRATEGIES].filter(([resource]) => !IGNORED.has(resource)).map(([, strategy]) => strategy.resource);
  const byName = new Map(recorded.map((type) => [`${type.group}/${type.plural}`, type]));
  const custom = (): readonly ResourceType[] => {
    const types = client.api.catalog.customStrategies().map(({ resource }) => resource);
    for (const type of types) client.api.indexOwners(groupResource(type));
    return types;
  };
  const find = (name: string): ResourceType | undefined =>
    byName.get(name) ?? custom().find((type) => `${type.group}/${type.plural}` === name);
  const dependents = (uid: string): readonly Dependent[] =>
    [...recorded, ...custom()].flatMap((type) =>
      client.ownedBy(type, uid).map((object) => ({ type, object, key: queueKey(type, keyOf(object)) })),
    );
  return {
    watches: recorded.map((type) => graphWatch(context, type, dependents)),
    moreWatches: () => custom().map((type) => graphWatch(context, type, dependents)),
    reconcile: (item) => {
      const space = item.indexOf(' ');
      const type = find(item.slice(0, space));
      const { namespace, name } = splitKey(item.slice(space + 1));
      const object = type === undefined ? undefined : client.get(type, namespace, name);
      if (type === undefined || object === undefined) return undefined;
      if (isOrphaning(object)) attemptToOrphan(context, type, object, dependents(object.metadata.uid ?? ''));
      else attemptToDelete(context, type, object, dependents);
      return undefined;
    },
  };
}

/** Which objects a change can set free: the object itself, what it owns, and an owner that waits for it. */
function graphWatch(context: ControllerContext, type: ResourceType, dependents: (uid: string) => readonly Dependent[]): Watch {
  const { client } = context;
  return watch(type, (object, previous, deleted) => {
    const keys: string[] = [];
    const { ownerReferences = [], uid = '' } = object.metadata;
    if (deleted) keys.push(...dependents(uid).map(({ key }) => key));
    else if (needsLook(context, type, object, previous)) keys.push(queueKey(type, keyOf(object)));
    const before = previous?.metadata.ownerReferences ?? [];
    if (deleted || !jsonEqual(before, ownerReferences)) keys.push(...waitingOwners(client, object, [...before, ...ownerReferences]));
    return keys;
  });
}

function needsLook(context: ControllerContext, type: ResourceType, object: KubeObject, previous: KubeObject | undefined): boolean {
  const isHeld = isDeletingDependents(object) || isOrphaning(object);
  const wasHeld = previous !== undefined && (isDeletingDependents(previous) || isOrphaning(previous));
  if (isHeld) return !wasHeld || !jsonEqual(previous?.metadata.finalizers, object.metadata.finalizers);
  const { ownerReferences } = object.metadata;
  if (ownerReferences === undefined || jsonEqual(previous?.metadata.ownerReferences, ownerReferences)) return false;
  let needed = false;
  for (const reference of ownerReferences) {
    const state = ownerState(context.client, reference, object);
    if (state !== 'solid' && state !== 'waiting') reportForeignOwner(context, type, object, reference);
    needed ||= state === 'dangling' || state === 'waiting';
  }
  return needed;
}

/** Says of a reference that its owner is there, but in a namespace where it cannot be one. */
function reportForeignOwner(
  { client, events }: ControllerContext,
  type: ResourceType,
  object: KubeObject,
  reference: OwnerReference,
): void {
  if (!isForeign(client, reference, object)) return;
  const { namespace = '' } = object.metadata;
  const { apiVersion, kind, name, uid } = reference;
  const owner = `[${apiVersion}/${kind}, namespace: ${namespace}, name: ${name}, uid: ${uid}]`;
  const text = `ownerRef ${owner} does not exist in namespace "${namespace}"`;
  const { resourceVersion: _unsaid, ...about } = objectReference(type, object);
  events.event(about, 'Warning', 'OwnerRefInvalidNamespace', text);
}

function waitingOwners(
  client: Client,
  object: KubeObject,
  references: NonNullable<KubeObject['metadata']['ownerReferences']>,
): readonly string[] {
  return references
    .filter((reference) => ownerState(client, reference, object) === 'waiting')
    .map((reference) => ownerKey(client, reference, object))
    .filter((key) => key !== undefined);
}
