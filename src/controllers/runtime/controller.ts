/**
 * How a controller describes itself: which resource it is for, which it owns, what else it watches, and `reconcile`.
 * Invariant: level-triggered. The request is a key; the reconciler reads the world and never learns what woke it.
 * Counterpart: sigs.k8s.io/controller-runtime/pkg/builder, and the informer handlers of pkg/controller/<name>.
 */
import type { Json } from '../../base/json.ts';
import { keyOf, objectKey, type KubeObject, type ResourceType } from '../../apimachinery/meta/resource.ts';
import { controllerOf } from '../util/controllerRef.ts';

/** What a reconcile asks for beyond "done". */
export interface Result {
  /** Look again in so many milliseconds. */
  readonly requeueAfterMs?: number;
  /** Look again as after an error, later each time. */
  readonly requeue?: boolean;
  /** The later look is a routine that does not keep the cluster from being stable. */
  readonly background?: boolean;
}

/**
 * An error that will not go away by trying again; the item is dropped until something changes.
 * Every other error thrown by a reconciler means: try again, 5 ms later, then 10 ms, … up to 1000 s.
 */
export class TerminalError extends Error {}

/** A reason to try again that is no refusal by the API server. */
export class RetryError extends Error {}

/** One watched resource and the keys to look at when one of its objects changes. */
export interface Watch {
  readonly type: ResourceType;
  readonly keys: (object: KubeObject, previous: KubeObject | undefined, deleted: boolean) => readonly string[];
}

/**
 * A controller. Promised by the runtime: `reconcile` runs once for any number of changes of one instant; never for the
 * same key within itself; a key that is asked for during its own reconcile is looked at again afterwards; writes carry
 * the revision that asked for the key as their cause.
 * Not promised: any order between keys, or that a reconcile follows every single change.
 */
export interface Controller {
  /** The controller's own kind: its objects' keys are the requests. */
  readonly for?: ResourceType;
  /** Kinds whose objects belong to one of `for` by their controller reference. */
  readonly owns?: readonly ResourceType[];
  readonly watches?: readonly Watch[];
  /** Watches of resources that come and go with the cluster: custom ones. Asked at every look. */
  moreWatches?(): readonly Watch[];
  reconcile?(key: string): Result | undefined;
  /** Called on a new cluster before the first event. */
  start?(): void;
  /** A timer that the controller set came due. */
  timer?(type: string, key: string): void;
  /** The controller's own memory, if it keeps any beside the queue. */
  checkpoint?(): Json;
  restore?(state: Json): void;
}

/** A typed watch. `keys` gets the object after the change (its last state when deleted) and the one before it. */
export function watch<T extends KubeObject>(
  type: ResourceType<T>,
  keys: (object: T, previous: T | undefined, deleted: boolean) => readonly string[],
): Watch {
  // A watch of a resource delivers objects of that resource only.
  return { type, keys: keys as unknown as Watch['keys'] };
}

/** All watches of a controller, `for` and `owns` spelled out. */
export function watchesOf(controller: Controller): readonly Watch[] {
  const own = controller.for;
  return [
    ...(own === undefined ? [] : [watch(own, (object) => [keyOf(object)])]),
    ...(controller.owns ?? []).map((type) => ownedWatch(type, own)),
    ...(controller.watches ?? []),
  ];
}

/** The controller is looked at that the object belongs to, and the one that it belonged to before the change. */
export function ownedWatch(type: ResourceType, owner: ResourceType | undefined): Watch {
  const ownerKey = (state: KubeObject): string | undefined => {
    const reference = controllerOf(state);
    if (reference === undefined || owner === undefined || reference.kind !== owner.kind) return undefined;
    return groupOf(reference.apiVersion) === owner.group ? objectKey(state.metadata.namespace, reference.name) : undefined;
  };
  return watch(type, (object, previous) => {
    const now = ownerKey(object);
    // Most writes leave the references alone; then they are the same list still.
    const before =
      previous === undefined || previous.metadata.ownerReferences === object.metadata.ownerReferences ? now : ownerKey(previous);
    const keys = now === undefined ? NO_KEYS : [now];
    return before === undefined || before === now ? keys : [...keys, before];
  });
}

const NO_KEYS: readonly string[] = [];

/** `apps` of `apps/v1`, the empty text of `v1`. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}
