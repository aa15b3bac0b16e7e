/**
 * RuntimeClass: a Pod of a runtime class takes on the class's overhead, node selector and tolerations.
 * Invariant: what the Pod says may add to the class, not contradict it.
 * Counterpart: k8s.io/kubernetes/plugin/pkg/admission/runtimeclass.
 */
import { draft, jsonEqual } from '../../../base/json.ts';
import type { RuntimeClass } from '../../../api/schema/types/node/v1.ts';
import * as errors from '../../../apimachinery/errors/status.ts';
import type { Status } from '../../../apimachinery/errors/status.ts';
import type { AdmissionAttributes, AdmissionPlugin, AdmissionWorld } from '../plugin.ts';
import { createdPod, nameProblem, type DraftPod } from '../pods.ts';

export const runtimeClass: AdmissionPlugin = { name: 'RuntimeClass', admit, validate };

function admit(attributes: AdmissionAttributes, world: AdmissionWorld): Status | undefined {
  const pod = createdPod(attributes);
  if (pod?.spec.runtimeClassName === undefined) return undefined;
  const forbid = (text: string): Status => errors.forbidden(attributes.strategy.resource, attributes.name, text);
  const name = pod.spec.runtimeClassName;
  const unusable = nameProblem(name);
  if (unusable !== undefined) return errors.failure(500, undefined, unusable);
  const found = world.store.get('runtimeclasses.node.k8s.io', name) as RuntimeClass | undefined;
  if (found === undefined) return forbid(`pod rejected: RuntimeClass "${name}" not found`);
  const problem = setOverhead(pod, found) ?? setScheduling(pod, found);
  return problem === undefined ? undefined : forbid(problem);
}

function setOverhead(pod: DraftPod, found: RuntimeClass): string | undefined {
  const wanted = found.overhead?.podFixed;
  if (wanted === undefined) return undefined;
  if (pod.spec.overhead === undefined) pod.spec.overhead = draft(wanted);
  else if (!jsonEqual(pod.spec.overhead, wanted)) return "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";
  return undefined;
}

function setScheduling(pod: DraftPod, found: RuntimeClass): string | undefined {
  const { nodeSelector = {}, tolerations = [] } = found.scheduling ?? {};
  for (const [key, value] of Object.entries(nodeSelector)) {
    const own = pod.spec.nodeSelector?.[key];
    if (own !== undefined && own !== value)
      return `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own}`;
    (pod.spec.nodeSelector ??= {})[key] = value;
  }
  for (const toleration of tolerations) {
    const list = (pod.spec.tolerations ??= []);
    if (!list.some((own) => jsonEqual(own, toleration))) list.push(draft(toleration));
  }
  return undefined;
}

function validate(attributes: AdmissionAttributes): Status | undefined {
  const pod = createdPod(attributes);
  if (pod?.spec.overhead === undefined || pod.spec.runtimeClassName !== undefined) return undefined;
  const text = 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead';
  return errors.forbidden(attributes.strategy.resource, attributes.name, text);
}
