import { forbidden, invalid, notSupported, required, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { validateCIDR } from '../../../apimachinery/net/validation.ts';
import { isValidPortNum } from '../../../apimachinery/validation/names.ts';
import type { Service, ServiceSpec } from '../../schema/types/core/v1.ts';
import { externallyAccessible, needsHealthCheck, needsNodePort, specOf } from './traits.ts';

/** Who may reach the load balancer, and whether it takes node ports. The path's capital letter is the API server's. */
export function validateLoadBalancerFields(errors: FieldError[], service: Service, before: ServiceSpec): void {
  const spec = specOf(service);
  const isLoadBalancer = spec.type === 'LoadBalancer';
  const ranges = spec.loadBalancerSourceRanges ?? [];
  const annotation = service.metadata.annotations?.[SOURCE_RANGES];
  if (ranges.length > 0) {
    const path = SPEC.child('LoadBalancerSourceRanges');
    if (!isLoadBalancer) errors.push(forbidden(path, ONLY_LOAD_BALANCER));
    ranges.forEach((range, index) => {
      errors.push(...validateCIDR(path.index(index), range.trim(), before.loadBalancerSourceRanges));
    });
  } else if (annotation !== undefined) {
    const path = Path.of('metadata', 'annotations').key(SOURCE_RANGES);
    if (!isLoadBalancer) errors.push(forbidden(path, ONLY_LOAD_BALANCER));
    if (annotation.trim() !== '') for (const range of annotation.trim().split(',')) errors.push(...validateCIDR(path, range.trim()));
  }
  const allocates = spec.allocateLoadBalancerNodePorts;
  if (allocates !== undefined && !isLoadBalancer) errors.push(forbidden(SPEC.child('allocateLoadBalancerNodePorts'), ONLY_LOAD_BALANCER));
  if (allocates === undefined && isLoadBalancer) errors.push(required(Path.of('allocateLoadBalancerNodePorts'), ''));
}

export function validateTrafficPolicies(errors: FieldError[], spec: ServiceSpec): void {
  validateExternal(errors, spec);
  const internal: string | undefined = spec.internalTrafficPolicy;
  const path = SPEC.child('internalTrafficPolicy');
  if (internal === undefined) {
    if (spec.type === 'ClusterIP' || needsNodePort(spec)) errors.push(required(path, ''));
  } else if (!POLICIES.includes(internal)) errors.push(notSupported(path, internal, POLICIES));
  const distribution = spec.trafficDistribution;
  if (distribution !== undefined && !DISTRIBUTIONS.includes(distribution)) {
    errors.push(notSupported(SPEC.child('trafficDistribution'), distribution, DISTRIBUTIONS));
  }
}

function validateExternal(errors: FieldError[], spec: ServiceSpec): void {
  const policy: string = spec.externalTrafficPolicy ?? '';
  const path = SPEC.child('externalTrafficPolicy');
  if (!externallyAccessible(spec)) {
    if (policy !== '') errors.push(invalid(path, policy, 'may only be set for externally-accessible services'));
  } else if (policy === '') errors.push(required(path, ''));
  else if (!POLICIES.includes(policy)) errors.push(notSupported(path, policy, POLICIES));
  const port = spec.healthCheckNodePort ?? 0;
  const portPath = SPEC.child('healthCheckNodePort');
  if (!needsHealthCheck(spec)) {
    const text = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
    if (port !== 0) errors.push(invalid(portPath, port, text));
  } else if (port === 0) errors.push(required(portPath, ''));
  else for (const text of isValidPortNum(port)) errors.push(invalid(portPath, port, text));
}

const SPEC = Path.of('spec');
const SOURCE_RANGES = 'service.beta.kubernetes.io/load-balancer-source-ranges';
const ONLY_LOAD_BALANCER = "may only be used when `type` is 'LoadBalancer'";
const POLICIES: readonly string[] = ['Cluster', 'Local'];
const DISTRIBUTIONS: readonly string[] = ['PreferClose', 'PreferSameZone', 'PreferSameNode'];
