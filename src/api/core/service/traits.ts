/** What follows from the type of a Service; shared by defaults, allocation and validation. Counterpart: pkg/api/service. */
import type { Service, ServiceSpec } from '../../schema/types/core/v1.ts';

export const NONE = 'None';

export function specOf(service: { readonly spec?: ServiceSpec }): ServiceSpec {
  return service.spec ?? {};
}

export function needsClusterIP(spec: ServiceSpec): boolean {
  return spec.type !== 'ExternalName';
}

export function needsNodePort(spec: ServiceSpec): boolean {
  return spec.type === 'NodePort' || spec.type === 'LoadBalancer';
}

/** Traffic stays on the node it came to, so the load balancer must learn where there are endpoints. */
export function needsHealthCheck(spec: ServiceSpec): boolean {
  return spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local';
}

export function externallyAccessible(spec: ServiceSpec): boolean {
  return needsNodePort(spec) || (spec.type === 'ClusterIP' && (spec.externalIPs ?? []).length > 0);
}

export function isHeadless(spec: ServiceSpec): boolean {
  return spec.clusterIPs?.length === 1 && spec.clusterIPs[0] === NONE;
}

/** Without endpoints of its own making: `clusterIP: None` and nothing selected. */
export function isHeadlessWithoutSelector(spec: ServiceSpec): boolean {
  return spec.clusterIP === NONE && Object.keys(spec.selector ?? {}).length === 0;
}

export function nodePortsOf(spec: ServiceSpec): readonly number[] {
  return (spec.ports ?? []).map((port) => port.nodePort ?? 0).filter((port) => port !== 0);
}

export function sameTexts(left: readonly string[] | undefined, right: readonly string[] | undefined): boolean {
  const a = left ?? [];
  const b = right ?? [];
  return a.length === b.length && a.every((text, index) => text === b[index]);
}

/** Cluster IPs and node ports that a stored Service holds. */
export function holdings(service: Service): { readonly ips: readonly string[]; readonly ports: readonly number[] } {
  const spec = specOf(service);
  const ips = spec.type === 'ExternalName' || isHeadless(spec) ? [] : (spec.clusterIPs ?? []);
  const healthCheck = spec.healthCheckNodePort ?? 0;
  return { ips, ports: healthCheck === 0 ? nodePortsOf(spec) : [...nodePortsOf(spec), healthCheck] };
}
