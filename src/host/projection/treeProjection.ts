/**
 * The cluster as a tree of rows: sections, groups, Pods, containers; numbered from top to bottom as they are seen.
 * Invariant: follows the revisions of the store one by one; a change costs its own group, a window costs its own rows,
 * and nothing costs the whole cluster but a new query. Counterpart: none.
 */
import type { Fault } from '../../api/kubepad/types.ts';
import type { Node, Pod } from '../../api/schema/types/core/v1.ts';
import { keyOf } from '../../apimachinery/meta/resource.ts';
import type { Revision } from '../../apiserver/storage/revision.ts';
import type { Health, RowPlace, SortBy, TreeQuery, TreeRow } from '../protocol/view.ts';
import { parsePodFilter, type PodFilter } from './filter.ts';
import { groupOf, type GroupName, type ObjectSource } from './groups.ts';
import { count, summarise, toHealth, type PodCounters } from './podSummary.ts';
import { GroupOrder, groupRank, podOrder, type ComparePods } from './order.ts';
import { Segment } from './segment.ts';
import { currentFaults, faultOfNode, faultRow } from './treeFaults.ts';
import { range } from './treeSearch.ts';
import { containerCount, containerRow, containersOf, groupRow, nodeRow, podRow } from './treeRows.ts';

const UNSCHEDULED = 's/unscheduled';
const GROUPS = 's/groups';
const FAULTS = 's/faults';
const TITLES = { node: 'Nodes', workload: 'Workloads', namespace: 'Namespaces' } as const;

export class TreeProjection {
  private readonly source: ObjectSource;
  private query: TreeQuery | undefined;
  private filter: PodFilter | undefined;
  private toggled: ReadonlySet<string> = new Set();
  private readonly segments = new Map<string, Segment>();
  private readonly segmentOfPod = new Map<string, string>();
  /** All groups, shown or not. */
  private readonly order: GroupOrder<Segment>;
  private comparePods: ComparePods = podOrder('name');
  /** What is shown; undefined: to be arranged. */
  private layout: readonly Segment[] | undefined;
  private length = 0;
  private faults: readonly Fault[] = [];
  private counters: PodCounters = noPods();
  private readyNodes: number | undefined;

  constructor(source: ObjectSource) {
    this.source = source;
    this.order = new GroupOrder<Segment>(
      (segment) => groupRank(this.query?.sortBy ?? 'name', segment.tally, segment.members.size, this.isBroken(segment)),
      (segment) => this.isControlPlane(segment),
    );
  }

  /** Pods in the cluster, whatever the filter says. */
  get objects(): number {
    return this.segmentOfPod.size;
  }

  get total(): number {
    this.arrange();
    return this.length;
  }

  health(): Health {
    const nodes = this.source.list('nodes') as readonly Node[];
    this.readyNodes ??= nodes.filter(isReady).length;
    return toHealth(this.counters, nodes.length, this.readyNodes);
  }

  setQuery(query: TreeQuery): void {
    const before = this.query;
    this.query = query;
    if (before?.filter !== query.filter) {
      this.filter = parsePodFilter(query.filter);
      for (const segment of this.segments.values()) segment.setFilter(this.filter);
    }
    if (before !== undefined && before.sortBy !== query.sortBy) this.sort(query.sortBy ?? 'name');
    else this.comparePods = podOrder(query.sortBy ?? 'name');
    if (before?.groupBy !== query.groupBy) this.rebuild();
    this.toggled = new Set(query.toggled);
    this.layout = undefined;
  }

  /** Takes in one write. */
  revision({ resource, type, object, previous }: Revision): void {
    if (this.query === undefined) return;
    this.layout = undefined;
    if (resource === 'nodes') this.takeNode(type, object.metadata.name ?? '');
    else if (resource === 'pods') this.takePod(previous as Pod | undefined, type === 'DELETED' ? undefined : (object as Pod));
  }

  /** The row at an index; undefined beyond the end. */
  row(index: number): TreeRow | undefined {
    if (index < this.faultRowsNow) return this.faultAt(index);
    const at = this.placeOf(index);
    const segment = this.arrange()[at];
    if (segment === undefined) return undefined;
    const offset = index - segment.start;
    return offset === 0 ? this.header(segment, at) : this.inner(segment, offset - 1);
  }

