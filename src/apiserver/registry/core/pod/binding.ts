import type { Draft } from '../../../../base/json.ts';
import type { Binding, Pod } from '../../../../api/schema/types/core/v1.ts';
import * as errors from '../../../../apimachinery/errors/status.ts';
import type { KubeObject } from '../../../../apimachinery/meta/resource.ts';
import type { Strategy } from '../../../../api/strategy.ts';
import { refused, type Outcome, type RequestContext } from '../../../request.ts';
import { checkPreconditions } from '../../deletion.ts';
import type { Registry } from '../../registry.ts';
import { setPodCondition } from '../../../../api/core/pod/conditions.ts';

/**
 * Carries out a Binding: spec.nodeName, the binding's annotations and the condition PodScheduled=True in one write.
 * Refused with a conflict if the Pod has a node already or is being deleted, as k8s.io/kubernetes BindingREST does.
 */
export function assignPod(
  registry: Registry,
  context: RequestContext,
  strategy: Strategy,
  namespace: string,
  binding: Binding,
): Outcome<KubeObject> {
  const name = binding.metadata.name ?? '';
  const node = binding.target.name ?? '';
  const { uid, resourceVersion } = binding.metadata;
  const stored = registry.get(strategy, namespace, name);
  if (!stored.ok) return stored;
  const failed = checkPreconditions(strategy, stored.object, {
    preconditions: { ...(isSet(uid) ? { uid } : {}), ...(isSet(resourceVersion) ? { resourceVersion } : {}) },
  });
  if (failed !== undefined) return refused(failed);
  const conflict = (text: string): Outcome<never> => refused(errors.conflict({ group: '', plural: 'pods/binding' }, name, text));
  return registry.update(context, strategy, namespace, name, 'binding', (object) => {
    const pod = object as Draft<Pod>;
    const spec = (pod.spec ??= { containers: [] });
    if (pod.metadata.deletionTimestamp !== undefined) {
      return conflict(`pod ${name} is being deleted, cannot be assigned to a host`);
    }
    if ((spec.nodeName ?? '') !== '') {
      return conflict(`pod ${name} is already assigned to node "${spec.nodeName ?? ''}"`);
    }
    if ((spec.schedulingGates ?? []).length > 0) {
      return conflict(`pod ${name} has non-empty .spec.schedulingGates`);
    }
    spec.nodeName = node;
    for (const [key, value] of Object.entries(binding.metadata.annotations ?? {})) (pod.metadata.annotations ??= {})[key] = value;
    for (const [key, value] of Object.entries(binding.metadata.labels ?? {})) (pod.metadata.labels ??= {})[key] = value;
    // What was only intended has come true (ClearingNominatedNodeNameAfterBinding).
    delete pod.status?.nominatedNodeName;
    setPodCondition((pod.status ??= {}), { type: 'PodScheduled', status: 'True' }, registry.now());
    return undefined;
  });
}

function isSet(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}
