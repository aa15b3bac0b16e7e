import { groupResource, objectKey, type ResourceType } from '../../apimachinery/meta/resource.ts';
import type { Store } from '../../apiserver/storage/store.ts';
import type { ClusterObjects } from '../../manifest/references/world.ts';

export type ResourceOf = (apiVersion: string, kind: string) => ResourceType | undefined;

/** What hints ask of a cluster, out of its store. @param store asked each time: the cluster may be another one by then */
export function clusterObjects(store: () => Pick<Store, 'get' | 'list'>, resourceOf: ResourceOf): ClusterObjects {
  return {
    serves: (kind) => resourceOfKind(resourceOf, kind) !== undefined,
    get: (kind, namespace, name) => {
      const resource = resourceOfKind(resourceOf, kind);
      return resource === undefined ? undefined : store().get(groupResource(resource), objectKey(namespace, name));
    },
    list: (kind, namespace) => {
      const resource = resourceOfKind(resourceOf, kind);
      return resource === undefined ? [] : store().list(groupResource(resource), namespace);
    },
  };
}

/** @param kind `apps/v1/Deployment` */
export function resourceOfKind(resourceOf: ResourceOf, kind: string): ResourceType | undefined {
  const slash = kind.lastIndexOf('/');
  return resourceOf(kind.slice(0, slash), kind.slice(slash + 1));
}
