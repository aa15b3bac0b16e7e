/**
 * Pods that want to be near other Pods, or away from them, within a topology domain; also the wish of Pods that are placed
 * already. Counterpart: plugins/interpodaffinity.
 */
import type { Node, Pod } from '../../../../api/schema/types/core/v1.ts';
import { MAX_NODE_SCORE, type CycleState, type Handle, type Plugin } from '../../interface.ts';
import type { NodeInfo } from '../../nodeInfo.ts';
import { SKIP, unresolvable, unschedulable } from '../../status.ts';
import { OWN_LABELS } from '../helper/ownChange.ts';
import { preferredTerms, requiredAffinity, requiredAntiAffinity, type AffinityTerm } from './term.ts';
import { TopologyCounts } from './topologyCounts.ts';

const STATE = 'PreFilterInterPodAffinity';
const SCORE_STATE = 'PreScoreInterPodAffinity';
/** What a required affinity term of a placed Pod adds to the score of its domain. */
const HARD_POD_AFFINITY_WEIGHT = 1;

interface State {
  readonly affinity: readonly AffinityTerm[];
  readonly antiAffinity: readonly AffinityTerm[];
  /** Domains in which a placed Pod does not want this one. */
  readonly existingAntiAffinity: TopologyCounts;
  readonly affinityCounts: TopologyCounts;
  readonly antiAffinityCounts: TopologyCounts;
  readonly handle: Handle;
}

export const interPodAffinity = {
  name: 'InterPodAffinity',
  weight: 2,
  events: [
    OWN_LABELS,
    { resource: 'pods', helps: (pod, change) => change.object.metadata.uid !== pod.metadata.uid && mattersTo(pod, change.object as Pod) },
    {
      resource: 'nodes',
      helps: (_pod, change) => change.type === 'ADDED' || labelsChanged(change.object as Node, change.previous as Node | undefined),
    },
  ],
  preFilter: (state, pod, handle) => {
    const made = prepare(pod, handle);
    if (made.affinity.length === 0 && made.antiAffinity.length === 0 && made.existingAntiAffinity.isEmpty) return SKIP;
    state.set(STATE, made);
    return undefined;
  },
  addPod: (state, pod, added, node) => adjust(state, pod, added, node, 1),
  removePod: (state, pod, removed, node) => adjust(state, pod, removed, node, -1),
  filter: (state, pod, { node }) => {
    const made = state.get(STATE) as State | undefined;
    if (made === undefined) return undefined;
    if (!satisfiesAffinity(made, pod, node)) return unresolvable("node(s) didn't match pod affinity rules");
    if (made.antiAffinity.some(({ topologyKey }) => made.antiAffinityCounts.get(node, topologyKey) > 0)) {
      return unschedulable("node(s) didn't match pod anti-affinity rules");
    }
    return made.existingAntiAffinity.touches(node) ? unschedulable("node(s) didn't satisfy existing pods anti-affinity rules") : undefined;
  },
  preScore: (state, pod, _nodes, handle) => {
    const wishes = preferredTerms(pod, handle.reader);
    const scores = new TopologyCounts();
    for (const info of handle.nodeInfos()) {
      for (const other of (wishes.length > 0 ? info.pods : info.podsWithAffinity).values()) weigh(scores, pod, wishes, other, info, handle);
    }
    if (scores.isEmpty) return SKIP;
    state.set(SCORE_STATE, { scores, keys: scores.keys() });
    return undefined;
  },
  score: (state, _pod, { node }) => {
    const { scores, keys } = state.get(SCORE_STATE) as { readonly scores: TopologyCounts; readonly keys: readonly string[] };
    let sum = 0;
    for (const key of keys) sum += scores.get(node, key);
    return sum;
  },
  /** Spread between the lowest and the highest: 10, 30, 0 give 33, 100, 0; all equal give 0. */
  normalizeScore: (_state, _pod, scores) => {
    const min = Math.min(...scores);
    const range = Math.max(...scores) - min;
    for (let i = 0; i < scores.length; i++) scores[i] = range === 0 ? 0 : Math.floor((MAX_NODE_SCORE * ((scores[i] ?? 0) - min)) / range);
  },
} satisfies Plugin;

