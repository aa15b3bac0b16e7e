import { FAULTS, type Fault, type FaultSpec } from '../../../../src/api/kubepad/types.ts';
import { EVENTS, NODES, PODS } from '../../../../src/api/schema/resources.ts';
import type { Event, Node, Pod } from '../../../../src/api/schema/types/core/v1.ts';
import type { Draft } from '../../../../src/base/json.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';

export function addFault(cluster: Cluster, name: string, spec: FaultSpec): void {
  const object = { apiVersion: 'kubepad.dev/v1', kind: 'Fault', metadata: { name }, spec } as Draft<Fault>;
  cluster.admin().create(FAULTS, object);
}

export function dropFault(cluster: Cluster, name: string): void {
  cluster.admin().delete(FAULTS, '', name);
}

export function faultOf(cluster: Cluster, name: string): Fault | undefined {
  return cluster.admin().get(FAULTS, '', name);
}

/** Status of the node's condition, e.g. `True KubeletReady`. */
export function nodeCondition(cluster: Cluster, node: string, type = 'Ready'): string {
  const object: Node | undefined = cluster.admin().get(NODES, '', node);
  const found = object?.status?.conditions?.find((condition) => condition.type === type);
  return `${found?.status ?? ''} ${found?.reason ?? ''}`;
}

/** `NAME NODE PHASE` of the Pods that are not being deleted. */
export function podsOf(cluster: Cluster, namespace = 'default'): readonly Pod[] {
  return cluster
    .admin()
    .list(PODS, namespace)
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}

export function reasons(cluster: Cluster, object: string): readonly string[] {
  return (cluster.admin().list(EVENTS) as readonly Event[])
    .filter(({ involvedObject }) => involvedObject.name === object)
    .map(({ reason }) => reason ?? '');
}
