/**
 * Consecutive rows of the tree: a heading and, while it is open, its Pods with the containers of the open ones.
 * Invariant: the sorted list takes in what changed when it is next looked at: few changes in place, many in one pass; nothing is
 * sorted anew because one Pod changed. Counterpart: none.
 */
import type { Pod } from '../../api/schema/types/core/v1.ts';
import { keyOf } from '../../apimachinery/meta/resource.ts';
import type { PodFilter } from './filter.ts';
import type { GroupName } from './groups.ts';
import { podOrder, type ComparePods, type Tally } from './order.ts';
import { summarise } from './podSummary.ts';
import { containerCount } from './treeRows.ts';

export interface Spot {
  readonly pod: Pod | undefined;
  readonly position: number;
  /** Which of the Pod's containers; undefined: the Pod itself. */
  readonly container: number | undefined;
}

/** Up to so many changes are put in their places one by one, each for a few comparisons and a move in memory. */
const FEW = 16;

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
  /** In order, but for `changes`. */
  private shown: Pod[] | undefined;
  /** Since `shown` was made: by key, the Pod that stood there before; undefined: there was none. */
  private changes = new Map<string, Pod | undefined>();
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
    this.forget();
  }

  setOrder(compare: ComparePods): void {
    this.compare = compare;
    this.forget();
  }

  /** The Pods that the filter leaves, in order. */
  get pods(): readonly Pod[] {
    return this.list();
  }

  add(pod: Pod): void {
    this.change(keyOf(pod), pod);
    this.count(pod, 1);
  }

  remove(pod: Pod): void {
    const key = keyOf(pod);
    if (!this.members.has(key)) return;
    this.change(key, undefined);
    this.count(pod, -1);
  }

  /** One Pod in place of itself: by far the most frequent change. */
  replace(old: Pod, pod: Pod): void {
    this.change(keyOf(pod), pod);
    this.count(old, -1);
    this.count(pod, 1);
  }

  /** Where the Pod stands among those that are shown. */
  positionOf(pod: Pod): number | undefined {
    const pods = this.list();
    const at = this.search(pods, pod);
    const found = pods[at];
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

  /**
   * What the row shows at an offset below the heading: a Pod and its place among the Pods, or one of its containers.
   * @param offset from 0
   */
  at(offset: number): Spot {
    const pods = this.list();
    let position = offset;
    for (const open of this.openPods) {
      if (position <= open) break;
      const pod = pods[open] as Pod;
      const containers = containerCount(pod);
      if (position <= open + containers) return { pod, position: open, container: position - open - 1 };
      position -= containers;
    }
    return { pod: pods[position], position, container: undefined };
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

  private change(key: string, pod: Pod | undefined): void {
    if (this.shown !== undefined && !this.changes.has(key)) this.changes.set(key, this.members.get(key));
    if (pod === undefined) this.members.delete(key);
    else this.members.set(key, pod);
  }

  private forget(): void {
    this.shown = undefined;
    this.changes = new Map();
  }

  private list(): Pod[] {
    if (this.shown === undefined) {
      const all = [...this.members.values()];
      this.shown = (this.filter === undefined ? all : all.filter((pod) => this.matches(pod))).sort(this.compare);
    } else if (this.changes.size > 0) {
      const { changes } = this;
      this.changes = new Map();
      if (changes.size <= FEW) for (const [key, old] of changes) this.settle(this.shown, old, this.members.get(key));
      else this.shown = this.settled(this.shown, changes);
    }
    return this.shown;
  }

  private settle(shown: Pod[], old: Pod | undefined, pod: Pod | undefined): void {
    const at = old === undefined ? undefined : this.search(shown, old);
    const known = at !== undefined && shown[at] === old;
    const next = pod !== undefined && this.matches(pod) ? pod : undefined;
    if (known && next !== undefined && this.compare(old as Pod, next) === 0) shown[at] = next;
    else {
      if (known) shown.splice(at, 1);
      if (next !== undefined) shown.splice(this.search(shown, next), 0, next);
    }
  }

  /** Those whose place may be another are sorted by themselves, and both rows put together. */
  private settled(shown: readonly Pod[], changes: ReadonlyMap<string, Pod | undefined>): Pod[] {
    const olds = new Map<Pod, Pod | undefined>();
    const moved: Pod[] = [];
    for (const [key, old] of changes) {
      const pod = this.members.get(key);
      const next = pod !== undefined && this.matches(pod) ? pod : undefined;
      const stays = old !== undefined && next !== undefined && this.matches(old) && this.compare(old, next) === 0;
      if (old !== undefined) olds.set(old, stays ? next : undefined);
      if (next !== undefined && !stays) moved.push(next);
    }
    moved.sort(this.compare);
    const result: Pod[] = [];
    let at = 0;
    for (const each of shown) {
      const pod = olds.has(each) ? olds.get(each) : each;
      if (pod === undefined) continue;
      for (let other = moved[at]; other !== undefined && this.compare(other, pod) < 0; other = moved[++at]) result.push(other);
      result.push(pod);
    }
    for (; at < moved.length; at++) result.push(moved[at] as Pod);
    return result;
  }

  /** The first place whose Pod does not come before this one. */
  private search(pods: readonly Pod[], pod: Pod): number {
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
