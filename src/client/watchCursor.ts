import type { Json, JsonObject } from '../base/json.ts';
import { keyOf, groupResource, type KubeObject, type ResourceType } from '../apimachinery/meta/resource.ts';
import type { Revision } from '../apiserver/storage/revision.ts';
import type { Store } from '../apiserver/storage/store.ts';

/** A change of an object as a watcher sees it. */
export interface Change {
  readonly type: Revision['type'];
  readonly key: string;
  readonly object: KubeObject;
  readonly previous: KubeObject | undefined;
  /** The write's revision: the cause of what the watcher does about it. */
  readonly revision: number;
}

/**
 * Remembers, for one component, up to which revision of each resource it has seen the changes.
 *
 * Promised: every change is seen once, in order; the component is woken at the virtual instant of a change.
 * A cursor that has fallen behind what history keeps (a part that was stopped for long) sees all present objects as ADDED,
 * as a reflector does after a relist; deletions of that gap are not seen, so owners of caches ask `relisted`.
 * Memory: one number per resource. Counterpart: client-go's Reflector.
 */
export class WatchCursor {
  private readonly store: Store;
  private readonly component: string;
  private readonly positions = new Map<string, number>();

  constructor(store: Store, component: string, types: readonly ResourceType[]) {
    this.store = store;
    this.component = component;
    for (const type of types) this.follow(groupResource(type));
  }

  private follow(resource: string): void {
    this.positions.set(resource, 0);
    this.store.subscribe(this.component, resource);
  }

  /** The changes since the last call, oldest first; of a resource that was not named before, from its beginning. */
  poll(type: ResourceType): readonly Change[] {
    return this.pollResource(groupResource(type));
  }

  /** As `poll`; for those who ask so often that making the resource's name each time counts. */
  pollResource(resource: string): readonly Change[] {
    let position = this.positions.get(resource);
    if (position === undefined) {
      this.follow(resource);
      position = 0;
    }
    const changes = this.store.since(resource, position);
    this.positions.set(resource, this.store.revision);
    if (changes !== undefined) return changes;
    return this.store.list(resource).map((object) => ({
      type: 'ADDED',
      key: keyOf(object),
      object,
      previous: undefined,
      revision: Number(object.metadata.resourceVersion ?? 0),
    }));
  }

  /** Whether the next `poll` will be a relist instead of a continuation. */
  relisted(type: ResourceType): boolean {
    const resource = groupResource(type);
    return (this.positions.get(resource) ?? 0) < this.store.compactedRevision(resource);
  }

  checkpoint(): Json {
    return Object.fromEntries(this.positions);
  }

  restore(state: Json): void {
    for (const [resource, position] of Object.entries(state as JsonObject)) this.positions.set(resource, position as number);
  }
}
