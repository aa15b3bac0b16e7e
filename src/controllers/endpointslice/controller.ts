/**
 * Keeps the EndpointSlices of every Service with a selector: which addresses it has and whether they are ready.
 * Invariant: a slice holds addresses of one family and one set of ports; a Service always has at least one slice per family.
 * Counterpart: k8s.io/kubernetes/pkg/controller/endpointslice and k8s.io/endpointslice.
 */
import type { Draft, Json, JsonObject } from '../../base/json.ts';
import { ENDPOINTSLICES, NODES, PODS, SERVICES } from '../../api/schema/resources.ts';
import type { Pod, Service } from '../../api/schema/types/core/v1.ts';
import type { Endpoint, EndpointPort, EndpointSlice } from '../../api/schema/types/discovery/v1.ts';
import { fromSet } from '../../apimachinery/labels/selector.ts';
import { keyOf, splitKey } from '../../apimachinery/meta/resource.ts';
import { objectReference } from '../../client/client.ts';
import { podsSelected } from '../../client/selection.ts';
import { RetryError, watch, type Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { newControllerRef } from '../util/controllerRef.ts';
import {
  endpointHostname,
  findPort,
  HEADLESS_LABEL,
  isHeadless,
  podIPs,
  selectsPods,
  servicesOfPod,
  shouldPodBeInEndpoints,
} from '../util/endpoint.ts';
import { isPodReady } from '../util/podUtil.ts';
import { TriggerTimes } from '../util/triggerTime.ts';
import { hintsOf } from './hints.ts';
import { portKey, type PortGroup } from './packing.ts';
import { MANAGED_BY_LABEL, removeSlice, SERVICE_NAME_LABEL, slicesOf, writeSlices } from './slices.ts';
import { asksForTopology, TopologyCache, type Hinted, type Report } from './topologyCache.ts';

const MANAGER = 'endpointslice-controller.k8s.io';
const ZONE_LABEL = 'topology.kubernetes.io/zone';
/** Asks for a look at all Services with hints; no Service's key. */
const TOPOLOGY_KEY = 'topology';

export function createEndpointSliceController(context: ControllerContext): Controller {
  const triggers = new TriggerTimes();
  const topology = new TopologyCache(context.client);
  return {
    for: SERVICES,
    watches: [
      watch(PODS, (pod, previous) => servicesOfPod(context.client, pod, previous)),
      watch(ENDPOINTSLICES, ({ metadata }) => {
        const service = metadata.labels?.[SERVICE_NAME_LABEL];
        return service === undefined || metadata.labels?.[MANAGED_BY_LABEL] !== MANAGER ? [] : [`${metadata.namespace ?? ''}/${service}`];
      }),
      watch(NODES, (node, previous, deleted) => (topology.onNode(node, previous, deleted) ? [TOPOLOGY_KEY] : [])),
    ],
    reconcile: (key) => {
      if (key === TOPOLOGY_KEY) {
        for (const overloaded of topology.overloadedServices()) context.enqueue(overloaded);
        return undefined;
      }
      const { namespace, name } = splitKey(key);
      const service = context.client.get(SERVICES, namespace, name);
      // The slices of a Service that is gone are the garbage collector's.
      if (service === undefined) {
        triggers.forget(key);
        topology.forget(key);
      } else if (selectsPods(service)) reconcileService(context, service, { triggers, topology });
      return undefined;
    },
    checkpoint: () => ({ triggers: triggers.checkpoint(), topology: topology.checkpoint() }),
    restore: (state: Json) => {
      const memory = state as JsonObject;
      if (memory['triggers'] !== undefined) triggers.restore(memory['triggers']);
      if (memory['topology'] !== undefined) topology.restore(memory['topology']);
    },
  };
}

interface Memory {
  readonly triggers: TriggerTimes;
  readonly topology: TopologyCache;
}

function reconcileService(context: ControllerContext, service: Service, { triggers, topology }: Memory): void {
  const { client } = context;
  const namespace = service.metadata.namespace ?? '';
  const name = service.metadata.name ?? '';
  const selected = podsSelected(client, namespace, fromSet(service.spec?.selector));
  const triggeredAt = triggers.compute(service, selected);
  const pods = selected.filter((pod) => shouldPodBeInEndpoints(pod, true));
  const families = service.spec?.ipFamilies ?? ['IPv4'];
  const existing: EndpointSlice[] = [];
  for (const slice of slicesOf(client, namespace, name, MANAGER)) {
    // A slice of another address family, or of a former Service of the same name, is not filled any more.
    if (families.includes(slice.addressType as 'IPv4') && isOwnedBy(slice, service)) existing.push(slice);
    else removeSlice(client, slice);
  }
  let missingNode: string | undefined;
  for (const family of families) {
    const addressType = family as EndpointSlice['addressType'];
    const found = groupByPorts(context, service, pods, family, (node) => (missingNode = node));
    const ofFamily = existing.filter((slice) => slice.addressType === family);
    const reports: Parameters<Report>[] = [];
    const { groups, adjust } = hinted(topology, service, addressType, found, ofFamily, (...report) => reports.push(report));
    writeSlices(client, ofFamily, addressType, groups, {
      namespace,
      base: name,
      labels: sliceLabels(service),
      owner: newControllerRef(SERVICES, service),
      isOwnerGoing: service.metadata.deletionTimestamp !== undefined,
      trigger: { time: triggeredAt },
      adjust,
    });
    for (const report of reports) context.events.event(objectReference(SERVICES, service), ...report);
  }
  if (missingNode !== undefined) throw new RetryError(`node "${missingNode}" not found`);
}

function hinted(
  topology: TopologyCache,
  service: Service,
  addressType: EndpointSlice['addressType'],
  groups: ReadonlyMap<string, PortGroup>,
  existing: readonly EndpointSlice[],
  report: Report,
): Hinted {
  const key = keyOf(service);
  if (asksForTopology(service)) return topology.hintsFor(key, addressType, groups, existing, report);
  topology.withdraw(key, addressType, report);
  return { groups };
}

function groupByPorts(
  context: ControllerContext,
  service: Service,
  pods: readonly Pod[],
  family: string,
  onMissingNode: (name: string) => void,
): ReadonlyMap<string, PortGroup> {
  const groups = new Map<string, { ports: readonly EndpointPort[]; endpoints: Endpoint[] }>();
  for (const pod of pods) {
    const addresses = podIPs(pod).filter((ip) => ip.includes(':') === (family === 'IPv6'));
    if (addresses.length === 0) continue;
    const nodeName = pod.spec?.nodeName ?? '';
    const node = context.client.get(NODES, '', nodeName);
    if (node === undefined && service.spec?.publishNotReadyAddresses !== true) {
      onMissingNode(nodeName);
      continue;
    }
    const ports = endpointPorts(service, pod);
    const key = portKey(ports);
    let group = groups.get(key);
    if (group === undefined) groups.set(key, (group = { ports, endpoints: [] }));
    group.endpoints.push(endpointOf(service, pod, addresses, node?.metadata.labels?.[ZONE_LABEL]));
  }
  return groups;
}

/** A Service port whose named target the Pod lacks is left out for that Pod. */
function endpointPorts(service: Service, pod: Pod): readonly EndpointPort[] {
  const ports: Draft<EndpointPort>[] = [];
  for (const servicePort of service.spec?.ports ?? []) {
    const port = findPort(pod, servicePort);
    if (port === undefined) continue;
    const { name = '', protocol = 'TCP', appProtocol } = servicePort;
    ports.push({ name, protocol, port, ...(appProtocol === undefined ? {} : { appProtocol }) });
  }
  return ports;
}

/** `ready` is what a client goes by: ready and not on its way out, or published whatever it is. */
function endpointOf(service: Service, pod: Pod, addresses: readonly string[], zone: string | undefined): Endpoint {
  const serving = isPodReady(pod);
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const ready = service.spec?.publishNotReadyAddresses === true || (serving && !terminating);
  const hints = ready ? hintsOf(service, zone, pod.spec?.nodeName) : undefined;
  const hostname = endpointHostname(pod, service);
  const { namespace = '', name = '', uid = '' } = pod.metadata;
  return {
    addresses,
    conditions: { ready, serving, terminating },
    ...(hostname === undefined ? {} : { hostname }),
    targetRef: { kind: 'Pod', namespace, name, uid },
    ...(pod.spec?.nodeName === undefined ? {} : { nodeName: pod.spec.nodeName }),
    ...(zone === undefined ? {} : { zone }),
    ...(hints === undefined ? {} : { hints }),
  };
}

function isOwnedBy(slice: EndpointSlice, service: Service): boolean {
  return (slice.metadata.ownerReferences ?? []).some(
    ({ apiVersion, kind, uid }) => apiVersion === 'v1' && kind === 'Service' && uid === service.metadata.uid,
  );
}

/** The Service's own labels, but for those that slices use themselves. */
function sliceLabels(service: Service): Readonly<Record<string, string>> {
  const labels = { ...service.metadata.labels };
  delete labels[HEADLESS_LABEL];
  if (isHeadless(service)) labels[HEADLESS_LABEL] = '';
  return { ...labels, [SERVICE_NAME_LABEL]: service.metadata.name ?? '', [MANAGED_BY_LABEL]: MANAGER };
}
