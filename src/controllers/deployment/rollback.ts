import { draft, jsonEqual, type Draft } from '../../base/json.ts';
import { DEPLOYMENTS } from '../../api/schema/resources.ts';
import type { Deployment, ReplicaSet } from '../../api/schema/types/apps/v1.ts';
import { objectReference } from '../../client/client.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { OWN_ANNOTATIONS, revisionOf } from './annotations.ts';
import { withoutHash } from './hash.ts';
import { syncNewReplicaSet } from './newReplicaSet.ts';
import { allSets, type Rollout } from './rollout.ts';

/** The wish of a client of extensions/v1beta1 to go back, kept as an annotation: the revision, or 0 for the one before. */
const ROLLBACK_TO = 'deprecated.deployment.rollback.to';

/** The revision that the Deployment is to go back to; 0 means the last but one. Undefined without a (readable) wish. */
export function rollbackTo({ metadata }: Deployment): number | undefined {
  const text = metadata.annotations?.[ROLLBACK_TO];
  return text !== undefined && /^[-+]?[0-9]+$/.test(text) ? Number(text) : undefined;
}

/**
 * Puts the template of a former ReplicaSet back into the Deployment, and takes the wish away whatever comes of it; the
 * next sync rolls out. Counterpart: rollback.go.
 */
export function rollback(context: ControllerContext, rollout: Rollout, wanted: number): void {
  syncNewReplicaSet(context, rollout, true);
  const { deployment } = rollout;
  const sets = allSets(rollout);
  const revision = wanted === 0 ? lastRevision(sets) : wanted;
  const set = revision === 0 ? undefined : sets.find((candidate) => revisionOf(candidate) === revision);
  const copy = draft(deployment);
  delete copy.metadata.annotations?.[ROLLBACK_TO];
  const event = (type: 'Normal' | 'Warning', reason: string, message: string): void =>
    context.events.event(objectReference(DEPLOYMENTS, deployment), type, reason, message);
  if (set === undefined) {
    const which = wanted === 0 && revision === 0 ? 'last revision' : 'the revision to rollback to';
    event('Warning', 'DeploymentRollbackRevisionNotFound', `Unable to find ${which}.`);
  } else if (jsonEqual(withoutHash(set.spec?.template), withoutHash(deployment.spec?.template))) {
    const text = `The rollback revision contains the same template as current deployment "${deployment.metadata.name ?? ''}"`;
    event('Warning', 'DeploymentRollbackTemplateUnchanged', text);
  } else {
    takeOver(copy, set);
    event('Normal', 'DeploymentRollback', `Rolled back deployment "${deployment.metadata.name ?? ''}" to revision ${revision}`);
  }
  context.client.update(DEPLOYMENTS, copy);
}

/** The former template, and the annotations that the Deployment had then. */
function takeOver(copy: Draft<Deployment>, set: ReplicaSet): void {
  if (copy.spec !== undefined) copy.spec.template = draft(withoutHash(set.spec?.template));
  const own = Object.entries(copy.metadata.annotations ?? {}).filter(([key]) => OWN_ANNOTATIONS.has(key));
  const former = Object.entries(set.metadata.annotations ?? {}).filter(([key]) => !OWN_ANNOTATIONS.has(key));
  copy.metadata.annotations = Object.fromEntries([...own, ...former]);
}

/** The highest revision but one; 0 if there is none. */
function lastRevision(sets: readonly ReplicaSet[]): number {
  return sets.map(revisionOf).sort((left, right) => right - left)[1] ?? 0;
}
