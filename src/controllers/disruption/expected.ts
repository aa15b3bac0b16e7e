import { REPLICASETS } from '../../api/schema/resources.ts';
import type { Pod } from '../../api/schema/types/core/v1.ts';
import type { PodDisruptionBudget } from '../../api/schema/types/policy/v1.ts';
import { groupResource, type KubeObject } from '../../apimachinery/meta/resource.ts';
import type { IntOrString, OwnerReference } from '../../apimachinery/meta/types.ts';
import type { Client } from '../../client/client.ts';
import { groupOf } from '../runtime/controller.ts';
import { controllerOf } from '../util/controllerRef.ts';

export interface Expected {
  readonly expectedPods: number;
  readonly desiredHealthy: number;
  /** Names of Pods that nobody controls, where the number of expected Pods is asked of their controllers. */
  readonly unmanaged: readonly string[];
}

/**
 * How many Pods there should be, and how many of them healthy. Percentages are of the former and round up.
 * Worked example: a Deployment of 3 with maxUnavailable 30 %: ceil(0.9) = 1 may be missing, 2 must be healthy.
 * Counterpart: getExpectedPodCount of k8s.io/kubernetes/pkg/controller/disruption.
 * @returns a text if a controller of the Pods does not tell how many it wants
 */
export function expectedPods(client: Client, { spec }: PodDisruptionBudget, pods: readonly Pod[]): Expected | string {
  const { maxUnavailable, minAvailable } = spec ?? {};
  if (maxUnavailable === undefined && typeof minAvailable !== 'string')
    return { expectedPods: minAvailable === undefined ? 0 : pods.length, desiredHealthy: minAvailable ?? 0, unmanaged: [] };
  const scale = expectedScale(client, pods);
  if (typeof scale === 'string') return scale;
  const desiredHealthy =
    maxUnavailable === undefined
      ? scaled(minAvailable ?? 0, scale.expectedPods)
      : Math.max(0, scale.expectedPods - scaled(maxUnavailable, scale.expectedPods));
  return { ...scale, desiredHealthy };
}

function scaled(value: IntOrString, total: number): number {
  return typeof value === 'number' ? value : Math.ceil((Number.parseInt(value, 10) * total) / 100);
}

/** The sum of the scales of all controllers of the Pods, each counted once. */
function expectedScale(client: Client, pods: readonly Pod[]): Omit<Expected, 'desiredHealthy'> | string {
  const known = new Map<string, number>();
  const unmanaged: string[] = [];
  for (const pod of pods) {
    const owner = controllerOf(pod);
    if (owner === undefined) {
      unmanaged.push(pod.metadata.name ?? '');
      continue;
    }
    if (known.has(owner.uid)) continue;
    const found = scaleOf(client, pod.metadata.namespace ?? '', owner);
    if (typeof found === 'string') return found;
    known.set(found.uid, found.replicas);
    known.set(owner.uid, known.get(owner.uid) ?? 0);
  }
  return { expectedPods: [...known.values()].reduce((sum, replicas) => sum + replicas, 0), unmanaged };
}

interface Scale {
  readonly uid: string;
  readonly replicas: number;
}

/** The scale of a Pod's controller; for a ReplicaSet of a Deployment, the Deployment's. An owner that is gone counts nothing. */
function scaleOf(client: Client, namespace: string, owner: OwnerReference): Scale | string {
  const object = ownerObject(client, namespace, owner);
  if (typeof object === 'string') return object;
  if (object === undefined) return { uid: owner.uid, replicas: 0 };
  const above = owner.kind === REPLICASETS.kind ? controllerOf(object.object) : undefined;
  if (above !== undefined && above.kind === 'Deployment') return scaleOf(client, namespace, above);
  return { uid: owner.uid, replicas: object.replicas };
}

function ownerObject(
  client: Client,
  namespace: string,
  owner: OwnerReference,
): { readonly object: KubeObject; readonly replicas: number } | string | undefined {
  // Custom resources have scales, too.
  const strategy = client.api.catalog.strategyForKind(owner.apiVersion, owner.kind);
  if (strategy === undefined) return `no matches for kind "${owner.kind}" in group "${groupOf(owner.apiVersion)}"`;
  if (strategy.scale === undefined) return `${groupResource(strategy.resource)} does not implement the scale subresource`;
  const object = client.get(strategy.resource, namespace, owner.name);
  if (object === undefined || object.metadata.uid !== owner.uid) return undefined;
  return { object, replicas: strategy.scale.get(object).specReplicas };
}
