/**
 * The map: from who asks over Ingresses, Services and endpoints to Pods and their nodes.
 * Invariant: drawn from the objects of the moment that all lists show; Pods are counted once and then write by write, so a look at a
 * large cluster costs its Services and groups. Counterpart: none in Kubernetes; the map of Headlamp.
 */
import { LOADS } from '../../../api/kubepad/load/types.ts';
import { groupResource } from '../../../apimachinery/meta/resource.ts';
import type { Cluster } from '../../../cluster/cluster.ts';
import type { Past } from '../../../cluster/past/past.ts';
import type { ObjectSource } from '../../projection/groups.ts';
import type { PanelSource } from '../panels.ts';
import { folded } from './fold.ts';
import { Graph, type Item, type Link } from './graph.ts';
import type { Column, ControlModel, EdgeModel, MapQuery, NodeModel, TrafficModel } from './model.ts';
import { MAX_SINGLE_NODES, placesOf, type MapPlace } from './place.ts';
import { MAX_DRAWN_NODES, partsOf } from './parts.ts';
import { PodTally } from './pods.ts';
import { partKeys, ratesOf, requestsOf } from './requests.ts';
import { selected } from './select.ts';
import { addServices, Slices } from './services.ts';
import { addTraffic, rounded, type TrafficSource } from './traffic.ts';
import { addGroups } from './workloads.ts';

type MapPast = Pick<Past, 'first' | 'last' | 'between' | 'entry'>;

/** What the map is of. */
export interface MapWorld {
  readonly cluster: TrafficSource & Pick<Cluster, 'options'>;
  readonly past: MapPast;
  /** What is shown is the picture of a real cluster, whose parts nobody sees through its API. */
  readonly real?: object | undefined;
  readonly shown: { readonly source: ObjectSource; readonly revision: number | undefined };
}

/** Whose writes change the picture. */
const RESOURCES: ReadonlySet<string> = new Set([
  'endpointslices.discovery.k8s.io',
  'ingresses.networking.k8s.io',
  'loads.kubepad.dev',
  'namespaces',
  'nodes',
  'pods',
  'replicasets.apps',
  'services',
]);

export function mapSource(world: () => MapWorld): PanelSource<MapQuery> {
  let counted: Counted | undefined;
  let revisionShown: number | undefined;
  return {
    picture(query): TrafficModel | ControlModel {
      const { cluster, past, shown } = world();
      if (query.tab === 'control') return controlOf(world(), query);
      const revision = shown.revision ?? past.last;
      revisionShown = shown.revision;
      const byZone = shown.source.count('nodes') > MAX_SINGLE_NODES;
      const placeOf = placesOf(shown.source, byZone);
      const asked = `${query.groupBy} ${query.namespace} ${byZone}`;
      if (counted === undefined || !counted.goesOn(past, asked)) {
        const tally = new PodTally(shown.source, { groupBy: query.groupBy, namespace: query.namespace, placeOf });
        counted = new Counted(past, asked, revision, tally);
      } else counted.goTo(revision);
      return pictureOf(
        { source: shown.source, query, tally: counted.tally, byZone, placeOf },
        counted.slices,
        shown.revision === undefined ? cluster : undefined,
      );
    },
    rest: () => void (counted = undefined),
    concerns: ({ tab }, { resource }) => tab === 'control' || RESOURCES.has(resource),
    // Going to another moment is told as time that goes on; without Loads nothing else moves.
    moves: ({ tab }) => {
      const { shown } = world();
      return tab === 'control' || shown.revision !== revisionShown || shown.source.count(groupResource(LOADS)) > 0;
    },
  };
}

/** The Pods as they are counted for one way of asking, at one revision. */
class Counted {
  readonly tally: PodTally;
  readonly slices: Slices;
  private readonly past: MapPast;
  private readonly asked: string;
  private revision: number;

  constructor(past: MapPast, asked: string, revision: number, tally: PodTally) {
    this.past = past;
    this.asked = asked;
    this.revision = revision;
    this.tally = tally;
    this.slices = new Slices(tally);
  }

  /** Whether what was counted can be carried on. */
  goesOn(past: MapPast, asked: string): boolean {
    return past === this.past && asked === this.asked && this.revision >= past.first;
  }

  /** Takes in the writes on the way to another revision, or undoes them. */
  goTo(revision: number): void {
    const { past } = this;
    const forward = revision > this.revision;
    const entries = past.between(Math.min(revision, this.revision), Math.max(revision, this.revision));
    for (const entry of forward ? entries : entries.toReversed()) if (entry.resource === 'pods') this.tally.take(entry, forward);
    this.revision = revision;
  }
}

function controlOf({ cluster, past, shown, real }: MapWorld, { toggled }: MapQuery): ControlModel {
  if (real !== undefined) return { parts: [], ways: [], requests: [] };
  const { source } = shown;
  const last = shown.revision ?? past.last;
  const now = shown.revision === undefined ? cluster.simulation.now() : (past.entry(last)?.at ?? 0);
  const keys = partKeys(source.count('nodes') <= MAX_DRAWN_NODES);
  const rates = ratesOf(past, last, now, keys);
  return { ...partsOf({ source, options: cluster.options, toggled, rates }), requests: requestsOf(past, last, keys) };
}

function pictureOf(place: MapPlace, slices: Slices, cluster: TrafficSource | undefined): TrafficModel {
  const whole = new Graph();
  addGroups(whole, place);
  addServices(whole, place, slices);
  const flow = addTraffic(whole, place, cluster);
  const { graph, count } = folded(selected(whole, place.query, place.placeOf));
  const namespaces = place.source.list('namespaces').map(({ metadata }) => metadata.name ?? '');
  return {
    head: { namespaces, pods: place.tally.count, flow: rounded(flow), folded: count, all: whole.items.size },
    nodes: [...graph.items.values()].toSorted(inOrder).map(nodeOf),
    edges: [...graph.links()].filter(({ from, to }) => graph.items.has(from) && graph.items.has(to)).map(edgeOf),
  };
}

const ORDER: Readonly<Record<Column, number>> = { client: 0, ingress: 1, service: 2, endpoints: 3, pods: 4, node: 5 };

function inOrder(a: Item, b: Item): number {
  const [one, other] = [a.parent ?? a.key, b.parent ?? b.key];
  // A group, then what is in it.
  if (one === other) return Number(a.parent !== undefined) - Number(b.parent !== undefined) || compare(a.key, b.key);
  return ORDER[a.column] - ORDER[b.column] || compare(one, other);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function nodeOf(item: Item): NodeModel {
  return { ...item, flow: rounded(item.flow) };
}

function edgeOf({ from, to, tone, text, flow }: Link): EdgeModel {
  return { key: `${from} > ${to}`, from, to, tone, text, flow: rounded(flow) };
}
