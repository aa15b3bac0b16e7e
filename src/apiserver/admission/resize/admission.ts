/**
 * PersistentVolumeClaimResize: a claim may ask for more where its class makes volumes that can grow.
 * Invariant: an update that asks for no more is let alone.
 * Counterpart: k8s.io/kubernetes/plugin/pkg/admission/storage/persistentvolume/resize.
 */
import { forbidden, type Status } from '../../../apimachinery/errors/status.ts';
import { compare, quantity } from '../../../apimachinery/quantity/quantity.ts';
import { storageClassOf } from '../../../api/core/storageClassOf.ts';
import type { PersistentVolumeClaim } from '../../../api/schema/types/core/v1.ts';
import type { StorageClass } from '../../../api/schema/types/storage/v1.ts';
import type { AdmissionAttributes, AdmissionPlugin, AdmissionWorld } from '../plugin.ts';

export const persistentVolumeClaimResize: AdmissionPlugin = { name: 'PersistentVolumeClaimResize', validate };

function validate(attributes: AdmissionAttributes, world: AdmissionWorld): Status | undefined {
  const { operation, strategy, subresource, name } = attributes;
  if (operation !== 'UPDATE' || strategy.resource.plural !== 'persistentvolumeclaims' || subresource !== '') return undefined;
  const claim = attributes.object as PersistentVolumeClaim;
  const old = attributes.old as PersistentVolumeClaim;
  if (compare(requested(claim), requested(old)) <= 0) return undefined;
  if (old.status?.phase !== 'Bound') return forbidden(strategy.resource, name, 'Only bound persistent volume claims can be expanded');
  return canGrow(claim, old, world) ? undefined : forbidden(strategy.resource, name, CANNOT_GROW);
}

function requested(claim: PersistentVolumeClaim): ReturnType<typeof quantity> {
  return quantity(claim.spec?.resources?.requests?.['storage']);
}

function canGrow(claim: PersistentVolumeClaim, old: PersistentVolumeClaim, world: AdmissionWorld): boolean {
  const name = storageClassOf(claim);
  if (name === '' || name !== storageClassOf(old)) return false;
  const found = world.store.get('storageclasses.storage.k8s.io', name) as StorageClass | undefined;
  return found?.allowVolumeExpansion === true;
}

const CANNOT_GROW = 'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize';
