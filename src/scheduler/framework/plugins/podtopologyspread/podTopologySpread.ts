/**
 * Spreads Pods over topology domains: hard constraints refuse, soft ones lower the score. Counterpart: plugins/podtopologyspread.
 */
import type { Node, Pod } from '../../../../api/schema/types/core/v1.ts';
import { matches } from '../../../../apimachinery/labels/selector.ts';
import type { CycleState, Plugin } from '../../interface.ts';
import type { NodeInfo } from '../../nodeInfo.ts';
import { SKIP, unresolvable, unschedulable } from '../../status.ts';
import { constraintsOf, countMatching, type Constraint } from './constraint.ts';
import { normalizeSpread, prepareScoring, scoreNode, type ScoringState } from './scoring.ts';

const STATE = 'PreFilterPodTopologySpread';
const SCORE_STATE = 'PreScorePodTopologySpread';

interface State {
  readonly constraints: readonly Constraint[];
  /** For each constraint, the number of matching Pods by value of its topology key. */
  readonly counts: readonly ReadonlyMap<string, number>[];
}

export const podTopologySpread = {
  name: 'PodTopologySpread',
  weight: 2,
  events: [
    { resource: 'pods', helps: (pod, change) => change.object.metadata.namespace === pod.metadata.namespace },
    { resource: 'nodes' },
  ],
  preFilter: (state, pod, handle) => {
    const constraints = constraintsOf(pod, 'DoNotSchedule');
    if (constraints.length === 0) return SKIP;
    const counts = constraints.map(() => new Map<string, number>());
    for (const info of handle.nodeInfos()) {
      if (!constraints.every(({ topologyKey }) => label(info.node, topologyKey) !== undefined)) continue;
      constraints.forEach((constraint, i) => {
        const value = label(info.node, constraint.topologyKey);
        if (value === undefined || !constraint.includes(info.node)) return;
        counts[i]?.set(value, (counts[i]?.get(value) ?? 0) + countMatching(info, constraint.selector, pod.metadata.namespace));
      });
    }
    state.set(STATE, { constraints, counts } satisfies State);
    return undefined;
  },
  addPod: (state, pod, added, node) => adjust(state, pod, added, node, 1),
  removePod: (state, pod, removed, node) => adjust(state, pod, removed, node, -1),
  /**
   * Skew = Pods in the node's domain with this one - Pods in the emptiest domain; refused where it is above maxSkew.
   * Example: maxSkew 1, zones a, b, c with 2, 1, 1 Pods: a gives 3 - 1 = 2, refused; b gives 2 - 1 = 1, fits. With fewer
   * domains than minDomains the emptiest counts as 0.
   */
  filter: (state, pod, { node }) => {
    const made = state.get(STATE) as State | undefined;
    if (made === undefined) return undefined;
    for (const [i, { topologyKey, selector, maxSkew, minDomains }] of made.constraints.entries()) {
      const value = label(node, topologyKey);
      if (value === undefined) return unresolvable("node(s) didn't match pod topology spread constraints (missing required label)");
      const counts = made.counts[i] ?? new Map<string, number>();
      const least = counts.size < minDomains ? 0 : Math.min(...counts.values());
      const self = matches(selector, pod.metadata.labels) ? 1 : 0;
      if ((counts.get(value) ?? 0) + self - least > maxSkew) return unschedulable("node(s) didn't match pod topology spread constraints");
    }
    return undefined;
  },
  preScore: (state, pod, nodes, handle) => {
    const made = prepareScoring(pod, nodes, handle);
    if (made === undefined) return SKIP;
    state.set(SCORE_STATE, made);
    return undefined;
  },
  score: (state, pod, node) => scoreNode(state.get(SCORE_STATE) as ScoringState, pod, node),
  normalizeScore: (state, _pod, scores, nodes) => normalizeSpread(state.get(SCORE_STATE) as ScoringState, scores, nodes),
} satisfies Plugin;

/** What-if: changes a copy, since the state is shared. */
function adjust(state: CycleState, pod: Pod, other: Pod, { node }: NodeInfo, sign: 1 | -1): void {
  const made = state.get(STATE) as State | undefined;
  if (made === undefined || other.metadata.namespace !== pod.metadata.namespace) return;
  const counts = made.counts.map((own, i) => {
    const constraint = made.constraints[i];
    const value = constraint === undefined ? undefined : label(node, constraint.topologyKey);
    if (
      constraint === undefined ||
      value === undefined ||
      !constraint.includes(node) ||
      !matches(constraint.selector, other.metadata.labels)
    )
      return own;
    return new Map(own).set(value, (own.get(value) ?? 0) + sign);
  });
  state.set(STATE, { ...made, counts } satisfies State);
}

function label(node: Node, key: string): string | undefined {
  return node.metadata.labels?.[key];
}
