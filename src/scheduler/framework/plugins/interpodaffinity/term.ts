import type { Namespace, Pod, PodAffinityTerm } from '../../../../api/schema/types/core/v1.ts';
import { fromLabelSelector, matches, type Selector } from '../../../../apimachinery/labels/selector.ts';
import type { SchedulerReader } from '../../interface.ts';

/** An affinity term, ready to be asked about Pods. */
export interface AffinityTerm {
  readonly topologyKey: string;
  readonly weight: number;
  readonly matches: (pod: Pod) => boolean;
}

/**
 * Namespaces of a term: those it names and those its selector finds; with neither, the namespace of the Pod that has the term.
 * A term without a labelSelector matches no Pod. matchLabelKeys were merged into the selector when the Pod was created.
 */
export function compileTerm(term: PodAffinityTerm, owner: Pod, reader: SchedulerReader, weight = 1): AffinityTerm {
  const selector = fromLabelSelector(term.labelSelector);
  const inNamespace = namespaceMatcher(term, owner, reader);
  return {
    topologyKey: term.topologyKey,
    weight,
    matches: (pod) => inNamespace(pod.metadata.namespace ?? '') && matches(selector, pod.metadata.labels),
  };
}

function namespaceMatcher(term: PodAffinityTerm, owner: Pod, reader: SchedulerReader): (namespace: string) => boolean {
  const named = term.namespaces ?? [];
  if (named.length === 0 && term.namespaceSelector === undefined) return (namespace) => namespace === owner.metadata.namespace;
  const selector: Selector | undefined = term.namespaceSelector === undefined ? undefined : fromLabelSelector(term.namespaceSelector);
  return (namespace) => {
    if (named.includes(namespace)) return true;
    if (selector === undefined) return false;
    const object = reader.get('namespaces', '', namespace) as Namespace | undefined;
    return matches(selector, object?.metadata.labels);
  };
}

export function requiredAffinity(pod: Pod, reader: SchedulerReader): readonly AffinityTerm[] {
  return (pod.spec?.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map((term) =>
    compileTerm(term, pod, reader),
  );
}

export function requiredAntiAffinity(pod: Pod, reader: SchedulerReader): readonly AffinityTerm[] {
  return (pod.spec?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map((term) =>
    compileTerm(term, pod, reader),
  );
}

/** Preferred terms of both sorts; those of anti-affinity have a negative weight. */
export function preferredTerms(pod: Pod, reader: SchedulerReader): readonly AffinityTerm[] {
  const { podAffinity, podAntiAffinity } = pod.spec?.affinity ?? {};
  return [
    ...(podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ weight, podAffinityTerm }) =>
      compileTerm(podAffinityTerm, pod, reader, weight),
    ),
    ...(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ weight, podAffinityTerm }) =>
      compileTerm(podAffinityTerm, pod, reader, -weight),
    ),
  ];
}
