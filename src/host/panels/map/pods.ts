/**
 * Pods in their groups, with how many of each are on which node: kept up with the writes of Pods, not counted anew.
 * Invariant: made by one walk over all Pods when what is asked for changes; then a write costs its Pod. Goes back in time, too.
 * Counterpart: none; the branches of the sidebar's tree keep such counts for themselves.
 */
import type { Pod } from '../../../api/schema/types/core/v1.ts';
import type { Revision } from '../../../apiserver/storage/revision.ts';
import { groupOf, type ObjectSource } from '../../projection/groups.ts';
import { summarise } from '../../projection/podSummary.ts';
import type { GroupBy, ObjectRef } from '../../protocol/view.ts';

/** How many, and how they are. */
export interface Counts {
  pods: number;
  ready: number;
  failing: number;
}

export interface PodGroup extends Counts {
  readonly key: string;
  readonly name: string;
  readonly namespace: string;
  readonly ref: ObjectRef | undefined;
  readonly members: Map<string, Pod>;
  /** By what `Place` calls the node; empty: none yet. */
  readonly nodes: Map<string, Counts>;
}

export interface TallyQuery {
  readonly groupBy: GroupBy;
  /** Empty: all. */
  readonly namespace: string;
  /** What stands for a node: itself, or its zone where there are too many. */
  readonly placeOf: (node: string) => string;
}

/** One for each Pod: there can be many. */
interface Placed {
  readonly group: PodGroup;
  readonly place: string;
  readonly onNode: Counts;
  readonly ready: 0 | 1;
  readonly failing: 0 | 1;
}

export class PodTally {
  readonly groups = new Map<string, PodGroup>();
  private readonly source: ObjectSource;
  private readonly query: TallyQuery;
  private readonly placed = new Map<string, Placed>();

  constructor(source: ObjectSource, query: TallyQuery) {
    this.source = source;
    this.query = query;
    for (const object of source.list('pods', query.namespace === '' ? undefined : query.namespace)) this.add(object as Pod);
  }

  get count(): number {
    return this.placed.size;
  }

  /** @param key `namespace/name` of a Pod; undefined: it is not among them */
  groupOf(key: string): PodGroup | undefined {
    return this.placed.get(key)?.group;
  }

  /** @param forward whether the write is done or undone */
  take({ key, object, previous, type }: Revision, forward: boolean): void {
    const now = forward ? (type === 'DELETED' ? undefined : object) : previous;
    this.remove(key);
    if (now !== undefined) this.add(now as Pod);
  }

  private add(pod: Pod): void {
    const { namespace = '', name = '' } = pod.metadata;
    const summary = summarise(pod);
    // What has done its work takes part in nothing any more.
    if (summary.counts === 'succeeded' || (this.query.namespace !== '' && namespace !== this.query.namespace)) return;
    const group = this.group(pod);
    const key = `${namespace}/${name}`;
    const place = this.query.placeOf(pod.spec?.nodeName ?? '');
    let onNode = group.nodes.get(place);
    if (onNode === undefined) group.nodes.set(place, (onNode = { pods: 0, ready: 0, failing: 0 }));
    group.members.set(key, pod);
    const placed: Placed = { group, place, onNode, ready: summary.isReady ? 1 : 0, failing: summary.counts === 'failing' ? 1 : 0 };
    count(group, placed, 1);
    count(onNode, placed, 1);
    this.placed.set(key, placed);
  }

  private remove(key: string): void {
    const placed = this.placed.get(key);
    if (placed === undefined) return;
    const { group, place, onNode } = placed;
    this.placed.delete(key);
    group.members.delete(key);
    count(group, placed, -1);
    count(onNode, placed, -1);
    if (onNode.pods === 0) group.nodes.delete(place);
    if (group.pods === 0) this.groups.delete(group.key);
  }

  private group(pod: Pod): PodGroup {
    const { namespace: own = '' } = pod.metadata;
    const found = groupOf(this.source, pod, this.query.groupBy);
    const ofPlace = this.query.groupBy === 'node';
    const place = ofPlace ? this.query.placeOf(found.name) : '';
    const key = `group ${ofPlace ? place : found.key}`;
    let group = this.groups.get(key);
    if (group === undefined) {
      const isNode = ofPlace && place === found.name;
      const name = ofPlace ? (place === '' ? 'No node yet' : place) : found.name;
      const ref = ofPlace && !isNode ? undefined : found.ref;
      const namespace = this.query.groupBy === 'workload' ? own : '';
      group = { key, name, namespace, ref, pods: 0, ready: 0, failing: 0, members: new Map(), nodes: new Map() };
      this.groups.set(key, group);
    }
    return group;
  }
}

function count(to: Counts, { ready, failing }: Placed, times: 1 | -1): void {
  to.pods += times;
  to.ready += times * ready;
  to.failing += times * failing;
}