  /** The name or title that the row at an index shows, without making the row. */
  nameAt(index: number): string | undefined {
    if (index < this.faultRowsNow) return index === 0 ? 'Faults' : this.faults[index - 1]?.metadata.name;
    const segment = this.arrange()[this.placeOf(index)];
    if (segment === undefined) return undefined;
    if (index === segment.start) return segment.section ?? segment.group.name;
    const { pod, container } = segment.at(index - segment.start - 1);
    return pod === undefined || container === undefined ? pod?.metadata.name : containersOf(pod)[container]?.name;
  }

  /** Where in the layout the segment of a row is; -1: there is no such row. */
  private placeOf(index: number): number {
    const layout = this.arrange();
    if (index < 0 || index >= this.length) return -1;
    let low = 0;
    let high = layout.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((layout[middle]?.start ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Index of the row of that key, or undefined. */
  locate(key: string): number | undefined {
    const layout = this.arrange();
    if (key === FAULTS) return this.faultRows > 0 ? 0 : undefined;
    const fault = this.faultRows < 2 ? -1 : this.faults.findIndex(({ metadata }) => `f/${metadata.name ?? ''}` === key);
    if (fault >= 0) return fault + 1;
    const direct = layout.find((segment) => segment.key === key);
    if (direct !== undefined) return direct.start;
    const [type, namespace = '', name = ''] = key.split('/');
    if (type !== 'p' && type !== 'c') return undefined;
    const podKey = `${namespace}/${name}`;
    const segment = layout.find((each) => each.key === this.segmentOfPod.get(podKey));
    const pod = segment?.members.get(podKey);
    const position = pod === undefined ? undefined : segment?.positionOf(pod);
    if (segment === undefined || position === undefined || segment.rows <= 1) return undefined;
    for (let index = segment.start + 1 + position; index < segment.start + segment.rows; index++)
      if (this.row(index)?.key === key) return index;
    return undefined;
  }

  /** Indexes among which all siblings of a row are. */
  siblingsOf({ key, parent, type }: TreeRow): Iterable<number> {
    const layout = this.arrange();
    if (type === 'node' || type === 'group') return layout.flatMap((segment) => (segment.section === undefined ? [segment.start] : []));
    if (type === 'section') return [this.locate(key) ?? 0];
    const above = layout.find(
      (segment) => segment.key === (type === 'container' ? this.segmentOfPod.get((parent ?? '').slice(2)) : parent),
    );
    return above === undefined ? range(0, this.faultRows - 1) : range(above.start + 1, above.start + above.rows - 1);
  }

  private rebuild(): void {
    this.segments.clear();
    this.segmentOfPod.clear();
    this.counters = noPods();
    this.readyNodes = undefined;
    this.order.forget();
    for (const pod of this.source.list('pods') as readonly Pod[]) this.takePod(undefined, pod);
    this.addNodes();
  }

  private takeNode(type: Revision['type'], name: string): void {
    this.readyNodes = undefined;
    const own = this.query?.groupBy === 'node' ? this.segments.get(`g/${name}`) : undefined;
    if (own !== undefined) this.order.moved(own);
    if (type === 'MODIFIED' || this.query?.groupBy !== 'node') return;
    this.order.forget();
    if (this.source.get('nodes', name) !== undefined) this.addNode(name);
    else if (own?.members.size === 0) this.segments.delete(own.key);
  }

  /** A node is a group also while it has no Pods. */
  private addNodes(): void {
    if (this.query?.groupBy !== 'node') return;
    for (const { metadata } of this.source.list('nodes')) this.addNode(metadata.name ?? '');
  }

  private addNode(name: string): void {
    this.segmentFor({ key: name, name, ref: { apiVersion: 'v1', kind: 'Node', namespace: '', name } });
  }

  private hasNode({ key, group }: Segment): boolean {
    return key !== UNSCHEDULED && this.query?.groupBy === 'node' && this.source.get('nodes', group.name) !== undefined;
  }

  private takePod(old: Pod | undefined, pod: Pod | undefined): void {
    const key = keyOf((pod ?? old) as Pod);
    const before = old === undefined ? undefined : this.segments.get(this.segmentOfPod.get(key) ?? '');
    const after = pod === undefined ? undefined : this.segmentFor(groupOf(this.source, pod, this.query?.groupBy ?? 'node'));
    if (old !== undefined && before !== undefined) count(this.counters, old, -1);
    if (pod !== undefined) count(this.counters, pod, 1);
    if (old !== undefined && pod !== undefined && before !== undefined && before === after) {
      before.replace(old, pod);
      this.order.moved(before);
      return;
    }
    if (old !== undefined && before !== undefined) {
      before.remove(old);
      this.order.moved(before);
      this.segmentOfPod.delete(key);
      if (before.members.size === 0 && !this.hasNode(before)) {
        this.segments.delete(before.key);
        this.order.forget();
      }
    }
    if (pod !== undefined && after !== undefined) {
      after.add(pod);
      this.order.moved(after);
      this.segmentOfPod.set(key, after.key);
    }
  }

  private segmentFor(group: GroupName): Segment {
    const unscheduled = group.key === '';
    const key = unscheduled ? UNSCHEDULED : `g/${group.key}`;
    let segment = this.segments.get(key);
    if (segment === undefined) {
      segment = new Segment(key, group, unscheduled ? 'Unscheduled' : undefined, unscheduled ? 1 : 2);
      segment.setFilter(this.filter);
      segment.setOrder(this.comparePods);
      this.segments.set(key, segment);
      this.order.forget();
    }
    return segment;
  }

  /** Puts the segments in order and numbers their rows. */
  private arrange(): readonly Segment[] {
    if (this.layout !== undefined) return this.layout;
    const groups = this.visibleGroups();
    const unscheduled = this.segments.get(UNSCHEDULED);
    const layout: Segment[] = [];
    if (unscheduled !== undefined && unscheduled.pods.length > 0) layout.push(unscheduled);
    if (groups.length > 0) layout.push(this.sectionSegment(groups.length));
    if (this.isOpen(GROUPS)) layout.push(...groups);
    const openPods = this.openPods();
    this.faults = currentFaults(this.source);
    let start = this.faultRows;
    for (const segment of layout) {
      segment.arrange(start, segment.key !== GROUPS && this.isOpen(segment.key), openPods.get(segment.key) ?? []);
      start += segment.rows;
    }
    this.length = start;
    this.layout = layout;
    return layout;
  }

  private visibleGroups(): readonly Segment[] {
    const sorted = this.order.list(() => [...this.segments.values()].filter(({ key }) => key !== UNSCHEDULED));
    const { filter } = this;
    return filter === undefined ? sorted : sorted.filter((segment) => filter.matchesGroup(segment.group.name) || segment.pods.length > 0);
  }

  private sort(by: SortBy): void {
    this.comparePods = podOrder(by);
    for (const segment of this.segments.values()) segment.setOrder(this.comparePods);
    this.order.forget();
  }

  private isBroken({ group }: Segment): boolean {
    if (this.query?.groupBy !== 'node') return false;
    const node = this.source.get('nodes', group.name) as Node | undefined;
    return node !== undefined && !isReady(node);
  }

  private isControlPlane({ group }: Segment): boolean {
    if (this.query?.groupBy !== 'node') return false;
    return this.source.get('nodes', group.name)?.metadata.labels?.['node-role.kubernetes.io/control-plane'] !== undefined;
  }

  private sectionSegment(groups: number): Segment {
    const name = TITLES[this.query?.groupBy ?? 'node'];
    return new Segment(GROUPS, { key: String(groups), name, ref: undefined }, name, 1);
  }

  /** The Pods whose containers are to be shown, by segment. */
  private openPods(): ReadonlyMap<string, readonly string[]> {
    const open = new Map<string, string[]>();
    for (const key of this.toggled) {
      const segment = key.startsWith('p/') ? this.segmentOfPod.get(key.slice(2)) : undefined;
      if (segment === undefined) continue;
      const list = open.get(segment);
      if (list === undefined) open.set(segment, [key.slice(2)]);
      else list.push(key.slice(2));
    }
    return open;
  }

  /** Sections are open; groups as the query says, and always while a filter is at work; Pods are closed. */
  private isOpen(key: string): boolean {
    const standard = key.startsWith('s/') || (key.startsWith('g/') && (this.query?.groupsOpen === true || this.filter !== undefined));
    return this.toggled.has(key) !== standard;
  }

  /** @param at place of the segment in the layout */
  private header(segment: Segment, at: number): TreeRow {
    const layout = this.arrange();
    const { pods, key } = segment;
    const hasUnscheduled = layout[0]?.key === UNSCHEDULED;
    const hasGroups = layout.some((each, index) => index < 2 && each.key === GROUPS);
    if (segment.section !== undefined) {
      const siblings = this.faultSections + (hasUnscheduled ? 1 : 0) + (hasGroups ? 1 : 0);
      const position = this.faultSections + at + 1;
      const place: RowPlace = { key, level: 1, position, siblings, expanded: this.isOpen(key), parent: undefined };
      return { ...place, type: 'section', title: segment.section, count: key === GROUPS ? Number(segment.group.key) : pods.length };
    }
    const first = hasUnscheduled ? 2 : 1;
    const expanded = pods.length === 0 ? undefined : this.isOpen(key);
    const place: RowPlace = { key, level: 2, position: at - first + 1, siblings: layout.length - first, expanded, parent: GROUPS };
    if (this.query?.groupBy !== 'node') return groupRow(place, segment.group, segment.members.size, segment.tally);
    const node = this.source.get('nodes', segment.group.name) as Node | undefined;
    return nodeRow(place, node, segment.group.name, segment.members.values(), faultOfNode(this.faults, node));
  }

  private get faultSections(): number {
    return this.faults.length > 0 ? 1 : 0;
  }

  private get faultRowsNow(): number {
    this.arrange();
    return this.faultRows;
  }

  /** Rows of the section of faults, its heading included. */
  private get faultRows(): number {
    return this.faults.length === 0 ? 0 : 1 + (this.isOpen(FAULTS) ? this.faults.length : 0);
  }

  private faultAt(index: number): TreeRow | undefined {
    const layout = this.layout ?? [];
    const siblings = this.faultSections + layout.filter((each, at) => at < 2 && each.section !== undefined).length;
    if (index === 0) {
      const place: RowPlace = { key: FAULTS, level: 1, position: 1, siblings, expanded: this.isOpen(FAULTS), parent: undefined };
      return { ...place, type: 'section', title: 'Faults', count: this.faults.length };
    }
    const fault = this.faults[index - 1];
    if (fault === undefined) return undefined;
    const key = `f/${fault.metadata.name ?? ''}`;
    return faultRow({ key, level: 2, position: index, siblings: this.faults.length, expanded: undefined, parent: FAULTS }, fault);
  }

  /** @param offset of the row below the heading, from 0 */
  private inner(segment: Segment, offset: number): TreeRow | undefined {
    const { pods } = segment;
    const { pod, position, container } = segment.at(offset);
    if (pod === undefined) return undefined;
    if (container !== undefined) return this.containerAt(segment, pod, container);
    const key = `p/${keyOf(pod)}`;
    const place: RowPlace = {
      key,
      level: segment.level + 1,
      position: position + 1,
      siblings: pods.length,
      expanded: containerCount(pod) === 0 ? undefined : this.isOpen(key),
      parent: segment.key,
    };
    const above = pods[position - 1];
    return podRow(place, pod, above !== undefined && summarise(above).detail === summarise(pod).detail);
  }

  private containerAt(segment: Segment, pod: Pod, index: number): TreeRow | undefined {
    const containers = containersOf(pod);
    const container = containers[index];
    if (container === undefined) return undefined;
    const place: RowPlace = {
      key: `c/${keyOf(pod)}/${container.name}`,
      level: segment.level + 2,
      position: index + 1,
      siblings: containers.length,
      expanded: undefined,
      parent: `p/${keyOf(pod)}`,
    };
    return containerRow(place, pod, container);
  }
}

function isReady({ status }: Node): boolean {
  return status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') === true;
}

function noPods(): PodCounters {
  return { running: 0, pending: 0, failing: 0, succeeded: 0, terminating: 0 };
}
