import { forbidden, invalid, notSupported, required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { validateLabels } from '../../../apimachinery/labels/validation.ts';
import { validateIP, validateNonSpecialIP } from '../../../apimachinery/net/validation.ts';
import { isDNS1123Subdomain, isQualifiedName } from '../../../apimachinery/validation/names.ts';
import type { Service, ServiceSpec } from '../../schema/types/core/v1.ts';
import { validateClusterIPs, validateClusterIPsUpdate } from './clusterIPs.ts';
import { validateNodePorts, validatePorts } from './ports.ts';
import { validateLoadBalancerFields, validateTrafficPolicies } from './traffic.ts';
import { isHeadless, needsHealthCheck, specOf } from './traits.ts';

export function validateService(service: Service): ErrorList {
  return validate(service, {});
}

export function validateServiceUpdate(service: Service, old: Service): ErrorList {
  const spec = specOf(service);
  const before = specOf(old);
  const errors: FieldError[] = [...validateClusterIPsUpdate(spec, before), ...validateLoadBalancerClass(spec, before)];
  const healthChecked = needsHealthCheck(before) && needsHealthCheck(spec);
  if (healthChecked && (spec.healthCheckNodePort ?? 0) !== (before.healthCheckNodePort ?? 0)) {
    errors.push(forbidden(SPEC.child('healthCheckNodePort'), 'field is immutable'));
  }
  errors.push(...validate(service, before));
  return errors;
}

/** @param before the spec that is replaced; its odd addresses may stay */
function validate(service: Service, before: ServiceSpec): ErrorList {
  const spec = specOf(service);
  const errors: FieldError[] = [];
  validateTopologyAnnotations(errors, service.metadata.annotations ?? {});
  if ((spec.ports ?? []).length === 0 && !isHeadless(spec) && spec.type !== 'ExternalName') errors.push(required(SPEC.child('ports'), ''));
  validateType(errors, spec);
  validatePorts(errors, spec);
  errors.push(...validateLabels(spec.selector, SPEC.child('selector')));
  validateSessionAffinity(errors, spec);
  errors.push(...validateClusterIPs(spec, before));
  (spec.externalIPs ?? []).forEach((ip, index) => {
    const path = SPEC.child('externalIPs').index(index);
    const malformed = validateIP(path, ip, before.externalIPs);
    errors.push(...(malformed.length > 0 ? malformed : validateNonSpecialIP(path, ip)));
  });
  const type = spec.type ?? '';
  if ((type as string) === '') errors.push(required(SPEC.child('type'), ''));
  else if (!TYPES.includes(type)) errors.push(notSupported(SPEC.child('type'), type, TYPES));
  validateNodePorts(errors, spec);
  validateLoadBalancerFields(errors, service, before);
  errors.push(...validateLoadBalancerClass(spec, undefined));
  validateTrafficPolicies(errors, spec);
  return errors;
}

function validateTopologyAnnotations(errors: FieldError[], annotations: Readonly<Record<string, string>>): void {
  const hints = annotations[TOPOLOGY_HINTS];
  const mode = annotations[TOPOLOGY_MODE];
  if (hints === undefined || mode === undefined || hints === mode) return;
  const path = Path.of('metadata', 'annotations').key(TOPOLOGY_MODE);
  errors.push(invalid(path, mode, `must match annotations[${TOPOLOGY_HINTS}] when both are specified`));
}

function validateType(errors: FieldError[], spec: ServiceSpec): void {
  const firstIP = SPEC.child('clusterIPs').index(0);
  switch (spec.type) {
    case 'LoadBalancer':
      (spec.ports ?? []).forEach((port, index) => {
        if (port.port !== KUBELET_PORT) return;
        const text = `may not expose port ${KUBELET_PORT} externally since it is used by kubelet`;
        errors.push(invalid(SPEC.child('ports').index(index), port.port, text));
      });
      if (isHeadless(spec)) errors.push(invalid(firstIP, spec.clusterIPs?.[0], "may not be set to 'None' for LoadBalancer services"));
      break;
    case 'NodePort':
      if (isHeadless(spec)) errors.push(invalid(firstIP, spec.clusterIPs?.[0], "may not be set to 'None' for NodePort services"));
      break;
    case 'ExternalName':
      validateExternalName(errors, spec);
      break;
    default:
  }
}

function validateExternalName(errors: FieldError[], spec: ServiceSpec): void {
  const text = 'may not be set for ExternalName services';
  if ((spec.clusterIPs ?? []).length > 0) errors.push(forbidden(SPEC.child('clusterIPs'), text));
  if ((spec.ipFamilies ?? []).length > 0) errors.push(forbidden(SPEC.child('ipFamilies'), text));
  if (spec.ipFamilyPolicy !== undefined) errors.push(forbidden(SPEC.child('ipFamilyPolicy'), text));
  // A trailing dot says that the name is fully qualified.
  const name = (spec.externalName ?? '').replace(/\.$/, '');
  if (name === '') errors.push(required(SPEC.child('externalName'), ''));
  else for (const problem of isDNS1123Subdomain(name)) errors.push(invalid(SPEC.child('externalName'), name, problem));
}

function validateSessionAffinity(errors: FieldError[], spec: ServiceSpec): void {
  const path = SPEC.child('sessionAffinity');
  const affinity: string = spec.sessionAffinity ?? '';
  if (affinity === '') errors.push(required(path, ''));
  else if (!AFFINITIES.includes(affinity)) errors.push(notSupported(path, affinity, AFFINITIES));
  const configPath = SPEC.child('sessionAffinityConfig');
  const config = spec.sessionAffinityConfig;
  if (affinity === 'None' && config !== undefined) errors.push(forbidden(configPath, 'must not be set when session affinity is None'));
  if (affinity !== 'ClientIP') return;
  const timeoutSeconds = config?.clientIP?.timeoutSeconds;
  if (config === undefined) errors.push(required(configPath, 'when session affinity type is ClientIP'));
  else if (config.clientIP === undefined) errors.push(required(configPath.child('clientIP'), 'when session affinity type is ClientIP'));
  else if (timeoutSeconds === undefined) {
    errors.push(required(configPath.child('clientIP', 'timeoutSeconds'), 'when session affinity type is ClientIP'));
  } else if (timeoutSeconds <= 0 || timeoutSeconds > 86400) {
    errors.push(invalid(configPath.child('clientIP', 'timeoutSeconds'), timeoutSeconds, 'must be greater than 0 and less than 86400'));
  }
}

/** @param before undefined where nothing is compared; the format is checked both times, as in the API server */
function validateLoadBalancerClass(spec: ServiceSpec, before: ServiceSpec | undefined): ErrorList {
  const errors: FieldError[] = [];
  const path = SPEC.child('loadBalancerClass');
  const name = spec.loadBalancerClass;
  const isLoadBalancer = spec.type === 'LoadBalancer';
  if (isLoadBalancer && before?.type === 'LoadBalancer' && name !== before.loadBalancerClass) {
    errors.push(invalid(path, name, 'may not change once set'));
  }
  if (name === undefined) return errors;
  if (isLoadBalancer) for (const text of isQualifiedName(name)) errors.push(invalid(path, name, text));
  else errors.push(forbidden(path, "may only be used when `type` is 'LoadBalancer'"));
  return errors;
}

/** Of the `/status` subresource. */
export function validateServiceStatusUpdate(service: Service): ErrorList {
  const errors: FieldError[] = [];
  const path = Path.of('status', 'loadBalancer', 'ingress');
  const ingresses = service.status?.loadBalancer?.ingress ?? [];
  if (specOf(service).type !== 'LoadBalancer' && ingresses.length > 0) {
    return [forbidden(path, "may only be used when `spec.type` is 'LoadBalancer'")];
  }
  ingresses.forEach((ingress, index) => {
    const { ip = '', ipMode, hostname = '' } = ingress;
    const at = path.index(index);
    if (ip !== '') errors.push(...validateIP(at.child('ip'), ip));
    if (ipMode === undefined) {
      if (ip !== '') errors.push(required(at.child('ipMode'), 'must be specified when `ip` is set'));
    } else if (ip === '') errors.push(forbidden(at.child('ipMode'), 'may not be specified when `ip` is not set'));
    else if (!IP_MODES.includes(ipMode)) errors.push(notSupported(at.child('ipMode'), ipMode, IP_MODES));
    if (hostname === '') return;
    for (const text of isDNS1123Subdomain(hostname)) errors.push(invalid(at.child('hostname'), hostname, text));
    if (/^[0-9.:]+$/.test(hostname) && validateIP(at, hostname).length === 0) {
      errors.push(invalid(at.child('hostname'), hostname, 'must be a DNS name, not an IP address'));
    }
  });
  return errors;
}

const SPEC = Path.of('spec');
const KUBELET_PORT = 10250;
const TYPES: readonly string[] = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const AFFINITIES: readonly string[] = ['ClientIP', 'None'];
const IP_MODES: readonly string[] = ['Proxy', 'VIP'];
const TOPOLOGY_HINTS = 'service.kubernetes.io/topology-aware-hints';
const TOPOLOGY_MODE = 'service.kubernetes.io/topology-mode';
