import { draft, jsonEqual, type Draft } from '../../base/json.ts';
import { DEPLOYMENTS, REPLICASETS } from '../../api/schema/resources.ts';
import type { Deployment, ReplicaSet } from '../../api/schema/types/apps/v1.ts';
import { isReason, StatusError } from '../../apimachinery/errors/status.ts';
import { objectReference } from '../../client/client.ts';
import { RetryError } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { controllerOf, newControllerRef } from '../util/controllerRef.ts';
import { isNamespaceTerminating } from '../util/podControl.ts';
import { REVISION, revisionOf, setNewReplicaSetAnnotations } from './annotations.ts';
import { condition, hasProgressDeadline, newCondition, setCondition } from './conditions.ts';
import { computeHash, POD_TEMPLATE_HASH, withoutHash } from './hash.ts';
import { newReplicas, type Rollout } from './rollout.ts';
import { recordScaling } from './scale.ts';

/**
 * Sees to it that the ReplicaSet of the current template carries the newest revision, and the Deployment the same one.
 * Without such a ReplicaSet one is made if `create` says so, in the size that the strategy allows at once.
 * @throws StatusError; a name that is taken raises status.collisionCount first
 */
export function syncNewReplicaSet(context: ControllerContext, rollout: Rollout, create: boolean): void {
  const revision = Math.max(0, ...rollout.old.map(revisionOf)) + 1;
  if (rollout.newest !== undefined) updateNewReplicaSet(context, rollout, rollout.newest, revision);
  else if (create) createNewReplicaSet(context, rollout, revision);
}

function updateNewReplicaSet(context: ControllerContext, rollout: Rollout, set: ReplicaSet, revision: number): void {
  const { deployment } = rollout;
  const copy = draft(set);
  setNewReplicaSetAnnotations(copy, deployment, revision, false);
  if (copy.spec !== undefined) copy.spec.minReadySeconds = deployment.spec?.minReadySeconds ?? 0;
  if ((copy.spec?.minReadySeconds ?? 0) === 0 && set.spec?.minReadySeconds === undefined) delete copy.spec?.minReadySeconds;
  if (!jsonEqual(copy, set)) rollout.newest = context.client.update(REPLICASETS, copy);
  const stored = rollout.newest ?? set;
  writeDeployment(context, rollout, (wanted) => {
    setRevision(wanted, stored.metadata.annotations?.[REVISION] ?? '');
    if (!hasProgressDeadline(deployment) || condition(deployment.status, 'Progressing') !== undefined) return;
    const message = `Found new replica set "${stored.metadata.name ?? ''}"`;
    setCondition((wanted.status ??= {}), newCondition('Progressing', 'True', 'FoundNewReplicaSet', message, context.now()));
  });
}

function createNewReplicaSet(context: ControllerContext, rollout: Rollout, revision: number): void {
  const { deployment } = rollout;
  const wanted = build(rollout, revision);
  const made = store(context, rollout, wanted);
  rollout.newest = made.set;
  const replicas = made.set.spec?.replicas ?? 0;
  if (made.isNew && replicas > 0) recordScaling(context, deployment, made.set, 0, replicas);
  writeDeployment(context, rollout, (copy) => {
    setRevision(copy, String(revision));
    if (!made.isNew || !hasProgressDeadline(deployment)) return;
    const message = `Created new replica set "${made.set.metadata.name ?? ''}"`;
    setCondition((copy.status ??= {}), newCondition('Progressing', 'True', 'NewReplicaSetCreated', message, context.now()));
  });
}

function build(rollout: Rollout, revision: number): Draft<ReplicaSet> {
  const { deployment } = rollout;
  const { namespace, name } = deployment.metadata;
  const template = draft(deployment.spec?.template ?? { metadata: {} });
  const hash = computeHash(template, deployment.status?.collisionCount);
  ((template.metadata ??= {}).labels ??= {})[POD_TEMPLATE_HASH] = hash;
  const selector = draft(deployment.spec?.selector ?? {});
  (selector.matchLabels ??= {})[POD_TEMPLATE_HASH] = hash;
  const minReadySeconds = deployment.spec?.minReadySeconds ?? 0;
  const set: Draft<ReplicaSet> = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name ?? ''}-${hash}`,
      namespace: namespace ?? '',
      labels: { ...template.metadata?.labels },
      ownerReferences: [draft(newControllerRef(DEPLOYMENTS, deployment))],
    },
    spec: { replicas: newReplicas(rollout, 0), selector, template, ...(minReadySeconds === 0 ? {} : { minReadySeconds }) },
  };
  setNewReplicaSetAnnotations(set, deployment, revision, true);
  return set;
}

/** Creates it. One of that name that is ours counts as made before; one that is not makes us choose another hash next time. */
function store(
  context: ControllerContext,
  rollout: Rollout,
  wanted: Draft<ReplicaSet>,
): { readonly set: ReplicaSet; readonly isNew: boolean } {
  const { client } = context;
  const { deployment } = rollout;
  try {
    return { set: client.create(REPLICASETS, wanted), isNew: true };
  } catch (error) {
    if (!(error instanceof StatusError) || isNamespaceTerminating(error)) throw error;
    if (!isReason(error, 'AlreadyExists')) throw reportFailure(context, rollout, wanted.metadata.name ?? '', error);
    const taken = client.get(REPLICASETS, wanted.metadata.namespace ?? '', wanted.metadata.name ?? '');
    const ours = taken !== undefined && controllerOf(taken)?.uid === deployment.metadata.uid;
    if (ours && jsonEqual(withoutHash(taken.spec?.template), withoutHash(deployment.spec?.template))) return { set: taken, isNew: false };
    writeDeployment(context, rollout, (copy) => {
      (copy.status ??= {}).collisionCount = (deployment.status?.collisionCount ?? 0) + 1;
    });
    throw new RetryError(error.message);
  }
}

function reportFailure(context: ControllerContext, rollout: Rollout, name: string, error: StatusError): StatusError {
  const message = `Failed to create new replica set "${name}": ${error.message}`;
  if (hasProgressDeadline(rollout.deployment)) {
    writeDeployment(context, rollout, (copy) => {
      setCondition((copy.status ??= {}), newCondition('Progressing', 'False', 'ReplicaSetCreateError', message, context.now()));
    });
  }
  context.events.event(objectReference(DEPLOYMENTS, rollout.deployment), 'Warning', 'ReplicaSetCreateError', message);
  return error;
}

function setRevision(deployment: Draft<Deployment>, revision: string): void {
  (deployment.metadata.annotations ??= {})[REVISION] = revision;
}

/** Annotations and status go in one write to the status, as the real controller does. */
export function writeDeployment(context: ControllerContext, rollout: Rollout, change: (copy: Draft<Deployment>) => void): void {
  const copy = draft(rollout.deployment);
  change(copy);
  if (!jsonEqual(copy, rollout.deployment)) rollout.deployment = context.client.updateStatus(DEPLOYMENTS, copy);
}
