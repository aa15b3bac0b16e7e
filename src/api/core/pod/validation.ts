/**
 * Rules of Pods and of Pod templates, field by field in the order of the API server: the order is part of the message.
 * Invariant: pure; a valid Pod makes no texts. Objects are decoded and have their defaults, but may lack required fields.
 * Counterpart: k8s.io/kubernetes/pkg/apis/core/validation, ValidatePodCreate and ValidatePodTemplateSpec.
 */
import { duplicate, forbidden, invalid, notSupported, required, tooLong, type ErrorList } from '../../../apimachinery/field/error.ts';
import { isDNS1123Label, isDNS1123Subdomain, isQualifiedName } from '../../../apimachinery/validation/names.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { validateAnnotations, validateObjectMeta } from '../../../apimachinery/validation/objectMeta.ts';
import { validateLabels } from '../../../apimachinery/labels/validation.ts';
import type { ObjectMeta } from '../../../apimachinery/meta/types.ts';
import type { Pod, PodSpec, PodTemplateSpec } from '../../schema/types/core/v1.ts';
import { validateAffinity } from './affinity.ts';
import { validateAnnotationsMatchFields, validatePodAnnotations } from './annotations.ts';
import {
  validateContainers,
  validateEphemeralContainers,
  validateImageSpace,
  validateInitContainers,
  type ContainerSurroundings,
} from './containers.ts';
import { validateDNSConfig, validateHostAliases } from './dns.ts';
import { validateFileKeyVolumes } from './env.ts';
import { validateKubeFinalizers } from '../finalizers.ts';
import { validateHostNetworkPorts } from './ports.ts';
import { claimNames, validateResourceClaims } from './resourceClaims.ts';
import { validateOverhead, validatePodResources } from './resources.ts';
import { validateHostUsers, validatePodSecurityContext } from './securityContext.ts';
import { validateTolerations } from './tolerations.ts';
import { validateTopologySpread } from './topologySpread.ts';
import { validateVolumes } from './volumes.ts';
import { validateHostProcess, validateLinuxPod, validateWindowsPod } from './windows.ts';
import { inclusiveRange, invalidEach, requireOneOf, type Sink } from './sink.ts';
import { STRICT, STRICT_POD, type PodValidationOptions } from './options.ts';

const METADATA = Path.of('metadata');
const SPEC = Path.of('spec');

/** A Pod that is created. */
export function validatePod(pod: Pod): ErrorList {
  const sink: Sink = [];
  const spec = pod.spec ?? EMPTY_SPEC;
  validatePodMetadataAndSpec(sink, pod, STRICT_POD);
  if (spec.ephemeralContainers?.length) sink.push(forbidden(SPEC.child('ephemeralContainers'), 'cannot be set on create'));
  if (spec.nodeName && spec.schedulingGates?.length)
    sink.push(forbidden(SPEC.child('nodeName'), 'cannot be set until all schedulingGates have been cleared'));
  validateAnnotationsMatchFields(sink, pod.metadata, spec, SPEC);
  return sink;
}

/** What holds for a Pod at any time. */
export function validatePodMetadataAndSpec(sink: Sink, pod: Pod, options: PodValidationOptions): void {
  const spec = pod.spec ?? EMPTY_SPEC;
  sink.push(...validateObjectMeta(pod.metadata, true, nameIsDNSSubdomain));
  validateKubeFinalizers(sink, pod.metadata, METADATA);
  validatePodAnnotations(sink, pod.metadata.annotations, spec, METADATA.child('annotations'), options);
  validatePodSpec(sink, spec, pod.metadata, SPEC, options);
  if (!spec.serviceAccountName) validateNoTokens(sink, spec, SPEC);
  for (const list of ['containers', 'initContainers'] as const)
    for (const [index, container] of (spec[list] ?? []).entries()) validateImageSpace(sink, container, SPEC.child(list).index(index));
}

export const EMPTY_SPEC: PodSpec = { containers: [] };

