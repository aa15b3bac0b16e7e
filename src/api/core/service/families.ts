/** Which IP families a Service has on a cluster of a single stack. */
import { invalid, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { familyOf, type IPFamily } from '../../../apimachinery/net/ip.ts';
import type { Draft } from '../../../base/json.ts';
import type { ServiceSpec } from '../../schema/types/core/v1.ts';
import { CLUSTER_IPS, IP_FAMILIES, IP_FAMILY_POLICY, validateClusterIPs } from './clusterIPs.ts';
import { isHeadlessWithoutSelector, NONE, sameTexts } from './traits.ts';

/**
 * Fills in ipFamilyPolicy and ipFamilies. Without a policy a Service is SingleStack, except a headless one without a
 * selector, which is RequireDualStack: its endpoints are not the cluster's, so both families can be meant.
 */
export function initFamilies(spec: Draft<ServiceSpec>, before: ServiceSpec | undefined, configured: IPFamily): ErrorList {
  if (spec.type === 'ExternalName' || (before !== undefined && keepsPreferDualStack(spec, before))) return [];
  spec.ipFamilyPolicy ??= before?.ipFamilyPolicy ?? (isHeadlessWithoutSelector(spec) ? 'RequireDualStack' : 'SingleStack');
  const broken = validateClusterIPs(spec, before);
  if (broken.length > 0) return broken;
  const errors: FieldError[] = [];
  if (before !== undefined) releaseSecondary(errors, spec, before);
  if (spec.ipFamilyPolicy === 'SingleStack') {
    for (const [list, what] of [
      [spec.clusterIPs, 'cluster IPs'],
      [spec.ipFamilies, 'IP families'],
    ] as const) {
      const text = `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`;
      if (list?.length === 2) errors.push(invalid(IP_FAMILY_POLICY, spec.ipFamilyPolicy, text));
    }
  }
  inferFamilies(errors, spec, configured);
  if (errors.length > 0) return errors;
  if (isHeadlessWithoutSelector(spec)) {
    const families = (spec.ipFamilies ??= []);
    if (families.length === 0) families.push(configured);
    if (families.length < 2 && spec.ipFamilyPolicy !== 'SingleStack') families.push(families[0] === 'IPv4' ? 'IPv6' : 'IPv4');
    return [];
  }
  if (spec.ipFamilyPolicy === 'RequireDualStack') {
    errors.push(invalid(IP_FAMILY_POLICY, spec.ipFamilyPolicy, 'this cluster is not configured for dual-stack services'));
  }
  (spec.ipFamilies ?? []).forEach((family, index) => {
    if (family !== configured) errors.push(invalid(IP_FAMILIES.index(index), family, 'not configured on this cluster'));
  });
  if (errors.length === 0 && (spec.ipFamilies ?? []).length === 0) spec.ipFamilies = [configured];
  return errors;
}

/** A Service that prefers two families is left as it is until somebody asks for something else. */
function keepsPreferDualStack(spec: ServiceSpec, before: ServiceSpec): boolean {
  return (
    spec.type === before.type &&
    (spec.type === 'ClusterIP' || spec.type === 'NodePort' || spec.type === 'LoadBalancer') &&
    spec.ipFamilyPolicy === 'PreferDualStack' &&
    (before.ipFamilyPolicy === undefined || before.ipFamilyPolicy === 'PreferDualStack') &&
    sameTexts(spec.clusterIPs, before.clusterIPs) &&
    sameTexts(spec.ipFamilies, before.ipFamilies)
  );
}

/** The second address and family go only with the policy SingleStack. */
function releaseSecondary(errors: FieldError[], spec: Draft<ServiceSpec>, before: ServiceSpec): void {
  for (const [name, what] of [
    ['clusterIPs', 'cluster IP'],
    ['ipFamilies', 'IP family'],
  ] as const) {
    const now = spec[name] ?? [];
    const then = before[name] ?? [];
    if (spec.ipFamilyPolicy === 'SingleStack') {
      if (sameTexts(now, then) && now.length > 1) now.length = 1;
    } else if (now.length > 0 && now.length < then.length) {
      errors.push(invalid(IP_FAMILY_POLICY, spec.ipFamilyPolicy, `must be 'SingleStack' to release the secondary ${what}`));
    }
  }
}

/** An address that was asked for tells its family. */
function inferFamilies(errors: FieldError[], spec: Draft<ServiceSpec>, configured: IPFamily): void {
  for (const [index, ip] of (spec.clusterIPs ?? []).entries()) {
    if (ip === NONE) break;
    if (index < (spec.ipFamilies ?? []).length) continue;
    const family = familyOf(ip);
    if (family === configured) (spec.ipFamilies ??= []).push(family);
    else errors.push(invalid(CLUSTER_IPS.index(index), spec.clusterIPs, `${family ?? 'unknown'} is not configured on this cluster`));
  }
}
