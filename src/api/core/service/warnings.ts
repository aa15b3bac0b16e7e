import { Path } from '../../../apimachinery/field/path.ts';
import { cidrWarnings, ipWarnings } from '../../../apimachinery/net/validation.ts';
import type { Service } from '../../schema/types/core/v1.ts';
import { NONE, specOf } from './traits.ts';

/** Counterpart: k8s.io/kubernetes/pkg/api/service (warnings.go). */
export function serviceWarnings(service: Service): readonly string[] {
  const spec = specOf(service);
  const warnings: string[] = [];
  if (service.metadata.annotations?.[TOPOLOGY_HINTS] !== undefined) {
    warnings.push(`annotation ${TOPOLOGY_HINTS} is deprecated, please use service.kubernetes.io/topology-mode instead`);
  }
  if ((spec.clusterIP ?? '') !== '' && spec.clusterIP !== NONE) {
    (spec.clusterIPs ?? []).forEach((ip, index) => warnings.push(...ipWarnings(SPEC.child('clusterIPs').index(index), ip)));
  }
  const externalIPs = spec.externalIPs ?? [];
  if (spec.type === 'ClusterIP' && spec.clusterIP === NONE) {
    if ((spec.loadBalancerIP ?? '') !== '') warnings.push('spec.loadBalancerIP is ignored for headless services');
    if (externalIPs.length > 0) warnings.push('spec.externalIPs is ignored for headless services');
    if (spec.sessionAffinity !== 'None') warnings.push('spec.SessionAffinity is ignored for headless services');
  }
  if (externalIPs.length > 0) warnings.push('spec.externalIPs is deprecated and may no longer be implemented in some clusters');
  externalIPs.forEach((ip, index) => warnings.push(...ipWarnings(SPEC.child('externalIPs').index(index), ip)));
  if ((spec.loadBalancerIP ?? '') !== '') warnings.push(...ipWarnings(SPEC.child('loadBalancerIP'), spec.loadBalancerIP ?? ''));
  (spec.loadBalancerSourceRanges ?? []).forEach((range, index) => {
    warnings.push(...cidrWarnings(SPEC.child('loadBalancerSourceRanges').index(index), range));
  });
  if (spec.type === 'ExternalName') {
    if (externalIPs.length > 0) warnings.push('spec.externalIPs is ignored when spec.type is "ExternalName"');
  } else if ((spec.externalName ?? '') !== '') warnings.push('spec.externalName is ignored when spec.type is not "ExternalName"');
  if (spec.trafficDistribution === 'PreferClose') {
    warnings.push('spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"');
  }
  return warnings;
}

const SPEC = Path.of('spec');
const TOPOLOGY_HINTS = 'service.kubernetes.io/topology-aware-hints';
