/**
 * ReplicaSets: so many Pods of one template.
 * Invariant: the selector never changes and always matches the template.
 * Counterpart: k8s.io/kubernetes/pkg/registry/apps/replicaset.
 */
import { formatSelector, fromLabelSelector } from '../../../apimachinery/labels/selector.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { defaultPodTemplateSpec } from '../../core/pod/defaults.ts';
import { REPLICASETS } from '../../schema/resources.ts';
import type { ReplicaSet } from '../../schema/types/apps/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { podOwnerWarnings } from '../warnings.ts';
import { REPLICASET_TABLE } from './columns.ts';
import { validateReplicaSet, validateReplicaSetStatusUpdate, validateReplicaSetUpdate } from './validation.ts';

export const REPLICASET_STRATEGY: Strategy<ReplicaSet> = {
  resource: REPLICASETS,
  singular: 'replicaset',
  shortNames: ['rs'],
  categories: ['all'],
  tracksGeneration: true,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  defaults(set) {
    if (set.spec === undefined) return;
    set.spec.replicas ??= 1;
    defaultPodTemplateSpec(set.spec.template);
  },
  prepareForCreate(set) {
    set.status = { replicas: 0 };
  },
  validate: validateReplicaSet,
  validateUpdate: validateReplicaSetUpdate,
  warnings: podOwnerWarnings,
  status: { validateUpdate: validateReplicaSetStatusUpdate },
  scale: {
    get: (set) => ({
      specReplicas: set.spec?.replicas ?? 0,
      statusReplicas: set.status?.replicas ?? 0,
      selector: formatSelector(fromLabelSelector(set.spec?.selector)),
    }),
    set(set, replicas) {
      if (set.spec !== undefined) set.spec.replicas = replicas;
    },
  },
  defaultPropagation: 'Background',
  table: REPLICASET_TABLE,
};
