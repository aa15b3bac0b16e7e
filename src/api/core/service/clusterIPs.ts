/** clusterIP, clusterIPs, ipFamilies and ipFamilyPolicy: one matter in four fields. */
import { duplicate, invalid, notSupported, required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { familyOf } from '../../../apimachinery/net/ip.ts';
import { validateIP } from '../../../apimachinery/net/validation.ts';
import type { ServiceSpec } from '../../schema/types/core/v1.ts';
import { isHeadless, NONE } from './traits.ts';

/** What allocation needs to be true before it starts, and validation checks again. */
export function validateClusterIPs(spec: ServiceSpec, before: ServiceSpec = {}): ErrorList {
  if (spec.type === 'ExternalName') return [];
  const errors: FieldError[] = [];
  const ips = spec.clusterIPs ?? [];
  if ((spec.clusterIP ?? '') !== '') {
    if (ips.length === 0) errors.push(required(CLUSTER_IPS, ''));
    else if (ips[0] !== spec.clusterIP) errors.push(invalid(CLUSTER_IPS, ips, 'first value must match `clusterIP`'));
  } else if (ips.length > 0) errors.push(invalid(CLUSTER_IPS, ips, 'must be empty when `clusterIP` is not specified'));
  validateFamilies(errors, spec);
  const listErrors = validateList(spec, before);
  errors.push(...listErrors);
  if (ips.length > 2) errors.push(invalid(CLUSTER_IPS, ips, 'may only hold up to 2 values'));
  // With an invalid address among them the rest would only confuse.
  if (listErrors.length > 0) return errors;
  if (ips.length > 1 && new Set(ips.map(familyOf)).size < 2) {
    errors.push(invalid(CLUSTER_IPS, ips, 'may specify no more than one IP for each IP family'));
  }
  validateFamiliesMatch(errors, spec);
  return errors;
}

/** An update may add or release the second address and family, never change the first. */
export function validateClusterIPsUpdate(spec: ServiceSpec, before: ServiceSpec): ErrorList {
  if (spec.type === 'ExternalName' || before.type === 'ExternalName') return [];
  const errors: FieldError[] = [];
  const headless = isHeadless(spec);
  if (!(headless && isHeadless(before))) {
    compareLists(
      errors,
      { path: CLUSTER_IPS, now: spec.clusterIPs ?? [], before: before.clusterIPs ?? [], one: 'clusterIP', indexed: true },
      spec,
    );
  }
  if (!headless && !isHeadless(before)) {
    compareLists(
      errors,
      { path: IP_FAMILIES, now: spec.ipFamilies ?? [], before: before.ipFamilies ?? [], one: 'ipFamily', indexed: false },
      spec,
    );
  }
  return errors;
}

interface Lists {
  readonly path: Path;
  readonly now: readonly string[];
  readonly before: readonly string[];
  readonly one: 'clusterIP' | 'ipFamily';
  /** Errors of families always point at the first. */
  readonly indexed: boolean;
}

function compareLists(errors: FieldError[], { path, now, before, one, indexed }: Lists, spec: ServiceSpec): void {
  if (before.length === now.length) {
    before.forEach((text, index) => {
      if (text !== now[index]) errors.push(invalid(path.index(indexed ? index : 0), now, 'may not change once set'));
    });
    return;
  }
  if (now.length === 0) errors.push(invalid(path.index(0), now, `primary ${one} can not be unset`));
  if (before.length > 0 && now.length > 0 && now[0] !== before[0]) errors.push(invalid(path.index(0), now, 'may not change once set'));
  if (before.length > now.length && now.length === 1 && spec.ipFamilyPolicy !== 'SingleStack') {
    errors.push(invalid(IP_FAMILY_POLICY, spec.ipFamilyPolicy, `must be set to 'SingleStack' when releasing the secondary ${one}`));
  }
}

function validateFamilies(errors: FieldError[], spec: ServiceSpec): void {
  const seen = new Set<string>();
  (spec.ipFamilies ?? []).forEach((family, index) => {
    if (!FAMILIES.includes(family)) errors.push(notSupported(IP_FAMILIES.index(index), family, FAMILIES));
    if (seen.has(family)) errors.push(duplicate(IP_FAMILIES.index(index), family));
    seen.add(family);
  });
  const policy = spec.ipFamilyPolicy;
  if (policy !== undefined && !POLICIES.includes(policy)) errors.push(notSupported(IP_FAMILY_POLICY, policy, POLICIES));
}

function validateList(spec: ServiceSpec, before: ServiceSpec): ErrorList {
  const ips = spec.clusterIPs ?? [];
  return ips.flatMap((ip, index) => {
    if (index > 0 || ip !== NONE) return validateIP(CLUSTER_IPS.index(index), ip, before.clusterIPs);
    return ips.length > 1 ? [invalid(CLUSTER_IPS, ips, "'None' must be the first and only value")] : [];
  });
}

function validateFamiliesMatch(errors: FieldError[], spec: ServiceSpec): void {
  if (isHeadless(spec)) return;
  (spec.clusterIPs ?? []).forEach((ip, index) => {
    const family = spec.ipFamilies?.[index];
    if ((family === 'IPv4' || family === 'IPv6') && familyOf(ip) !== family) {
      errors.push(invalid(CLUSTER_IPS.index(index), ip, `expected an ${family} value as indicated by \`ipFamilies[${index}]\``));
    }
  });
}

const FAMILIES: readonly string[] = ['IPv4', 'IPv6'];
const POLICIES: readonly string[] = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];
export const CLUSTER_IPS = Path.of('spec', 'clusterIPs');
export const IP_FAMILIES = Path.of('spec', 'ipFamilies');
export const IP_FAMILY_POLICY = Path.of('spec', 'ipFamilyPolicy');
