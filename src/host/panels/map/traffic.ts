/**
 * Who sends requests, which way they take over the map, and where they are lost.
 * Invariant: what is sent is what arrives and what fails; of the past the Loads are known, not the way of their requests.
 * Counterpart: the traffic graph of a service mesh.
 */
import { phaseAt, spanOf } from '../../../api/kubepad/span.ts';
import { LOADS, type FailureCause, type Load } from '../../../api/kubepad/load/types.ts';
import { groupResource } from '../../../apimachinery/meta/resource.ts';
import type { Cluster } from '../../../cluster/cluster.ts';
import { NO_FLOW, sum, type Graph } from './graph.ts';
import type { FlowModel } from './model.ts';
import { refOf, type MapPlace } from './place.ts';
import { serviceKey } from './services.ts';

/** Where requests go in the present. */
export type TrafficSource = Pick<Cluster, 'trafficRates' | 'network' | 'simulation'>;

type Rate = ReturnType<Cluster['trafficRates']>[number];

/** @param cluster undefined: it is the past @returns all that is sent */
export function addTraffic(graph: Graph, place: MapPlace, cluster: TrafficSource | undefined): FlowModel {
  // Asked for before there is a Load, so that its first requests are counted.
  const rates = cluster?.trafficRates() ?? [];
  const loads = place.source.list(groupResource(LOADS)) as readonly Load[];
  if (loads.length === 0) return NO_FLOW;
  const byLoad = new Map<string, Rate[]>();
  for (const rate of rates) {
    const known = byLoad.get(rate.load);
    if (known === undefined) byLoad.set(rate.load, [rate]);
    else known.push(rate);
  }
  let all = NO_FLOW;
  for (const load of loads) {
    const aim = cluster?.network.aimOf(load) ?? pastAim(load);
    const stages = [aim.ingress === undefined ? '' : `ingress ${aim.ingress}`, aim.service === undefined ? '' : serviceKey(aim.service)];
    const way = stages.filter((key) => graph.items.has(key));
    if (aim.service !== undefined && way.includes(serviceKey(aim.service))) {
      const endpoints = `endpoints ${aim.service}`;
      if (graph.items.has(endpoints)) way.push(endpoints);
    }
    // What is sent elsewhere is not in the namespace that is shown.
    if (place.query.namespace !== '' && way.length === 0) continue;
    const flow = new Way(graph, place, load, way).send(byLoad.get(load.metadata.uid ?? '') ?? []);
    addLoad(graph, load, flow, cluster?.simulation.now());
    all = sum(all, flow);
  }
  return all;
}

/** Of the past only what the Load itself names is known. */
function pastAim({ spec }: Load): { readonly ingress: undefined; readonly service: string | undefined } {
  const service = spec?.target?.service;
  return { ingress: undefined, service: service === undefined ? undefined : `${service.namespace ?? 'default'}/${service.name}` };
}

function addLoad(graph: Graph, load: Load, flow: FlowModel, now: number | undefined): void {
  const name = load.metadata.name ?? '';
  const { latency, message = '' } = load.status ?? {};
  const phase = now === undefined ? (load.status?.phase ?? 'Pending') : phaseAt(spanOf(load, now), now);
  const said =
    phase === 'Active' ? (latency === undefined ? 'sends' : `half are answered in ${latency.p50}, 99 % in ${latency.p99}`) : phase;
  const isFailing = flow.failing >= LEAST;
  graph.item({
    key: clientKey(name),
    column: 'client',
    kind: 'Load',
    name,
    namespace: '',
    ref: refOf('kubepad.dev/v1', 'Load', '', name),
    tone: isFailing ? 'error' : phase === 'Active' ? 'ok' : 'idle',
    status: said,
    why: isFailing ? message : '',
    flow,
  });
}

/** Less than this is not worth a word; requests per second. */
const LEAST = 0.05;

/** Lost before any Service was asked. */
const AT_CLIENT: ReadonlySet<FailureCause> = new Set(['DNS']);
/** Lost at the rules of the Service, not behind it. */
const AT_SERVICE: ReadonlySet<FailureCause> = new Set(['NoEndpoints', 'ServerError', 'ClientError', 'Refused']);

class Way {
  private readonly graph: Graph;
  private readonly place: MapPlace;
  private readonly load: Load;
  /** Keys of the items from the client on, up to the endpoints. */
  private readonly stops: readonly string[];

  constructor(graph: Graph, place: MapPlace, load: Load, way: readonly string[]) {
    this.graph = graph;
    this.place = place;
    this.load = load;
    this.stops = [clientKey(load.metadata.name ?? ''), ...way];
    // The line is there before the first request.
    const [client = '', first] = this.stops;
    if (first !== undefined) graph.link({ from: client, to: first, tone: 'ok', text: '' });
  }

