import type { Draft } from '../../base/json.ts';
import type { Deployment, ReplicaSet } from '../../api/schema/types/apps/v1.ts';
import { desiredReplicas, maxSurge } from './fenceposts.ts';

export const REVISION = 'deployment.kubernetes.io/revision';
export const REVISION_HISTORY = 'deployment.kubernetes.io/revision-history';
export const DESIRED_REPLICAS = 'deployment.kubernetes.io/desired-replicas';
export const MAX_REPLICAS = 'deployment.kubernetes.io/max-replicas';

/** Kept by the controller itself, or of no meaning on a ReplicaSet: not copied from the Deployment. */
export const OWN_ANNOTATIONS: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'deprecated.deployment.rollback.to',
  REVISION,
  REVISION_HISTORY,
  DESIRED_REPLICAS,
  MAX_REPLICAS,
]);

/** Characters that the history may take. */
const HISTORY_LIMIT = 2000;

/** The revision of a Deployment or ReplicaSet; 0 where none is written. */
export function revisionOf(object: { readonly metadata: { readonly annotations?: { readonly [key: string]: string } } }): number {
  const revision = Number.parseInt(object.metadata.annotations?.[REVISION] ?? '0', 10);
  return Number.isNaN(revision) ? 0 : revision;
}

export function annotationNumber(set: ReplicaSet, key: string): number | undefined {
  const text = set.metadata.annotations?.[key];
  if (text === undefined) return undefined;
  const value = Number.parseInt(text, 10);
  return Number.isNaN(value) ? undefined : value;
}

/** Writes what scaling needs to know later: the Deployment's size and its limit with surge. */
export function setReplicasAnnotations(set: Draft<ReplicaSet>, deployment: Deployment): void {
  const annotations = (set.metadata.annotations ??= {});
  annotations[DESIRED_REPLICAS] = String(desiredReplicas(deployment));
  annotations[MAX_REPLICAS] = String(desiredReplicas(deployment) + maxSurge(deployment));
}

export function replicasAnnotationsAreCurrent(set: ReplicaSet, deployment: Deployment): boolean {
  const { annotations } = set.metadata;
  return (
    annotations?.[DESIRED_REPLICAS] === String(desiredReplicas(deployment)) &&
    annotations[MAX_REPLICAS] === String(desiredReplicas(deployment) + maxSurge(deployment))
  );
}

/**
 * Annotations of the ReplicaSet of the current template: the Deployment's own, and its revision. A revision that it had before goes into the history.
 * Worked example: a Deployment went through revisions 1 and 2, then back to the first template: that ReplicaSet had revision 1, gets 3, and its history is "1".
 * @param isNew it is about to be created, so the sizes are written too
 */
export function setNewReplicaSetAnnotations(set: Draft<ReplicaSet>, deployment: Deployment, revision: number, isNew: boolean): void {
  const annotations = (set.metadata.annotations ??= {});
  for (const [key, value] of Object.entries(deployment.metadata.annotations ?? {})) {
    if (!OWN_ANNOTATIONS.has(key)) annotations[key] = value;
  }
  const before = annotations[REVISION];
  const beforeRevision = revisionOf(set);
  if (beforeRevision < revision) {
    annotations[REVISION] = String(revision);
    if (before !== undefined) annotations[REVISION_HISTORY] = withRevision(annotations[REVISION_HISTORY] ?? '', before);
  }
  if (isNew) setReplicasAnnotations(set, deployment);
}

/** The comma list with one more revision at its end; the oldest ones go when it gets too long. */
function withRevision(history: string, revision: string): string {
  if (history === '') return revision;
  let revisions = history.split(',');
  while (revisions.length > 0 && revisions.join(',').length + revision.length + 1 > HISTORY_LIMIT) revisions = revisions.slice(1);
  return [...revisions, revision].join(',');
}
