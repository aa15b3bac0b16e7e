import type { Node, Pod, ReplicationController, Service, TopologySpreadConstraint } from '../../../../api/schema/types/core/v1.ts';
import type { ReplicaSet, StatefulSet } from '../../../../api/schema/types/apps/v1.ts';
import { fromLabelSelector, fromSet, matches, type Selector } from '../../../../apimachinery/labels/selector.ts';
import type { SchedulerReader } from '../../interface.ts';
import type { NodeInfo } from '../../nodeInfo.ts';
import { compileRequired } from '../nodeaffinity/nodeSelector.ts';
import { toleratesAny } from '../helper/tolerations.ts';

export const HOSTNAME = 'kubernetes.io/hostname';
const ZONE = 'topology.kubernetes.io/zone';

export interface Constraint {
  readonly topologyKey: string;
  readonly maxSkew: number;
  readonly minDomains: number;
  readonly selector: Selector;
  /** Whether a node's Pods count, by the constraint's policies on affinity and taints. */
  readonly includes: (node: Node) => boolean;
}

export function constraintsOf(pod: Pod, whenUnsatisfiable: TopologySpreadConstraint['whenUnsatisfiable']): readonly Constraint[] {
  return (pod.spec?.topologySpreadConstraints ?? [])
    .filter((constraint) => constraint.whenUnsatisfiable === whenUnsatisfiable)
    .map((constraint) => compile(constraint, pod));
}

/**
 * The defaults for Pods that say nothing: three apart by host, five by zone, both soft, counted over the Pods of the same
 * Services and the same controller. None if no selector speaks of the Pod.
 */
export function systemDefaults(pod: Pod, reader: SchedulerReader): readonly Constraint[] {
  const selector = ownersSelector(pod, reader);
  if (selector.length === 0) return [];
  const includes = inclusion(pod, 'Honor', 'Ignore');
  return [
    { topologyKey: HOSTNAME, maxSkew: 3, minDomains: 1, selector, includes },
    { topologyKey: ZONE, maxSkew: 5, minDomains: 1, selector, includes },
  ];
}

/** Pods that count: same namespace, not on their way out, matched by the selector. */
export function countMatching(info: NodeInfo, selector: Selector, namespace: string | undefined): number {
  let count = 0;
  for (const pod of info.pods.values()) {
    if (pod.metadata.namespace === namespace && pod.metadata.deletionTimestamp === undefined && matches(selector, pod.metadata.labels))
      count++;
  }
  return count;
}

function compile(constraint: TopologySpreadConstraint, pod: Pod): Constraint {
  const keys = constraint.matchLabelKeys ?? [];
  const labels = pod.metadata.labels ?? {};
  const added = fromSet(Object.fromEntries(keys.filter((key) => labels[key] !== undefined).map((key) => [key, labels[key] ?? ''])));
  return {
    topologyKey: constraint.topologyKey,
    maxSkew: constraint.maxSkew,
    minDomains: constraint.minDomains ?? 1,
    selector: [...fromLabelSelector(constraint.labelSelector), ...added],
    includes: inclusion(pod, constraint.nodeAffinityPolicy ?? 'Honor', constraint.nodeTaintsPolicy ?? 'Ignore'),
  };
}

function inclusion(pod: Pod, affinity: string, taints: string): (node: Node) => boolean {
  const matchesAffinity = compileRequired(pod);
  return (node) => {
    if (affinity === 'Honor' && !matchesAffinity(node)) return false;
    if (taints !== 'Honor') return true;
    return (node.spec?.taints ?? []).every((taint) => taint.effect === 'PreferNoSchedule' || toleratesAny(pod.spec?.tolerations, taint));
  };
}

/** The selectors of all Services that choose the Pod, and of the controller that owns it, together. */
function ownersSelector(pod: Pod, reader: SchedulerReader): Selector {
  const { namespace = '', labels, ownerReferences } = pod.metadata;
  const selector: Selector[number][] = [];
  for (const service of reader.list('services', namespace) as readonly Service[]) {
    const chosen = service.spec?.selector;
    if (chosen !== undefined && Object.keys(chosen).length > 0 && matches(fromSet(chosen), labels)) selector.push(...fromSet(chosen));
  }
  const owner = ownerReferences?.find(({ controller }) => controller === true);
  switch (owner?.kind) {
    case 'ReplicaSet':
      selector.push(
        ...fromLabelSelector((reader.get('replicasets.apps', namespace, owner.name) as ReplicaSet | undefined)?.spec?.selector),
      );
      break;
    case 'StatefulSet':
      selector.push(
        ...fromLabelSelector((reader.get('statefulsets.apps', namespace, owner.name) as StatefulSet | undefined)?.spec?.selector),
      );
      break;
    case 'ReplicationController':
      selector.push(
        ...fromSet((reader.get('replicationcontrollers', namespace, owner.name) as ReplicationController | undefined)?.spec?.selector),
      );
      break;
    default:
  }
  return selector;
}
