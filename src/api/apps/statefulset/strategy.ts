/**
 * StatefulSets: numbered Pods with names and claims of their own.
 * Invariant: what the Pods' identity depends on (selector, claims, Service, order) never changes.
 * Counterpart: k8s.io/kubernetes/pkg/registry/apps/statefulset.
 */
import { formatSelector, fromLabelSelector } from '../../../apimachinery/labels/selector.ts';
import { nameIsDNSLabel } from '../../../apimachinery/validation/objectNames.ts';
import { STATEFULSETS } from '../../schema/resources.ts';
import type { StatefulSet } from '../../schema/types/apps/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { STATEFULSET_TABLE } from './columns.ts';
import { defaultStatefulSet } from './defaults.ts';
import { validateStatefulSet, validateStatefulSetStatusUpdate, validateStatefulSetUpdate } from './validation.ts';
import { statefulSetWarnings } from './warnings.ts';

export const STATEFULSET_STRATEGY: Strategy<StatefulSet> = {
  resource: STATEFULSETS,
  singular: 'statefulset',
  shortNames: ['sts'],
  categories: ['all'],
  tracksGeneration: true,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSLabel,
  defaults: defaultStatefulSet,
  prepareForCreate(set) {
    set.status = { replicas: 0, availableReplicas: 0 };
    // maxUnavailable is behind a feature that is off: it is dropped.
    delete set.spec?.updateStrategy?.rollingUpdate?.maxUnavailable;
  },
  prepareForUpdate(set, old) {
    if (old.spec?.updateStrategy?.rollingUpdate?.maxUnavailable === undefined) {
      delete set.spec?.updateStrategy?.rollingUpdate?.maxUnavailable;
    }
  },
  validate: validateStatefulSet,
  validateUpdate: validateStatefulSetUpdate,
  warnings: statefulSetWarnings,
  status: { validateUpdate: validateStatefulSetStatusUpdate },
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
  table: STATEFULSET_TABLE,
};
