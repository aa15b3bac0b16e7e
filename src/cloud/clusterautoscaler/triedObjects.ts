/**
 * Objects that are not there, or are there in another state, laid over those of the API server while something is tried: the devices of
 * machines to come, and the claims of Pods that would have them.
 * Invariant: empty outside of a trial; then it costs a look into an empty map.
 * Counterpart: k8s.io/autoscaler/cluster-autoscaler/simulator/dynamicresources/snapshot.
 */
import { keyOf, type KubeObject } from '../../apimachinery/meta/resource.ts';
import type { Store } from '../../apiserver/storage/store.ts';
import type { ObjectIndex, SchedulerReader } from '../../scheduler/framework/interface.ts';

export class TriedObjects implements SchedulerReader {
  private readonly store: Pick<Store, 'byIndex' | 'get' | 'list'>;
  private readonly indexes: readonly ObjectIndex[];
  /** Resource > key > object. */
  private readonly laid = new Map<string, Map<string, KubeObject>>();

  /** @param indexes those by which what is tried is found */
  constructor(store: Pick<Store, 'byIndex' | 'get' | 'list'>, indexes: readonly ObjectIndex[]) {
    this.store = store;
    this.indexes = indexes;
  }

  /** @returns takes it back */
  lay(resource: string, object: KubeObject): () => void {
    let objects = this.laid.get(resource);
    if (objects === undefined) this.laid.set(resource, (objects = new Map()));
    const key = keyOf(object);
    const before = objects.get(key);
    objects.set(key, object);
    return () => {
      if (before !== undefined) objects.set(key, before);
      else if (objects.delete(key) && objects.size === 0) this.laid.delete(resource);
    };
  }

  list(resource: string, namespace?: string): readonly KubeObject[] {
    return this.over(resource, this.store.list(resource, namespace), ({ metadata }) => namespace === undefined || metadata.namespace === namespace); // prettier-ignore
  }

  get(resource: string, namespace: string, name: string): KubeObject | undefined {
    const key = namespace === '' ? name : `${namespace}/${name}`;
    return this.laid.get(resource)?.get(key) ?? this.store.get(resource, key);
  }

  byIndex(resource: string, index: string, key: string): readonly KubeObject[] {
    const keys = this.indexes.find((each) => each.resource === resource && each.name === index)?.keys;
    return this.over(resource, this.store.byIndex(resource, index, key), (object) => keys?.(object).includes(key) === true);
  }

  private over(resource: string, stored: readonly KubeObject[], isAsked: (object: KubeObject) => boolean): readonly KubeObject[] {
    const laid = this.laid.get(resource);
    return laid === undefined ? stored : [...stored.filter((object) => !laid.has(keyOf(object))), ...[...laid.values()].filter(isAsked)];
  }
}
