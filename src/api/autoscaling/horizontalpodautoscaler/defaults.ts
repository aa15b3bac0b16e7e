import type { Draft } from '../../../base/json.ts';
import { wasEmpty } from '../../../apimachinery/scheme/emptyCollections.ts';
import type { HorizontalPodAutoscaler, HPAScalingRules } from '../../schema/types/autoscaling/v2.ts';

export const DEFAULT_CPU_UTILIZATION = 80;

/** Counterpart: SetDefaults_HorizontalPodAutoscaler of k8s.io/kubernetes/pkg/apis/autoscaling/v2. */
export function defaultHorizontalPodAutoscaler({ spec }: Draft<HorizontalPodAutoscaler>): void {
  spec.minReplicas ??= 1;
  if ((spec.metrics ?? []).length === 0) {
    const target = { type: 'Utilization', averageUtilization: DEFAULT_CPU_UTILIZATION };
    spec.metrics = [{ type: 'Resource', resource: { name: 'cpu', target } }];
  }
  const { behavior } = spec;
  if (behavior === undefined) return;
  behavior.scaleUp = withDefaults(behavior.scaleUp, SCALE_UP);
  behavior.scaleDown = withDefaults(behavior.scaleDown, SCALE_DOWN);
}

/** A list of policies that is there but empty stays empty; validation refuses it. */
function withDefaults(rules: Draft<HPAScalingRules> | undefined, usual: HPAScalingRules): Draft<HPAScalingRules> {
  const own = rules ?? {};
  if (own.stabilizationWindowSeconds === undefined && usual.stabilizationWindowSeconds !== undefined) {
    own.stabilizationWindowSeconds = usual.stabilizationWindowSeconds;
  }
  if (own.selectPolicy === undefined && usual.selectPolicy !== undefined) own.selectPolicy = usual.selectPolicy;
  if (own.policies === undefined && !wasEmpty(own, 'policies')) own.policies = (usual.policies ?? []).map((policy) => ({ ...policy }));
  return own;
}

/** Four Pods or twice as many, whichever is more, every 15 seconds. */
const SCALE_UP: HPAScalingRules = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
};

/** How long to wait is a flag of the controller, so no number stands here. */
const SCALE_DOWN: HPAScalingRules = { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] };
