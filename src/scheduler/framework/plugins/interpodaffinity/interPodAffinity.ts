/**
 * Pods that want to be near other Pods, or away from them, within a topology domain; also the wish of Pods that are placed
 * already. Counterpart: plugins/interpodaffinity.
 */
import type { Node, Pod } from '../../../../api/schema/types/core/v1.ts';
import { matches } from '../../../../apimachinery/labels/selector.ts';
import type { DomainCounts } from '../../../backend/cache/domainCounts.ts';
import type { TermGroup } from '../../../backend/cache/placedTerms.ts';
import type { InterPodAffinityArgs } from '../../../apis/config/types.ts';
import { compileTerms, termsOf, type AffinityTerm } from '../../affinityTerm.ts';
import { MAX_NODE_SCORE, type CycleState, type Handle, type Plugin } from '../../interface.ts';
import type { NodeInfo } from '../../nodeInfo.ts';
import { SKIP, unresolvable, unschedulable } from '../../status.ts';
import { OWN_LABELS } from '../helper/ownChange.ts';
import { COMPANY_EVENTS } from './events.ts';
import { TopologyCounts } from './topologyCounts.ts';

const STATE = 'PreFilterInterPodAffinity';
const SCORE_STATE = 'PreScoreInterPodAffinity';
const NO_AFFINITY = unresolvable("node(s) didn't match pod affinity rules");
const NO_ANTI_AFFINITY = unschedulable("node(s) didn't match pod anti-affinity rules");
const UNWANTED = unschedulable("node(s) didn't satisfy existing pods anti-affinity rules");
/** A required term of the incoming Pod with the Pods that are there; `counts` of several terms may be one. */
interface CountedTerm {
  readonly term: AffinityTerm;
  readonly counts: DomainCounts;
}

/** What a what-if changed, by domain. */
interface Deltas {
  readonly existing: TopologyCounts;
  readonly affinity: TopologyCounts;
  readonly antiAffinity: TopologyCounts;
}

interface State {
  /** Each with the Pods that match all of them. */
  readonly affinity: readonly CountedTerm[];
  /** Each with the Pods that match it. */
  readonly antiAffinity: readonly CountedTerm[];
  /** Terms by which placed Pods do not want this one. */
  readonly existing: readonly TermGroup[];
  readonly deltas: Deltas | undefined;
  readonly handle: Handle;
}

interface ScoreState {
  readonly wishes: readonly CountedTerm[];
  readonly groups: readonly { readonly group: TermGroup; readonly weight: number }[];
}

/** `hardPodAffinityWeight`: what a required affinity term of a placed Pod adds to the score of its domain. */
export function createInterPodAffinity({
  hardPodAffinityWeight = 1,
  ignorePreferredTermsOfExistingPods = false,
}: InterPodAffinityArgs = {}): Plugin {
  // A Pod that wishes for company itself hears of the wishes of others, too.
  const ignores = (pod: Pod): boolean => ignorePreferredTermsOfExistingPods && termsOf('preferred', pod).length === 0;
  return {
    name: 'InterPodAffinity',
    weight: 2,
    events: [OWN_LABELS, ...COMPANY_EVENTS],
    preFilter: (state, pod, handle) => {
      const existing = handle.termsAbout('requiredAntiAffinity', pod);
      if (pod.spec?.affinity === undefined && existing.length === 0) return SKIP;
      const affinity = compileTerms('requiredAffinity', pod, handle.reader);
      const antiAffinity = compileTerms('requiredAntiAffinity', pod, handle.reader);
      if (affinity.length === 0 && antiAffinity.length === 0 && existing.length === 0) return SKIP;
      const made: State = {
        affinity: affinity.map((term) => counted(term, affinity, handle)),
        antiAffinity: antiAffinity.map((term) => counted(term, [term], handle)),
        existing,
        deltas: undefined,
        handle,
      };
      state.set(STATE, made);
      return undefined;
    },
    addPod: (state, pod, added, node) => adjust(state, pod, added, node, 1),
    removePod: (state, pod, removed, node) => adjust(state, pod, removed, node, -1),
    filter: (state, pod, { node }) => {
      const made = state.get(STATE) as State | undefined;
      if (made === undefined) return undefined;
      if (!satisfiesAffinity(made, pod, node)) return NO_AFFINITY;
      if (!satisfiesAntiAffinity(made, node)) return NO_ANTI_AFFINITY;
      return isUnwanted(made, node) ? UNWANTED : undefined;
    },
    preScore: (state, pod, _nodes, handle) => {
      const wishes = compileTerms('preferred', pod, handle.reader)
        .map((term) => counted(term, [term], handle))
        .filter(({ counts }) => counts.total > 0);
      const groups = [
        ...(hardPodAffinityWeight === 0 ? [] : handle.termsAbout('requiredAffinity', pod)).map((group) => ({
          group,
          weight: hardPodAffinityWeight,
        })),
        ...(ignores(pod) ? [] : handle.termsAbout('preferred', pod)).map((group) => ({ group, weight: group.term.weight })),
      ];
      if (wishes.length === 0 && groups.length === 0) return SKIP;
      state.set(SCORE_STATE, { wishes, groups } satisfies ScoreState);
      return undefined;
    },
    /** The incoming Pod's wishes about the Pods in the node's domains, and theirs about it. */
    score: (state, _pod, { node }) => {
      const { wishes, groups } = state.get(SCORE_STATE) as ScoreState;
      let sum = 0;
      for (const { term, counts } of wishes) sum += counts.at(node) * term.weight;
      for (const { group, weight } of groups) sum += podsAt(group, node) * weight;
      return sum;
    },
    /** Spread between the lowest and the highest: 10, 30, 0 give 33, 100, 0; all equal give 0. */
    normalizeScore: (_state, _pod, scores) => {
      let min = Number.POSITIVE_INFINITY;
      let max = Number.NEGATIVE_INFINITY;
      for (const score of scores) {
        if (score < min) min = score;
        if (score > max) max = score;
      }
      const range = max - min;
      for (let i = 0; i < scores.length; i++) scores[i] = range === 0 ? 0 : Math.floor((MAX_NODE_SCORE * ((scores[i] ?? 0) - min)) / range);
    },
  };
}

