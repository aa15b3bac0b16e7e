/**
 * Ingresses, Services and their endpoints on the map, and which Pods they lead to.
 * Invariant: a slice is looked into once as long as it stays the same; what leads nowhere says so.
 * Counterpart: what an Ingress controller and a kube-proxy make of the same objects.
 */
import type { Service } from '../../../api/schema/types/core/v1.ts';
import type { Endpoint, EndpointSlice } from '../../../api/schema/types/discovery/v1.ts';
import type { Ingress, IngressBackend } from '../../../api/schema/types/networking/v1.ts';
import type { KubeObject } from '../../../apimachinery/meta/resource.ts';
import type { Graph } from './graph.ts';
import { many, refOf, type MapPlace } from './place.ts';
import type { PodTally } from './pods.ts';

/** What a Service leads to, in one group of Pods. */
interface Reached {
  ready: number;
  waiting: number;
}

interface SliceSummary extends Reached {
  readonly groups: ReadonlyMap<string, Reached>;
  /** Addresses that are no Pod's. */
  readonly others: number;
}

const SERVICE_NAME = 'kubernetes.io/service-name';
/** The API server's own, which leads to no Pod. */
const API_SERVICE = 'default/kubernetes';

/** Looks into slices once for each way of grouping. */
export class Slices {
  private readonly tally: PodTally;
  private readonly summaries = new WeakMap<EndpointSlice, SliceSummary>();
  private listed: readonly KubeObject[] | undefined;
  private byService: ReadonlyMap<string, readonly EndpointSlice[]> = new Map();

  constructor(tally: PodTally) {
    this.tally = tally;
  }

  /** By `namespace/name` of the Service; the store hands out the same list until a slice of it changes. */
  of(list: readonly KubeObject[]): ReadonlyMap<string, readonly EndpointSlice[]> {
    if (list === this.listed) return this.byService;
    const byService = new Map<string, EndpointSlice[]>();
    for (const object of list) {
      const { namespace = '', labels } = object.metadata;
      const key = `${namespace}/${labels?.[SERVICE_NAME] ?? ''}`;
      const known = byService.get(key);
      if (known === undefined) byService.set(key, [object as EndpointSlice]);
      else known.push(object as EndpointSlice);
    }
    this.listed = list;
    this.byService = byService;
    return byService;
  }

  summary(slice: EndpointSlice): SliceSummary {
    let summary = this.summaries.get(slice);
    if (summary === undefined) this.summaries.set(slice, (summary = this.make(slice)));
    return summary;
  }

  private make({ endpoints = [] }: EndpointSlice): SliceSummary {
    const groups = new Map<string, Reached>();
    let others = 0;
    const all: Reached = { ready: 0, waiting: 0 };
    for (const endpoint of endpoints) {
      const isReady = endpoint.conditions?.ready ?? true;
      const key = podOf(endpoint);
      const group = key === undefined ? undefined : this.tally.groupOf(key);
      if (key === undefined) others++;
      add(all, isReady);
      if (group === undefined) continue;
      let reached = groups.get(group.key);
      if (reached === undefined) groups.set(group.key, (reached = { ready: 0, waiting: 0 }));
      add(reached, isReady);
    }
    return { ...all, groups, others };
  }
}

export function addServices(graph: Graph, place: MapPlace, slices: Slices): void {
  const { source, query } = place;
  const namespace = query.namespace === '' ? undefined : query.namespace;
  const byService = slices.of(source.list('endpointslices.discovery.k8s.io'));
  for (const object of source.list('services', namespace)) addService(graph, object as Service, byService, slices);
  for (const object of source.list('ingresses.networking.k8s.io', namespace)) addIngress(graph, object as Ingress, place);
}

function addService(graph: Graph, service: Service, byService: ReadonlyMap<string, readonly EndpointSlice[]>, slices: Slices): void {
  const { namespace = '', name = '' } = service.metadata;
  const key = `${namespace}/${name}`;
  if (key === API_SERVICE) return;
  const from = serviceKey(key);
  const isAlias = service.spec?.type === 'ExternalName';
  graph.item({
    key: from,
    column: 'service',
    kind: 'Service',
    name,
    namespace,
    ref: refOf('v1', 'Service', namespace, name),
    tone: isAlias ? 'info' : 'ok',
    status: isAlias ? `stands for ${service.spec?.externalName ?? ''}` : addressText(service),
  });
  if (isAlias) return;
  const own = byService.get(key) ?? [];
  const to = `endpoints ${key}`;
  addEndpoints(graph, service, own, slices);
  graph.link({ from, to, tone: graph.items.get(to)?.tone === 'error' ? 'idle' : 'ok', text: portsText(service) });
}

function addEndpoints(graph: Graph, service: Service, own: readonly EndpointSlice[], slices: Slices): void {
  const { namespace = '', name = '' } = service.metadata;
  const key = `endpoints ${namespace}/${name}`;
  const all: Reached = { ready: 0, waiting: 0 };
  let others = 0;
  for (const slice of own) {
    const summary = slices.summary(slice);
    all.ready += summary.ready;
    all.waiting += summary.waiting;
    others += summary.others;
    for (const [group, reached] of summary.groups) addReached(graph, key, group, slice, reached);
  }
  const total = all.ready + all.waiting;
  const selects = Object.keys(service.spec?.selector ?? {}).length > 0;
  const [slice] = own;
  graph.item({
    key,
    column: 'endpoints',
    kind: 'EndpointSlice',
    name: own.length === 1 ? (slice?.metadata.name ?? name) : own.length === 0 ? name : `${name}, ${own.length} slices`,
    namespace,
    ref: slice === undefined ? undefined : refOf('discovery.k8s.io/v1', 'EndpointSlice', namespace, slice.metadata.name ?? ''),
    tone: all.ready === 0 ? 'error' : all.waiting > 0 ? 'busy' : 'ok',
    status:
      total === 0
        ? 'no endpoints'
        : `${all.ready}/${total} ready${others === 0 ? '' : `, ${many(others, 'address', 'addresses')} of no Pod`}`,
    why: all.ready > 0 ? '' : whyNone(total, selects, name),
  });
}

