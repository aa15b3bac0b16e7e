/** The scheduler's attempts at a Pod: node by node, who refused, who gave how many points. Counterpart: kube-scheduler-simulator's table. */
import type { Cluster } from '../../../cluster/cluster.ts';
import type { AttemptModel, NodeVerdictModel } from './model.ts';

type Explanation = ReturnType<Cluster['scheduler']['attempts']>[number];

/** The last attempt comes first. */
export function attemptsOf(explanations: readonly Explanation[]): readonly AttemptModel[] {
  return explanations.map(attemptOf).toReversed();
}

function attemptOf({ at, attempt, selected, message, filters, filtered, scores }: Explanation): AttemptModel {
  const [first = {}] = Object.values(scores);
  const scorers = Object.entries(first).map(([key, { weight }]) => ({ key, weight }));
  const fits = Object.entries(scores).map(([node, own]): NodeVerdictModel => ({
    key: node,
    verdict: node === selected ? 'selected' : 'fits',
    by: '',
    reasons: '',
    scores: scorers.map(({ key }) => own[key]?.normalized ?? 0),
    total: Object.values(own).reduce((sum, { weighted }) => sum + weighted, 0),
  }));
  // A node that was the only one that fits is given no points.
  const alone: readonly NodeVerdictModel[] =
    selected === undefined || scores[selected] !== undefined
      ? []
      : [{ key: selected, verdict: 'selected', by: '', reasons: 'the only one that fits', scores: [], total: undefined }];
  const refused = Object.entries(filtered).map(([node, { plugin, reasons }]): NodeVerdictModel => ({
    key: node,
    verdict: 'refused',
    by: plugin,
    reasons: reasons.join('; '),
    scores: [],
    total: undefined,
  }));
  const order = ({ verdict, total }: NodeVerdictModel): number => (verdict === 'selected' ? -Infinity : -(total ?? 0));
  return {
    key: String(attempt),
    at,
    selected,
    message: message ?? '',
    filters,
    scorers,
    nodes: [...[...alone, ...fits].toSorted((a, b) => order(a) - order(b)), ...refused],
  };
}
