/**
 * Spreads Pods over topology domains: hard constraints refuse, soft ones lower the score. Counterpart: plugins/podtopologyspread.
 */
import type { Node, Pod } from '../../../../api/schema/types/core/v1.ts';
import { matches } from '../../../../apimachinery/labels/selector.ts';
import type { DomainCounts, DomainDeltas } from '../../../backend/cache/domainCounts.ts';
import type { PodTopologySpreadArgs } from '../../../apis/config/types.ts';
import type { CycleState, Plugin, SchedulerReader } from '../../interface.ts';
import type { NodeInfo } from '../../nodeInfo.ts';
import { SKIP, unresolvable, unschedulable } from '../../status.ts';
import { constraintsOf, eligibilityOf, listDefaults, selectionOf, SYSTEM_DEFAULTS, type Constraint } from './constraint.ts';
import { OWN_LABELS } from '../helper/ownChange.ts';
import { shifts, shiftsDomains } from './events.ts';
import { normalizeSpread, prepareScoring, scoreNode, type ScoringState } from './scoring.ts';

const LACKS_LABEL = unresolvable("node(s) didn't match pod topology spread constraints (missing required label)");
const SKEWED = unschedulable("node(s) didn't match pod topology spread constraints");
const STATE = 'PreFilterPodTopologySpread';
const SCORE_STATE = 'PreScorePodTopologySpread';

interface HardConstraint extends Constraint {
  /** 1 if the Pod itself counts where it goes. */
  readonly self: number;
  /** Matching Pods by domain. */
  readonly counts: DomainCounts;
  /** What a what-if changed; undefined: nothing. */
  readonly deltas: DomainDeltas | undefined;
}

export function createPodTopologySpread({ defaultConstraints = [], defaultingType }: PodTopologySpreadArgs = {}): Plugin {
  const isSystem = defaultingType === 'System' || (defaultingType === undefined && defaultConstraints.length === 0);
  const defaults = isSystem ? SYSTEM_DEFAULTS : listDefaults(defaultConstraints);
  const hardConstraints = (pod: Pod, reader: SchedulerReader): readonly Constraint[] => {
    const hasOwn = (pod.spec?.topologySpreadConstraints ?? []).length > 0;
    return hasOwn ? constraintsOf(pod, 'DoNotSchedule') : defaults(pod, 'DoNotSchedule', reader);
  };
  return {
    name: 'PodTopologySpread',
    weight: 2,
    events: [
      OWN_LABELS,
      { resource: 'pods', helps: (pod, change, reader) => shifts(hardConstraints(pod, reader), pod, change) },
      { resource: 'nodes', helps: (pod, change, reader) => shiftsDomains(hardConstraints(pod, reader), pod, change) },
    ],
    preFilter: (state, pod, handle) => {
      const constraints = hardConstraints(pod, handle.reader);
      if (constraints.length === 0) return SKIP;
      const keys = constraints.map(({ topologyKey }) => topologyKey);
      const namespace = pod.metadata.namespace ?? '';
      const made = constraints.map((constraint): HardConstraint => {
        const counter = handle.podCounter(selectionOf(constraint.selector, namespace));
        const counts = counter.byDomain(constraint.topologyKey, eligibilityOf(constraint, keys));
        return { ...constraint, self: matches(constraint.selector, pod.metadata.labels) ? 1 : 0, counts, deltas: undefined };
      });
      state.set(STATE, made);
      return undefined;
    },
    addPod: (state, pod, added, node) => adjust(state, pod, added, node, 1),
    removePod: (state, pod, removed, node) => adjust(state, pod, removed, node, -1),
    /**
     * Skew = Pods in the node's domain with this one - Pods in the emptiest domain; refused where it is above maxSkew.
     * Example: maxSkew 1, zones a, b, c with 2, 1, 1 Pods: a gives 3 - 1 = 2, refused; b gives 2 - 1 = 1, fits. With fewer
     * domains than minDomains the emptiest counts as 0.
     */
    filter: (state, _pod, { node }) => {
      const made = state.get(STATE) as readonly HardConstraint[] | undefined;
      if (made === undefined) return undefined;
      for (const { topologyKey, maxSkew, minDomains, self, counts, deltas } of made) {
        const value = label(node, topologyKey);
        if (value === undefined) return LACKS_LABEL;
        const least = counts.size < minDomains ? 0 : counts.least(deltas);
        const here = counts.of(value) + (deltas?.get(value) ?? 0);
        if (here + self - least > maxSkew) return SKEWED;
      }
      return undefined;
    },
    preScore: (state, pod, nodes, handle) => {
      const made = prepareScoring(pod, nodes, handle, defaults);
      if (made === undefined) return SKIP;
      state.set(SCORE_STATE, made);
      return undefined;
    },
    score: (state, _pod, node) => scoreNode(state.get(SCORE_STATE) as ScoringState, node),
    normalizeScore: (state, _pod, scores, nodes) => normalizeSpread(state.get(SCORE_STATE) as ScoringState, scores, nodes),
  };
}

/** What-if: what changes lies beside the counts, in a copy, since both are shared. */
function adjust(state: CycleState, pod: Pod, other: Pod, { node }: NodeInfo, sign: 1 | -1): void {
  const made = state.get(STATE) as readonly HardConstraint[] | undefined;
  if (made === undefined || other.metadata.namespace !== pod.metadata.namespace) return;
  state.set(
    STATE,
    made.map((constraint): HardConstraint => {
      const { topologyKey, inclusion, selector, deltas } = constraint;
      const value = label(node, topologyKey);
      if (value === undefined || inclusion?.eligible(node) === false || !matches(selector, other.metadata.labels)) return constraint;
      return { ...constraint, deltas: new Map(deltas).set(value, (deltas?.get(value) ?? 0) + sign) };
    }),
  );
}

function label(node: Node, key: string): string | undefined {
  return node.metadata.labels?.[key];
}