function whyNone(total: number, selects: boolean, name: string): string {
  if (total > 0) return `No Pod behind Service ${name} is ready: connections are refused.`;
  return selects
    ? `The selector of Service ${name} matches no Pod that has an address: connections are refused.`
    : `Service ${name} has no selector, and nobody has written endpoints for it: connections are refused.`;
}

/** To the group, or to its Pods where these are drawn. */
function addReached(graph: Graph, from: string, groupKey: string, { endpoints = [] }: EndpointSlice, reached: Reached): void {
  if (graph.items.get(groupKey)?.expanded !== true) {
    graph.link({ from, to: groupKey, ...said(reached) });
    return;
  }
  for (const endpoint of endpoints) {
    const key = podOf(endpoint);
    if (key === undefined) continue;
    const to = `pod ${key}`;
    const one: Reached = { ready: 0, waiting: 0 };
    add(one, endpoint.conditions?.ready ?? true);
    if (graph.items.get(to)?.parent === groupKey) graph.link({ from, to, ...said(one) });
    else if (graph.items.has(`more ${groupKey}`)) graph.link({ from, to: `more ${groupKey}`, tone: said(one).tone, text: '' });
  }
}

function said({ ready, waiting }: Reached): { readonly tone: 'ok' | 'idle'; readonly text: string } {
  if (ready + waiting === 1) return { tone: ready > 0 ? 'ok' : 'idle', text: ready > 0 ? 'ready' : 'not ready' };
  return { tone: ready > 0 ? 'ok' : 'idle', text: waiting === 0 ? `${ready} ready` : `${ready} ready, ${waiting} not ready` };
}

function addIngress(graph: Graph, ingress: Ingress, { source }: MapPlace): void {
  const { namespace = '', name = '' } = ingress.metadata;
  const key = `ingress ${namespace}/${name}`;
  const addresses = (ingress.status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []);
  const item = graph.item({
    key,
    column: 'ingress',
    kind: 'Ingress',
    name,
    namespace,
    ref: refOf('networking.k8s.io/v1', 'Ingress', namespace, name),
    tone: addresses.length === 0 ? 'warn' : 'ok',
    status: addresses.length === 0 ? 'no address' : addresses.join(', '),
    why: addresses.length === 0 ? 'No controller has taken it up: nothing of it is reached from outside.' : '',
  });
  const backend = ({ service }: IngressBackend, text: string): void => {
    if (service === undefined) return;
    const to = serviceKey(`${namespace}/${service.name}`);
    const found = source.get('services', `${namespace}/${service.name}`) as Service | undefined;
    if (found === undefined) addMissing(graph, to, namespace, service.name);
    const isWrong = found !== undefined && !hasPort(found, service.port);
    if (isWrong) {
      item.tone = 'error';
      item.why = `Service ${service.name} has no port ${service.port?.name ?? service.port?.number ?? ''}: requests get status 503.`;
    }
    graph.link({ from: key, to, tone: found === undefined || isWrong ? 'error' : 'ok', text });
  };
  if (ingress.spec?.defaultBackend !== undefined) backend(ingress.spec.defaultBackend, 'everything else');
  for (const { host = '', http } of ingress.spec?.rules ?? [])
    for (const path of http?.paths ?? []) backend(path.backend, `${host}${path.path ?? '/'}`);
}

function addMissing(graph: Graph, key: string, namespace: string, name: string): void {
  const why = `An Ingress leads to Service ${name}, which does not exist: requests get status 503.`;
  graph.item({
    key,
    column: 'service',
    kind: 'Service',
    name,
    namespace,
    ref: undefined,
    tone: 'error',
    status: 'not in the cluster',
    why,
  });
}

function hasPort({ spec }: Service, port: { readonly name?: string; readonly number?: number } | undefined): boolean {
  if (spec?.type === 'ExternalName') return true;
  return (spec?.ports ?? []).some((each) => (port?.name === undefined ? each.port === port?.number : each.name === port.name));
}

function addressText({ spec = {}, status = {} }: Service): string {
  const type = spec.type ?? 'ClusterIP';
  const outside = (status.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []);
  if (type === 'LoadBalancer') return outside.length === 0 ? 'LoadBalancer, no address yet' : outside.join(', ');
  return spec.clusterIP === 'None'
    ? 'headless'
    : type === 'NodePort'
      ? `${spec.clusterIP ?? ''}, port of each node`
      : (spec.clusterIP ?? type);
}

function portsText({ spec }: Service): string {
  return (spec?.ports ?? []).map(({ port, protocol = 'TCP' }) => `${port}/${protocol}`).join(', ');
}

export function serviceKey(key: string): string {
  return `service ${key}`;
}

function podOf({ targetRef }: Endpoint): string | undefined {
  return targetRef?.kind === 'Pod' ? `${targetRef.namespace ?? ''}/${targetRef.name ?? ''}` : undefined;
}

function add(reached: Reached, isReady: boolean): void {
  if (isReady) reached.ready++;
  else reached.waiting++;
}
