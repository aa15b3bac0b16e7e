/**
 * Consecutive rows of the tree: a heading and, while it is open, its Pods with the containers of the open ones.
 * Invariant: the sorted list follows every change in place; nothing is sorted anew because one Pod changed.
 */
import type { Pod } from '../../api/schema/types/core/v1.ts';
import { keyOf } from '../../apimachinery/meta/resource.ts';
import type { PodFilter } from './filter.ts';
import type { GroupName } from './groups.ts';
import { podOrder, type ComparePods, type Tally } from './order.ts';
import { summarise } from './podSummary.ts';
import { containerCount } from './treeRows.ts';

export class Segment {
  readonly key: string;
  readonly group: GroupName;
  /** The title of a section; undefined for a group. */
  readonly section: string | undefined;
  readonly level: number;
  readonly members = new Map<string, Pod>();
  readonly tally: Tally = { ready: 0, finished: 0, leaving: 0, failing: 0, restarts: 0 };
  rank = 0;
  /** Positions within the shown Pods of those whose containers are shown, in order. */
  openPods: readonly number[] = [];
  /** Set while the tree is arranged: its rows, and the index of the first. */
  rows = 0;
  start = 0;
  private shown: Pod[] | undefined;
  private filter: PodFilter | undefined;
  private compare: ComparePods = podOrder('name');

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

  setOrder(compare: ComparePods): void {
    this.compare = compare;
    this.shown = undefined;
  }

  /** The Pods that the filter leaves, in order. */
  get pods(): readonly Pod[] {
    if (this.shown === undefined) {
      const all = [...this.members.values()];
      this.shown = (this.filter === undefined ? all : all.filter((pod) => this.matches(pod))).sort(this.compare);
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
    if (at !== undefined && matches && this.compare(old, pod) === 0) this.shown?.splice(at, 1, pod);
    else {
      if (at !== undefined) this.shown?.splice(at, 1);
      if (matches && this.shown !== undefined) this.shown.splice(this.search(pod), 0, pod);
    }
  }

  /** Where the Pod stands among those that are shown. */
  positionOf(pod: Pod): number | undefined {
    const at = this.search(pod);
    const found = this.shown?.[at];
    return found !== undefined && this.compare(found, pod) === 0 ? at : undefined;
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
    const { isReady, counts, restarts } = summarise(pod);
    this.tally.restarts += by * restarts;
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
      if (this.compare(pods[middle] as Pod, pod) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
