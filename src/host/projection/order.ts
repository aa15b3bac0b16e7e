/**
 * The order of Pods within their group, and of the groups.
 * Invariant: total, so that the place of each is found by halving; a group that changes its rank is moved alone.
 * Counterpart: `kubectl get --sort-by`.
 */
import type { Pod } from '../../api/schema/types/core/v1.ts';
import { keyOf } from '../../apimachinery/meta/resource.ts';
import { parseTime } from '../../apimachinery/meta/time.ts';
import type { SortBy } from '../protocol/view.ts';
import { summarise } from './podSummary.ts';

/** What the members of a group are like, whatever the filter shows of them. */
export interface Tally {
  /** Those that are terminating count no more. */
  ready: number;
  finished: number;
  leaving: number;
  failing: number;
  restarts: number;
}

const byName = new Intl.Collator('en', { numeric: true });

/** As people count: `worker-2` before `worker-10`. */
export function compareNames(a: string, b: string): number {
  return a === b ? 0 : byName.compare(a, b);
}

export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export type ComparePods = (a: Pod, b: Pod) => number;

export function podOrder(sort: SortBy): ComparePods {
  const rank = PODS[sort];
  return (a, b) => rank(a) - rank(b) || compareNames(a.metadata.name ?? '', b.metadata.name ?? '') || compareTexts(keyOf(a), keyOf(b));
}

const WORST_FIRST = { failing: 0, pending: 1, terminating: 3, running: 4, succeeded: 5 } as const;

const PODS: Readonly<Record<SortBy, (pod: Pod) => number>> = {
  name: () => 0,
  problems: (pod) => {
    const { counts, isReady } = summarise(pod);
    return counts === 'running' && !isReady ? 2 : WORST_FIRST[counts];
  },
  age: (pod) => -createdAt(pod),
  restarts: (pod) => -summarise(pod).restarts,
};

const times = new WeakMap<Pod, number>();

function createdAt(pod: Pod): number {
  let time = times.get(pod);
  if (time === undefined) {
    const text = pod.metadata.creationTimestamp;
    times.set(pod, (time = text === undefined ? 0 : parseTime(text)));
  }
  return time;
}

/**
 * The lower comes first; equal ones follow by name.
 * @param members all Pods of the group
 * @param broken the group is a node that is not ready
 */
export function groupRank(sort: SortBy, tally: Readonly<Tally>, members: number, broken: boolean): number {
  switch (sort) {
    case 'name':
    case 'age':
      return 0;
    case 'restarts':
      return -tally.restarts;
    case 'problems':
      if (broken || tally.failing > 0) return 0;
      return tally.ready < members - tally.finished - tally.leaving ? 1 : 2;
  }
}

/** What an order needs to know of a group. */
export interface Ranked {
  readonly key: string;
  readonly group: { readonly name: string };
  /** Of `groupRank`; changed by `GroupOrder` alone. */
  rank: number;
}

/** Groups in their order, kept as they change. */
export class GroupOrder<G extends Ranked> {
  private readonly rankOf: (group: G) => number;
  /** Behind all others of the same rank. */
  private readonly isLast: (group: G) => boolean;
  private sorted: G[] | undefined;

  constructor(rankOf: (group: G) => number, isLast: (group: G) => boolean) {
    this.rankOf = rankOf;
    this.isLast = isLast;
  }

  /** One came or went, or another order is wanted. */
  forget(): void {
    this.sorted = undefined;
  }

  /** Something about it changed. */
  moved(group: G): void {
    const { sorted } = this;
    const rank = this.rankOf(group);
    if (sorted === undefined || rank === group.rank) return;
    const from = this.placeOf(sorted, group);
    // Pods that wait for a node are a group that has no place among the others.
    if (sorted[from] !== group) return;
    sorted.splice(from, 1);
    group.rank = rank;
    sorted.splice(this.placeOf(sorted, group), 0, group);
  }

  /** @param all asked if the order is not known */
  list(all: () => readonly G[]): readonly G[] {
    if (this.sorted === undefined) {
      const groups = [...all()];
      for (const group of groups) group.rank = this.rankOf(group);
      this.sorted = groups.sort((a, b) => this.compare(a, b));
    }
    return this.sorted;
  }

  private placeOf(sorted: readonly G[], group: G): number {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.compare(sorted[middle] as G, group) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private compare(a: G, b: G): number {
    return (
      a.rank - b.rank ||
      Number(this.isLast(a)) - Number(this.isLast(b)) ||
      compareNames(a.group.name, b.group.name) ||
      compareTexts(a.key, b.key)
    );
  }
}
