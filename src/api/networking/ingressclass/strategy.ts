/**
 * IngressClasses: which controller serves the Ingresses of a class.
 * Invariant: the controller of a class never changes.
 * Counterpart: k8s.io/kubernetes/pkg/registry/networking/ingressclass.
 */
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { age, AGE, NAME, text } from '../../columns.ts';
import { INGRESSCLASSES } from '../../schema/resources.ts';
import type { IngressClass } from '../../schema/types/networking/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { validateIngressClass, validateIngressClassUpdate } from './validation.ts';

export const INGRESSCLASS_STRATEGY: Strategy<IngressClass> = {
  resource: INGRESSCLASSES,
  singular: 'ingressclass',
  shortNames: [],
  categories: [],
  tracksGeneration: true,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  defaults({ spec }) {
    if (spec?.parameters !== undefined) spec.parameters.scope ??= 'Cluster';
  },
  validate: validateIngressClass,
  validateUpdate: validateIngressClassUpdate,
  defaultPropagation: 'Background',
  table: {
    columns: [NAME, text('Controller'), text('Parameters'), AGE],
    cells: (ingressClass, nowMs) => [
      ingressClass.metadata.name ?? '',
      ingressClass.spec?.controller ?? '',
      parameters(ingressClass),
      age(ingressClass, nowMs),
    ],
  },
};

function parameters({ spec }: IngressClass): string {
  const reference = spec?.parameters;
  if (reference === undefined) return '<none>';
  const { apiGroup, kind, name } = reference;
  return `${apiGroup === undefined ? kind : `${kind}.${apiGroup}`}/${name}`;
}
