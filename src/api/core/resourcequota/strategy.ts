/**
 * ResourceQuotas: what all objects of a namespace may use together.
 * Invariant: the scopes never change; what is used is written by the controller into the status.
 * Counterpart: k8s.io/kubernetes/pkg/registry/core/resourcequota.
 */
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { RESOURCEQUOTAS } from '../../schema/resources.ts';
import type { ResourceQuota } from '../../schema/types/core/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { RESOURCEQUOTA_TABLE } from './columns.ts';
import { validateResourceQuota, validateResourceQuotaStatusUpdate, validateResourceQuotaUpdate } from './validation.ts';

export const RESOURCEQUOTA_STRATEGY: Strategy<ResourceQuota> = {
  resource: RESOURCEQUOTAS,
  singular: 'resourcequota',
  shortNames: ['quota'],
  categories: [],
  tracksGeneration: false,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  prepareForCreate(quota) {
    quota.status = {};
  },
  validate: validateResourceQuota,
  validateUpdate: validateResourceQuotaUpdate,
  status: { validateUpdate: validateResourceQuotaStatusUpdate },
  defaultPropagation: 'Background',
  table: RESOURCEQUOTA_TABLE,
};