/** A term, and the placed Pods that match all of `terms`. */
function counted(term: AffinityTerm, terms: readonly AffinityTerm[], handle: Handle): CountedTerm {
  const namespaces = terms.map((each) => each.namespaces());
  const [first] = terms;
  const counter = handle.podCounter({
    key: `affinity\0${JSON.stringify(terms.map(({ selector }, i) => [selector, namespaces[i]]))}`,
    scope: { namespaces: namespaces[0], selector: first?.selector ?? [] },
    matches: (pod) =>
      terms.every(
        ({ selector }, i) => namespaces[i]?.includes(pod.metadata.namespace ?? '') === true && matches(selector, pod.metadata.labels),
      ),
  });
  return { term, counts: counter.byDomain(term.topologyKey) };
}

/** What-if: changes lie beside the counts, in a copy, since both are shared. Affinity counts Pods that match all terms, anti-affinity those that match any. */
function adjust(state: CycleState, pod: Pod, other: Pod, { node }: NodeInfo, sign: 1 | -1): void {
  const made = state.get(STATE) as State | undefined;
  if (made === undefined) return;
  const before = made.deltas;
  const deltas: Deltas = {
    existing: before?.existing.clone() ?? new TopologyCounts(),
    affinity: before?.affinity.clone() ?? new TopologyCounts(),
    antiAffinity: before?.antiAffinity.clone() ?? new TopologyCounts(),
  };
  for (const term of compileTerms('requiredAntiAffinity', other, made.handle.reader)) {
    if (term.matches(pod)) deltas.existing.add(node, term.topologyKey, sign);
  }
  if (made.affinity.length > 0 && made.affinity.every(({ term }) => term.matches(other))) {
    for (const { term } of made.affinity) deltas.affinity.add(node, term.topologyKey, sign);
  }
  for (const { term } of made.antiAffinity) if (term.matches(other)) deltas.antiAffinity.add(node, term.topologyKey, sign);
  state.set(STATE, { ...made, deltas });
}

/** The first Pod of a group that only wants to be near its own kind may go anywhere that has the labels. */
function satisfiesAffinity({ affinity, deltas }: State, pod: Pod, node: Node): boolean {
  let found = true;
  for (const { term, counts } of affinity) {
    if (node.metadata.labels?.[term.topologyKey] === undefined) return false;
    if (counts.at(node) + (deltas?.affinity.get(node, term.topologyKey) ?? 0) <= 0) found = false;
  }
  if (found) return true;
  const nobody = affinity.every(({ term, counts }) => counts.total + (deltas?.affinity.total(term.topologyKey) ?? 0) === 0);
  return nobody && affinity.every(({ term }) => term.matches(pod));
}

/** Terms of one topology key share the changes of a what-if, so what they count is added up by key. */
function satisfiesAntiAffinity({ antiAffinity, deltas }: State, node: Node): boolean {
  for (const { term, counts } of antiAffinity) {
    if (deltas === undefined) {
      if (counts.at(node) > 0) return false;
      continue;
    }
    let sum = deltas.antiAffinity.get(node, term.topologyKey);
    for (const other of antiAffinity) if (other.term.topologyKey === term.topologyKey) sum += other.counts.at(node);
    if (sum > 0) return false;
  }
  return true;
}

function isUnwanted({ existing, deltas }: State, node: Node): boolean {
  if (deltas === undefined) return existing.some((group) => podsAt(group, node) > 0);
  const sums = deltas.existing.clone();
  for (const group of existing) sums.add(node, group.term.topologyKey, podsAt(group, node));
  return sums.touches(node);
}

function podsAt({ term, pods }: TermGroup, node: Node): number {
  const value = node.metadata.labels?.[term.topologyKey];
  return value === undefined ? 0 : (pods.get(value) ?? 0);
}
