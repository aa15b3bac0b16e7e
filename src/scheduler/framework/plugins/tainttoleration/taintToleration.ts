/**
 * Taints keep Pods away: NoSchedule and NoExecute refuse, PreferNoSchedule lowers the score. Counterpart: plugins/tainttoleration.
 */
import type { Pod, Taint, Toleration } from '../../../../api/schema/types/core/v1.ts';
import type { Plugin } from '../../interface.ts';
import { unresolvable } from '../../status.ts';
import { defaultNormalizeScore } from '../helper/normalizeScore.ts';
import { OWN_TOLERATIONS } from '../helper/ownChange.ts';
import { turned } from '../helper/placedChange.ts';
import { toleratesAny } from '../../../../api/core/node/tolerates.ts';

const STATE = 'PreScoreTaintToleration';

export const taintToleration = {
  name: 'TaintToleration',
  weight: 3,
  events: [
    OWN_TOLERATIONS,
    { resource: 'nodes', helps: (pod, change) => turned(change, ({ spec }) => untolerated(spec?.taints, pod) === undefined) },
  ],
  sign: ({ spec }) => spec?.tolerations,
  filter: (_state, pod, node) => {
    const { taints } = node.node.spec ?? {};
    if (taints === undefined || taints.length === 0) return undefined;
    return untolerated(taints, pod) === undefined ? undefined : unresolvable('node(s) had untolerated taint(s)');
  },
  preScore: (state, pod) => {
    state.set(
      STATE,
      (pod.spec?.tolerations ?? []).filter(({ effect }) => (effect ?? '') === '' || effect === 'PreferNoSchedule'),
    );
    return undefined;
  },
  /** The number of soft taints that the Pod does not tolerate; fewer is better. */
  score: (state, _pod, node) => {
    const tolerations = state.get(STATE) as readonly Toleration[];
    let count = 0;
    for (const taint of node.node.spec?.taints ?? []) {
      if (taint.effect === 'PreferNoSchedule' && !toleratesAny(tolerations, taint)) count++;
    }
    return count;
  },
  normalizeScore: (_state, _pod, scores) => defaultNormalizeScore(scores, true),
} satisfies Plugin;

function untolerated(taints: readonly Taint[] | undefined, pod: Pod): Taint | undefined {
  return (taints ?? []).find(
    (taint) => (taint.effect === 'NoSchedule' || taint.effect === 'NoExecute') && !toleratesAny(pod.spec?.tolerations, taint),
  );
}
