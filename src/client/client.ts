/**
 * What the parts of the cluster use to speak to the API server: typed reads straight from the store, typed writes as
 * requests under the part's own user name.
 * Invariant: reads see every write made before them; objects read are readonly, a writer copies with `draft()` first.
 * Counterpart: client-go's typed clients and listers (without their lag: reads are never stale, so no expectations are needed).
 */
import { draft, jsonEqual, type Draft } from '../base/json.ts';
import type { ObjectReference, Pod } from '../api/schema/types/core/v1.ts';
import { StatusError, isReason } from '../apimachinery/errors/status.ts';
import { groupResource, objectKey, type KubeObject, type ResourceType } from '../apimachinery/meta/resource.ts';
import { INDEX_NODE_NAME, INDEX_OWNER, type ApiServer } from '../apiserver/apiServer.ts';
import type { DeleteOptions, Outcome, RequestContext } from '../apiserver/request.ts';

export class Client {
  readonly api: ApiServer;
  private readonly context: RequestContext;

  /** @param userName the part's user, e.g. `system:serviceaccount:kube-system:deployment-controller`
   *  @param fieldManager e.g. `kube-controller-manager` */
  constructor(api: ApiServer, userName: string, groups: readonly string[], fieldManager: string) {
    this.api = api;
    this.context = { user: { name: userName, groups }, fieldManager, withoutWarnings: true };
  }

  get<T extends KubeObject>(type: ResourceType<T>, namespace: string, name: string): T | undefined {
    // The store holds objects of the resource's own kind only.
    return this.api.store.get(groupResource(type), objectKey(namespace, name)) as T | undefined;
  }

  /** Sorted by namespace and name. */
  list<T extends KubeObject>(type: ResourceType<T>, namespace?: string): readonly T[] {
    return this.api.store.list(groupResource(type), namespace) as unknown as readonly T[];
  }

  byIndex<T extends KubeObject>(type: ResourceType<T>, index: string, key: string): readonly T[] {
    return this.api.store.byIndex(groupResource(type), index, key) as unknown as readonly T[];
  }

  /** Objects that have an ownerReference with this uid. */
  ownedBy<T extends KubeObject>(type: ResourceType<T>, uid: string): readonly T[] {
    return this.byIndex(type, INDEX_OWNER, uid);
  }

  /** Pods bound to a node; the empty name gives those without one. */
  podsOnNode(nodeName: string): readonly Pod[] {
    return this.api.store.byIndex('pods', INDEX_NODE_NAME, nodeName) as unknown as readonly Pod[];
  }

  /** @throws StatusError */
  create<T extends KubeObject>(type: ResourceType<T>, object: Draft<T>): T {
    return unwrap(this.api.create(this.context, type, (object as Draft<KubeObject>).metadata.namespace ?? '', object));
  }

  /** Replaces the object; its resourceVersion must be the stored one. @throws StatusError */
  update<T extends KubeObject>(type: ResourceType<T>, object: Draft<T>): T {
    return this.write(type, '', object);
  }

  /** Replaces the status. @throws StatusError */
  updateStatus<T extends KubeObject>(type: ResourceType<T>, object: Draft<T>): T {
    return this.write(type, 'status', object);
  }

  /**
   * Reads, changes and writes back in one step. Returns the stored object; undefined if there is none.
   * Nothing is written if nothing changed. @throws StatusError
   */
  modify<T extends KubeObject>(
    type: ResourceType<T>,
    namespace: string,
    name: string,
    change: (object: Draft<T>) => void,
    subresource: '' | 'status' | 'finalize' | 'approval' = '',
  ): T | undefined {
    const stored = this.get(type, namespace, name);
    if (stored === undefined) return undefined;
    const copy = draft(stored);
    change(copy);
    if (jsonEqual(copy, stored)) return stored;
    return this.write(type, subresource, copy);
  }

  /** Deletes; false if there was nothing to delete. @throws StatusError */
  delete<T extends KubeObject>(type: ResourceType<T>, namespace: string, name: string, options?: DeleteOptions): boolean {
    try {
      unwrap(this.api.delete(this.context, type, namespace, name, options));
      return true;
    } catch (error) {
      if (isReason(error, 'NotFound')) return false;
      throw error;
    }
  }

  /** POST …/binding. @throws StatusError */
  bind(pod: Pod, nodeName: string): void {
    const { name, namespace, uid } = pod.metadata;
    unwrap(
      this.api.bind(this.context, namespace ?? '', {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { name: name ?? '', namespace: namespace ?? '', uid: uid ?? '' },
        target: { kind: 'Node', name: nodeName },
      }),
    );
  }

  private write<T extends KubeObject>(type: ResourceType<T>, subresource: string, object: Draft<T>): T {
    const { metadata } = object as Draft<KubeObject>;
    return unwrap(
      this.api.update(this.context, type, metadata.namespace ?? '', metadata.name ?? '', subresource, {
        replacement: object as Draft<KubeObject>,
      }),
    );
  }
}

/** The reference that Events and the like hold to an object. */
export function objectReference(type: ResourceType, object: KubeObject): ObjectReference {
  const { name, namespace, uid, resourceVersion } = object.metadata;
  return {
    apiVersion: type.group === '' ? type.version : `${type.group}/${type.version}`,
    kind: type.kind,
    name: name ?? '',
    ...(namespace === undefined ? {} : { namespace }),
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
}

function unwrap<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.object;
  throw new StatusError(outcome.status);
}