function prepare(pod: Pod, handle: Handle): State {
  const affinity = requiredAffinity(pod, handle.reader);
  const antiAffinity = requiredAntiAffinity(pod, handle.reader);
  const made: State = {
    affinity,
    antiAffinity,
    existingAntiAffinity: new TopologyCounts(),
    affinityCounts: new TopologyCounts(),
    antiAffinityCounts: new TopologyCounts(),
    handle,
  };
  for (const info of handle.nodeInfos()) {
    for (const other of info.podsWithRequiredAntiAffinity.values()) countExisting(made, pod, other, info.node, 1);
    if (affinity.length === 0 && antiAffinity.length === 0) continue;
    for (const other of info.pods.values()) countIncoming(made, other, info.node, 1);
  }
  return made;
}

function countExisting(made: State, pod: Pod, other: Pod, node: Node, sign: 1 | -1): void {
  for (const term of requiredAntiAffinity(other, made.handle.reader)) {
    if (term.matches(pod)) made.existingAntiAffinity.add(node, term.topologyKey, sign);
  }
}

/** Affinity counts Pods that match all terms, anti-affinity those that match any. */
function countIncoming(made: State, other: Pod, node: Node, sign: 1 | -1): void {
  const { affinity, antiAffinity } = made;
  if (affinity.length > 0 && affinity.every((term) => term.matches(other))) {
    for (const { topologyKey } of affinity) made.affinityCounts.add(node, topologyKey, sign);
  }
  for (const term of antiAffinity) if (term.matches(other)) made.antiAffinityCounts.add(node, term.topologyKey, sign);
}

/** What-if: the counts of a state that others share are copied before they are changed. */
function adjust(state: CycleState, pod: Pod, other: Pod, { node }: NodeInfo, sign: 1 | -1): void {
  const made = state.get(STATE) as State | undefined;
  if (made === undefined) return;
  const own: State = {
    ...made,
    existingAntiAffinity: made.existingAntiAffinity.clone(),
    affinityCounts: made.affinityCounts.clone(),
    antiAffinityCounts: made.antiAffinityCounts.clone(),
  };
  countExisting(own, pod, other, node, sign);
  countIncoming(own, other, node, sign);
  state.set(STATE, own);
}

/** The first Pod of a group that only wants to be near its own kind may go anywhere that has the labels. */
function satisfiesAffinity({ affinity, affinityCounts }: State, pod: Pod, node: Node): boolean {
  let found = true;
  for (const { topologyKey } of affinity) {
    if (node.metadata.labels?.[topologyKey] === undefined) return false;
    if (affinityCounts.get(node, topologyKey) <= 0) found = false;
  }
  return found || (affinityCounts.isEmpty && affinity.every((term) => term.matches(pod)));
}

/** What a placed Pod means for the score of its domains: the incoming Pod's wishes about it, and its own about the incoming one. */
function weigh(
  scores: TopologyCounts,
  pod: Pod,
  wishes: readonly AffinityTerm[],
  other: Pod,
  { node }: NodeInfo,
  { reader }: Handle,
): void {
  for (const term of wishes) if (term.matches(other)) scores.add(node, term.topologyKey, term.weight);
  for (const term of requiredAffinity(other, reader)) if (term.matches(pod)) scores.add(node, term.topologyKey, HARD_POD_AFFINITY_WEIGHT);
  for (const term of preferredTerms(other, reader)) if (term.matches(pod)) scores.add(node, term.topologyKey, term.weight);
}

/** A Pod that waits for company, or for others to leave, cares about every Pod; one without terms only about those with anti-affinity. */
function mattersTo(pod: Pod, other: Pod): boolean {
  const { podAffinity, podAntiAffinity } = pod.spec?.affinity ?? {};
  return podAffinity !== undefined || podAntiAffinity !== undefined || other.spec?.affinity?.podAntiAffinity !== undefined;
}

function labelsChanged(node: Node, before: Node | undefined): boolean {
  return node.metadata.labels !== before?.metadata.labels;
}
