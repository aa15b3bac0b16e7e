import type { Node, Pod, Service } from '../api/schema/types/core/v1.ts';
import type { EndpointSlice } from '../api/schema/types/discovery/v1.ts';
import type { Ingress } from '../api/schema/types/networking/v1.ts';
import type { ApiServer } from '../apiserver/apiServer.ts';
import { outsideAddress } from './dns/outside.ts';
import { serviceAddresses } from './proxy/serviceRule.ts';

/** Address > the Pod that has it. Pods of the host's network have none of their own. */
export const INDEX_POD_ADDRESS = 'network/address';
/** Node name > its Pods that take a port of the machine, by `hostPort` or as part of its network. */
export const INDEX_HOST_PORTS = 'network/hostPorts';
export const INDEX_NODE_ADDRESS = 'network/nodeAddress';
/** Address > the Services that are reached by it. */
export const INDEX_SERVICE_ADDRESS = 'network/serviceAddress';
export const INDEX_NODE_PORT = 'network/nodePort';
/** Address > the slices that have it. */
export const INDEX_ENDPOINT_ADDRESS = 'network/endpointAddress';
/** The name of a load balancer, or the address that it has outside > its Services. */
export const INDEX_BALANCER = 'network/balancer';
/** Host > the Ingresses that have rules for it. */
export const INDEX_INGRESS_HOST = 'network/ingressHost';

export function addNetworkIndexes(api: ApiServer): void {
  const { store } = api;
  addNameIndexes(api);
  store.addIndex('pods', INDEX_POD_ADDRESS, (object) => {
    const { spec, status } = object as Pod;
    if (spec?.hostNetwork === true || status?.phase === 'Succeeded' || status?.phase === 'Failed') return [];
    const all = (status?.podIPs ?? []).map(({ ip }) => ip);
    return all.length > 0 ? all : status?.podIP === undefined || status.podIP === '' ? [] : [status.podIP];
  });
  store.addIndex('pods', INDEX_HOST_PORTS, (object) => {
    const { spec } = object as Pod;
    return spec?.nodeName !== undefined && spec.nodeName !== '' && takesHostPort(object as Pod) ? [spec.nodeName] : [];
  });
  store.addIndex('nodes', INDEX_NODE_ADDRESS, (object) =>
    ((object as Node).status?.addresses ?? [])
      .filter(({ type }) => type === 'InternalIP' || type === 'ExternalIP')
      .map(({ address }) => address),
  );
  store.addIndex('services', INDEX_SERVICE_ADDRESS, (object) => {
    const { cluster, external, balancer } = serviceAddresses(object as Service);
    return [...new Set([...cluster, ...external, ...balancer])].filter((address) => address !== '' && address !== 'None');
  });
  store.addIndex('services', INDEX_NODE_PORT, (object) => {
    const { ports = [], healthCheckNodePort } = (object as Service).spec ?? {};
    return [...ports.map(({ nodePort }) => nodePort), healthCheckNodePort].filter((port) => port !== undefined && port !== 0).map(String);
  });
}

function addNameIndexes({ store }: ApiServer): void {
  store.addIndex('endpointslices.discovery.k8s.io', INDEX_ENDPOINT_ADDRESS, (object) => [
    ...new Set(((object as EndpointSlice).endpoints ?? []).flatMap(({ addresses }) => addresses)),
  ]);
  store.addIndex('services', INDEX_BALANCER, (object) =>
    ((object as Service).status?.loadBalancer?.ingress ?? []).flatMap(({ hostname }) =>
      hostname === undefined ? [] : [hostname, outsideAddress(hostname)],
    ),
  );
  store.addIndex('ingresses.networking.k8s.io', INDEX_INGRESS_HOST, (object) => [
    ...new Set(((object as Ingress).spec?.rules ?? []).map(({ host = '' }) => host)),
  ]);
}

function takesHostPort({ spec }: Pod): boolean {
  if (spec?.hostNetwork === true) return true;
  return (spec?.containers ?? []).some(({ ports }) => ports?.some(({ hostPort }) => hostPort !== undefined && hostPort !== 0) === true);
}
