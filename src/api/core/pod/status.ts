/** What a status update of a Pod must not do: forge what happened. Counterpart: ValidatePodStatusUpdate. */
import { duplicate, forbidden, invalid, notSupported, type ErrorList } from '../../../apimachinery/field/error.ts';
import { familyOf } from '../../../apimachinery/net/ip.ts';
import { isDNS1123Subdomain, isQualifiedName, isValidGroupID, isValidUserID } from '../../../apimachinery/validation/names.ts';
import { FIELD_IMMUTABLE, validateObjectMetaUpdate } from '../../../apimachinery/validation/objectMeta.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { validateIP } from '../../../apimachinery/net/validation.ts';
import type { Container, ContainerStatus, Pod, PodSpec, PodStatus } from '../../schema/types/core/v1.ts';
import { validateKubeFinalizers } from '../finalizers.ts';
import { validatePodAnnotationsUpdate } from './annotations.ts';
import { isRestartableInit } from './visit.ts';
import { EMPTY_SPEC } from './validation.ts';
import { invalidEach, type Sink } from './sink.ts';
import { STRICT_POD } from './options.ts';

const METADATA = Path.of('metadata');
const STATUS = Path.of('status');

export function validatePodStatusUpdate(pod: Pod, old: Pod): ErrorList {
  const sink: Sink = [];
  const status = pod.status ?? {};
  const oldStatus = old.status ?? {};
  const spec = old.spec ?? EMPTY_SPEC;
  sink.push(...validateObjectMetaUpdate(pod.metadata, old.metadata));
  validateKubeFinalizers(sink, pod.metadata, METADATA);
  validatePodAnnotationsUpdate(sink, pod, old, METADATA.child('annotations'), STRICT_POD);
  validateConditions(sink, status, METADATA.child('conditions'));
  if ((pod.spec?.nodeName ?? '') !== (spec.nodeName ?? '')) sink.push(forbidden(STATUS.child('nodeName'), 'may not be changed directly'));
  const nominated = status.nominatedNodeName;
  if (nominated && nominated !== oldStatus.nominatedNodeName)
    invalidEach(sink, STATUS.child('nominatedNodeName'), nominated, isDNS1123Subdomain(nominated));
  if ((status.qosClass ?? '') !== (oldStatus.qosClass ?? ''))
    sink.push(invalid(STATUS.child('qosClass'), status.qosClass ?? '', FIELD_IMMUTABLE));
  validateTransitions(sink, status, oldStatus, spec);
  validateClaimStatuses(sink, status, pod.spec ?? EMPTY_SPEC);
  validatePodIPs(sink, status);
  validateHostIPs(sink, status);
  for (const list of STATUS_LISTS) validateUsers(sink, status[list] ?? [], STATUS.child(list), pod.spec?.os?.name ?? 'linux');
  validateAllocated(sink, status.containerStatuses ?? [], STATUS.child('containerStatuses'), pod.spec?.containers ?? []);
  validateAllocated(sink, status.initContainerStatuses ?? [], STATUS.child('initContainerStatuses'), pod.spec?.initContainers ?? []);
  for (const [index, one] of (status.ephemeralContainerStatuses ?? []).entries())
    if (one.allocatedResourcesStatus?.length) {
      const at = STATUS.child('ephemeralContainerStatuses').index(index).child('allocatedResourcesStatus');
      sink.push(forbidden(at, 'must not be specified in container status'));
    }
  return sink;
}

const STATUS_LISTS = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses'] as const;
const SYSTEM_CONDITIONS: ReadonlySet<string> = new Set(['PodScheduled', 'Ready', 'Initialized']);

function validateConditions(sink: Sink, status: PodStatus, path: Path): void {
  for (const [index, condition] of (status.conditions ?? []).entries())
    if (!SYSTEM_CONDITIONS.has(condition.type))
      invalidEach(sink, path.index(index).child('Type'), condition.type, isQualifiedName(condition.type));
}

/** What will not be restarted stays terminated. */
function validateTransitions(sink: Sink, status: PodStatus, old: PodStatus, spec: PodSpec): void {
  const policy = spec.restartPolicy;
  const own = new Map<string, Container>();
  for (const container of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) own.set(container.name, container);
  // The end of one container can make all of them start again.
  const allMayRestart = [...own.values()].some(({ restartPolicyRules }) =>
    restartPolicyRules?.some(({ action }) => action === 'RestartAllContainers'),
  );
  const check = (list: (typeof STATUS_LISTS)[number], podPolicy: string | undefined): void => {
    if (podPolicy === 'Always' || (list !== 'ephemeralContainerStatuses' && allMayRestart)) return;
    for (const [index, before] of (old[list] ?? []).entries()) {
      const terminated = before.state?.terminated;
      if (!terminated || (terminated.exitCode !== 0 && podPolicy === 'OnFailure')) continue;
      const container = own.get(before.name);
      if (list !== 'ephemeralContainerStatuses' && container && (isRestartableInit(container) || mayRestart(container))) continue;
      if (status[list]?.some((now) => now.name === before.name && !now.state?.terminated))
        sink.push(forbidden(STATUS.child(list).index(index).child('state'), 'may not be transitioned to non-terminated state'));
    }
  };
  check('containerStatuses', policy);
  check('initContainerStatuses', policy);
  check('ephemeralContainerStatuses', 'Never');
}

