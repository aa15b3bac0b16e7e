/**
 * Why something is so: the chain of writes from one of them back to a person's act, or to what a part of the cluster did by its clock.
 * Invariant: follows `Revision.cause` and guesses nothing; where history has forgotten a step, the chain says so and ends.
 * Counterpart: none; a real cluster keeps no causes.
 */
import type { Event } from '../../../api/schema/types/core/v1.ts';
import { splitKey } from '../../../apimachinery/meta/resource.ts';
import type { Revision } from '../../../apiserver/storage/revision.ts';
import type { ObjectRef } from '../../protocol/view.ts';
import type { FieldChange } from './changes.ts';
import { toldChanges, type HistoryStore } from './history.ts';
import type { ChangeModel, StepModel } from './model.ts';

/** Where in a file of the workspace a field of an object is written; undefined: nowhere. */
export type SourceFinder = (ref: ObjectRef, changes: readonly FieldChange[]) => StepModel['source'];

export interface Causes {
  readonly store: HistoryStore;
  readonly sourceOf: SourceFinder;
}

/** A chain that is longer has no reader. */
const LONGEST = 100;
/** Changes that one step tells. */
const MOST_CHANGES = 6;

/** The steps, the first cause first and the write itself last. */
export function chainOf({ store, sourceOf }: Causes, last: Revision): readonly StepModel[] {
  const steps: Revision[] = [];
  let entry: Revision | undefined = last;
  while (entry !== undefined && steps.length < LONGEST) {
    steps.push(entry);
    const { cause, revision }: Revision = entry;
    entry = cause === undefined || cause >= revision ? undefined : store.at(cause);
  }
  const first = steps.at(-1);
  const forgotten = first?.cause !== undefined;
  return steps
    .toReversed()
    .map((step, index) => stepOf(store, step, index === 0 && !forgotten ? sourceOf : undefined, index === 0 && forgotten));
}

function stepOf(store: HistoryStore, entry: Revision, sourceOf: SourceFinder | undefined, forgotten: boolean): StepModel {
  const { revision, at, actor, cause } = entry;
  const ref = refOf(entry);
  const changes = toldChanges(entry);
  const person = cause === undefined && isPerson(actor);
  return {
    key: String(revision),
    at,
    actor: actorText(actor),
    person,
    act: actText(entry),
    reason: reasonOf(store, entry),
    ref,
    changes: changes.slice(0, MOST_CHANGES).map(changeModel),
    more: Math.max(0, changes.length - MOST_CHANGES),
    source: person ? sourceOf?.(ref, changes) : undefined,
    forgotten,
  };
}

/** So many writes before and after one its Event is looked for. */
const NEAR = 12;

/** What the same actor reported in the same act about the object, or about one that the object belongs to. */
function reasonOf(store: HistoryStore, { revision, cause, actor, at, object }: Revision): string {
  if (cause === undefined) return '';
  const names = new Set([object.metadata.name, ...(object.metadata.ownerReferences ?? []).map(({ name }) => name)]);
  for (let distance = 1; distance <= NEAR; distance++) {
    for (const near of [revision + distance, revision - distance]) {
      const entry = near > 0 ? store.at(near, 'events') : undefined;
      if (entry === undefined || entry.actor !== actor || entry.cause !== cause || entry.at !== at) continue;
      const { involvedObject, reason = '', message = '' } = entry.object as Event;
      if (names.has(involvedObject.name)) return message === '' ? reason : `${reason}: ${message}`;
    }
  }
  return '';
}

export function changeModel({ path, from, to }: FieldChange): ChangeModel {
  return { key: path, from, to };
}

export function refOf({ object, key }: Revision): ObjectRef {
  const { namespace, name } = splitKey(key);
  return { apiVersion: object.apiVersion ?? '', kind: object.kind ?? '', namespace, name };
}

/** `created`, `bound`, `changed the status of` */
export function actText({ type, verb, object, previous }: Revision): string {
  if (type === 'ADDED') return 'created';
  if (type === 'DELETED') return 'removed';
  if (previous?.metadata.deletionTimestamp === undefined && object.metadata.deletionTimestamp !== undefined)
    return 'asked for the deletion of';
  if (verb === 'update binding') return 'bound';
  const [, subresource] = verb.split(' ');
  if (subresource === 'scale') return 'scaled';
  return subresource === undefined ? 'changed' : `changed the ${subresource} of`;
}

const NODE = 'system:node:';
const SERVICE_ACCOUNT = 'system:serviceaccount:';

/** `deployment-controller`, `kubelet of worker-1`, `kube-scheduler` */
export function actorText(actor: string): string {
  if (actor.startsWith(NODE)) return `kubelet of ${actor.slice(NODE.length)}`;
  if (actor.startsWith(`${SERVICE_ACCOUNT}kube-system:`)) return actor.slice(actor.lastIndexOf(':') + 1);
  if (actor.startsWith(SERVICE_ACCOUNT)) return `ServiceAccount ${actor.slice(SERVICE_ACCOUNT.length).replace(':', '/')}`;
  return actor.replace(/^system:/, '');
}

/** Everybody else has a name that begins so. */
function isPerson(actor: string): boolean {
  return !actor.startsWith('system:');
}
