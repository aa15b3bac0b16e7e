import type { Pod } from '../../../../api/schema/types/core/v1.ts';
import { MAX_NODE_SCORE, type Handle } from '../../interface.ts';
import type { NodeInfo } from '../../nodeInfo.ts';
import { constraintsOf, countMatching, HOSTNAME, systemDefaults, type Constraint } from './constraint.ts';

export interface ScoringState {
  readonly constraints: readonly Constraint[];
  /** For each constraint: matching Pods by value; for hostnames it is counted per node when asked. */
  readonly counts: readonly ReadonlyMap<string, number>[];
  /** For each constraint: ln(domains + 2). More domains make one Pod more matter more. */
  readonly weights: readonly number[];
  /** Nodes that lack a key; they score 0. */
  readonly ignored: ReadonlySet<string>;
}

/** Undefined when the Pod has no soft constraints, its own or the defaults. */
export function prepareScoring(pod: Pod, nodes: readonly NodeInfo[], handle: Handle): ScoringState | undefined {
  const hasOwn = (pod.spec?.topologySpreadConstraints ?? []).length > 0;
  const constraints = hasOwn ? constraintsOf(pod, 'ScheduleAnyway') : systemDefaults(pod, handle.reader);
  if (constraints.length === 0) return undefined;
  const hasAll = (info: NodeInfo): boolean =>
    constraints.every(({ topologyKey }) => info.node.metadata.labels?.[topologyKey] !== undefined);
  const ignored = new Set<string>();
  const counts = constraints.map(() => new Map<string, number>());
  for (const info of nodes) {
    if (hasOwn && !hasAll(info)) ignored.add(info.name);
    else {
      constraints.forEach(({ topologyKey }, i) => {
        const value = info.node.metadata.labels?.[topologyKey];
        if (topologyKey !== HOSTNAME && value !== undefined) counts[i]?.set(value, 0);
      });
    }
  }
  const weights = constraints.map(({ topologyKey }, i) =>
    Math.log((topologyKey === HOSTNAME ? nodes.length - ignored.size : (counts[i]?.size ?? 0)) + 2),
  );
  for (const info of handle.nodeInfos()) {
    if (hasOwn && !hasAll(info)) continue;
    constraints.forEach((constraint, i) => {
      const value = info.node.metadata.labels?.[constraint.topologyKey];
      const known = value === undefined ? undefined : counts[i]?.get(value);
      if (value === undefined || known === undefined || !constraint.includes(info.node)) return;
      counts[i]?.set(value, known + countMatching(info, constraint.selector, pod.metadata.namespace));
    });
  }
  return { constraints, counts, weights, ignored };
}

/**
 * Pods in the domain × weight + (maxSkew - 1), added up over the constraints and rounded; lower is better.
 * Example: 3 feasible nodes, 2 Pods on this one, by hostname, maxSkew 1: 2 × ln 5 = 3.2 > 3.
 */
export function scoreNode({ constraints, counts, weights, ignored }: ScoringState, pod: Pod, info: NodeInfo): number {
  if (ignored.has(info.name)) return 0;
  let score = 0;
  constraints.forEach(({ topologyKey, selector, maxSkew }, i) => {
    const value = info.node.metadata.labels?.[topologyKey];
    if (value === undefined) return;
    const matching = topologyKey === HOSTNAME ? countMatching(info, selector, pod.metadata.namespace) : (counts[i]?.get(value) ?? 0);
    score += matching * (weights[i] ?? 0) + (maxSkew - 1);
  });
  return Math.round(score);
}

/** 100 × (max + min - raw) / max: raw 3, 2, 0 give 0, 33, 100. */
export function normalizeSpread({ ignored }: ScoringState, scores: number[], nodes: readonly NodeInfo[]): void {
  let min = Number.POSITIVE_INFINITY;
  let max = 0;
  scores.forEach((score, i) => {
    if (ignored.has(nodes[i]?.name ?? '')) return;
    min = Math.min(min, score);
    max = Math.max(max, score);
  });
  scores.forEach((score, i) => {
    if (ignored.has(nodes[i]?.name ?? '')) scores[i] = 0;
    else scores[i] = max === 0 ? MAX_NODE_SCORE : Math.floor((MAX_NODE_SCORE * (max + min - score)) / max);
  });
}
