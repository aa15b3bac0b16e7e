/**
 * ResourceClaims: devices that somebody asks for, and those that were found.
 * Invariant: neither the request nor, once it is made, the allocation changes.
 * Counterpart: k8s.io/kubernetes/pkg/registry/resource/resourceclaim.
 */
import { jsonEqual } from '../../../base/json.ts';
import { invalid, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { FIELD_IMMUTABLE } from '../../../apimachinery/validation/objectMeta.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { age, AGE, NAME, text } from '../../columns.ts';
import { internalValue } from '../../core/pod/internal.ts';
import { RESOURCECLAIMS } from '../../schema/resources.ts';
import type { ResourceClaim } from '../../schema/types/resource/v1.ts';
import type { Strategy, Surroundings } from '../../strategy.ts';
import { validateAdminAccess } from '../adminAccess.ts';
import { defaultDeviceClaim, validateDeviceClaim } from '../deviceClaim.ts';
import { dropDeallocatedDevices, validateResourceClaimStatusUpdate } from './status.ts';

export const RESOURCECLAIM_STRATEGY: Strategy<ResourceClaim> = {
  resource: RESOURCECLAIMS,
  singular: 'resourceclaim',
  shortNames: [],
  categories: [],
  tracksGeneration: false,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  defaults: (claim) => defaultDeviceClaim(claim.spec?.devices),
  prepareForCreate(claim) {
    claim.status = {};
  },
  validate: validateResourceClaim,
  // What cannot change is not judged again.
  validateUpdate(claim, old) {
    if (jsonEqual(claim.spec, old.spec)) return [];
    return [invalid(Path.of('spec'), internalValue('ResourceClaimSpec', claim.spec ?? {}), FIELD_IMMUTABLE)];
  },
  status: {
    prepareForUpdate: dropDeallocatedDevices,
    validateUpdate: validateResourceClaimStatusUpdate,
  },
  defaultPropagation: 'Background',
  table: {
    columns: [NAME, text('State'), AGE],
    cells: (claim, nowMs) => [claim.metadata.name ?? '', stateOf(claim), age(claim, nowMs)],
  },
};

function validateResourceClaim(claim: ResourceClaim, surroundings?: Surroundings): ErrorList {
  const errors: FieldError[] = [...validateAdminAccess(claim.spec?.devices, surroundings)];
  validateDeviceClaim(errors, claim.spec?.devices ?? {}, Path.of('spec', 'devices'), {});
  return errors;
}

/** `allocated,reserved` */
function stateOf({ metadata, status }: ResourceClaim): string {
  const deleted = metadata.deletionTimestamp === undefined ? [] : ['deleted'];
  if (status?.allocation === undefined) return (deleted.length > 0 ? deleted : ['pending']).join();
  return [...deleted, 'allocated', ...((status.reservedFor ?? []).length > 0 ? ['reserved'] : [])].join();
}
