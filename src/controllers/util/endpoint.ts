import type { Pod, Service, ServicePort } from '../../api/schema/types/core/v1.ts';
import { fromSet, matches } from '../../apimachinery/labels/selector.ts';
import { keyOf } from '../../apimachinery/meta/resource.ts';
import { SERVICES } from '../../api/schema/resources.ts';
import { jsonEqual } from '../../base/json.ts';
import type { Client } from '../../client/client.ts';
import { possibleSelectors } from '../../client/selection.ts';
import { isPodFinished, isPodReady } from './podUtil.ts';

/** Marks what belongs to a Service without a cluster IP. */
export const HEADLESS_LABEL = 'service.kubernetes.io/headless';

/** Whether a Service's addresses are the controllers' to find: it has a selector and is no mere alias. */
export function selectsPods(service: Service): boolean {
  return service.spec?.selector !== undefined && service.spec.type !== 'ExternalName';
}

export function isHeadless(service: Service): boolean {
  const ip = service.spec?.clusterIP ?? '';
  return ip === '' || ip === 'None';
}

/** A Pod with an address that has not ended; one that is being deleted only if asked for. */
export function shouldPodBeInEndpoints(pod: Pod, includeTerminating: boolean): boolean {
  if (isPodFinished(pod) || podIPs(pod).length === 0) return false;
  return includeTerminating || pod.metadata.deletionTimestamp === undefined;
}

export function podIPs(pod: Pod): readonly string[] {
  const ips = (pod.status?.podIPs ?? []).map(({ ip }) => ip);
  if (ips.length > 0) return ips;
  return pod.status?.podIP === undefined || pod.status.podIP === '' ? [] : [pod.status.podIP];
}

/** The number that a Service's target port means for one Pod; undefined if no container has a port of that name. */
export function findPort(pod: Pod, port: ServicePort): number | undefined {
  const target = port.targetPort ?? port.port;
  if (typeof target === 'number') return target;
  const sidecars = (pod.spec?.initContainers ?? []).filter((container) => container.restartPolicy === 'Always');
  for (const container of [...(pod.spec?.containers ?? []), ...sidecars]) {
    for (const candidate of container.ports ?? []) {
      if (candidate.name === target && (candidate.protocol ?? 'TCP') === (port.protocol ?? 'TCP')) return candidate.containerPort;
    }
  }
  return undefined;
}

/** The name under which DNS knows the Pod within the Service, if the Pod's subdomain is the Service. */
export function endpointHostname(pod: Pod, service: Service): string | undefined {
  const { hostname, subdomain } = pod.spec ?? {};
  const applies = (hostname ?? '') !== '' && subdomain === service.metadata.name && pod.metadata.namespace === service.metadata.namespace;
  return applies ? hostname : undefined;
}

/**
 * The Services whose addresses a change of a Pod can alter: those that mean the Pod now or meant it before.
 * Returns nothing if nothing changed that an address shows.
 */
export function servicesOfPod(client: Client, pod: Pod, previous: Pod | undefined): readonly string[] {
  const labelsChanged = previous !== undefined && !jsonEqual(previous.metadata.labels, pod.metadata.labels);
  if (previous !== undefined && !labelsChanged && jsonEqual(visible(previous), visible(pod))) return [];
  return possibleSelectors(client, SERVICES, pod.metadata.namespace ?? '', pod.metadata.labels, previous?.metadata.labels)
    .filter((service) => {
      if (!selectsPods(service)) return false;
      const selector = fromSet(service.spec?.selector);
      return matches(selector, pod.metadata.labels) || (labelsChanged && matches(selector, previous.metadata.labels));
    })
    .map(keyOf);
}

function visible(pod: Pod): unknown {
  return [
    isPodReady(pod),
    isPodFinished(pod),
    podIPs(pod),
    pod.metadata.deletionTimestamp !== undefined,
    pod.spec?.nodeName,
    pod.spec?.hostname,
    pod.spec?.subdomain,
  ];
}
