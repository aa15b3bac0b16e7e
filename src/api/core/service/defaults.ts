import type { Draft } from '../../../base/json.ts';
import type { Service, ServiceSpec } from '../../schema/types/core/v1.ts';
import { externallyAccessible, needsClusterIP, needsHealthCheck, needsNodePort, nodePortsOf, sameTexts, specOf } from './traits.ts';

const TIMEOUT_SECONDS = 10800;

/** Counterpart: SetDefaults_Service of k8s.io/kubernetes/pkg/apis/core/v1. */
export function defaultService(service: Draft<Service>): void {
  const spec = (service.spec ??= {});
  if (isEmpty(spec.sessionAffinity)) spec.sessionAffinity = 'None';
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig;
  if (spec.sessionAffinity === 'ClientIP' && spec.sessionAffinityConfig?.clientIP?.timeoutSeconds === undefined) {
    spec.sessionAffinityConfig = { clientIP: { timeoutSeconds: TIMEOUT_SECONDS } };
  }
  if (isEmpty(spec.type)) spec.type = 'ClusterIP';
  for (const port of spec.ports ?? []) {
    if (isEmpty(port.protocol)) port.protocol = 'TCP';
    if (port.targetPort === undefined || port.targetPort === 0 || port.targetPort === '')
      port.targetPort = (port.port as number | undefined) ?? 0;
  }
  if (externallyAccessible(spec) && isEmpty(spec.externalTrafficPolicy)) spec.externalTrafficPolicy = 'Cluster';
  if (spec.internalTrafficPolicy === undefined && (spec.type === 'ClusterIP' || needsNodePort(spec)))
    spec.internalTrafficPolicy = 'Cluster';
  if (spec.type === 'LoadBalancer') spec.allocateLoadBalancerNodePorts ??= true;
  for (const ingress of service.status?.loadBalancer?.ingress ?? []) if (!isEmpty(ingress.ip)) ingress.ipMode ??= 'VIP';
}

/** clusterIP is the first of clusterIPs; a creator who sets only the one means both. */
export function normalizeClusterIPs(service: Draft<Service>): void {
  const spec = (service.spec ??= {});
  if (!isEmpty(spec.clusterIP) && (spec.clusterIPs ?? []).length === 0) spec.clusterIPs = [spec.clusterIP ?? ''];
}

/**
 * An update may leave out what the server once gave, and may leave in what no longer fits the new type, as long as
 * nobody tried to change it.
 */
export function reconcileWithOld(service: Draft<Service>, old: Service): void {
  const spec = (service.spec ??= {});
  const before = specOf(old);
  dropTypeDependentFields(spec, before);
  patchAllocatedValues(spec, before);
  normalizeUpdatedClusterIPs(spec, before);
  // The status is the stored one; a load balancer that is given up takes its address along.
  if (spec.type !== 'LoadBalancer' && service.status !== undefined) service.status = { ...service.status, loadBalancer: {} };
}

function dropTypeDependentFields(spec: Draft<ServiceSpec>, before: ServiceSpec): void {
  if (needsClusterIP(before) && !needsClusterIP(spec)) {
    if ((spec.clusterIP ?? '') === (before.clusterIP ?? '') && sameTexts(spec.clusterIPs, before.clusterIPs)) {
      delete spec.clusterIP;
      delete spec.clusterIPs;
    }
    if (sameTexts(spec.ipFamilies, before.ipFamilies)) delete spec.ipFamilies;
    if (spec.ipFamilyPolicy === before.ipFamilyPolicy) delete spec.ipFamilyPolicy;
  }
  const oldPorts = nodePortsOf(before);
  if (needsNodePort(before) && !needsNodePort(spec) && nodePortsOf(spec).every((port) => oldPorts.includes(port))) {
    for (const port of spec.ports ?? []) delete port.nodePort;
  }
  if (needsHealthCheck(before) && !needsHealthCheck(spec) && spec.healthCheckNodePort === before.healthCheckNodePort) {
    delete spec.healthCheckNodePort;
  }
  if (before.type === 'LoadBalancer' && spec.type !== 'LoadBalancer') {
    if (spec.allocateLoadBalancerNodePorts === before.allocateLoadBalancerNodePorts) delete spec.allocateLoadBalancerNodePorts;
    if (spec.loadBalancerClass === before.loadBalancerClass) delete spec.loadBalancerClass;
  }
  const policyKept = spec.externalTrafficPolicy === before.externalTrafficPolicy;
  if (externallyAccessible(before) && !externallyAccessible(spec) && policyKept) delete spec.externalTrafficPolicy;
}

function patchAllocatedValues(spec: Draft<ServiceSpec>, before: ServiceSpec): void {
  if (needsClusterIP(before) && needsClusterIP(spec)) {
    if (isEmpty(spec.clusterIP) && before.clusterIP !== undefined) spec.clusterIP = before.clusterIP;
    if ((spec.clusterIPs ?? []).length === 0 && before.clusterIPs !== undefined) spec.clusterIPs = [...before.clusterIPs];
  }
  if (needsNodePort(before) && needsNodePort(spec)) {
    const kept = new Set(nodePortsOf(before).filter((port) => nodePortsOf(spec).includes(port)));
    const byName = new Map((before.ports ?? []).map((port) => [port.name ?? '', port.nodePort ?? 0]));
    for (const port of spec.ports ?? []) {
      const known = byName.get(port.name ?? '') ?? 0;
      if ((port.nodePort ?? 0) === 0 && known !== 0 && !kept.has(known)) port.nodePort = known;
    }
  }
  if (
    needsHealthCheck(before) &&
    needsHealthCheck(spec) &&
    (spec.healthCheckNodePort ?? 0) === 0 &&
    before.healthCheckNodePort !== undefined
  ) {
    spec.healthCheckNodePort = before.healthCheckNodePort;
  }
}

/** Whoever changes clusterIP alone means clusterIPs too. */
function normalizeUpdatedClusterIPs(spec: Draft<ServiceSpec>, before: ServiceSpec): void {
  const now = spec.clusterIP ?? '';
  const then = before.clusterIP ?? '';
  const same = sameTexts(spec.clusterIPs, before.clusterIPs);
  if (now === then) {
    if (now !== '' && (spec.clusterIPs ?? []).length === 0 && before.clusterIPs !== undefined) spec.clusterIPs = [...before.clusterIPs];
  } else if (then !== '' && now === '') {
    if (same) delete spec.clusterIPs;
  } else if (same) spec.clusterIPs = [now];
}

function isEmpty(text: string | undefined): boolean {
  return text === undefined || text === '';
}
