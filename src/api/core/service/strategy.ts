/**
 * Services: a stable address in front of Pods.
 * Invariant: a Service is validated with its addresses and ports; allocation comes before validation.
 * Counterpart: k8s.io/kubernetes/pkg/registry/core/service.
 */
import { nameIsDNSLabel } from '../../../apimachinery/validation/objectNames.ts';
import { SERVICES } from '../../schema/resources.ts';
import type { Service } from '../../schema/types/core/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { allocateService } from './allocation.ts';
import { SERVICE_TABLE } from './columns.ts';
import { defaultService, normalizeClusterIPs, reconcileWithOld } from './defaults.ts';
import { validateService, validateServiceStatusUpdate, validateServiceUpdate } from './validation.ts';
import { serviceWarnings } from './warnings.ts';

export const SERVICE_STRATEGY: Strategy<Service> = {
  resource: SERVICES,
  singular: 'service',
  shortNames: ['svc'],
  categories: ['all'],
  tracksGeneration: false,
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSLabel,
  defaults: defaultService,
  prepareForCreate(service) {
    service.status = { loadBalancer: {} };
    normalizeClusterIPs(service);
  },
  prepareForUpdate: reconcileWithOld,
  allocate: allocateService,
  validate: validateService,
  validateUpdate: validateServiceUpdate,
  warnings: serviceWarnings,
  status: { validateUpdate: validateServiceStatusUpdate },
  defaultPropagation: 'Background',
  table: SERVICE_TABLE,
};
