/**
 * The cluster as a tree of rows: sections, groups, Pods, containers; numbered from top to bottom as they are seen.
 * Invariant: follows the revisions of the store one by one; a change costs its own group, a window costs its own rows,
 * and nothing costs the whole cluster but a new query. Counterpart: none.
 */
import type { Node, Pod } from '../../api/schema/types/core/v1.ts';
import { keyOf } from '../../apimachinery/meta/resource.ts';
import type { Revision } from '../../apiserver/storage/revision.ts';
import type { Health, TreeQuery, TreeRow } from '../viewProtocol.ts';
import { parsePodFilter, type PodFilter } from './filter.ts';
import { groupOf, type GroupName, type ObjectSource } from './groups.ts';
import { count, summarise, toHealth, type PodCounters } from './podSummary.ts';
import { containerCount, containerRow, containersOf, groupRow, nodeRow, podRow, type RowPlace } from './treeRows.ts';

/** Consecutive rows: a heading and, while it is open, its Pods with the containers of the open ones. */
interface Segment {
  readonly key: string;
  readonly group: GroupName;
  readonly section: string | undefined;
  readonly level: number;
  members: Map<string, Pod>;
  /** The members that the filter leaves, sorted; undefined: to be made. */
  pods: readonly Pod[] | undefined;
  /** Positions within `pods` of those whose containers are shown. */
  openPods: readonly number[];
  rows: number;
  start: number;
}

const UNSCHEDULED = 's/unscheduled';
const GROUPS = 's/groups';
const TITLES = { node: 'Nodes', workload: 'Workloads', namespace: 'Namespaces' } as const;
const byName = new Intl.Collator('en', { numeric: true });

export class TreeProjection {
  private readonly source: ObjectSource;
  private query: TreeQuery | undefined;
  private filter: PodFilter | undefined;
  private toggled: ReadonlySet<string> = new Set();
  private readonly segments = new Map<string, Segment>();
  private readonly segmentOfPod = new Map<string, string>();
  private layout: readonly Segment[] | undefined;
  private length = 0;
  private counters: PodCounters = noPods();

