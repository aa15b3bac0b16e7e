/**
 * Leases: heartbeats of nodes and locks of leaders.
 * Invariant: the fields of coordinated leader election are dropped, as its feature gate is off by default.
 * Counterpart: k8s.io/kubernetes/pkg/registry/coordination/lease.
 */
import { invalid, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { NEGATIVE_ERROR } from '../../../apimachinery/validation/objectMeta.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import type { Draft } from '../../../base/json.ts';
import { age, AGE, NAME, text } from '../../columns.ts';
import { LEASES } from '../../schema/resources.ts';
import type { Lease } from '../../schema/types/coordination/v1.ts';
import type { Strategy } from '../../strategy.ts';

export const LEASE_STRATEGY: Strategy<Lease> = {
  resource: LEASES,
  singular: 'lease',
  shortNames: [],
  categories: [],
  tracksGeneration: false,
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: false,
  validateName: nameIsDNSSubdomain,
  prepareForCreate: dropDisabledFields,
  prepareForUpdate: dropDisabledFields,
  validate: validateLease,
  validateUpdate: validateLease,
  defaultPropagation: 'Background',
  table: {
    columns: [NAME, text('Holder'), AGE],
    cells: (lease, nowMs) => [lease.metadata.name ?? '', lease.spec?.holderIdentity ?? '', age(lease, nowMs)],
  },
};

function dropDisabledFields(lease: Draft<Lease>): void {
  delete lease.spec?.strategy;
  delete lease.spec?.preferredHolder;
}

function validateLease(lease: Lease): ErrorList {
  const errors: FieldError[] = [];
  const { leaseDurationSeconds, leaseTransitions } = lease.spec ?? {};
  if (leaseDurationSeconds !== undefined && leaseDurationSeconds <= 0) {
    errors.push(invalid(SPEC.child('leaseDurationSeconds'), leaseDurationSeconds, 'must be greater than 0'));
  }
  if (leaseTransitions !== undefined && leaseTransitions < 0) {
    errors.push(invalid(SPEC.child('leaseTransitions'), leaseTransitions, NEGATIVE_ERROR));
  }
  return errors;
}

const SPEC = Path.of('spec');