/** A policy or rules of its own may restart a container where the Pod's policy would not. */
function mayRestart(container: Container): boolean {
  return container.restartPolicy === 'OnFailure' || (container.restartPolicyRules ?? []).length > 0;
}

function validateClaimStatuses(sink: Sink, status: PodStatus, spec: PodSpec): void {
  const seen = new Set<string>();
  for (const [index, one] of (status.resourceClaimStatuses ?? []).entries()) {
    const at = STATUS.child('resourceClaimStatuses').index(index).child('name');
    if (!spec.resourceClaims?.some((claim) => claim.name === one.name))
      sink.push(invalid(at, one.name, 'must match the name of an entry in `spec.resourceClaims`'));
    if (seen.has(one.name)) sink.push(duplicate(at, one.name));
    seen.add(one.name);
    if (one.resourceClaimName !== undefined) invalidEach(sink, at, one.resourceClaimName, isDNS1123Subdomain(one.resourceClaimName));
  }
}

function validatePodIPs(sink: Sink, status: PodStatus): void {
  const ips = status.podIPs ?? [];
  const path = STATUS.child('podIPs');
  for (const [index, { ip = '' }] of ips.entries()) sink.push(...validateIP(path.index(index), ip));
  validateFamilies(sink, ips, path);
}

function validateHostIPs(sink: Sink, status: PodStatus): void {
  const ips = status.hostIPs ?? [];
  const first = ips[0];
  if (!first) return;
  const path = STATUS.child('hostIPs');
  if ((status.hostIP ?? '') !== (first.ip ?? ''))
    sink.push(invalid(path.index(0).child('ip'), first.ip ?? '', 'must be equal to `hostIP`'));
  for (const [index, { ip = '' }] of ips.entries()) sink.push(...validateIP(path.index(index), ip));
  validateFamilies(sink, ips, path);
}

/** At most one address of each family. */
function validateFamilies(sink: Sink, ips: readonly { readonly ip?: string }[], path: Path): void {
  if (ips.length < 2) return;
  const printed = ips.map(({ ip = '' }) => ({ IP: ip }));
  const families = new Set(ips.map(({ ip = '' }) => familyOf(ip)));
  if (families.size < 2 || ips.length > 2) sink.push(invalid(path, printed, 'may specify no more than one IP for each IP family'));
  const seen = new Set<string>();
  for (const [index, { ip = '' }] of ips.entries()) {
    if (seen.has(ip)) sink.push(duplicate(path.index(index), printed[index]));
    seen.add(ip);
  }
}

function validateUsers(sink: Sink, statuses: readonly ContainerStatus[], path: Path, os: string): void {
  for (const [index, { user }] of statuses.entries()) {
    if (!user?.linux) continue;
    const at = path.index(index).child('linux');
    if (os === 'windows') {
      sink.push(forbidden(at, 'cannot be set for a windows pod'));
      continue;
    }
    invalidEach(sink, at.child('uid'), user.linux.uid, isValidUserID(user.linux.uid));
    invalidEach(sink, at.child('gid'), user.linux.gid, isValidGroupID(user.linux.gid));
    for (const [group, id] of (user.linux.supplementalGroups ?? []).entries())
      invalidEach(sink, at.child('supplementalGroups').index(group), id, isValidGroupID(id));
  }
}

const HEALTH: readonly string[] = ['Healthy', 'Unhealthy', 'Unknown'];

/** The health of devices: only of those that the container has. */
function validateAllocated(sink: Sink, statuses: readonly ContainerStatus[], path: Path, containers: readonly Container[]): void {
  for (const [index, status] of statuses.entries()) {
    const container = containers.find((candidate) => candidate.name === status.name);
    for (const [resourceIndex, resource] of (status.allocatedResourcesStatus ?? []).entries()) {
      const at = path.index(index).child('allocatedResourcesStatus').index(resourceIndex);
      if (container && !holds(container, resource.name)) sink.push(invalid(at.child('name'), resource.name, holdsText(resource.name)));
      const ids = new Set<string>();
      for (const [unitIndex, unit] of (resource.resources ?? []).entries()) {
        const unitPath = at.child('resources').index(unitIndex);
        const health = unit.health ?? '';
        if (!HEALTH.includes(health)) sink.push(notSupported(unitPath.child('health'), health, HEALTH));
        if (ids.has(unit.resourceID)) sink.push(duplicate(unitPath.child('resourceID'), unit.resourceID));
        ids.add(unit.resourceID);
      }
    }
  }
}

function holds(container: Container, name: string): boolean {
  if (!name.startsWith('claim:')) return container.resources?.requests?.[name] !== undefined;
  return (container.resources?.claims ?? []).some((claim) => name === `claim:${claim.name}${claim.request ? `/${claim.request}` : ''}`);
}

function holdsText(name: string): string {
  if (!name.startsWith('claim:')) return "must match one of the container's resource requests";
  return "must match one of the container's resource claims in a format 'claim:<claimName>/<request>' or 'claim:<claimName>' if request is empty";
}
