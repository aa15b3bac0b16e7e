/**
 * Pods in their groups and the nodes that they run on, as the map draws them.
 * Invariant: a group that is closed costs its nodes, one that is open its Pods, of which no more than can be read are drawn.
 * Counterpart: none.
 */
import type { Node, Pod } from '../../../api/schema/types/core/v1.ts';
import { summarise } from '../../projection/podSummary.ts';
import type { Tone } from '../../protocol/view.ts';
import { stateOf } from '../timeline/states.ts';
import { isWrong, worse, type Graph } from './graph.ts';
import type { MapQuery } from './model.ts';
import { many, refOf, zoneOf, type MapPlace } from './place.ts';
import type { Counts, PodGroup } from './pods.ts';

/** Of a group that is open no more Pods are drawn. */
const MAX_MEMBERS = 30;
/** Groups are open unless a person closes them, as long as there are so few Pods. */
const FEW_PODS = 30;
/** Nodes without Pods are shown where there are few. */
const FEW_NODES = 12;

export function addGroups(graph: Graph, place: MapPlace): void {
  const { tally, query } = place;
  const toggled = new Set(query.toggled);
  const openByDefault = tally.count <= FEW_PODS;
  const wanted = wantedPod(query);
  const sorted = [...tally.groups.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1));
  for (const group of sorted) {
    // A Pod that is asked for is drawn, whatever else is not.
    const open = openByDefault !== toggled.has(group.key) || group.members.has(wanted);
    const { key, name, namespace, ref } = group;
    const { tone, status } = groupState(group);
    const kind = ref?.kind ?? (query.groupBy === 'node' ? 'Zone' : 'Pods');
    graph.item({ key, column: 'pods', kind, name, namespace, ref, tone, status, why: whyOf(group), expanded: open });
    if (open) addMembers(graph, group, place);
    else for (const [node, counts] of group.nodes) graph.link({ from: key, to: nodeKey(node), tone: 'ok', text: many(counts.pods, 'Pod') });
  }
  addNodes(graph, place);
}

function addMembers(graph: Graph, { key: parent, members }: PodGroup, { tally, placeOf, query }: MapPlace): void {
  // With many groups each shows less, so that the whole stays readable.
  const most = Math.max(3, Math.min(MAX_MEMBERS, Math.floor(120 / Math.max(1, tally.groups.size))));
  const wanted = wantedPod(query);
  const first = (key: string): number => Number(key === wanted);
  const sorted = [...members].toSorted(([a, one], [b, other]) => first(b) - first(a) || rank(one) - rank(other) || (a < b ? -1 : 1));
  const shown = members.size <= most ? sorted : sorted.slice(0, most - 1);
  for (const [key, pod] of shown) addPod(graph, key, pod, parent, placeOf);
  const rest = sorted.slice(shown.length);
  if (rest.length === 0) return;
  const tone = rest.map(([, pod]) => summarise(pod).tone).reduce(worse, 'idle');
  const ready = rest.filter(([, pod]) => summarise(pod).isReady).length;
  const key = `more ${parent}`;
  const status = `${ready}/${rest.length} ready`;
  graph.item({ key, column: 'pods', kind: 'Pods', name: `${rest.length} more`, namespace: '', ref: undefined, tone, status, parent });
  for (const node of new Set(rest.map(([, { spec }]) => placeOf(spec?.nodeName ?? ''))))
    graph.link({ from: key, to: nodeKey(node), tone: 'ok', text: '' });
}

function addPod(graph: Graph, key: string, pod: Pod, parent: string, placeOf: MapPlace['placeOf']): void {
  const { namespace = '', name = '' } = pod.metadata;
  const { tone, status, detail, counts } = summarise(pod);
  const item = `pod ${key}`;
  graph.item({
    key: item,
    column: 'pods',
    kind: 'Pod',
    name,
    namespace,
    ref: refOf('v1', 'Pod', namespace, name),
    tone,
    status,
    why: counts === 'failing' || detail !== '' ? detail || `Its status is ${status}.` : '',
    parent,
  });
  graph.link({ from: item, to: nodeKey(placeOf(pod.spec?.nodeName ?? '')), tone: 'ok', text: '' });
}

