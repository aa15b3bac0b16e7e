import { draft, type Draft } from '../../base/json.ts';
import { STATEFULSETS } from '../../api/schema/resources.ts';
import type { ControllerRevision, StatefulSet } from '../../api/schema/types/apps/v1.ts';
import type { Pod } from '../../api/schema/types/core/v1.ts';
import { templateOf } from '../history/history.ts';
import { podFromTemplate } from '../util/podControl.ts';

export const POD_NAME_LABEL = 'statefulset.kubernetes.io/pod-name';
const POD_INDEX_LABEL = 'apps.kubernetes.io/pod-index';
const REVISION_LABEL = 'controller-revision-hash';

/** The number at the end of the name of one of the set's Pods; undefined if the name is none of the set's. */
export function ordinalOf(set: StatefulSet, pod: Pod): number | undefined {
  const prefix = `${set.metadata.name ?? ''}-`;
  const { name = '' } = pod.metadata;
  const rest = name.startsWith(prefix) ? name.slice(prefix.length) : '';
  return /^[0-9]+$/.test(rest) ? Number(rest) : undefined;
}

export function startOrdinal(set: StatefulSet): number {
  return set.spec?.ordinals?.start ?? 0;
}

export function desiredReplicas(set: StatefulSet): number {
  return set.spec?.replicas ?? 1;
}

export function isInRange(set: StatefulSet, ordinal: number): boolean {
  return ordinal >= startOrdinal(set) && ordinal < startOrdinal(set) + desiredReplicas(set);
}

export function revisionOf(pod: Pod): string {
  return pod.metadata.labels?.[REVISION_LABEL] ?? '';
}

export function claimName(set: StatefulSet, template: string, ordinal: number): string {
  return `${template}-${set.metadata.name ?? ''}-${ordinal}`;
}

/** The Pod of an ordinal as a revision's template has it: a name, a host name and claims of its own. */
export function statefulPod(set: StatefulSet, ordinal: number, revision: ControllerRevision): Draft<Pod> {
  const template = templateOf(revision) ?? set.spec?.template ?? { metadata: {} };
  const pod = podFromTemplate(template, STATEFULSETS, set);
  delete pod.metadata.generateName;
  applyIdentity(set, pod, ordinal);
  (pod.metadata.labels ??= {})[REVISION_LABEL] = revision.metadata.name ?? '';
  const spec = (pod.spec ??= { containers: [] });
  spec.hostname = pod.metadata.name ?? '';
  if (set.spec?.serviceName !== undefined) spec.subdomain = set.spec.serviceName;
  applyClaims(set, pod, ordinal);
  return pod;
}

/** Name, number and claims as they have to be; of a Pod that was taken in, too. */
export function applyIdentity(set: StatefulSet, pod: Draft<Pod>, ordinal: number): void {
  const name = `${set.metadata.name ?? ''}-${ordinal}`;
  pod.metadata.name = name;
  pod.metadata.namespace = set.metadata.namespace ?? '';
  const labels = (pod.metadata.labels ??= {});
  labels[POD_NAME_LABEL] = name;
  labels[POD_INDEX_LABEL] = String(ordinal);
}

export function hasIdentity(set: StatefulSet, pod: Pod, ordinal: number): boolean {
  const copy = draft(pod);
  applyIdentity(set, copy, ordinal);
  return (['name', 'namespace'] as const).every((key) => copy.metadata[key] === pod.metadata[key]) && labelsEqual(copy, pod);
}

function labelsEqual(left: Draft<Pod>, right: Pod): boolean {
  return [POD_NAME_LABEL, POD_INDEX_LABEL].every((key) => left.metadata.labels?.[key] === right.metadata.labels?.[key]);
}

/** The claims' volumes stand before those of the template, which they replace if they have the same name. */
function applyClaims(set: StatefulSet, pod: Draft<Pod>, ordinal: number): void {
  const templates = set.spec?.volumeClaimTemplates ?? [];
  if (templates.length === 0 || pod.spec === undefined) return;
  const names = templates.map(({ metadata }) => metadata.name ?? '');
  const claims = names.map((name) => ({ name, persistentVolumeClaim: { claimName: claimName(set, name, ordinal) } }));
  pod.spec.volumes = [...claims, ...(pod.spec.volumes ?? []).filter(({ name }) => !names.includes(name))];
}
