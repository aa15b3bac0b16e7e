/**
 * What the server accepts and yet warns about, in Pods and in templates.
 * Counterpart: k8s.io/kubernetes/pkg/api/pod, GetWarningsForPod and GetWarningsForPodTemplate.
 */
import { quote } from '../../../apimachinery/field/quote.ts';
import { ipWarnings } from '../../../apimachinery/net/validation.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import type { ObjectMeta } from '../../../apimachinery/meta/types.ts';
import type { Affinity, Pod, PodSpec, PodTemplateSpec } from '../../schema/types/core/v1.ts';
import { DEPRECATED_NODE_LABELS, nodeSelectorTermWarnings } from '../node/labelWarnings.ts';
import { APPARMOR_PREFIX, APPARMOR_TEXT, SECCOMP_CONTAINER_PREFIX, SECCOMP_POD } from './annotations.ts';
import { visitContainers, type AnyContainer } from './visit.ts';
import { fraction, WHOLE_BYTES } from './warningsFractions.ts';
import { portWarnings } from './warningsPorts.ts';
import { overlapWarnings, volumeWarnings } from './warningsVolumes.ts';

export function podWarnings(pod: Pod): readonly string[] {
  return podSpecWarnings(pod.spec, pod.metadata, Path.root);
}

/** @param path of the template */
export function podTemplateWarnings(template: PodTemplateSpec | undefined, path: Path): readonly string[] {
  return podSpecWarnings(template?.spec, template?.metadata ?? {}, path);
}

/** @param path of what holds spec and metadata; the root for a Pod */
export function podSpecWarnings(spec: PodSpec | undefined, meta: ObjectMeta, path: Path): readonly string[] {
  if (!spec) return [];
  const warnings: string[] = [];
  const specPath = path.child('spec');
  labelWarnings(warnings, spec, specPath);
  annotationWarnings(warnings, meta, path);
  volumeWarnings(warnings, spec, specPath);
  overlapWarnings(warnings, spec);
  repeatedNames(warnings, spec, specPath);
  for (const name of WHOLE_BYTES) fraction(warnings, spec.overhead?.[name], () => specPath.child('overhead').key(name));
  if (meta.annotations?.[SECCOMP_POD] !== undefined && !spec.securityContext?.seccompProfile)
    warnings.push(`${path.child('metadata', 'annotations').key(SECCOMP_POD).toString()}: ${SECCOMP_TEXT}`);
  visitContainers(spec, specPath, (container, at) => containerWarnings(warnings, container, spec, meta, path, at));
  portWarnings(warnings, spec, specPath);
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0)
    warnings.push(
      `${specPath.child('terminationGracePeriodSeconds').toString()}: must be >= 0; negative values are invalid and will be treated as 1`,
    );
  podAffinityWarnings(warnings, spec.affinity, specPath.child('affinity'));
  for (const [index, address] of (spec.dnsConfig?.nameservers ?? []).entries())
    warnings.push(...ipWarnings(specPath.child('dnsConfig', 'nameservers').index(index), address));
  for (const [index, alias] of (spec.hostAliases ?? []).entries())
    warnings.push(...ipWarnings(specPath.child('hostAliases').index(index).child('ip'), alias.ip ?? ''));
  // The server says nothing twice.
  return warnings.length < 2 ? warnings : [...new Set(warnings)];
}

function labelWarnings(warnings: string[], spec: PodSpec, path: Path): void {
  for (const key of Object.keys(spec.nodeSelector ?? {})) {
    const text = DEPRECATED_NODE_LABELS[key];
    if (text) warnings.push(`${path.child('nodeSelector').key(key).toString()}: ${text}`);
  }
  const node = spec.affinity?.nodeAffinity;
  const nodePath = path.child('affinity', 'nodeAffinity');
  const required = nodePath.child('requiredDuringSchedulingIgnoredDuringExecution', 'nodeSelectorTerms');
  for (const [index, term] of (node?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []).entries())
    nodeSelectorTermWarnings(warnings, term, required.index(index));
  const preferred = nodePath.child('preferredDuringSchedulingIgnoredDuringExecution');
  for (const [index, term] of (node?.preferredDuringSchedulingIgnoredDuringExecution ?? []).entries())
    nodeSelectorTermWarnings(warnings, term.preference ?? {}, preferred.index(index).child('preference'));
  for (const [index, constraint] of (spec.topologySpreadConstraints ?? []).entries()) {
    const at = path.child('topologySpreadConstraints').index(index);
    const text = DEPRECATED_NODE_LABELS[constraint.topologyKey];
    if (text) warnings.push(`${at.child('topologyKey').toString()}: ${constraint.topologyKey} is ${text}`);
    if (!constraint.labelSelector) warnings.push(`${at.child('labelSelector').toString()}: ${NULL_SELECTOR}`);
  }
}

