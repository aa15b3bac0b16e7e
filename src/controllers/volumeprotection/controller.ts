/**
 * Holds claims that a Pod uses, and volumes that a claim is bound to, until they are free: the two protection finalizers.
 * Invariant: the finalizer of an object that is being deleted stays exactly as long as the object is in use.
 * Counterpart: k8s.io/kubernetes/pkg/controller/volume/pvcprotection and pvprotection.
 */
import type { Draft } from '../../base/json.ts';
import { claimsOf, isOwnedBy } from '../../api/core/pod/claims.ts';
import { PERSISTENTVOLUMECLAIMS, PERSISTENTVOLUMES, PODS } from '../../api/schema/resources.ts';
import type { PersistentVolumeClaim, Pod } from '../../api/schema/types/core/v1.ts';
import { objectKey, splitKey, type KubeObject } from '../../apimachinery/meta/resource.ts';
import { INDEX_CLAIM } from '../../apiserver/apiServer.ts';
import { watch, type Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';

const CLAIM_FINALIZER = 'kubernetes.io/pvc-protection';
const VOLUME_FINALIZER = 'kubernetes.io/pv-protection';

export function createClaimProtectionController({ client }: ControllerContext): Controller {
  return {
    for: PERSISTENTVOLUMECLAIMS,
    watches: [watch(PODS, (pod, _previous, deleted) => (deleted || isShutDown(pod) ? claimKeys(pod) : []))],
    reconcile: (key) => {
      const { namespace, name } = splitKey(key);
      const claim = client.get(PERSISTENTVOLUMECLAIMS, namespace, name);
      if (claim === undefined || isInUse(claim, client.byIndex(PODS, INDEX_CLAIM, key))) return undefined;
      client.modify(PERSISTENTVOLUMECLAIMS, namespace, name, (copy) => protect(copy, CLAIM_FINALIZER));
      return undefined;
    },
  };
}

export function createVolumeProtectionController({ client }: ControllerContext): Controller {
  return {
    for: PERSISTENTVOLUMES,
    reconcile: (name) => {
      const volume = client.get(PERSISTENTVOLUMES, '', name);
      if (volume === undefined || (volume.metadata.deletionTimestamp !== undefined && volume.status?.phase === 'Bound')) return undefined;
      client.modify(PERSISTENTVOLUMES, '', name, (copy) => protect(copy, VOLUME_FINALIZER));
      return undefined;
    },
  };
}

/**
 * A Pod on a node uses its claims as long as it is there, though it may have ended; one that waits for a node uses none: no kubelet would
 * start it with a claim that is going.
 * @param pods those that name the claim
 */
function isInUse(claim: PersistentVolumeClaim, pods: readonly Pod[]): boolean {
  return claim.metadata.deletionTimestamp !== undefined && pods.some((pod) => uses(pod, claim));
}

function uses(pod: Pod, claim: PersistentVolumeClaim): boolean {
  if ((pod.spec?.nodeName ?? '') === '') return false;
  return claimsOf(pod).some(
    ({ name, ephemeral }) => name === claim.metadata.name && (!ephemeral || (!isShutDown(pod) && isOwnedBy(claim, pod))),
  );
}

/** Its kubelet is done with it, or somebody removes it by force. */
function isShutDown({ metadata }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined && metadata.deletionGracePeriodSeconds === 0;
}

/** Keys of the claims that a Pod mounts. */
function claimKeys(pod: Pod): readonly string[] {
  return claimsOf(pod).map(({ name }) => objectKey(pod.metadata.namespace, name));
}

/** A living object gets the finalizer, one that is being deleted loses it. */
function protect(object: Draft<KubeObject>, finalizer: string): void {
  const finalizers = object.metadata.finalizers ?? [];
  const wanted = object.metadata.deletionTimestamp === undefined;
  if (finalizers.includes(finalizer) === wanted) return;
  object.metadata.finalizers = wanted ? [...finalizers, finalizer] : finalizers.filter((other) => other !== finalizer);
}
