import { CLAIM_FINALIZER, isPodDone } from '../../api/resource/resourceclaim/podClaim.ts';
import { PODS, RESOURCECLAIMS } from '../../api/schema/resources.ts';
import type { ResourceClaim, ResourceClaimConsumerReference } from '../../api/schema/types/resource/v1.ts';
import { splitKey } from '../../apimachinery/meta/resource.ts';
import { RetryError } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { controllerOf } from '../util/controllerRef.ts';

/** Strikes users off that are gone or done; with the last one go the devices, the finalizer and a claim that was made for a Pod. */
export function syncClaim(context: ControllerContext, key: string): void {
  const { client } = context;
  const { namespace, name } = splitKey(key);
  const claim = client.get(RESOURCECLAIMS, namespace, name);
  if (claim === undefined) return;
  const users = claim.status?.reservedFor ?? [];
  const valid = users.filter((user) => isStillThere(context, namespace, user));
  const isHeld = claim.metadata.finalizers?.includes(CLAIM_FINALIZER) === true;
  if (valid.length < users.length) {
    client.modify(
      RESOURCECLAIMS,
      namespace,
      name,
      ({ status }) => {
        if (status === undefined) return;
        if (valid.length > 0) status.reservedFor = valid.map((user) => ({ ...user }));
        else {
          delete status.reservedFor;
          if (isHeld) delete status.allocation;
        }
      },
      'status',
    );
    if (valid.length === 0 && isHeld) letGo(context, claim);
  } else if (isHeld && claim.metadata.deletionTimestamp !== undefined && valid.length === 0) {
    // Allocated for nobody, and unwanted now.
    client.modify(RESOURCECLAIMS, namespace, name, ({ status }) => void delete status?.allocation, 'status');
    letGo(context, claim);
  }
  if (valid.length === 0) deleteIfDone(context, claim);
}

function isStillThere({ client }: ControllerContext, namespace: string, user: ResourceClaimConsumerReference): boolean {
  if ((user.apiGroup ?? '') !== '' || user.resource !== 'pods')
    throw new RetryError(`unsupported ReservedFor entry: ${user.resource} ${user.name}`);
  const pod = client.get(PODS, namespace, user.name);
  return pod !== undefined && pod.metadata.uid === user.uid && !isPodDone(pod);
}

function letGo({ client }: ControllerContext, { metadata }: ResourceClaim): void {
  client.modify(RESOURCECLAIMS, metadata.namespace ?? '', metadata.name ?? '', (copy) => {
    const others = (copy.metadata.finalizers ?? []).filter((finalizer) => finalizer !== CLAIM_FINALIZER);
    if (others.length > 0) copy.metadata.finalizers = others;
    else delete copy.metadata.finalizers;
  });
}

/** A claim that was made for a Pod which is over. The claims of a Pod that is gone are the garbage collector's. */
function deleteIfDone({ client }: ControllerContext, claim: ResourceClaim): void {
  const { namespace = '', name = '', deletionTimestamp } = claim.metadata;
  const owner = controllerOf(claim);
  if (owner === undefined || owner.kind !== PODS.kind || owner.apiVersion !== 'v1' || deletionTimestamp !== undefined) return;
  const pod = client.get(PODS, namespace, owner.name);
  if (pod !== undefined && (pod.metadata.uid !== owner.uid || isPodDone(pod))) client.delete(RESOURCECLAIMS, namespace, name);
}