/** The key of the Pod that the map is asked for; empty: none. */
function wantedPod({ focus }: MapQuery): string {
  return focus?.kind === 'Pod' ? `${focus.namespace}/${focus.name}` : '';
}

/** What is wrong comes first. */
function rank(pod: Pod): number {
  const { counts, isReady } = summarise(pod);
  return counts === 'failing' ? 0 : isReady ? 2 : 1;
}

function groupState({ pods, ready, failing }: Counts): { readonly tone: Tone; readonly status: string } {
  return {
    tone: failing > 0 ? 'error' : ready < pods ? 'busy' : 'ok',
    status: `${ready}/${pods} ready${failing === 0 ? '' : `, ${failing} failing`}`,
  };
}

function whyOf({ failing, pods }: Counts): string {
  return failing === 0 ? '' : `${failing} of ${many(pods, 'Pod')} ${failing === 1 ? 'is' : 'are'} failing.`;
}

function nodeKey(place: string): string {
  return `node ${place}`;
}

function addNodes(graph: Graph, { tally, query, source, byZone }: MapPlace): void {
  const used = new Map<string, number>();
  for (const { nodes } of tally.groups.values()) for (const [place, { pods }] of nodes) used.set(place, (used.get(place) ?? 0) + pods);
  const nodes = source.list('nodes') as readonly Node[];
  if (byZone) addZones(graph, nodes, used);
  else {
    const all = query.namespace === '' && nodes.length <= FEW_NODES;
    for (const node of nodes) {
      const name = node.metadata.name ?? '';
      const state = stateOf('nodes', node);
      if (!used.has(name) && !all && !isWrong(state.tone)) continue;
      const pods = used.get(name) ?? 0;
      const why =
        state.tone === 'error'
          ? `Node ${name} is ${state.text}: ${pods === 0 ? 'nothing can run there.' : 'its Pods are not reached.'}`
          : '';
      const status = `${state.text}, ${many(pods, 'Pod')}`;
      graph.item({
        key: nodeKey(name),
        column: 'node',
        kind: 'Node',
        name,
        namespace: '',
        ref: refOf('v1', 'Node', '', name),
        tone: state.tone,
        status,
        why,
      });
    }
    for (const name of used.keys()) {
      if (name === '' || graph.items.has(nodeKey(name))) continue;
      const why = `Pods are bound to node ${name}, which does not exist any more.`;
      const base = { key: nodeKey(name), column: 'node', kind: 'Node', name, namespace: '', ref: undefined, tone: 'error', why } as const;
      graph.item({ ...base, status: 'not in the cluster' });
    }
  }
  const waiting = used.get('') ?? 0;
  if (waiting === 0) return;
  const why = `${many(waiting, 'Pod')} ${waiting === 1 ? 'has' : 'have'} not been given a node.`;
  const base = { key: nodeKey(''), column: 'node', kind: 'Unscheduled', name: 'No node yet', namespace: '', ref: undefined, why } as const;
  graph.item({ ...base, tone: 'warn', status: many(waiting, 'Pod') });
}

function addZones(graph: Graph, nodes: readonly Node[], used: ReadonlyMap<string, number>): void {
  const zones = new Map<string, { ready: number; all: number }>();
  for (const node of nodes) {
    const zone = zoneOf(node);
    let counts = zones.get(zone);
    if (counts === undefined) zones.set(zone, (counts = { ready: 0, all: 0 }));
    counts.all++;
    if (stateOf('nodes', node).tone !== 'error') counts.ready++;
  }
  for (const [zone, { ready, all }] of zones) {
    const missing = all - ready;
    const base = { key: nodeKey(zone), column: 'node', kind: 'Zone', name: zone, namespace: '', ref: undefined } as const;
    graph.item({
      ...base,
      tone: missing === 0 ? 'ok' : missing === all ? 'error' : 'warn',
      status: `${ready}/${many(all, 'node')} ready, ${many(used.get(zone) ?? 0, 'Pod')}`,
      why: missing === 0 ? '' : `${many(missing, 'node')} of zone ${zone} ${missing === 1 ? 'is' : 'are'} not ready.`,
    });
  }
}
