import type { Namespace, Pod, PodAffinityTerm } from '../../api/schema/types/core/v1.ts';
import { fromLabelSelector, matches, type Selector } from '../../apimachinery/labels/selector.ts';
import type { SchedulerReader } from './interface.ts';

/** An affinity term, ready to be asked about Pods. */
export interface AffinityTerm {
  readonly topologyKey: string;
  readonly weight: number;
  readonly selector: Selector;
  /** The namespaces of the Pods that are meant, as the namespaces' labels are now. */
  readonly namespaces: () => readonly string[];
  /** The same, where it follows from the term alone; undefined with a namespaceSelector. */
  readonly fixedNamespaces: readonly string[] | undefined;
  readonly matches: (pod: Pod) => boolean;
}

/**
 * Namespaces of a term: those it names and those its selector finds; with neither, the namespace of the Pod that has the term.
 * A term without a labelSelector matches no Pod. matchLabelKeys were merged into the selector when the Pod was created.
 */
export function compileTerm(term: PodAffinityTerm, ownerNamespace: string, reader: SchedulerReader, weight = 1): AffinityTerm {
  const selector = fromLabelSelector(term.labelSelector);
  const named = term.namespaces ?? [];
  const fixed = term.namespaceSelector !== undefined ? undefined : named.length === 0 ? [ownerNamespace] : named;
  const namespaceSelector: Selector | undefined =
    term.namespaceSelector === undefined ? undefined : fromLabelSelector(term.namespaceSelector);
  const includes = (namespace: string): boolean => {
    if (fixed !== undefined) return fixed.includes(namespace);
    if (named.includes(namespace)) return true;
    const object = reader.get('namespaces', '', namespace) as Namespace | undefined;
    return namespaceSelector !== undefined && matches(namespaceSelector, object?.metadata.labels);
  };
  return {
    topologyKey: term.topologyKey,
    weight,
    selector,
    fixedNamespaces: fixed,
    namespaces: () =>
      fixed ??
      (reader.list('namespaces') as readonly Namespace[])
        .map(({ metadata }) => metadata.name ?? '')
        .filter((namespace) => includes(namespace)),
    matches: (pod) => includes(pod.metadata.namespace ?? '') && matches(selector, pod.metadata.labels),
  };
}

/** What a Pod may want of others. Preferences of both sorts are one kind: those of anti-affinity have a negative weight. */
export type TermKind = 'requiredAffinity' | 'requiredAntiAffinity' | 'preferred';

export interface WeightedTerm {
  readonly term: PodAffinityTerm;
  readonly weight: number;
}

export function compileTerms(kind: TermKind, pod: Pod, reader: SchedulerReader): readonly AffinityTerm[] {
  if (pod.spec?.affinity === undefined) return NO_TERMS;
  return termsOf(kind, pod).map(({ term, weight }) => compileTerm(term, pod.metadata.namespace ?? '', reader, weight));
}

const NO_TERMS: readonly AffinityTerm[] = [];

/** A Pod's terms of one kind; required ones weigh 1. */
export function termsOf(kind: TermKind, pod: Pod): readonly WeightedTerm[] {
  const { podAffinity, podAntiAffinity } = pod.spec?.affinity ?? {};
  switch (kind) {
    case 'requiredAffinity':
      return (podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map((term) => ({ term, weight: 1 }));
    case 'requiredAntiAffinity':
      return (podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map((term) => ({ term, weight: 1 }));
    case 'preferred':
      return [
        ...(podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ weight, podAffinityTerm }) => ({
          term: podAffinityTerm,
          weight,
        })),
        ...(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ weight, podAffinityTerm }) => ({
          term: podAffinityTerm,
          weight: -weight,
        })),
      ];
  }
}
