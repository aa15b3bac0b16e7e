/**
 * Consecutive rows of the tree: a heading and, while it is open, its Pods with the containers of the open ones.
 * Invariant: the sorted list follows every change in place; nothing is sorted anew because one Pod changed.
 */
import type { Pod } from '../../api/schema/types/core/v1.ts';
import { keyOf } from '../../apimachinery/meta/resource.ts';
import type { PodFilter } from './filter.ts';
import type { GroupName } from './groups.ts';
import { summarise } from './podSummary.ts';
import { containerCount } from './treeRows.ts';

const byName = new Intl.Collator('en', { numeric: true });

/** As people count: `worker-2` before `worker-10`. */
export function compareNames(a: string, b: string): number {
  return byName.compare(a, b);
}

/** What the members of a group are like, whatever the filter shows of them. */
export interface Tally {
  /** Those that are terminating count no more. */
  ready: number;
  finished: number;
  leaving: number;
  failing: number;
}

export class Segment {
  readonly key: string;
  readonly group: GroupName;
  /** The title of a section; undefined for a group. */
  readonly section: string | undefined;
  readonly level: number;
  readonly members = new Map<string, Pod>();
  readonly tally: Tally = { ready: 0, finished: 0, leaving: 0, failing: 0 };
  /** Positions within the shown Pods of those whose containers are shown, in order. */
  openPods: readonly number[] = [];
  /** Set while the tree is arranged: its rows, and the index of the first. */
  rows = 0;
  start = 0;
  private shown: Pod[] | undefined;
  private filter: PodFilter | undefined;

  constructor(key: string, group: GroupName, section: string | undefined, level: number) {
    this.key = key;
    this.group = group;
    this.section = section;
    this.level = level;
  }

  setFilter(filter: PodFilter | undefined): void {
    this.filter = filter;
    this.shown = undefined;
  }

  /** The Pods that the filter leaves, sorted by name. */
  get pods(): readonly Pod[] {
    if (this.shown === undefined) {
      const all = [...this.members.values()];
      this.shown = (this.filter === undefined ? all : all.filter((pod) => this.matches(pod))).sort(comparePods);
    }
    return this.shown;
  }

  add(pod: Pod): void {
    this.members.set(keyOf(pod), pod);
    this.count(pod, 1);
    if (this.shown !== undefined && this.matches(pod)) this.shown.splice(this.search(pod), 0, pod);
  }

  remove(pod: Pod): void {
    if (!this.members.delete(keyOf(pod))) return;
    this.count(pod, -1);
    const at = this.positionOf(pod);
    if (at !== undefined) this.shown?.splice(at, 1);
  }

  /** One Pod in place of itself: by far the most frequent change. */
  replace(old: Pod, pod: Pod): void {
    this.members.set(keyOf(pod), pod);
    this.count(old, -1);
    this.count(pod, 1);
    const at = this.positionOf(old);
    const matches = this.matches(pod);
    if (at !== undefined && matches) this.shown?.splice(at, 1, pod);
    else if (at !== undefined) this.shown?.splice(at, 1);
    else if (matches) this.shown?.splice(this.search(pod), 0, pod);
  }

  /** Where the Pod stands among those that are shown. */
  positionOf(pod: Pod): number | undefined {
    const at = this.search(pod);
    const found = this.shown?.[at];
    return found !== undefined && comparePods(found, pod) === 0 ? at : undefined;
  }

  /** @param toggled keys `namespace/name` of the Pods that are open */
  arrange(start: number, open: boolean, toggled: readonly string[]): void {
    this.start = start;
    this.openPods = [];
    const { pods } = this;
    this.rows = open ? 1 + pods.length : 1;
    if (!open || toggled.length === 0) return;
    const positions = toggled.flatMap((key) => {
      const pod = this.members.get(key);
      const position = pod === undefined ? undefined : this.positionOf(pod);
      return position === undefined ? [] : [position];
    });
    this.openPods = positions.sort((a, b) => a - b);
    for (const position of positions) this.rows += containerCount(pods[position] as Pod);
  }

  private matches(pod: Pod): boolean {
    return this.filter === undefined || this.filter.matches(pod, this.group.name);
  }

  private count(pod: Pod, by: 1 | -1): void {
    const { isReady, counts } = summarise(pod);
    if (counts === 'terminating') this.tally.leaving += by;
    else if (isReady) this.tally.ready += by;
    if (counts === 'succeeded') this.tally.finished += by;
    if (counts === 'failing') this.tally.failing += by;
  }

  /** The first place whose Pod does not come before this one. */
  private search(pod: Pod): number {
    const { pods } = this;
    let low = 0;
    let high = pods.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (comparePods(pods[middle] as Pod, pod) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function comparePods(a: Pod, b: Pod): number {
  return compareNames(a.metadata.name ?? '', b.metadata.name ?? '') || compareTexts(keyOf(a), keyOf(b));
}

export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
