/**
 * Keeps the Endpoints object of every Service with a selector: the older form of its EndpointSlices.
 * Invariant: an address of a Pod that is being deleted is not in it, unless the Service publishes what is not ready.
 * Counterpart: k8s.io/kubernetes/pkg/controller/endpoint.
 */
import { draft, jsonEqual, type Draft } from '../../base/json.ts';
import { ENDPOINTS, PODS, SERVICES } from '../../api/schema/resources.ts';
import type { Endpoints, EndpointSubset, Pod, Service } from '../../api/schema/types/core/v1.ts';
import { fromSet } from '../../apimachinery/labels/selector.ts';
import { splitKey } from '../../apimachinery/meta/resource.ts';
import type { ObjectMeta } from '../../apimachinery/meta/types.ts';
import { podsSelected } from '../../client/selection.ts';
import { watch, type Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';
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
import { setTriggerTime, TriggerTimes } from '../util/triggerTime.ts';
import { repackSubsets, truncateSubsets, type Reached } from './subsets.ts';

/** Says that the object does not hold all addresses. */
const OVER_CAPACITY = 'endpoints.kubernetes.io/over-capacity';
const MANAGED_BY_LABEL = 'endpoints.kubernetes.io/managed-by';

export function createEndpointsController(context: ControllerContext): Controller {
  const { client } = context;
  const triggers = new TriggerTimes();
  return {
    for: SERVICES,
    watches: [
      watch(PODS, (pod, previous) => servicesOfPod(client, pod, previous)),
      watch(ENDPOINTS, ({ metadata }, _previous, deleted) => (deleted ? [`${metadata.namespace ?? ''}/${metadata.name ?? ''}`] : [])),
    ],
    reconcile: (key) => {
      const { namespace, name } = splitKey(key);
      const service = client.get(SERVICES, namespace, name);
      if (service === undefined) {
        triggers.forget(key);
        client.delete(ENDPOINTS, namespace, name);
      } else if (selectsPods(service)) reconcileService(context, service, triggers);
      return undefined;
    },
    checkpoint: () => triggers.checkpoint(),
    restore: (state) => triggers.restore(state),
  };
}

function reconcileService({ client }: ControllerContext, service: Service, triggers: TriggerTimes): void {
  const { namespace = '', name = '' } = service.metadata;
  const pods = podsSelected(client, namespace, fromSet(service.spec?.selector));
  const triggered = triggers.compute(service, pods);
  const { subsets, truncated } = truncateSubsets(repackSubsets(reachedAddresses(pods, service)));
  const labels = { ...service.metadata.labels };
  delete labels[HEADLESS_LABEL];
  if (isHeadless(service)) labels[HEADLESS_LABEL] = '';
  labels[MANAGED_BY_LABEL] = 'endpoint-controller';
  const stored = client.get(ENDPOINTS, namespace, name);
  if (stored === undefined) {
    const metadata: Draft<ObjectMeta> = {
      namespace,
      name,
      labels,
      ...(truncated ? { annotations: { [OVER_CAPACITY]: 'truncated' } } : {}),
    };
    setTriggerTime(metadata, triggered);
    client.create(ENDPOINTS, { apiVersion: 'v1', kind: 'Endpoints', metadata, ...withSubsets(subsets) });
    return;
  }
  const copy: Draft<Endpoints> = draft(stored);
  copy.metadata.labels = labels;
  if (truncated) (copy.metadata.annotations ??= {})[OVER_CAPACITY] = 'truncated';
  else delete copy.metadata.annotations?.[OVER_CAPACITY];
  if (jsonEqual(stored.subsets ?? [], subsets) && jsonEqual(stored.metadata, copy.metadata)) return;
  setTriggerTime(copy.metadata, triggered);
  delete copy.subsets;
  client.update(ENDPOINTS, { ...copy, ...withSubsets(subsets) });
}

function withSubsets(subsets: readonly EndpointSubset[]): { subsets?: Draft<EndpointSubset>[] } {
  return subsets.length === 0 ? {} : { subsets: draft(subsets) };
}

function reachedAddresses(pods: readonly Pod[], service: Service): readonly Reached[] {
  const publishAll = service.spec?.publishNotReadyAddresses === true;
  const family = service.spec?.ipFamilies?.[0] ?? 'IPv4';
  const reached: Reached[] = [];
  for (const pod of pods) {
    if (!shouldPodBeInEndpoints(pod, publishAll)) continue;
    const ip = podIPs(pod).find((candidate) => candidate.includes(':') === (family === 'IPv6'));
    if (ip === undefined) continue;
    const { name = '', uid = '' } = pod.metadata;
    const hostname = endpointHostname(pod, service);
    const address = {
      ip,
      ...(hostname === undefined ? {} : { hostname }),
      ...(pod.spec?.nodeName === undefined ? {} : { nodeName: pod.spec.nodeName }),
      targetRef: { kind: 'Pod', namespace: pod.metadata.namespace ?? '', name, uid },
    };
    const ready = publishAll || isPodReady(pod);
    const ports = service.spec?.ports ?? [];
    if (ports.length === 0 && isHeadless(service)) reached.push({ address, ready, port: undefined });
    for (const servicePort of ports) {
      const port = findPort(pod, servicePort);
      if (port === undefined) continue;
      const { name: portName, protocol = 'TCP', appProtocol } = servicePort;
      const named = portName === undefined || portName === '' ? {} : { name: portName };
      reached.push({ address, ready, port: { ...named, port, protocol, ...(appProtocol === undefined ? {} : { appProtocol }) } });
    }
  }
  return reached;
}
