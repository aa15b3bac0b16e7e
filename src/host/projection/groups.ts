/**
 * Which group a Pod is shown under: its node, its workload (the controller at the end of the owner chain) or its namespace.
 */
import type { Pod } from '../../api/schema/types/core/v1.ts';
import type { KubeObject } from '../../apimachinery/meta/resource.ts';
import type { GroupBy, ObjectRef } from '../protocol/view.ts';

/** What the projection reads. The Store satisfies it. */
export interface ObjectSource {
  get(resource: string, key: string): KubeObject | undefined;
  list(resource: string, namespace?: string): readonly KubeObject[];
  count(resource: string): number;
}

export interface GroupName {
  /** Names the group in keys of rows; empty: the Pod has no group (it is not scheduled). */
  readonly key: string;
  readonly name: string;
  readonly ref: ObjectRef | undefined;
}

const NO_GROUP: GroupName = { key: '', name: '', ref: undefined };

export function groupOf(source: ObjectSource, pod: Pod, by: GroupBy): GroupName {
  switch (by) {
    case 'node': {
      const name = pod.spec?.nodeName ?? '';
      return name === '' ? NO_GROUP : { key: name, name, ref: { apiVersion: 'v1', kind: 'Node', namespace: '', name } };
    }
    case 'namespace': {
      const name = pod.metadata.namespace ?? '';
      return { key: name, name, ref: { apiVersion: 'v1', kind: 'Namespace', namespace: '', name } };
    }
    case 'workload':
      return workloadOf(source, pod);
  }
}

/** Follows the controller references; a ReplicaSet of a Deployment is passed over. */
function workloadOf(source: ObjectSource, pod: Pod): GroupName {
  const namespace = pod.metadata.namespace ?? '';
  let owner = controllerOf(pod);
  if (owner === undefined) return { key: `${namespace}/`, name: 'Pods without controller', ref: undefined };
  if (owner.kind === 'ReplicaSet') {
    const above = controllerOf(source.get('replicasets.apps', `${namespace}/${owner.name}`));
    if (above !== undefined) owner = above;
  }
  const { apiVersion, kind, name } = owner;
  return { key: `${namespace}/${kind}/${name}`, name, ref: { apiVersion, kind, namespace, name } };
}

export function controllerOf(
  object: KubeObject | undefined,
): { readonly apiVersion: string; readonly kind: string; readonly name: string } | undefined {
  return object?.metadata.ownerReferences?.find(({ controller }) => controller === true);
}
