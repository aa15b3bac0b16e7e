/**
 * PodSecurity: Pods that break the Pod Security level of their namespace are refused; what would make such Pods, and a
 * stricter level for Pods that are there, is warned of.
 * Invariant: reads only; the labels of the Namespace decide, nothing else. Counterpart: k8s.io/pod-security-admission/admission.
 */
import { quote } from '../../../apimachinery/field/quote.ts';
import { jsonEqual } from '../../../base/json.ts';
import { forbidden, type Status } from '../../../apimachinery/errors/status.ts';
import { groupResource, type KubeObject } from '../../../apimachinery/meta/resource.ts';
import type { Namespace, Pod, PodTemplateSpec } from '../../../api/schema/types/core/v1.ts';
import type { AdmissionAttributes, AdmissionPlugin, AdmissionWorld } from '../plugin.ts';
import { containersOf, type Subject, type Violation } from './check.ts';
import { compareLevels, evaluate, isSame, levelText, policyOf, type LevelVersion } from './policy.ts';

export const podSecurity: AdmissionPlugin = { name: 'PodSecurity', validate };

/** Of a namespace's Pods so many are looked at when its level changes. */
const MAX_PODS = 3000;

function validate(attributes: AdmissionAttributes, world: AdmissionWorld): Status | undefined {
  if (attributes.operation === 'DELETE' || attributes.object === undefined) return undefined;
  const { subresource } = attributes;
  const resource = groupResource(attributes.strategy.resource);
  if (resource === 'pods') {
    return subresource === '' || subresource === 'ephemeralcontainers' ? validatePod(attributes, world) : undefined;
  }
  if (subresource !== '') return undefined;
  if (resource === 'namespaces') validateNamespace(attributes, world);
  else if (TEMPLATES[resource] !== undefined) warnOfTemplate(attributes, world, TEMPLATES[resource](attributes.object));
  return undefined;
}

type Nested = {
  readonly spec?: { readonly template?: PodTemplateSpec; readonly jobTemplate?: Nested };
  readonly template?: PodTemplateSpec;
};
type TemplateOf = (object: unknown) => PodTemplateSpec | undefined;
const inSpec: TemplateOf = (object) => (object as Nested).spec?.template;

/** Where the kinds that make Pods describe them. */
const TEMPLATES: Readonly<Record<string, TemplateOf>> = {
  podtemplates: (object) => (object as Nested).template,
  replicationcontrollers: inSpec,
  'replicasets.apps': inSpec,
  'deployments.apps': inSpec,
  'statefulsets.apps': inSpec,
  'daemonsets.apps': inSpec,
  'jobs.batch': inSpec,
  'cronjobs.batch': (object) => (object as Nested).spec?.jobTemplate?.spec?.template,
};

function validatePod(attributes: AdmissionAttributes, world: AdmissionWorld): Status | undefined {
  const labels = labelsOf(world, attributes.namespace);
  if (labels === undefined) return undefined;
  const pod = attributes.object as Pod;
  if (attributes.old !== undefined && !isSignificant(pod, attributes.old as Pod)) return undefined;
  const { enforce, warn } = policyOf(labels);
  const subject = subjectOf(pod);
  const violations = evaluate(enforce, subject);
  if (violations.length > 0) {
    const { resource } = attributes.strategy;
    return forbidden(resource, attributes.name, `violates PodSecurity ${quote(levelText(enforce))}: ${details(violations)}`);
  }
  if (!isSame(enforce, warn)) warnOf(attributes, warn, subject);
  return undefined;
}

function warnOfTemplate(attributes: AdmissionAttributes, world: AdmissionWorld, template: PodTemplateSpec | undefined): void {
  const labels = labelsOf(world, attributes.namespace);
  if (labels === undefined || template === undefined) return;
  warnOf(attributes, policyOf(labels).warn, subjectOf(template));
}

function warnOf({ warn }: AdmissionAttributes, level: LevelVersion, subject: Subject): void {
  const violations = evaluate(level, subject);
  if (violations.length > 0) warn(`would violate PodSecurity ${quote(levelText(level))}: ${details(violations)}`);
}

/** A stricter level changes nothing for Pods that are there, but says which of them would not be allowed any more. */
function validateNamespace({ object, old, name, warn }: AdmissionAttributes, { store }: AdmissionWorld): void {
  if (old === undefined || object === undefined) return;
  const { enforce } = policyOf(object.metadata.labels ?? {});
  const before = policyOf(old.metadata.labels ?? {}).enforce;
  if (isSame(enforce, before) || enforce.level === 'privileged') return;
  if (enforce.minor === before.minor && compareLevels(enforce.level, before.level) <= 0) return;
  const found = new Map<string, { readonly pod: string; count: number }>();
  for (const pod of store.list('pods', name).slice(0, MAX_PODS) as readonly KubeObject[] as readonly Pod[]) {
    const reasons = evaluate(enforce, subjectOf(pod)).map(({ reason }) => reason);
    if (reasons.length === 0) continue;
    const text = reasons.join(', ');
    const entry = found.get(text);
    // The list is sorted, so the first Pod is the one that is named.
    if (entry === undefined) found.set(text, { pod: pod.metadata.name ?? '', count: 1 });
    else entry.count++;
  }
  if (found.size === 0) return;
  warn(`existing pods in namespace ${quote(name)} violate the new PodSecurity enforce level ${quote(levelText(enforce))}`);
  for (const line of [...found].map(([text, { pod, count }]) => `${pod}${others(count - 1)}: ${text}`).sort()) warn(line);
}

function others(count: number): string {
  if (count === 0) return '';
  return ` (and ${count} other ${count === 1 ? 'pod' : 'pods'})`;
}

function labelsOf({ store }: AdmissionWorld, namespace: string): Readonly<Record<string, string>> | undefined {
  return (store.get('namespaces', namespace) as Namespace | undefined)?.metadata.labels;
}

function subjectOf({ metadata, spec }: Pod | PodTemplateSpec): Subject {
  return { annotations: metadata?.annotations ?? {}, spec: spec ?? { containers: [] } };
}

function details(violations: readonly Violation[]): string {
  return violations.map(({ reason, detail }) => (detail === '' ? reason : `${reason} (${detail})`)).join(', ');
}

/** Of what an update of a Pod can change, images, ephemeral containers and annotations matter to the checks. */
function isSignificant(pod: Pod, old: Pod): boolean {
  if (!jsonEqual(pod.metadata.annotations ?? {}, old.metadata.annotations ?? {})) return true;
  const visible = ({ spec }: Pod): unknown => containersOf(spec ?? { containers: [] }).map(({ name, image }) => [name, image]);
  return !jsonEqual(visible(pod), visible(old));
}