const NULL_SELECTOR = 'a null labelSelector results in matching no pod';

const DEPRECATED_ANNOTATIONS: { readonly [name: string]: string } = {
  'scheduler.alpha.kubernetes.io/critical-pod': 'non-functional in v1.16+; use the "priorityClassName" field instead',
  'security.alpha.kubernetes.io/sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
  'security.alpha.kubernetes.io/unsafe-sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
};
const SECCOMP_TEXT = 'non-functional in v1.27+; use the "seccompProfile" field instead';

function annotationWarnings(warnings: string[], meta: ObjectMeta, path: Path): void {
  if (!meta.annotations) return;
  for (const [name, text] of Object.entries(DEPRECATED_ANNOTATIONS))
    if (meta.annotations[name] !== undefined) warnings.push(`${path.child('metadata', 'annotations').key(name).toString()}: ${text}`);
}

/** Lists that are maps by a member, where a repeated one is lost when somebody applies. */
function repeatedNames(warnings: string[], spec: PodSpec, path: Path): void {
  const aliases = spec.hostAliases ?? [];
  for (const [index, { ip = '' }] of aliases.entries())
    if (aliases.findIndex((other) => other.ip === ip) < index)
      warnings.push(`${path.child('hostAliases').index(index).child('ip').toString()}: duplicate ip ${quote(ip)}`);
  const secrets = spec.imagePullSecrets ?? [];
  const at = (index: number): string => path.child('imagePullSecrets').index(index).child('name').toString();
  for (const [index, { name = '' }] of secrets.entries())
    if (secrets.findIndex((other) => (other.name ?? '') === name) < index) warnings.push(`${at(index)}: duplicate name ${quote(name)}`);
  for (const [index, { name = '' }] of secrets.entries()) if (name === '') warnings.push(`${at(index)}: invalid empty name ""`);
}

function containerWarnings(
  warnings: string[],
  container: AnyContainer,
  spec: PodSpec,
  meta: ObjectMeta,
  root: Path,
  path: () => Path,
): void {
  const annotation = (key: string, text: string): void => {
    if (meta.annotations?.[key] !== undefined) warnings.push(`${root.child('metadata', 'annotations').key(key).toString()}: ${text}`);
  };
  if (meta.annotations) {
    const context = container.securityContext;
    if (!context?.seccompProfile) annotation(SECCOMP_CONTAINER_PREFIX + container.name, SECCOMP_TEXT);
    if (!spec.securityContext?.appArmorProfile && (!context?.appArmorProfile || isFromAnnotation(root)))
      annotation(APPARMOR_PREFIX + container.name, APPARMOR_TEXT);
  }
  for (const name of WHOLE_BYTES)
    for (const list of ['limits', 'requests'] as const)
      fraction(warnings, container.resources?.[list]?.[name], () => path().child('resources', list).key(name));
  envWarnings(warnings, container, path);
}

/** In a Pod the field has been made of the annotation, so it does not speak for itself. */
function isFromAnnotation(root: Path): boolean {
  return root === Path.root;
}

/** A later definition hides an earlier one, unless it builds on it: `X=$(X):more`. */
function envWarnings(warnings: string[], container: AnyContainer, path: () => Path): void {
  const variables = container.env ?? [];
  if (variables.length < 2) return;
  const seen = new Set<string>();
  for (const [index, variable] of variables.entries()) {
    const { name, value = '', valueFrom } = variable;
    const reference = `$(${name})`;
    if (seen.has(name) && (valueFrom !== undefined || value === reference || !value.includes(reference))) {
      const at = path().child('env').index(index).toString();
      warnings.push(`${at}: hides previous definition of ${quote(name)}, which may be dropped when using apply`);
    }
    seen.add(name);
  }
}

function podAffinityWarnings(warnings: string[], affinity: Affinity | undefined, path: Path): void {
  for (const kind of ['podAffinity', 'podAntiAffinity'] as const) {
    const required = path.child(kind, 'requiredDuringSchedulingIgnoredDuringExecution');
    for (const [index, term] of (affinity?.[kind]?.requiredDuringSchedulingIgnoredDuringExecution ?? []).entries())
      if (!term.labelSelector) warnings.push(`${required.index(index).child('labelSelector').toString()}: ${NULL_SELECTOR}`);
    const preferred = path.child(kind, 'preferredDuringSchedulingIgnoredDuringExecution');
    for (const [index, term] of (affinity?.[kind]?.preferredDuringSchedulingIgnoredDuringExecution ?? []).entries())
      if (!term.podAffinityTerm?.labelSelector)
        warnings.push(`${preferred.index(index).child('podAffinityTerm', 'labelSelector').toString()}: ${NULL_SELECTOR}`);
  }
}
