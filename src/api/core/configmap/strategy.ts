/**
 * ConfigMaps: data that Pods mount or read as environment.
 * Invariant: an immutable one never changes its data.
 * Counterpart: k8s.io/kubernetes/pkg/registry/core/configmap.
 */
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { age, AGE, NAME, text } from '../../columns.ts';
import { CONFIGMAPS } from '../../schema/resources.ts';
import type { ConfigMap } from '../../schema/types/core/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { validateConfigMap, validateConfigMapUpdate } from './validation.ts';

export const CONFIGMAP_STRATEGY: Strategy<ConfigMap> = {
  resource: CONFIGMAPS,
  singular: 'configmap',
  shortNames: ['cm'],
  categories: [],
  tracksGeneration: false,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  validate: validateConfigMap,
  validateUpdate: validateConfigMapUpdate,
  defaultPropagation: 'Background',
  table: {
    columns: [NAME, text('Data'), AGE],
    cells: (configMap, nowMs) => [configMap.metadata.name ?? '', countKeys(configMap), age(configMap, nowMs)],
  },
};

function countKeys(configMap: ConfigMap): number {
  return Object.keys(configMap.data ?? {}).length + Object.keys(configMap.binaryData ?? {}).length;
}
