import type { Draft } from '../../../base/json.ts';
import { defaultPodTemplateSpec } from '../../core/pod/defaults.ts';
import type { StatefulSet, StatefulSetSpec } from '../../schema/types/apps/v1.ts';

/** Counterpart: SetDefaults_StatefulSet of k8s.io/kubernetes/pkg/apis/apps/v1. */
export function defaultStatefulSet(set: Draft<StatefulSet>): void {
  const spec = set.spec;
  if (spec === undefined) return;
  if (((spec.podManagementPolicy as string | undefined) ?? '') === '') spec.podManagementPolicy = 'OrderedReady';
  defaultUpdateStrategy(spec);
  const retention = (spec.persistentVolumeClaimRetentionPolicy ??= {});
  if ((retention.whenDeleted ?? '') === '') retention.whenDeleted = 'Retain';
  if ((retention.whenScaled ?? '') === '') retention.whenScaled = 'Retain';
  spec.replicas ??= 1;
  spec.revisionHistoryLimit ??= 10;
  for (const claim of spec.volumeClaimTemplates ?? []) {
    // Templates say what they are, so that a controller can make claims of them as they stand.
    claim.apiVersion ??= 'v1';
    claim.kind ??= 'PersistentVolumeClaim';
    (claim.spec ??= {}).volumeMode ??= 'Filesystem';
    (claim.status ??= {}).phase ??= 'Pending';
  }
  defaultPodTemplateSpec(spec.template);
}

/** Who names the type and leaves out how to roll gets no partition. */
function defaultUpdateStrategy(spec: Draft<StatefulSetSpec>): void {
  const strategy = (spec.updateStrategy ??= {});
  if (((strategy.type as string | undefined) ?? '') === '') {
    strategy.type = 'RollingUpdate';
    strategy.rollingUpdate ??= {};
  }
  if (strategy.type === 'RollingUpdate' && strategy.rollingUpdate !== undefined) strategy.rollingUpdate.partition ??= 0;
}
