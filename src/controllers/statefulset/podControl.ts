import { PODS, STATEFULSETS } from '../../api/schema/resources.ts';
import type { ControllerRevision, StatefulSet } from '../../api/schema/types/apps/v1.ts';
import type { Pod } from '../../api/schema/types/core/v1.ts';
import { StatusError } from '../../apimachinery/errors/status.ts';
import { objectReference } from '../../client/client.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { createMissingClaims, setClaimOwners, wrongClaimOwners, type ClaimOwners } from './claims.ts';
import { applyIdentity, statefulPod } from './identity.ts';

/** Creates, corrects and deletes the Pods of a StatefulSet, each with an event. @throws StatusError */
export function createStatefulPod(context: ControllerContext, set: StatefulSet, ordinal: number, revision: ControllerRevision): void {
  const pod = statefulPod(set, ordinal, revision);
  const name = pod.metadata.name ?? '';
  record(context, set, 'Create', name, () => {
    createMissingClaims(context, set, name, ordinal);
    setClaimOwners(context, set, wrongClaimOwners(context, set, pod, ordinal));
    context.client.create(PODS, pod);
  });
}

/** Gives a Pod its identity, and its claims their owners. */
export function correctStatefulPod(
  context: ControllerContext,
  set: StatefulSet,
  pod: Pod,
  ordinal: number,
  claims: readonly ClaimOwners[],
): void {
  const { namespace = '', name = '' } = pod.metadata;
  record(context, set, 'Update', name, () => {
    setClaimOwners(context, set, claims);
    context.client.modify(PODS, namespace, name, (copy) => applyIdentity(set, copy, ordinal));
  });
}

export function deleteStatefulPod(context: ControllerContext, set: StatefulSet, pod: Pod): void {
  const { namespace = '', name = '' } = pod.metadata;
  record(context, set, 'Delete', name, () => context.client.delete(PODS, namespace, name));
}

function record(context: ControllerContext, set: StatefulSet, verb: 'Create' | 'Update' | 'Delete', pod: string, act: () => unknown): void {
  const about = objectReference(STATEFULSETS, set);
  const text = `${verb} Pod ${pod} in StatefulSet ${set.metadata.name ?? ''}`;
  try {
    act();
    context.events.event(about, 'Normal', `Successful${verb}`, `${text} successful`);
  } catch (error) {
    if (error instanceof StatusError) context.events.event(about, 'Warning', `Failed${verb}`, `${text} failed error: ${error.message}`);
    throw error;
  }
}
