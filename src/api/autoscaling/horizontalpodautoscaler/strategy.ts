/**
 * HorizontalPodAutoscalers: how many replicas a workload should have, by what is measured.
 * Invariant: kept as v2; v1 is another face of the same object and judged as what it stands for.
 * Counterpart: k8s.io/kubernetes/pkg/registry/autoscaling/horizontalpodautoscaler.
 */
import { draft, type Draft } from '../../../base/json.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { AUTOSCALING_V1_HORIZONTALPODAUTOSCALERS, HORIZONTALPODAUTOSCALERS } from '../../schema/resources.ts';
import type { HorizontalPodAutoscaler as V1 } from '../../schema/types/autoscaling/v1.ts';
import type { HorizontalPodAutoscaler } from '../../schema/types/autoscaling/v2.ts';
import type { Strategy } from '../../strategy.ts';
import { HORIZONTALPODAUTOSCALER_TABLE } from './columns.ts';
import { toV1, toV2 } from './conversion.ts';
import { defaultHorizontalPodAutoscaler } from './defaults.ts';
import {
  validateHorizontalPodAutoscaler,
  validateHorizontalPodAutoscalerStatusUpdate,
  validateHorizontalPodAutoscalerUpdate,
} from './validation.ts';

const FACTS = {
  singular: 'horizontalpodautoscaler',
  shortNames: ['hpa'],
  categories: ['all'],
  tracksGeneration: false,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  defaultPropagation: 'Background',
} as const;

export const HORIZONTALPODAUTOSCALER_STRATEGY: Strategy<HorizontalPodAutoscaler> = {
  ...FACTS,
  resource: HORIZONTALPODAUTOSCALERS,
  defaults: defaultHorizontalPodAutoscaler,
  prepareForCreate(autoscaler) {
    autoscaler.status = { desiredReplicas: 0 };
  },
  validate: validateHorizontalPodAutoscaler,
  validateUpdate: validateHorizontalPodAutoscalerUpdate,
  status: { validateUpdate: validateHorizontalPodAutoscalerStatusUpdate },
  table: HORIZONTALPODAUTOSCALER_TABLE,
};

export const AUTOSCALING_V1_HORIZONTALPODAUTOSCALER_STRATEGY: Strategy<V1> = {
  ...FACTS,
  resource: AUTOSCALING_V1_HORIZONTALPODAUTOSCALERS,
  defaults(autoscaler) {
    autoscaler.spec.minReplicas ??= 1;
    const { metadata, spec } = draft(toV1(toV2(autoscaler as V1))) as Draft<V1>;
    Object.assign(autoscaler, { metadata, spec });
  },
  prepareForCreate(autoscaler) {
    autoscaler.status = { currentReplicas: 0, desiredReplicas: 0 };
  },
  validate: (autoscaler) => validateHorizontalPodAutoscaler(toV2(autoscaler)),
  validateUpdate: (autoscaler, old) => validateHorizontalPodAutoscalerUpdate(toV2(autoscaler), toV2(old)),
  status: { validateUpdate: (autoscaler) => validateHorizontalPodAutoscalerStatusUpdate(toV2(autoscaler)) },
  table: {
    columns: HORIZONTALPODAUTOSCALER_TABLE.columns,
    cells: (autoscaler, nowMs) => HORIZONTALPODAUTOSCALER_TABLE.cells(toV2(autoscaler), nowMs),
  },
};
