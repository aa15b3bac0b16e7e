/**
 * CustomResourceDefinitions: kinds that users add to the API.
 * Invariant: the status says which names are accepted and what was ever a storage version; the API server writes it.
 * Counterpart: k8s.io/apiextensions-apiserver/pkg/registry/customresourcedefinition.
 */
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { validateObjectMeta } from '../../../apimachinery/validation/objectMeta.ts';
import { CUSTOMRESOURCEDEFINITIONS } from '../../schema/resources.ts';
import type { CustomResourceDefinition } from '../../schema/types/apiextensions/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { applyDefinitionDefaults, noteStoredVersion } from './defaults.ts';
import { formatWarnings } from './warnings.ts';
import { validateDefinition, validateDefinitionStatus, validateDefinitionUpdate } from './validation.ts';

export const CUSTOMRESOURCEDEFINITION_STRATEGY: Strategy<CustomResourceDefinition> = {
  resource: CUSTOMRESOURCEDEFINITIONS,
  singular: 'customresourcedefinition',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  tracksGeneration: true,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: false,
  validateName: nameIsDNSSubdomain,
  validatesMetadata: true,
  defaults: applyDefinitionDefaults,
  prepareForCreate: (definition) => {
    definition.status = { conditions: [], acceptedNames: { plural: '', kind: '' }, storedVersions: [] };
    noteStoredVersion(definition);
  },
  prepareForUpdate: noteStoredVersion,
  validate: (definition) => [...metadataErrors(definition), ...validateDefinition(definition)],
  validateUpdate: validateDefinitionUpdate,
  warnings: formatWarnings,
  status: { validateUpdate: validateDefinitionStatus },
  defaultPropagation: 'Background',
};

function metadataErrors({ metadata, spec }: CustomResourceDefinition): ReturnType<typeof validateObjectMeta> {
  const { names, group = '' } = spec as Partial<CustomResourceDefinition['spec']>;
  const wanted = `${names?.plural ?? ''}.${group}`;
  return validateObjectMeta(metadata, false, (name, prefix) => [
    ...nameIsDNSSubdomain(name, prefix),
    ...(name === wanted ? [] : ['must be spec.names.plural+"."+spec.group']),
  ]);
}
