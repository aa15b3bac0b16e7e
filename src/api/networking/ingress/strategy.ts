/**
 * Ingresses: which hosts and paths of incoming HTTP go to which Services.
 * Invariant: a stored Ingress sends traffic somewhere, by rules or by its default backend.
 * Counterpart: k8s.io/kubernetes/pkg/registry/networking/ingress.
 */
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { INGRESSES } from '../../schema/resources.ts';
import type { Ingress } from '../../schema/types/networking/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { INGRESS_TABLE } from './columns.ts';
import { CLASS_ANNOTATION, validateIngress, validateIngressStatusUpdate, validateIngressUpdate } from './validation.ts';

export const INGRESS_STRATEGY: Strategy<Ingress> = {
  resource: INGRESSES,
  singular: 'ingress',
  shortNames: ['ing'],
  categories: [],
  tracksGeneration: true,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  prepareForCreate(ingress) {
    ingress.status = { loadBalancer: {} };
  },
  validate: validateIngress,
  validateUpdate: validateIngressUpdate,
  warnings: (ingress, old) => (old === undefined ? warningsOnCreate(ingress) : []),
  status: { validateUpdate: validateIngressStatusUpdate },
  defaultPropagation: 'Background',
  table: INGRESS_TABLE,
};

function warningsOnCreate({ metadata, spec }: Ingress): readonly string[] {
  if (metadata.annotations?.[CLASS_ANNOTATION] === undefined || spec?.ingressClassName !== undefined) return [];
  return [`annotation "${CLASS_ANNOTATION}" is deprecated, please use 'spec.ingressClassName' instead`];
}