/**
 * The template of a workload; its Pods are checked again when they are made. Rules about the surroundings (a selector,
 * restart policies that fit the kind) are the workload's own.
 *
 * @param path of the template, such as spec.template
 */
export function validatePodTemplateSpec(
  template: PodTemplateSpec | undefined,
  path: Path,
  options: PodValidationOptions = STRICT,
): ErrorList {
  const sink: Sink = [];
  const meta = template?.metadata ?? {};
  const spec = template?.spec ?? EMPTY_SPEC;
  sink.push(...validateLabels(meta.labels, path.child('labels')));
  sink.push(...validateAnnotations(meta.annotations, path.child('annotations')));
  validatePodAnnotations(sink, meta.annotations, spec, path.child('annotations'), options);
  validatePodSpec(sink, spec, undefined, path.child('spec'), options);
  validateAnnotationsMatchFields(sink, meta, spec, path.child('spec'));
  if (spec.ephemeralContainers?.length)
    sink.push(forbidden(path.child('spec', 'ephemeralContainers'), 'ephemeral containers not allowed in pod template'));
  return sink;
}

/** @param meta of the Pod itself; absent for templates */
export function validatePodSpec(sink: Sink, spec: PodSpec, meta: ObjectMeta | undefined, path: Path, options: PodValidationOptions): void {
  if (spec.terminationGracePeriodSeconds === undefined) sink.push(required(path.child('terminationGracePeriodSeconds'), ''));
  const names = claimNames(spec.resourceClaims);
  const pod: ContainerSurroundings = {
    volumes: validateVolumes(sink, spec.volumes ?? [], meta, path.child('volumes'), options),
    claimNames: names,
    options,
    restartPolicy: spec.restartPolicy ?? '',
    hostUsers: spec.hostUsers !== false,
    gracePeriodSeconds: spec.terminationGracePeriodSeconds,
  };
  if (spec.resourceClaims) validateResourceClaims(sink, spec.resourceClaims, path.child('resourceClaims'));
  const containers = spec.containers ?? [];
  validateContainers(sink, containers, path.child('containers'), pod);
  if (spec.initContainers) validateInitContainers(sink, spec.initContainers, containers, path.child('initContainers'), pod);
  validateEphemeralContainers(sink, spec, path.child('ephemeralContainers'), pod);
  validatePodResources(sink, spec, names, path, options);
  if (spec.hostNetwork) validateHostNetworkPorts(sink, containers, path.child('containers'), options.resourceIsPod);
  requireOneOf(sink, spec.restartPolicy, RESTART_POLICIES, path, 'restartPolicy');
  requireOneOf(sink, spec.dnsPolicy, DNS_POLICIES, path, 'dnsPolicy');
  if (spec.nodeSelector) sink.push(...validateLabels(spec.nodeSelector, path.child('nodeSelector')));
  validatePodSecurityContext(sink, spec, path, options);
  if (spec.affinity) validateAffinity(sink, spec.affinity, path.child('affinity'), options);
  validateDNSConfig(sink, spec.dnsConfig, spec.dnsPolicy, path.child('dnsConfig'));
  validateGates(sink, spec, path);
  if (spec.topologySpreadConstraints)
    validateTopologySpread(sink, spec.topologySpreadConstraints, path.child('topologySpreadConstraints'), options);
  validateHostProcess(sink, spec, path);
  validateHostUsers(sink, spec, path);
  validateFileKeyVolumes(sink, spec, path);
  validateScalars(sink, spec, path, options);
  validateOS(sink, spec, path);
}

const RESTART_POLICIES = ['Always', 'OnFailure', 'Never'];
const DNS_POLICIES = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
const PREEMPTION_POLICIES = ['PreemptLowerPriority', 'Never'];
const MAX_INT32 = 2 ** 31 - 1;

