/**
 * The network as a container has it: addresses, names, ports, who leads to it, who sends to it, what policies say.
 * Invariant: found by index, by the Pod's addresses and the names of Services. Counterpart: `ip addr`, `ss -tlnp`, /etc/resolv.conf.
 */
import type { EndpointSlice } from '../../../api/schema/types/discovery/v1.ts';
import type { Ingress } from '../../../api/schema/types/networking/v1.ts';
import type { Service } from '../../../api/schema/types/core/v1.ts';
import { LOADS, type Load } from '../../../api/kubepad/load/types.ts';
import { ENDPOINTSLICES, INGRESSES, SERVICES } from '../../../api/schema/resources.ts';
import { INDEX_ENDPOINT_ADDRESS } from '../../../network/indexes.ts';
import { decodeUtf8 } from '../../../runtime/files/bytes.ts';
import type { ConnectionModel, ContainerModel, InterfaceModel, ListeningModel, ReachedModel } from './model.ts';
import type { ContainerPlace } from './place.ts';

type NetworkParts = Pick<ContainerModel, 'network' | 'interfaces' | 'listening' | 'reached' | 'connections' | 'policies'>;

export function networkOf(place: ContainerPlace): NetworkParts {
  const { cluster, inspector, pod, started } = place;
  const { nameservers, searches, options } = cluster.network.resolver(pod);
  const hosts = started === undefined ? undefined : inspector.files(pod, started).read('/etc/hosts');
  const ways = waysTo(place);
  return {
    network: {
      hostName: inspector.hostName(pod),
      scope: pod.spec?.hostNetwork === true ? 'machine' : 'Pod',
      nameservers,
      searches,
      options,
      hosts: hosts === undefined || typeof hosts === 'string' ? '' : decodeUtf8(hosts.content),
    },
    interfaces: interfacesOf(place),
    listening: listeningOf(place),
    reached: [...ways.flatMap(serviceRows), ...ingressRows(place, ways)],
    connections: connectionsOf(place, ways),
    policies: cluster.network.policiesOn(pod).map((line, index) => ({ key: `${index} ${line.from} ${line.to} ${line.port}`, ...line })),
  };
}

function interfacesOf({ pod, node }: ContainerPlace): readonly InterfaceModel[] {
  const loopback: InterfaceModel = { key: 'lo', address: '127.0.0.1/8' };
  if (pod.spec?.hostNetwork === true) {
    const own = (node?.status?.addresses ?? []).filter(({ type }) => type === 'InternalIP');
    return [loopback, ...own.map(({ address }, index) => ({ key: `eth${index}`, address }))];
  }
  return [
    loopback,
    ...(pod.status?.podIPs ?? []).map(({ ip }, index) => ({ key: index === 0 ? 'eth0' : `eth0 (${index + 1})`, address: `${ip}/24` })),
  ];
}

function listeningOf({ inspector, pod }: ContainerPlace): readonly ListeningModel[] {
  const named = (pod.spec?.containers ?? []).flatMap(({ ports = [] }) => ports);
  return inspector.listening(pod).map((each) => ({
    key: `${each.container} ${each.port}/${each.protocol}`,
    ...each,
    name: named.find(({ containerPort, protocol = 'TCP' }) => containerPort === each.port && protocol === each.protocol)?.name ?? '',
  }));
}

/** A Service that has the Pod among its endpoints. */
interface Way {
  readonly service: Service;
  readonly slice: EndpointSlice;
  readonly ready: boolean;
  readonly serving: boolean;
}

function waysTo({ cluster, pod }: ContainerPlace): readonly Way[] {
  const { store } = cluster.api;
  const address = pod.status?.podIP ?? '';
  const slices =
    address === '' ? [] : (store.byIndex('endpointslices.discovery.k8s.io', INDEX_ENDPOINT_ADDRESS, address) as readonly EndpointSlice[]);
  return slices.flatMap((slice): readonly Way[] => {
    const endpoint = slice.endpoints?.find(
      ({ addresses, targetRef }) => addresses.includes(address) && targetRef?.uid === pod.metadata.uid,
    );
    const name = slice.metadata.labels?.['kubernetes.io/service-name'] ?? '';
    const service = store.get('services', `${slice.metadata.namespace ?? ''}/${name}`) as Service | undefined;
    if (endpoint === undefined || service === undefined) return [];
    return [{ service, slice, ready: endpoint.conditions?.ready !== false, serving: endpoint.conditions?.serving !== false }];
  });
}

