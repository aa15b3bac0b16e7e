import { draft, jsonEqual } from '../../base/json.ts';
import { PERSISTENTVOLUMECLAIMS, PODS, STATEFULSETS } from '../../api/schema/resources.ts';
import type { StatefulSet } from '../../api/schema/types/apps/v1.ts';
import type { Pod } from '../../api/schema/types/core/v1.ts';
import type { OwnerReference } from '../../apimachinery/meta/types.ts';
import { objectReference } from '../../client/client.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { newControllerRef } from '../util/controllerRef.ts';
import { claimName, isInRange } from './identity.ts';

/** Makes the claims of an ordinal that do not exist yet. @throws StatusError */
export function createMissingClaims(context: ControllerContext, set: StatefulSet, podName: string, ordinal: number): void {
  const { namespace = '', name: setName = '' } = set.metadata;
  for (const template of set.spec?.volumeClaimTemplates ?? []) {
    const name = claimName(set, template.metadata.name ?? '', ordinal);
    if (context.client.get(PERSISTENTVOLUMECLAIMS, namespace, name) !== undefined) continue;
    const claim = draft(template);
    context.client.create(PERSISTENTVOLUMECLAIMS, {
      ...claim,
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { ...claim.metadata, name, namespace, labels: { ...claim.metadata.labels, ...set.spec?.selector.matchLabels } },
    });
    const message = `Create Claim ${name} Pod ${podName} in StatefulSet ${setName} success`;
    context.events.event(objectReference(STATEFULSETS, set), 'Normal', 'SuccessfulCreate', message);
  }
}

/** A claim and the owners that it is to have. */
export interface ClaimOwners {
  readonly name: string;
  readonly references: readonly OwnerReference[];
}

/**
 * Who takes a claim along when it goes, by persistentVolumeClaimRetentionPolicy: the set with whenDeleted, the Pod that
 * was scaled away with whenScaled; otherwise nobody, and the claim stays.
 * @returns the claims of a Pod that have other owners
 */
export function wrongClaimOwners(context: ControllerContext, set: StatefulSet, pod: Pod, ordinal: number): readonly ClaimOwners[] {
  const { namespace = '' } = set.metadata;
  const wrong: ClaimOwners[] = [];
  const policy = set.spec?.persistentVolumeClaimRetentionPolicy;
  for (const template of set.spec?.volumeClaimTemplates ?? []) {
    const name = claimName(set, template.metadata.name ?? '', ordinal);
    const claim = context.client.get(PERSISTENTVOLUMECLAIMS, namespace, name);
    if (claim === undefined) continue;
    const scaledAway = !isInRange(set, ordinal) && policy?.whenScaled === 'Delete';
    const wanted: OwnerReference[] = [];
    if (scaledAway) wanted.push(newControllerRef(PODS, pod));
    else if (policy?.whenDeleted === 'Delete') wanted.push(newControllerRef(STATEFULSETS, set));
    const others = (claim.metadata.ownerReferences ?? []).filter(({ kind, name: owner }) => {
      return !(kind === 'StatefulSet' && owner === set.metadata.name) && !(kind === 'Pod' && owner === pod.metadata.name);
    });
    const references = [...others, ...wanted];
    if (!jsonEqual(claim.metadata.ownerReferences ?? [], references)) wrong.push({ name, references });
  }
  return wrong;
}

/** @throws StatusError */
export function setClaimOwners({ client }: ControllerContext, set: StatefulSet, claims: readonly ClaimOwners[]): void {
  for (const { name, references } of claims) {
    client.modify(PERSISTENTVOLUMECLAIMS, set.metadata.namespace ?? '', name, (copy) => {
      if (references.length > 0) copy.metadata.ownerReferences = draft(references);
      else delete copy.metadata.ownerReferences;
    });
  }
}

/** A claim of the ordinal still belongs to the Pod that was scaled away: it will go, and the next Pod gets a new one. */
export function hasStaleClaim({ client }: ControllerContext, set: StatefulSet, ordinal: number): boolean {
  if (set.spec?.persistentVolumeClaimRetentionPolicy?.whenScaled !== 'Delete') return false;
  const { namespace = '', name: setName = '' } = set.metadata;
  return (set.spec.volumeClaimTemplates ?? []).some((template) => {
    const claim = client.get(PERSISTENTVOLUMECLAIMS, namespace, claimName(set, template.metadata.name ?? '', ordinal));
    return (claim?.metadata.ownerReferences ?? []).some(({ kind, name }) => kind === 'Pod' && name === `${setName}-${ordinal}`);
  });
}
