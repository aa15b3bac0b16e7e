/**
 * The map: from who asks over Ingresses, Services and endpoints to Pods and their nodes.
 * Invariant: drawn from the objects of the moment that all lists show; Pods are counted once and then write by write, so a look at a
 * large cluster costs its Services and groups. Counterpart: none in Kubernetes; the map of Headlamp.
 */
import { LOADS } from '../../../api/kubepad/load/types.ts';
import { groupResource } from '../../../apimachinery/meta/resource.ts';
import type { Past } from '../../../cluster/past/past.ts';
import type { ObjectSource } from '../../projection/groups.ts';
import type { PanelSource } from '../panels.ts';
import { folded } from './fold.ts';
import { Graph, type Item, type Link } from './graph.ts';
import type { Column, EdgeModel, MapModel, MapQuery, NodeModel } from './model.ts';
import { MAX_SINGLE_NODES, placesOf, type MapPlace } from './place.ts';
import { PodTally } from './pods.ts';
import { selected } from './select.ts';
import { addServices, Slices } from './services.ts';
import { addTraffic, rounded, type TrafficSource } from './traffic.ts';
import { addGroups } from './workloads.ts';

type MapPast = Pick<Past, 'first' | 'last' | 'between'>;

/** What the map is of. */
export interface MapWorld {
  readonly cluster: TrafficSource;
  readonly past: MapPast;
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
    picture(query): MapModel {
      const { cluster, past, shown } = world();
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
    concerns: (_, { resource }) => RESOURCES.has(resource),
    // Going to another moment is told as time that goes on; without Loads nothing else moves.
    moves: () => {
      const { shown } = world();
      return shown.revision !== revisionShown || shown.source.count(groupResource(LOADS)) > 0;
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

function pictureOf(place: MapPlace, slices: Slices, cluster: TrafficSource | undefined): MapModel {
  const whole = new Graph();
  addGroups(whole, place);
  addServices(whole, place, slices);
  const flow = addTraffic(whole, place, cluster);
  const { graph, count } = folded(selected(whole, place.query));
  const namespaces = place.source.list('namespaces').map(({ metadata }) => metadata.name ?? '');
  return {
    head: { namespaces, pods: place.tally.count, flow: rounded(flow), folded: count, all: whole.items.size },
    nodes: [...graph.items.values()].toSorted(inOrder).map(nodeOf),
    edges: [...graph.links()].filter(({ from, to }) => graph.items.has(from) && graph.items.has(to)).map(edgeOf),
  };
}

const ORDER: Readonly<Record<Column, number>> = { client: 0, ingress: 1, service: 2, endpoints: 3, pods: 4, node: 5 };

function inOrder(a: Item, b: Item): number {
  return ORDER[a.column] - ORDER[b.column] || (a.key < b.key ? -1 : 1);
}

function nodeOf(item: Item): NodeModel {
  return { ...item, flow: rounded(item.flow) };
}

function edgeOf({ from, to, tone, text, flow }: Link): EdgeModel {
  return { key: `${from} > ${to}`, from, to, tone, text, flow: rounded(flow) };
}
