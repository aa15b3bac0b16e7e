/**
 * Mirrors Endpoints that someone wrote by hand, for a Service without selector, into EndpointSlices.
 * Invariant: slices of this manager exist only while such an Endpoints object and its Service do.
 * Counterpart: k8s.io/kubernetes/pkg/controller/endpointslicemirroring.
 */
import { ENDPOINTS, ENDPOINTSLICES, SERVICES } from '../../api/schema/resources.ts';
import type { EndpointAddress, Endpoints, EndpointSubset } from '../../api/schema/types/core/v1.ts';
import type { Endpoint, EndpointPort } from '../../api/schema/types/discovery/v1.ts';
import { splitKey } from '../../apimachinery/meta/resource.ts';
import { portKey, type PortGroup } from '../endpointslice/packing.ts';
import { MANAGED_BY_LABEL, removeSlice, SERVICE_NAME_LABEL, slicesOf, writeSlices } from '../endpointslice/slices.ts';
import { watch, type Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { newControllerRef } from '../util/controllerRef.ts';

const MANAGER = 'endpointslicemirroring-controller.k8s.io';
const SKIP_LABEL = 'endpointslice.kubernetes.io/skip-mirror';
const LEADER_ANNOTATION = 'control-plane.alpha.kubernetes.io/leader';
/** Not copied to the slices: they say something about the Endpoints object itself. */
const OWN_ANNOTATIONS: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'endpoints.kubernetes.io/last-change-trigger-time',
]);

export function createEndpointSliceMirroringController(context: ControllerContext): Controller {
  const { client } = context;
  return {
    for: ENDPOINTS,
    watches: [
      watch(SERVICES, ({ metadata }) => [`${metadata.namespace ?? ''}/${metadata.name ?? ''}`]),
      watch(ENDPOINTSLICES, ({ metadata }) => {
        const service = metadata.labels?.[SERVICE_NAME_LABEL];
        return service === undefined || metadata.labels?.[MANAGED_BY_LABEL] !== MANAGER ? [] : [`${metadata.namespace ?? ''}/${service}`];
      }),
    ],
    reconcile: (key) => {
      const { namespace, name } = splitKey(key);
      const endpoints = client.get(ENDPOINTS, namespace, name);
      const service = client.get(SERVICES, namespace, name);
      const existing = slicesOf(client, namespace, name, MANAGER);
      const mirrored = endpoints !== undefined && shouldMirror(endpoints) && service !== undefined && service.spec?.selector === undefined;
      if (mirrored) mirror(context, endpoints, existing);
      else for (const slice of existing) removeSlice(client, slice);
      return undefined;
    },
  };
}

function shouldMirror({ metadata }: Endpoints): boolean {
  return metadata.labels?.[SKIP_LABEL] !== 'true' && metadata.annotations?.[LEADER_ANNOTATION] === undefined;
}

function mirror(context: ControllerContext, endpoints: Endpoints, existing: ReturnType<typeof slicesOf>): void {
  const { namespace = '', name = '', labels, annotations } = endpoints.metadata;
  const copied = Object.entries(annotations ?? {}).filter(([key]) => !OWN_ANNOTATIONS.has(key));
  const families = new Set([...existing.map(({ addressType }) => addressType), ...addressTypes(endpoints)]);
  for (const family of families) {
    const ofFamily = existing.filter(({ addressType }) => addressType === family);
    const groups = groupSubsets(endpoints.subsets ?? [], family === 'IPv6');
    if (groups.size === 0) {
      for (const slice of ofFamily) removeSlice(context.client, slice);
      continue;
    }
    writeSlices(context.client, ofFamily, family, groups, {
      namespace,
      base: name,
      labels: { ...labels, [SERVICE_NAME_LABEL]: name, [MANAGED_BY_LABEL]: MANAGER },
      ...(copied.length === 0 ? {} : { annotations: Object.fromEntries(copied) }),
      owner: newControllerRef(ENDPOINTS, endpoints),
      isOwnerGoing: endpoints.metadata.deletionTimestamp !== undefined,
    });
  }
}

function addressTypes(endpoints: Endpoints): readonly ('IPv4' | 'IPv6')[] {
  return (endpoints.subsets ?? [])
    .flatMap(({ addresses = [], notReadyAddresses = [] }) => [...addresses, ...notReadyAddresses])
    .map(({ ip }) => (ip.includes(':') ? 'IPv6' : 'IPv4'));
}

function groupSubsets(subsets: readonly EndpointSubset[], ipv6: boolean): ReadonlyMap<string, PortGroup> {
  const groups = new Map<string, { ports: readonly EndpointPort[]; endpoints: Endpoint[] }>();
  for (const { ports = [], addresses = [], notReadyAddresses = [] } of subsets) {
    const mapped = ports.map(({ name = '', port, protocol = 'TCP', appProtocol }) => ({
      name,
      port,
      protocol,
      ...(appProtocol === undefined ? {} : { appProtocol }),
    }));
    const endpoints = [
      ...addresses.map((address) => endpointOf(address, true)),
      ...notReadyAddresses.map((address) => endpointOf(address, false)),
    ];
    const wanted = endpoints.filter(({ addresses: [ip] }) => (ip ?? '').includes(':') === ipv6);
    if (wanted.length === 0) continue;
    const key = portKey(mapped);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { ports: mapped, endpoints: wanted });
    else group.endpoints.push(...wanted);
  }
  return groups;
}

function endpointOf({ ip, hostname, nodeName, targetRef }: EndpointAddress, ready: boolean): Endpoint {
  return {
    addresses: [ip],
    conditions: { ready },
    ...(hostname === undefined ? {} : { hostname }),
    ...(nodeName === undefined ? {} : { nodeName }),
    ...(targetRef === undefined ? {} : { targetRef }),
  };
}