function serviceRows({ service, slice, ready, serving }: Way): readonly ReachedModel[] {
  const { name = '', namespace = '' } = service.metadata;
  const { clusterIP = '' } = service.spec ?? {};
  const ref = { apiVersion: 'v1', kind: 'Service', namespace, name };
  return (service.spec?.ports ?? []).map((port): ReachedModel => {
    const target = slice.ports?.find((each) => (each.name ?? '') === (port.name ?? ''))?.port;
    return {
      key: `service ${namespace}/${name} ${port.port}`,
      by: `Service ${name}`,
      ref,
      at: `${clusterIP === 'None' ? `${name}.${namespace}` : clusterIP}:${port.port}`,
      port: target === undefined ? '' : String(target),
      tone: ready ? 'ok' : 'warn',
      state: ready ? 'gets its share' : serving ? 'terminating, serves the rest' : 'not ready: left out',
    };
  });
}

function ingressRows({ cluster, pod }: ContainerPlace, ways: readonly Way[]): readonly ReachedModel[] {
  if (ways.length === 0) return [];
  const names = new Set(ways.map(({ service }) => service.metadata.name ?? ''));
  const ingresses = cluster.admin().list(INGRESSES, pod.metadata.namespace ?? '') as readonly Ingress[];
  return ingresses.flatMap((ingress) => {
    const { name = '', namespace = '' } = ingress.metadata;
    const tls = ingress.spec?.tls ?? [];
    return (ingress.spec?.rules ?? []).flatMap(({ host = '', http }) =>
      (http?.paths ?? []).flatMap(({ path = '/', backend }): readonly ReachedModel[] => {
        const service = backend.service?.name ?? '';
        if (!names.has(service)) return [];
        const scheme = tls.some(({ hosts = [] }) => hosts.includes(host)) ? 'https' : 'http';
        return [
          {
            key: `ingress ${name} ${host}${path}`,
            by: `Ingress ${name}`,
            ref: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', namespace, name },
            at: `${scheme}://${host === '' ? '*' : host}${path}`,
            port: `${service}:${backend.service?.port?.name ?? backend.service?.port?.number ?? ''}`,
            tone: 'ok',
            state: '',
          },
        ];
      }),
    );
  });
}

/** Loads that send through one of the Services, inside or by the host of an Ingress. */
function connectionsOf(place: ContainerPlace, ways: readonly Way[]): readonly ConnectionModel[] {
  const { cluster, pod, container } = place;
  const hosts = new Map(ingressRows(place, ways).map(({ at, by }) => [new URL(at.replace('//*', '//any')).host, by]));
  const usage = cluster.kubelets.usage(pod).find(({ name }) => name === container.name);
  const waiting = usage === undefined || usage.waitMs < 1 ? 'answered at once' : `each waits ${Math.round(usage.waitMs)} ms for its turn`;
  return (cluster.admin().list(LOADS) as readonly Load[]).flatMap((load): readonly ConnectionModel[] => {
    const by = wayOf(load, ways, hosts);
    const { requestsPerSecond = 0, phase } = load.status ?? {};
    if (by === undefined || phase !== 'Active') return [];
    const name = load.metadata.name ?? '';
    return [
      {
        key: name,
        from: `Load ${name}`,
        ref: { apiVersion: 'kubepad.dev/v1', kind: 'Load', namespace: '', name },
        by,
        rate: `${Math.round(requestsPerSecond)}/s to all of its Pods`,
        state: waiting,
      },
    ];
  });
}

function wayOf({ spec }: Load, ways: readonly Way[], hosts: ReadonlyMap<string, string>): string | undefined {
  const { service, url } = spec?.target ?? {};
  if (url !== undefined) return URL.canParse(url) ? hosts.get(new URL(url).host) : undefined;
  const found = ways.find(
    ({ service: { metadata } }) => metadata.name === service?.name && metadata.namespace === (service?.namespace ?? 'default'),
  );
  return found === undefined ? undefined : `Service ${found.service.metadata.name ?? ''}`;
}

/** Resources whose writes may change what is shown. */
export const NETWORK_RESOURCES: ReadonlySet<string> = new Set([
  SERVICES.plural,
  `${ENDPOINTSLICES.plural}.${ENDPOINTSLICES.group}`,
  `${INGRESSES.plural}.${INGRESSES.group}`,
  'networkpolicies.networking.k8s.io',
  `${LOADS.plural}.${LOADS.group}`,
]);
