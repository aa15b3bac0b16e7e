/**
 * Priority: turns a Pod's priorityClassName into the number that the scheduler compares, and guards the classes.
 * Invariant: after admission every new Pod has spec.priority and spec.preemptionPolicy; a number given by hand must agree.
 * Counterpart: k8s.io/kubernetes/plugin/pkg/admission/priority.
 */
import type { Draft } from '../../../base/json.ts';
import type { Pod } from '../../../api/schema/types/core/v1.ts';
import type { PriorityClass } from '../../../api/schema/types/scheduling/v1.ts';
import * as errors from '../../../apimachinery/errors/status.ts';
import type { Status } from '../../../apimachinery/errors/status.ts';
import type { AdmissionAttributes, AdmissionPlugin, AdmissionWorld } from '../plugin.ts';
import { podOf, type DraftPod } from '../pods.ts';

const PREEMPT = 'PreemptLowerPriority';

export const SYSTEM_CLASSES: readonly Draft<PriorityClass>[] = [
  systemClass(
    'system-cluster-critical',
    2_000_000_000,
    'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  ),
  systemClass('system-node-critical', 2_000_001_000, 'Used for system critical pods that must not be moved from their current node.'),
];

const CLASSES = 'priorityclasses.scheduling.k8s.io';

export const priority: AdmissionPlugin = { name: 'Priority', admit, validate };

function admit(attributes: AdmissionAttributes, world: AdmissionWorld): Status | undefined {
  const pod = podOf(attributes);
  if (pod === undefined) return undefined;
  if (attributes.operation === 'UPDATE') {
    keepPriority(pod, attributes.old as Pod);
    return undefined;
  }
  return setPriority(attributes, pod, world);
}

function setPriority(attributes: AdmissionAttributes, pod: DraftPod, world: AdmissionWorld): Status | undefined {
  const forbid = (text: string): Status => errors.forbidden(attributes.strategy.resource, attributes.name, text);
  const { spec } = pod;
  let wanted: { readonly value: number; readonly policy: 'Never' | 'PreemptLowerPriority' } = { value: 0, policy: PREEMPT };
  if ((spec.priorityClassName ?? '') === '') {
    const fallback = defaultClass(world);
    if (fallback !== undefined) {
      spec.priorityClassName = fallback.metadata.name ?? '';
      wanted = { value: fallback.value ?? 0, policy: fallback.preemptionPolicy ?? PREEMPT };
    }
  } else {
    const found = world.store.get(CLASSES, spec.priorityClassName ?? '') as PriorityClass | undefined;
    if (found === undefined) return forbid(`no PriorityClass with name ${spec.priorityClassName ?? ''} was found`);
    wanted = { value: found.value ?? 0, policy: found.preemptionPolicy ?? PREEMPT };
  }
  const computed = 'must not be provided in pod spec; priority admission controller computed';
  if (spec.priority !== undefined && spec.priority !== wanted.value) {
    return forbid(`the integer value of priority (${spec.priority}) ${computed} ${wanted.value} from the given PriorityClass name`);
  }
  spec.priority = wanted.value;
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== wanted.policy) {
    return forbid(
      `the string value of PreemptionPolicy (${spec.preemptionPolicy}) ${computed} ${wanted.policy} from the given PriorityClass name`,
    );
  }
  spec.preemptionPolicy = wanted.policy;
  return undefined;
}

/** A client that does not know the fields must not take them away by an update. */
function keepPriority(pod: DraftPod, old: Pod): void {
  const { priority: value, preemptionPolicy } = old.spec ?? {};
  if (pod.spec.priority === undefined && value !== undefined) pod.spec.priority = value;
  if (pod.spec.preemptionPolicy === undefined && preemptionPolicy !== undefined) pod.spec.preemptionPolicy = preemptionPolicy;
}

/** Of several global defaults (possible only by a race) the lowest value counts. */
function defaultClass(world: AdmissionWorld): PriorityClass | undefined {
  let lowest: PriorityClass | undefined;
  for (const item of world.store.list(CLASSES) as readonly PriorityClass[]) {
    if (item.globalDefault === true && (lowest === undefined || (item.value ?? 0) < (lowest.value ?? 0))) lowest = item;
  }
  return lowest;
}

function validate(attributes: AdmissionAttributes, world: AdmissionWorld): Status | undefined {
  const { operation, strategy, name, object } = attributes;
  if (strategy.resource.plural !== 'priorityclasses') return undefined;
  if (operation === 'DELETE') {
    if (!SYSTEM_CLASSES.some((system) => system.metadata.name === name)) return undefined;
    return errors.forbidden(strategy.resource, name, 'this is a system priority class and cannot be deleted');
  }
  const wanted = object as Draft<PriorityClass> | undefined;
  if (wanted?.globalDefault !== true) return undefined;
  const other = defaultClass(world);
  if (other === undefined || other.metadata.name === name) return undefined;
  return errors.forbidden(
    strategy.resource,
    name,
    `PriorityClass ${other.metadata.name ?? ''} is already marked as default. Only one default can exist`,
  );
}

function systemClass(name: string, value: number, description: string): Draft<PriorityClass> {
  return { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name }, value, description, preemptionPolicy: PREEMPT };
}