  constructor(source: ObjectSource) {
    this.source = source;
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
    const ready = nodes.filter((node) => node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'));
    return toHealth(this.counters, nodes.length, ready.length);
  }

  setQuery(query: TreeQuery): void {
    const before = this.query;
    this.query = query;
    if (before?.groupBy !== query.groupBy) this.rebuild();
    if (before?.filter !== query.filter) {
      this.filter = parsePodFilter(query.filter);
      for (const segment of this.segments.values()) segment.pods = undefined;
    }
    this.toggled = new Set(query.toggled);
    this.layout = undefined;
  }

  /** Takes in one write. */
  revision(entry: Revision): void {
    if (entry.resource === 'nodes') this.layout = undefined;
    if (entry.resource !== 'pods' || this.query === undefined) return;
    if (entry.previous !== undefined) this.remove(entry.previous as Pod);
    if (entry.type !== 'DELETED') this.add(entry.object as Pod);
    this.layout = undefined;
  }

  /** The row at an index; undefined beyond the end. */
  row(index: number): TreeRow | undefined {
    const layout = this.arrange();
    let low = 0;
    let high = layout.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((layout[middle]?.start ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    const segment = layout[low];
    if (segment === undefined || index < 0 || index >= this.length) return undefined;
    const offset = index - segment.start;
    return offset === 0 ? this.header(segment) : this.inner(segment, offset - 1);
  }

  /** Index of the row of that key, or undefined. */
  locate(key: string): number | undefined {
    const layout = this.arrange();
    const direct = layout.find((segment) => segment.key === key);
    if (direct !== undefined) return direct.start;
    const [type, ...rest] = key.split('/');
    const podKey = type === 'p' ? rest.join('/') : rest.slice(0, 2).join('/');
    const segment = layout.find((each) => each.key === this.segmentOfPod.get(podKey));
    if (segment === undefined || segment.rows <= 1) return undefined;
    for (let index = segment.start + 1; index < segment.start + segment.rows; index++) if (this.row(index)?.key === key) return index;
    return undefined;
  }

  /** The next row after an index whose name begins so, going round. */
  find(prefix: string, after: number): { readonly index: number; readonly key: string } | undefined {
    const wanted = prefix.toLowerCase();
    const { total } = this;
    for (let step = 1; step <= total; step++) {
      const index = (after + step) % total;
      const row = this.row(index);
      if (row === undefined) continue;
      const name = 'name' in row ? row.name : row.type === 'section' ? row.title : '';
      if (name.toLowerCase().startsWith(wanted)) return { index, key: row.key };
    }
    return undefined;
  }

  private rebuild(): void {
    this.segments.clear();
    this.segmentOfPod.clear();
    this.counters = noPods();
    for (const pod of this.source.list('pods') as readonly Pod[]) this.add(pod);
  }

  private add(pod: Pod): void {
    const segment = this.segmentFor(groupOf(this.source, pod, this.query?.groupBy ?? 'node'));
    const key = keyOf(pod);
    segment.members.set(key, pod);
    segment.pods = undefined;
    this.segmentOfPod.set(key, segment.key);
    count(this.counters, pod, 1);
  }

  private remove(pod: Pod): void {
    const key = keyOf(pod);
    const segmentKey = this.segmentOfPod.get(key);
    const segment = segmentKey === undefined ? undefined : this.segments.get(segmentKey);
    if (segment === undefined) return;
    segment.members.delete(key);
    segment.pods = undefined;
    this.segmentOfPod.delete(key);
    if (segment.members.size === 0) this.segments.delete(segment.key);
    count(this.counters, pod, -1);
  }

  private segmentFor(group: GroupName): Segment {
    const key = group.key === '' ? UNSCHEDULED : `g/${group.key}`;
    let segment = this.segments.get(key);
    if (segment === undefined) {
      const section = group.key === '' ? 'Unscheduled' : undefined;
      segment = {
        key,
        group,
        section,
        level: group.key === '' ? 1 : 2,
        members: new Map(),
        pods: undefined,
        openPods: [],
        rows: 0,
        start: 0,
      };
      this.segments.set(key, segment);
    }
    return segment;
  }

  /** Puts the segments in order and numbers their rows. */
  private arrange(): readonly Segment[] {
    if (this.layout !== undefined) return this.layout;
    const groups = this.visibleGroups();
    const unscheduled = this.segments.get(UNSCHEDULED);
    const layout: Segment[] = [];
    if (unscheduled !== undefined && this.podsOf(unscheduled).length > 0) layout.push(unscheduled);
    if (groups.length > 0) layout.push(this.sectionSegment(groups.length));
    if (this.isOpen(GROUPS)) layout.push(...groups);
    let start = 0;
    for (const segment of layout) {
      segment.start = start;
      segment.rows = this.countRows(segment);
      start += segment.rows;
    }
    this.length = start;
    this.layout = layout;
    return layout;
  }

  private visibleGroups(): readonly Segment[] {
    const groups = [...this.segments.values()].filter(({ key }) => key !== UNSCHEDULED);
    if (this.query?.groupBy === 'node') {
      for (const { metadata } of this.source.list('nodes')) {
        const name = metadata.name ?? '';
        if (this.segments.has(`g/${name}`)) continue;
        const ref = { apiVersion: 'v1', kind: 'Node', namespace: '', name };
        groups.push({
          key: `g/${name}`,
          group: { key: name, name, ref },
          section: undefined,
          level: 2,
          members: new Map(),
          pods: [],
          openPods: [],
          rows: 0,
          start: 0,
        });
      }
    }
    const { filter } = this;
    const shown =
      filter === undefined
        ? groups
        : groups.filter((segment) => filter.matchesGroup(segment.group.name) || this.podsOf(segment).length > 0);
    const last = (segment: Segment): number => (this.isControlPlane(segment) ? 1 : 0);
    return shown.sort((a, b) => last(a) - last(b) || byName.compare(a.group.name, b.group.name) || byName.compare(a.key, b.key));
  }

  private isControlPlane({ group }: Segment): boolean {
    if (this.query?.groupBy !== 'node') return false;
    return this.source.get('nodes', group.name)?.metadata.labels?.['node-role.kubernetes.io/control-plane'] !== undefined;
  }

  private sectionSegment(groups: number): Segment {
    const group: GroupName = { key: String(groups), name: TITLES[this.query?.groupBy ?? 'node'], ref: undefined };
    return { key: GROUPS, group, section: group.name, level: 1, members: new Map(), pods: [], openPods: [], rows: 1, start: 0 };
  }

  private countRows(segment: Segment): number {
    const pods = this.podsOf(segment);
    if (segment.key === GROUPS || !this.isOpen(segment.key) || pods.length === 0) return 1;
    const open: number[] = [];
    let containers = 0;
    if (this.toggled.size > 0) {
      pods.forEach((pod, position) => {
        if (!this.toggled.has(`p/${keyOf(pod)}`)) return;
        open.push(position);
        containers += containerCount(pod);
      });
    }
    segment.openPods = open;
    return 1 + pods.length + containers;
  }

  private podsOf(segment: Segment): readonly Pod[] {
    if (segment.pods === undefined) {
      const { filter } = this;
      const all = [...segment.members.values()];
      const { name } = segment.group;
      const pods = filter === undefined ? all : all.filter((pod) => filter.matches(pod, name));
      segment.pods = pods.sort((a, b) => byName.compare(a.metadata.name ?? '', b.metadata.name ?? '') || compare(keyOf(a), keyOf(b)));
    }
    return segment.pods;
  }

  /** Sections are open; groups as the query says, and always while a filter is at work; Pods are closed. */
  private isOpen(key: string): boolean {
    const standard = key.startsWith('s/') || (key.startsWith('g/') && (this.query?.groupsOpen === true || this.filter !== undefined));
    return this.toggled.has(key) !== standard;
  }

  private header(segment: Segment): TreeRow {
    const layout = this.arrange();
    const pods = this.podsOf(segment);
    if (segment.section !== undefined) {
      const sections = layout.filter(({ level }) => level === 1);
      const groups = segment.key === GROUPS ? Number(segment.group.key) : pods.length;
      const place = {
        key: segment.key,
        level: 1,
        position: sections.indexOf(segment) + 1,
        siblings: sections.length,
        expanded: this.isOpen(segment.key),
        parent: undefined,
      };
      return { ...place, type: 'section', title: segment.section, count: groups };
    }
    const first = layout.findIndex(({ key }) => key === GROUPS) + 1;
    const place: RowPlace = {
      key: segment.key,
      level: 2,
      position: layout.indexOf(segment) - first + 1,
      siblings: layout.length - first,
      expanded: pods.length === 0 ? undefined : this.isOpen(segment.key),
      parent: GROUPS,
    };
    if (this.query?.groupBy !== 'node') return groupRow(place, segment.group, pods);
    const node = this.source.get('nodes', segment.group.name) as Node | undefined;
    return nodeRow(place, node, segment.group.name, segment.members.values());
  }

  /** @param offset of the row below the heading, from 0 */
  private inner(segment: Segment, offset: number): TreeRow | undefined {
    const pods = this.podsOf(segment);
    let position = offset;
    for (const open of segment.openPods) {
      if (position <= open) break;
      const containers = containerCount(pods[open] as Pod);
      if (position <= open + containers) return this.containerAt(segment, pods[open] as Pod, position - open - 1);
      position -= containers;
    }
    const pod = pods[position];
    if (pod === undefined) return undefined;
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

function noPods(): PodCounters {
  return { running: 0, pending: 0, failing: 0, succeeded: 0, terminating: 0 };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
