import type { Pod } from '../../../../api/schema/types/core/v1.ts';
import type { DomainCounts } from '../../../backend/cache/domainCounts.ts';
import type { PodCounter } from '../../../backend/cache/podCounter.ts';
import { MAX_NODE_SCORE, type Handle } from '../../interface.ts';
import type { NodeInfo } from '../../nodeInfo.ts';
import { constraintsOf, eligibilityOf, HOSTNAME, selectionOf, SYSTEM_DEFAULTS, type Defaults } from './constraint.ts';

interface ScoredConstraint {
  readonly topologyKey: string;
  readonly maxSkew: number;
  readonly counter: PodCounter;
  /** Matching Pods by domain; undefined for hostnames, where a node is its own domain. */
  readonly domains: DomainCounts | undefined;
  /** ln(domains + 2). More domains make one Pod more matter more. */
  readonly weight: number;
}

export interface ScoringState {
  readonly constraints: readonly ScoredConstraint[];
  /** Slots of nodes that lack a key; they score 0. */
  readonly ignored: ReadonlySet<number>;
}

/** Undefined when the Pod has no soft constraints, its own or the defaults. */
export function prepareScoring(pod: Pod, nodes: readonly NodeInfo[], handle: Handle, defaults: Defaults): ScoringState | undefined {
  const hasOwn = (pod.spec?.topologySpreadConstraints ?? []).length > 0;
  const constraints = hasOwn ? constraintsOf(pod, 'ScheduleAnyway') : defaults(pod, 'ScheduleAnyway', handle.reader);
  if (constraints.length === 0) return undefined;
  const keys = hasOwn || defaults !== SYSTEM_DEFAULTS ? constraints.map(({ topologyKey }) => topologyKey) : [];
  const ignored = new Set<number>();
  for (const { node, slot } of nodes) if (!keys.every((key) => node.metadata.labels?.[key] !== undefined)) ignored.add(slot);
  const scored = constraints.map((constraint): ScoredConstraint => {
    const { topologyKey, maxSkew, selector } = constraint;
    const counter = handle.podCounter(selectionOf(selector, pod.metadata.namespace ?? ''));
    const isHostname = topologyKey === HOSTNAME;
    const domains = isHostname ? undefined : counter.byDomain(topologyKey, eligibilityOf(constraint, keys));
    const size = isHostname ? nodes.length - ignored.size : countDomains(nodes, topologyKey, ignored);
    return { topologyKey, maxSkew, counter, domains, weight: Math.log(size + 2) };
  });
  return { constraints: scored, ignored };
}

/** Domains of the key among the nodes that could take the Pod; those without the key, where it is not required, are one more. */
function countDomains(nodes: readonly NodeInfo[], topologyKey: string, ignored: ReadonlySet<number>): number {
  const values = new Set<string>();
  let last: string | undefined;
  for (const { node, slot } of nodes) {
    const value = node.metadata.labels?.[topologyKey] ?? '';
    if (value === last || ignored.has(slot)) continue;
    values.add(value);
    last = value;
  }
  return values.size;
}

/**
 * Pods in the domain × weight + (maxSkew - 1), added up over the constraints and rounded; lower is better.
 * Example: 3 feasible nodes, 2 Pods on this one, by hostname, maxSkew 1: 2 × ln 5 = 3.2 > 3.
 */
export function scoreNode({ constraints, ignored }: ScoringState, info: NodeInfo): number {
  if (ignored.size > 0 && ignored.has(info.slot)) return 0;
  const { labels } = info.node.metadata;
  let score = 0;
  for (const { topologyKey, maxSkew, counter, domains, weight } of constraints) {
    const value = labels?.[topologyKey];
    if (value === undefined) continue;
    score += (domains === undefined ? counter.on(info) : domains.of(value)) * weight + (maxSkew - 1);
  }
  return Math.round(score);
}

/** 100 × (max + min - raw) / max: raw 3, 2, 0 give 0, 33, 100. */
export function normalizeSpread({ ignored }: ScoringState, scores: number[], nodes: readonly NodeInfo[]): void {
  let min = Number.POSITIVE_INFINITY;
  let max = 0;
  const isIgnored = (i: number): boolean => ignored.size > 0 && ignored.has(nodes[i]?.slot ?? -1);
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i] ?? 0;
    if (isIgnored(i)) continue;
    if (score < min) min = score;
    if (score > max) max = score;
  }
  for (let i = 0; i < scores.length; i++) {
    if (isIgnored(i)) scores[i] = 0;
    else scores[i] = max === 0 ? MAX_NODE_SCORE : Math.floor((MAX_NODE_SCORE * (max + min - (scores[i] ?? 0))) / max);
  }
}
