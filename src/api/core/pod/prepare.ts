/**
 * What the server adds to a Pod and takes from it before it is checked: a creator does not set the status, fields of
 * features that are off vanish, keys of labels become requirements.
 * Counterpart: k8s.io/kubernetes/pkg/registry/core/pod, podStrategy.
 */
import type { Draft } from '../../../base/json.ts';
import type { LabelSelector } from '../../../apimachinery/meta/types.ts';
import type { Container, Pod, PodCondition, PodSpec, SecurityContext } from '../../schema/types/core/v1.ts';
import { APPARMOR_PREFIX, APPARMOR_TEXT } from './annotations.ts';
import { computeQOSClass } from './qos.ts';

export function preparePodForCreate(pod: Draft<Pod>): void {
  const spec = pod.spec;
  pod.status = { phase: 'Pending', qosClass: computeQOSClass(pod.spec as PodSpec | undefined) };
  if (!spec) return;
  dropDisabledFields(spec, undefined);
  addMatchLabelKeys(spec, pod.metadata.labels ?? {});
  if (spec.schedulingGates?.length) pod.status.conditions = [gatedSince(pod.metadata.creationTimestamp)];
  takeAppArmorFromAnnotations(pod, spec);
}

export function preparePodForUpdate(pod: Draft<Pod>, old: Pod): void {
  if (pod.spec) dropDisabledFields(pod.spec, old.spec);
}

function gatedSince(time: string | undefined): Draft<PodCondition> {
  return {
    type: 'PodScheduled',
    status: 'False',
    reason: 'SchedulingGated',
    message: 'Scheduling is blocked due to non-empty scheduling gates',
    ...(time !== undefined && { lastTransitionTime: time }),
  };
}

/** Features that are off in 1.36 unless switched on; what the stored object has already is kept. */
export function dropDisabledFields(spec: Draft<PodSpec>, old: PodSpec | undefined): void {
  if (!usesTrustSources(old))
    for (const volume of spec.volumes ?? [])
      for (const source of volume.projected?.sources ?? []) {
        delete source.clusterTrustBundle;
        delete source.podCertificate;
      }
  const containers: Draft<Container>[] = [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
  if (![...(old?.containers ?? []), ...(old?.initContainers ?? [])].some((container) => container.lifecycle?.stopSignal !== undefined))
    for (const container of containers) delete container.lifecycle?.stopSignal;
  if (old?.schedulingGroup === undefined) delete spec.schedulingGroup;
}

function usesTrustSources(spec: PodSpec | undefined): boolean {
  return (spec?.volumes ?? []).some((volume) =>
    (volume.projected?.sources ?? []).some((source) => source.clusterTrustBundle !== undefined || source.podCertificate !== undefined),
  );
}

interface LabelKeys {
  labelSelector?: Draft<LabelSelector>;
  matchLabelKeys?: string[];
  mismatchLabelKeys?: string[];
}

/** `matchLabelKeys: [app]` of a Pod with the label `app: web` becomes the requirement `app In (web)`. */
function addMatchLabelKeys(spec: Draft<PodSpec>, labels: { readonly [key: string]: string }): void {
  for (const term of affinityTerms(spec)) addRequirements(term, labels);
  for (const constraint of spec.topologySpreadConstraints ?? []) addRequirements(constraint, labels);
}

function affinityTerms(spec: Draft<PodSpec>): readonly LabelKeys[] {
  const terms: LabelKeys[] = [];
  for (const affinity of [spec.affinity?.podAffinity, spec.affinity?.podAntiAffinity]) {
    terms.push(...(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((weighted) => weighted.podAffinityTerm ?? {}));
    terms.push(...(affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []));
  }
  return terms;
}

function addRequirements(term: LabelKeys, labels: { readonly [key: string]: string }): void {
  const selector = term.labelSelector;
  if (!selector) return;
  const add = (keys: readonly string[] | undefined, operator: string): void => {
    for (const key of keys ?? []) {
      const value = labels[key];
      if (value !== undefined) (selector.matchExpressions ??= []).push({ key, operator, values: [value] });
    }
  };
  add(term.matchLabelKeys, 'In');
  add(term.mismatchLabelKeys, 'NotIn');
}

/** The older annotations still work: they become the field of their container. */
function takeAppArmorFromAnnotations(pod: Draft<Pod>, spec: Draft<PodSpec>): void {
  const annotations = pod.metadata.annotations;
  if (annotations === undefined || spec.os?.name === 'windows' || spec.securityContext?.appArmorProfile) return;
  for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? [])]) {
    const value = annotations[APPARMOR_PREFIX + container.name];
    if (value === undefined || container.securityContext?.appArmorProfile) continue;
    const profile = appArmorProfile(value);
    if (profile) container.securityContext = { ...container.securityContext, appArmorProfile: profile };
  }
}

/** Said of a Pod that is made, even if it is refused afterwards: the annotations are read before anything is checked. */
export function appArmorWarnings(pod: Pod): readonly string[] {
  const { annotations } = pod.metadata;
  if (annotations === undefined || pod.spec?.os?.name === 'windows' || pod.spec?.securityContext?.appArmorProfile) return [];
  return [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])]
    .map(({ name }) => APPARMOR_PREFIX + name)
    .filter((key) => annotations[key] !== undefined)
    .map((key) => `metadata.annotations[${key}]: ${APPARMOR_TEXT}`);
}

function appArmorProfile(annotation: string): Draft<SecurityContext>['appArmorProfile'] | undefined {
  if (annotation === 'unconfined') return { type: 'Unconfined' };
  if (annotation === 'runtime/default') return { type: 'RuntimeDefault' };
  if (!annotation.startsWith('localhost/')) return undefined;
  const localhostProfile = annotation.slice('localhost/'.length);
  return localhostProfile === '' ? undefined : { type: 'Localhost', localhostProfile };
}
