import type { KubeObject, ResourceType } from '../../apimachinery/meta/resource.ts';
import { groupResource, keyOf, splitKey } from '../../apimachinery/meta/resource.ts';
import { toDisposable, type Disposable } from '../../base/lifecycle.ts';
import type { Client } from '../../client/client.ts';
import type { Cluster } from '../../cluster/cluster.ts';

export interface OutsideOptions {
  readonly cluster: Cluster;
  /** Brings the clock to the present. */
  readonly before: () => void;
  /** Puts writes on the disk and lets the cluster go on. */
  readonly after: () => void;
}

export interface OutsideWork<T extends KubeObject> {
  readonly resource: ResourceType<T>;
  readonly client: Client;
  readonly isToBeDone: (object: T) => boolean;
  /** Called once for an object, after the write that made it one to be done; the object may have changed since. */
  readonly act: (object: T) => void;
}

/**
 * Does for objects what no part of the simulation can, as it takes keys: those that there are already, and those that will be.
 * The result comes into the cluster as a write from outside, like a user's, so a run that is repeated has the same one.
 */
export function doFromOutside<T extends KubeObject>(options: OutsideOptions, work: OutsideWork<T>): Disposable {
  const { client, resource, isToBeDone, act } = work;
  const waiting = new Set<string>();
  let over = false;
  const take = (object: T): void => {
    if (!isToBeDone(object)) return;
    const key = keyOf(object);
    if (waiting.has(key)) return;
    waiting.add(key);
    // The write that told of it is still being made.
    setImmediate(() => {
      waiting.delete(key);
      if (over) return;
      options.before();
      const { namespace, name } = splitKey(key);
      const stored = client.get(resource, namespace, name);
      if (stored !== undefined && isToBeDone(stored)) act(stored);
      options.after();
    });
  };
  for (const object of client.list(resource)) take(object);
  const named = groupResource(resource);
  const subscription = options.cluster.api.store.onRevision((revision) => {
    if (revision.resource === named && revision.type !== 'DELETED') take(revision.object as unknown as T);
  });
  return toDisposable(() => {
    over = true;
    subscription.dispose();
  });
}
