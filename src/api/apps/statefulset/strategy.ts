/**
 * StatefulSets: numbered Pods with names and claims of their own. Defaults and counting; the validation is the schema's so far.
 * Invariant: status counts are always written, zero or not. Counterpart: k8s.io/kubernetes/pkg/registry/apps/statefulset.
 */
import type { Draft } from '../../../base/json.ts';
import { formatSelector, fromLabelSelector } from '../../../apimachinery/labels/selector.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { defaultPodTemplateSpec } from '../../core/pod/defaults.ts';
import { STATEFULSETS } from '../../schema/resources.ts';
import type { StatefulSet } from '../../schema/types/apps/v1.ts';
import type { Strategy } from '../../strategy.ts';

export const STATEFULSET_STRATEGY: Omit<Strategy<StatefulSet>, 'table'> = {
  resource: STATEFULSETS,
  singular: 'statefulset',
  shortNames: ['sts'],
  categories: ['all'],
  tracksGeneration: true,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  defaults: defaultStatefulSet,
  prepareForCreate(set) {
    set.status = { replicas: 0, availableReplicas: 0 };
    // maxUnavailable is behind a feature that is off: it is dropped.
    delete set.spec?.updateStrategy?.rollingUpdate?.maxUnavailable;
  },
  prepareForUpdate(set) {
    delete set.spec?.updateStrategy?.rollingUpdate?.maxUnavailable;
  },
  validate: () => [],
  validateUpdate: () => [],
  status: { validateUpdate: () => [] },
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
};

/** Counterpart: SetDefaults_StatefulSet. */
function defaultStatefulSet(set: Draft<StatefulSet>): void {
  const spec = set.spec;
  if (spec === undefined) return;
  if (((spec.podManagementPolicy as string | undefined) ?? '') === '') spec.podManagementPolicy = 'OrderedReady';
  const strategy = (spec.updateStrategy ??= {});
  if (((strategy.type as string | undefined) ?? '') === '') strategy.type = 'RollingUpdate';
  if (strategy.type === 'RollingUpdate') (strategy.rollingUpdate ??= {}).partition ??= 0;
  const retention = (spec.persistentVolumeClaimRetentionPolicy ??= {});
  retention.whenDeleted ??= 'Retain';
  retention.whenScaled ??= 'Retain';
  spec.replicas ??= 1;
  spec.revisionHistoryLimit ??= 10;
  for (const claim of spec.volumeClaimTemplates ?? []) {
    (claim.spec ??= {}).volumeMode ??= 'Filesystem';
    (claim.status ??= {}).phase ??= 'Pending';
  }
  defaultPodTemplateSpec(spec.template);
}
