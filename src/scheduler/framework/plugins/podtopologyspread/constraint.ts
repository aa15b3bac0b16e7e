import { compileRequired } from '../../../../api/core/node/nodeSelector.ts';
import type {
  Node,
  Pod,
  ReplicationController,
  Service,
  Toleration,
  TopologySpreadConstraint,
} from '../../../../api/schema/types/core/v1.ts';
import type { ReplicaSet, StatefulSet } from '../../../../api/schema/types/apps/v1.ts';
import { fromLabelSelector, fromSet, matches, type Selector } from '../../../../apimachinery/labels/selector.ts';
import { INDEX_SELECTOR, selectorKeys } from '../../../../apiserver/labelIndex.ts';
import type { Eligibility } from '../../../backend/cache/domainCounts.ts';
import type { PodSelection } from '../../../backend/cache/podCounter.ts';
import type { SchedulerReader } from '../../interface.ts';
import { toleratesAny } from '../../../../api/core/node/tolerates.ts';

export const HOSTNAME = 'kubernetes.io/hostname';
const ZONE = 'topology.kubernetes.io/zone';

export interface Constraint {
  readonly topologyKey: string;
  readonly maxSkew: number;
  readonly minDomains: number;
  readonly selector: Selector;
  /** Whether a node's Pods count, by the constraint's policies on affinity and taints; undefined: every node's. */
  readonly inclusion: Eligibility | undefined;
}

/** Constraints for Pods that have none; the real ones are the `System` defaults, or a list of the profile's. */
export type Defaults = (
  pod: Pod,
  whenUnsatisfiable: TopologySpreadConstraint['whenUnsatisfiable'],
  reader: SchedulerReader,
) => readonly Constraint[];

export const SYSTEM_DEFAULTS: Defaults = (pod, whenUnsatisfiable, reader) =>
  whenUnsatisfiable === 'ScheduleAnyway' ? systemDefaults(pod, reader) : [];

/** The profile's own, counted over the Pods of the same Services and the same controller. */
export function listDefaults(list: readonly TopologySpreadConstraint[]): Defaults {
  return (pod, whenUnsatisfiable, reader) => {
    const chosen = list.filter((constraint) => constraint.whenUnsatisfiable === whenUnsatisfiable);
    const selector = chosen.length === 0 ? [] : ownersSelector(pod, reader);
    return selector.length === 0 ? [] : chosen.map((constraint) => ({ ...compile(constraint, pod), selector }));
  };
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
function systemDefaults(pod: Pod, reader: SchedulerReader): readonly Constraint[] {
  const selector = ownersSelector(pod, reader);
  if (selector.length === 0) return [];
  const included = inclusion(pod, 'Honor', 'Ignore');
  return [
    { topologyKey: HOSTNAME, maxSkew: 3, minDomains: 1, selector, inclusion: included },
    { topologyKey: ZONE, maxSkew: 5, minDomains: 1, selector, inclusion: included },
  ];
}

/** Pods that count: same namespace, not on their way out, matched by the selector. */
export function selectionOf(selector: Selector, namespace: string): PodSelection {
  return {
    key: `spread\0${namespace}\0${JSON.stringify(selector)}`,
    scope: { namespaces: [namespace], selector },
    matches: ({ metadata }) =>
      metadata.namespace === namespace && metadata.deletionTimestamp === undefined && matches(selector, metadata.labels),
  };
}

/** Nodes that have all of the keys and that the constraint includes. */
export function eligibilityOf({ inclusion: included }: Constraint, keys: readonly string[]): Eligibility {
  return {
    key: `${keys.join('\0')}\0\0${included?.key ?? ''}`,
    eligible: (node) =>
      keys.every((key) => node.metadata.labels?.[key] !== undefined) && (included === undefined || included.eligible(node)),
  };
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
    inclusion: inclusion(pod, constraint.nodeAffinityPolicy ?? 'Honor', constraint.nodeTaintsPolicy ?? 'Ignore'),
  };
}

function inclusion(pod: Pod, affinityPolicy: string, taintsPolicy: string): Eligibility | undefined {
  const { nodeSelector, affinity, tolerations } = pod.spec ?? {};
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const honorsAffinity = affinityPolicy === 'Honor' && (nodeSelector !== undefined || required !== undefined);
  const honorsTaints = taintsPolicy === 'Honor';
  if (!honorsAffinity && !honorsTaints) return undefined;
  const matchesAffinity = compileRequired(pod.spec);
  return {
    key: JSON.stringify([honorsAffinity ? [nodeSelector, required] : undefined, honorsTaints ? (tolerations ?? []) : undefined]),
    eligible: (node) => {
      if (honorsAffinity && !matchesAffinity(node)) return false;
      return !honorsTaints || hasNoUntoleratedTaint(node, tolerations);
    },
  };
}

function hasNoUntoleratedTaint(node: Node, tolerations: readonly Toleration[] | undefined): boolean {
  return (node.spec?.taints ?? []).every((taint) => taint.effect === 'PreferNoSchedule' || toleratesAny(tolerations, taint));
}

/** The selectors of all Services that choose the Pod, and of the controller that owns it, together. */
function ownersSelector(pod: Pod, reader: SchedulerReader): Selector {
  const { namespace = '', labels, ownerReferences } = pod.metadata;
  const selector: Selector[number][] = [];
  for (const service of possibleServices(reader, namespace, labels)) {
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

/** The Services that ask for one of the labels, by name: a Pod costs no walk over all of its namespace. */
function possibleServices(reader: SchedulerReader, namespace: string, labels: Pod['metadata']['labels']): readonly Service[] {
  const found = selectorKeys(namespace, labels).flatMap((key) => reader.byIndex('services', INDEX_SELECTOR, key) as readonly Service[]);
  return found.length < 2 ? found : found.toSorted((left, right) => ((left.metadata.name ?? '') < (right.metadata.name ?? '') ? -1 : 1));
}