function validateGates(sink: Sink, spec: PodSpec, path: Path): void {
  for (const [index, gate] of (spec.readinessGates ?? []).entries()) {
    const type = gate.conditionType ?? '';
    invalidEach(sink, path.child('readinessGates').index(index).child('conditionType'), type, isQualifiedName(type));
  }
  const seen = new Set<string>();
  for (const [index, gate] of (spec.schedulingGates ?? []).entries()) {
    const name = gate.name ?? '';
    const at = path.child('schedulingGates').index(index);
    invalidEach(sink, at, name, isQualifiedName(name));
    if (seen.has(name)) sink.push(duplicate(at, name));
    seen.add(name);
  }
}

/** The fields that stand alone. */
function validateScalars(sink: Sink, spec: PodSpec, path: Path, options: PodValidationOptions): void {
  checkName(sink, spec.serviceAccountName, isDNS1123Subdomain, path, 'serviceAccountName');
  checkName(sink, spec.nodeName, isDNS1123Subdomain, path, 'nodeName');
  const deadline = spec.activeDeadlineSeconds;
  if (deadline !== undefined && (deadline < 1 || deadline > MAX_INT32))
    sink.push(invalid(path.child('activeDeadlineSeconds'), deadline, inclusiveRange(1, MAX_INT32)));
  checkName(sink, spec.hostname, isDNS1123Label, path, 'hostname');
  checkName(sink, spec.subdomain, isDNS1123Label, path, 'subdomain');
  if (spec.tolerations) validateTolerations(sink, spec.tolerations, path.child('tolerations'));
  if (spec.hostAliases) validateHostAliases(sink, spec.hostAliases, path.child('hostAliases'));
  checkName(sink, spec.priorityClassName, isDNS1123Subdomain, path, 'priorityClassName');
  if (spec.runtimeClassName !== undefined)
    invalidEach(sink, path.child('runtimeClassName'), spec.runtimeClassName, isDNS1123Subdomain(spec.runtimeClassName));
  if (spec.preemptionPolicy !== undefined) requireOneOf(sink, spec.preemptionPolicy, PREEMPTION_POLICIES, path, 'preemptionPolicy');
  if (spec.overhead) validateOverhead(sink, spec.overhead, path.child('overhead'), options);
  validateHostnameOverride(sink, spec, path);
}

const HOSTNAME_LIMIT = 64;

function validateHostnameOverride(sink: Sink, spec: PodSpec, path: Path): void {
  const name = spec.hostnameOverride;
  if (name === undefined) return;
  const at = path.child('hostnameOverride');
  if (spec.setHostnameAsFQDN === true) sink.push(forbidden(at, 'may not be specified when setHostnameAsFQDN is true'));
  if (spec.hostNetwork === true) sink.push(forbidden(at, 'may not be specified when hostNetwork is true'));
  invalidEach(sink, at, name, isDNS1123Subdomain(name));
  if (name.length > HOSTNAME_LIMIT) sink.push(tooLong(at, HOSTNAME_LIMIT));
}

function checkName(
  sink: Sink,
  name: string | undefined,
  check: (name: string) => readonly string[],
  path: Path,
  field: keyof PodSpec,
): void {
  if (name) invalidEach(sink, path.child(field), name, check(name));
}

function validateOS(sink: Sink, spec: PodSpec, path: Path): void {
  if (!spec.os) return;
  const name: string = spec.os.name ?? '';
  if (name === '') sink.push(required(path.child('os', 'name'), ''));
  else if (name === 'linux') validateLinuxPod(sink, spec, path);
  else if (name === 'windows') validateWindowsPod(sink, spec, path);
  else sink.push(notSupported(path.child('os'), name, ['linux', 'windows']));
}

/** A token is that of an account, so there must be one. */
function validateNoTokens(sink: Sink, spec: PodSpec, path: Path): void {
  for (const [index, volume] of (spec.volumes ?? []).entries())
    for (const [sourceIndex, source] of (volume.projected?.sources ?? []).entries()) {
      if (!source.serviceAccountToken) continue;
      const at = path.child('volumes').index(index).child('projected', 'sources').index(sourceIndex).child('serviceAccountToken');
      sink.push(forbidden(at, 'must not be specified when serviceAccountName is not set'));
    }
}