  /** @returns all of it */
  send(rates: readonly Rate[]): FlowModel {
    let all = NO_FLOW;
    for (const { pod, perSecond, failing } of rates) {
      const lost = Object.values(failing).reduce((total, rate) => total + rate, 0);
      if (pod !== '') {
        this.toPod(pod, { perSecond, failing: lost }, failing);
        all = sum(all, { perSecond, failing: lost });
        continue;
      }
      for (const [cause, rate] of Object.entries(failing) as readonly [FailureCause, number][]) {
        const flow = { perSecond: rate, failing: rate };
        all = sum(all, flow);
        const stops = this.stopOf(cause);
        this.pass(flow, stops);
        this.mark(this.stops[stops - 1] ?? '', rate);
      }
    }
    return all;
  }

  /** How many stops requests that are lost for a reason come. */
  private stopOf(cause: FailureCause): number {
    if (AT_CLIENT.has(cause)) return 1;
    const service = this.stops.findIndex((key) => key.startsWith('service '));
    return AT_SERVICE.has(cause) && service >= 0 ? service + 1 : this.stops.length;
  }

  private toPod(pod: string, flow: FlowModel, failing: Rate['failing']): void {
    this.pass(flow, this.stops.length);
    const { graph } = this;
    const drawn = drawnPod(graph, this.place, pod);
    const last = this.stops.at(-1) ?? '';
    if (drawn === undefined) return;
    const isKnown = graph.hasLink(last, drawn);
    // It is no endpoint any more, and not all nodes have heard of it; or the Load asks it itself.
    const isLate = !isKnown && last.startsWith('endpoints ');
    graph.link({
      from: last,
      to: drawn,
      tone: isLate ? 'warn' : 'ok',
      text: isLate ? 'no endpoint any more, and not all nodes know' : '',
      flow,
    });
    this.add(drawn, flow);
    const item = graph.items.get(drawn);
    if (item !== undefined && flow.failing >= LEAST) {
      item.tone = 'error';
      item.why = `${Math.max(1, Math.round((flow.failing / flow.perSecond) * 100))} % of the requests of ${this.load.metadata.name ?? ''} fail here: ${causesText(failing)}.`;
    }
    const parent = item?.parent;
    if (parent !== undefined) this.add(parent, flow);
    this.toNode(pod, drawn, flow);
  }

  private toNode(pod: string, drawn: string, flow: FlowModel): void {
    const { tally, placeOf } = this.place;
    const node = tally.groupOf(pod)?.members.get(pod)?.spec?.nodeName;
    const key = `node ${placeOf(node ?? '')}`;
    if (!this.graph.items.has(key)) return;
    this.graph.link({ from: drawn, to: key, tone: 'ok', text: '', flow });
    this.add(key, flow);
  }

  /** Along the first stops. The client's own sum is that of all. */
  private pass(flow: FlowModel, stops: number): void {
    for (const [index, to] of this.stops.slice(0, stops).entries()) {
      if (index === 0) continue;
      this.graph.link({ from: this.stops[index - 1] ?? '', to, tone: 'ok', text: '', flow });
      this.add(to, flow);
    }
  }

  /** Requests are lost there, before they reach a Pod. */
  private mark(key: string, rate: number): void {
    const item = this.graph.items.get(key);
    if (item === undefined || rate < LEAST) return;
    item.tone = 'error';
    if (item.why === '') item.why = `Requests of ${this.load.metadata.name ?? ''} are lost here. ${this.load.status?.message ?? ''}`.trim();
  }

  private add(key: string, flow: FlowModel): void {
    const item = this.graph.items.get(key);
    if (item !== undefined) item.flow = sum(item.flow, flow);
  }
}

/** The key of what stands for a Pod on the map. */
function drawnPod(graph: Graph, { tally }: MapPlace, pod: string): string | undefined {
  const group = tally.groupOf(pod);
  if (group === undefined) return undefined;
  if (graph.items.get(group.key)?.expanded !== true) return group.key;
  return graph.items.has(`pod ${pod}`) ? `pod ${pod}` : `more ${group.key}`;
}

function causesText(failing: Rate['failing']): string {
  const causes = Object.entries(failing).toSorted(([, a], [, b]) => b - a);
  return causes.map(([cause]) => cause).join(', ');
}

function clientKey(name: string): string {
  return `client ${name}`;
}

/** To two digits: more would change all the time and say nothing. */
export function rounded({ perSecond, failing }: FlowModel): FlowModel {
  return perSecond === 0 && failing === 0 ? NO_FLOW : { perSecond: twoDigits(perSecond), failing: twoDigits(failing) };
}

function twoDigits(value: number): number {
  return value < LEAST ? 0 : Number(value.toPrecision(2));
}
