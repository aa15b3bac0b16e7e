/**
 * ServiceCIDRs: the ranges that cluster IPs are taken from.
 * Invariant: a range never changes; one of the other IP family may be added.
 * Counterpart: k8s.io/kubernetes/pkg/registry/networking/servicecidr.
 */
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { age, AGE, NAME, text } from '../../columns.ts';
import { SERVICECIDRS } from '../../schema/resources.ts';
import type { ServiceCIDR } from '../../schema/types/networking/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { validateServiceCIDR, validateServiceCIDRUpdate } from './validation.ts';

export const SERVICECIDR_STRATEGY: Strategy<ServiceCIDR> = {
  resource: SERVICECIDRS,
  singular: 'servicecidr',
  shortNames: [],
  categories: [],
  tracksGeneration: false,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  validate: validateServiceCIDR,
  validateUpdate: validateServiceCIDRUpdate,
  status: { validateUpdate: () => [] },
  defaultPropagation: 'Background',
  table: {
    columns: [NAME, text('CIDRs'), AGE],
    cells: (range, nowMs) => [range.metadata.name ?? '', (range.spec?.cidrs ?? []).join(','), age(range, nowMs)],
  },
};
