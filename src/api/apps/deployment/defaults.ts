import type { Draft } from '../../../base/json.ts';
import { defaultPodTemplateSpec } from '../../core/pod/defaults.ts';
import type { Deployment } from '../../schema/types/apps/v1.ts';

/** Counterpart: SetDefaults_Deployment of k8s.io/kubernetes/pkg/apis/apps/v1. */
export function defaultDeployment(deployment: Draft<Deployment>): void {
  const spec = deployment.spec;
  if (spec === undefined) return;
  spec.replicas ??= 1;
  const strategy = (spec.strategy ??= {});
  if (((strategy.type as string | undefined) ?? '') === '') strategy.type = 'RollingUpdate';
  if (strategy.type === 'RollingUpdate') {
    const rolling = (strategy.rollingUpdate ??= {});
    rolling.maxUnavailable ??= '25%';
    rolling.maxSurge ??= '25%';
  }
  spec.revisionHistoryLimit ??= 10;
  spec.progressDeadlineSeconds ??= 600;
  defaultPodTemplateSpec(spec.template);
}
