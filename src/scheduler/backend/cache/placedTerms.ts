import type { Node, Pod, PodAffinityTerm } from '../../../api/schema/types/core/v1.ts';
import { compileTerm, termsOf, type AffinityTerm, type TermKind } from '../../framework/affinityTerm.ts';
import type { SchedulerReader } from '../../framework/interface.ts';
import type { NodeInfo } from '../../framework/nodeInfo.ts';
import { SelectorIndex, type Scope } from './selectorIndex.ts';

/** Equal terms of Pods that are placed, and how many such Pods each domain of the term's topology key holds. */
export interface TermGroup {
  readonly term: AffinityTerm;
  readonly scope: Scope;
  readonly pods: Map<string, number>;
}

const KINDS: readonly TermKind[] = ['requiredAffinity', 'requiredAntiAffinity', 'preferred'];

/**
 * The affinity terms of all Pods that have a node, equal ones together: a hundred replicas are one group. So the wishes of
 * placed Pods about a new one are found without looking at nodes or Pods.
 */
export class PlacedTerms {
  private readonly groups = new Map<string, TermGroup>();
  private readonly index = {
    requiredAffinity: new SelectorIndex<TermGroup>(),
    requiredAntiAffinity: new SelectorIndex<TermGroup>(),
    preferred: new SelectorIndex<TermGroup>(),
  } satisfies Record<TermKind, SelectorIndex<TermGroup>>;
  private readonly reader: SchedulerReader;

  constructor(reader: SchedulerReader) {
    this.reader = reader;
  }

  /** The groups whose term means this Pod. */
  about(kind: TermKind, pod: Pod): readonly TermGroup[] {
    let found: TermGroup[] | undefined;
    this.index[kind].candidates(pod, (group) => {
      if (group.term.matches(pod)) (found ??= []).push(group);
    });
    return found ?? NONE;
  }

  /** A Pod came to the node (1) or left it (-1). */
  countPod(pod: Pod, { node }: NodeInfo, sign: 1 | -1): void {
    if (pod.spec?.affinity === undefined) return;
    for (const kind of KINDS) {
      for (const { term, weight } of termsOf(kind, pod)) this.count(kind, term, weight, pod.metadata.namespace ?? '', node, sign);
    }
  }

  clear(): void {
    this.groups.clear();
    for (const kind of KINDS) this.index[kind].clear();
  }

  private count(kind: TermKind, term: PodAffinityTerm, weight: number, namespace: string, node: Node, sign: 1 | -1): void {
    const value = node.metadata.labels?.[term.topologyKey];
    if (value === undefined) return;
    const key = `${kind}\0${weight}\0${namespace}\0${JSON.stringify(term)}`;
    let group = this.groups.get(key);
    if (group === undefined) {
      if (sign === -1) return;
      const compiled = compileTerm(term, namespace, this.reader, weight);
      group = { term: compiled, scope: { namespaces: compiled.fixedNamespaces, selector: compiled.selector }, pods: new Map() };
      this.groups.set(key, group);
      this.index[kind].add(group.scope, group);
    }
    const pods = (group.pods.get(value) ?? 0) + sign;
    if (pods > 0) group.pods.set(value, pods);
    else group.pods.delete(value);
    if (group.pods.size > 0) return;
    this.groups.delete(key);
    this.index[kind].delete(group.scope, group);
  }
}

const NONE: readonly TermGroup[] = [];
