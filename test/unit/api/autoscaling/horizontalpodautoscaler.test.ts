import assert from 'node:assert/strict';
import { toV1, toV2 } from '../../../../src/api/autoscaling/horizontalpodautoscaler/conversion.ts';
import {
  AUTOSCALING_V1_HORIZONTALPODAUTOSCALER_STRATEGY,
  HORIZONTALPODAUTOSCALER_STRATEGY,
} from '../../../../src/api/autoscaling/horizontalpodautoscaler/strategy.ts';
import { judgeCreate, judgeUpdate } from '../judge.ts';

type Spec = Readonly<Record<string, unknown>>;
const TARGET = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
const CPU = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } };
const PODS = { type: 'Pods', pods: { metric: { name: 'qps' }, target: { type: 'AverageValue', averageValue: '1k' } } };

function autoscaler(spec: Spec) {
  return { spec: { maxReplicas: 3, scaleTargetRef: TARGET, ...spec } };
}

function metric(one: Spec) {
  return { metrics: [one] };
}

describe('HorizontalPodAutoscaler', () => {
  it('goes by CPU unless told otherwise', () => {
    const { spec } = judgeCreate(HORIZONTALPODAUTOSCALER_STRATEGY, autoscaler({})).object;
    const target = { type: 'Utilization', averageUtilization: 80 };
    assert.deepEqual([spec.minReplicas, spec.metrics], [1, [{ type: 'Resource', resource: { name: 'cpu', target } }]]);
    assert.equal(spec.behavior, undefined);
  });
  it('fills in the other half of a behavior', () => {
    const { spec } = judgeCreate(
      HORIZONTALPODAUTOSCALER_STRATEGY,
      autoscaler({ behavior: { scaleDown: { selectPolicy: 'Disabled' } } }),
    ).object;
    assert.deepEqual(spec.behavior?.scaleDown, {
      selectPolicy: 'Disabled',
      policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
    });
    assert.deepEqual([spec.behavior?.scaleUp?.stabilizationWindowSeconds, spec.behavior?.scaleUp?.policies?.length], [0, 2]);
  });

  const at = 'spec.metrics[0]';
  const rules = 'spec.behavior.scaleUp';
  const refused: readonly (readonly [spec: Spec, errors: readonly string[]])[] = [
    [
      { maxReplicas: 0 },
      [
        'spec.maxReplicas: Required value: must be set and greater than 0',
        'spec.maxReplicas: Invalid value: 0: must be greater than or equal to `minReplicas`',
      ],
    ],
    [
      { minReplicas: 0 },
      [
        'spec.minReplicas: Invalid value: 0: must be greater than or equal to 1',
        'spec.metrics: Forbidden: must specify at least one Object or External metric to support scaling to zero replicas',
      ],
    ],
    [
      { scaleTargetRef: { kind: 'Deployment', name: 'web' } },
      ['spec.scaleTargetRef.apiVersion: Invalid value: "": apiVersion must specify API group'],
    ],
    [{ scaleTargetRef: { apiVersion: 'v1', kind: 'ReplicationController', name: 'web' } }, []],
    [
      { scaleTargetRef: { ...TARGET, apiVersion: 'a/b/c' } },
      ['spec.scaleTargetRef.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c'],
    ],
    [metric({ ...PODS, type: 'Resource' }), [`${at}.resource: Required value: must populate information for the given metric source`]],
    [metric({ ...PODS, ...CPU }), [`${at}.pods: Forbidden: must populate the given metric source only`]],
    [
      metric({ type: 'Pods', pods: { metric: { name: 'a/b' }, target: { type: 'Average', value: '0' } } }),
      [
        `${at}.pods.metric.name: Invalid value: "a/b": may not contain '/'`,
        `${at}.pods.target.type: Invalid value: "Average": must be either Utilization, Value, or AverageValue`,
        `${at}.pods.target.value: Invalid value: "0": must be positive`,
        `${at}.pods.target.averageValue: Required value: must specify a positive target averageValue`,
      ],
    ],
    [
      metric({ type: 'External', external: { metric: { name: 'q' }, target: { type: 'Value', value: '1', averageValue: '1' } } }),
      [`${at}.external.target.value: Forbidden: may not set both a target value for metric and a per-pod target`],
    ],
    [
      {
        behavior: {
          scaleUp: { stabilizationWindowSeconds: 3601, selectPolicy: 'Most', policies: [{ type: 'Pods', value: 0, periodSeconds: 1801 }] },
        },
      },
      [
        `${rules}.stabilizationWindowSeconds: Invalid value: 3601: must be less than or equal to 3600`,
        `${rules}.selectPolicy: Unsupported value: "Most": supported values: "Disabled", "Max", "Min"`,
        `${rules}.policies[0].value: Invalid value: 0: must be greater than zero`,
        `${rules}.policies[0].periodSeconds: Invalid value: 1801: must be less than or equal to 1800`,
      ],
    ],
    [{ behavior: { scaleUp: { policies: [] } } }, [`${rules}.policies: Required value: must specify at least one Policy`]],
    [{ behavior: { scaleUp: { tolerance: '-1' } } }, [`${rules}.tolerance: Invalid value: "-1": must be greater than or equal to 0`]],
  ];
  for (const [spec, errors] of refused) {
    it(`judges ${JSON.stringify(spec)}`, () =>
      assert.deepEqual(judgeCreate(HORIZONTALPODAUTOSCALER_STRATEGY, autoscaler(spec)).errors, errors));
  }
  it('keeps a target that would not be accepted today', () => {
    const { object } = judgeCreate(HORIZONTALPODAUTOSCALER_STRATEGY, autoscaler({}));
    const old = { ...object, spec: { ...object.spec, scaleTargetRef: { kind: 'Deployment', name: 'web' } } };
    assert.deepEqual(HORIZONTALPODAUTOSCALER_STRATEGY.validateUpdate(old, old), []);
    const { errors } = judgeUpdate(HORIZONTALPODAUTOSCALER_STRATEGY, autoscaler({}), { 'spec/scaleTargetRef/apiVersion': 'v1' });
    assert.deepEqual(errors, ['spec.scaleTargetRef.apiVersion: Invalid value: "v1": apiVersion must specify API group']);
  });
  it('shows what is and what should be', () => {
    const { object } = judgeCreate(HORIZONTALPODAUTOSCALER_STRATEGY, autoscaler({ metrics: [CPU, PODS, CPU] }));
    const currentMetrics = [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 10 } } }];
    const cells = HORIZONTALPODAUTOSCALER_STRATEGY.table?.cells({ ...object, status: { desiredReplicas: 1, currentMetrics } }, 0);
    assert.deepEqual(cells?.slice(1, 6), ['Deployment/web', 'cpu: 10%/60%, <unknown>/1k + 1 more...', '1', '3', '0']);
  });
});

describe('HorizontalPodAutoscaler of autoscaling/v1', () => {
  it('is judged as what it stands for', () => {
    const judged = judgeCreate(AUTOSCALING_V1_HORIZONTALPODAUTOSCALER_STRATEGY, autoscaler({ targetCPUUtilizationPercentage: 0 }));
    assert.deepEqual(judged.errors, ['spec.metrics[0].resource.target.averageUtilization: Invalid value: 0: must be greater than 0']);
    assert.equal(
      judgeCreate(AUTOSCALING_V1_HORIZONTALPODAUTOSCALER_STRATEGY, autoscaler({})).object.spec.targetCPUUtilizationPercentage,
      80,
    );
  });
  it('loses nothing on the way from v2 and back', () => {
    const metrics = [
      PODS,
      { type: 'Object', object: { describedObject: TARGET, metric: { name: 'rps' }, target: { type: 'Value', value: '2k' } } },
      {
        type: 'External',
        external: { metric: { name: 'q', selector: { matchLabels: { a: 'b' } } }, target: { type: 'AverageValue', averageValue: '30' } },
      },
      {
        type: 'ContainerResource',
        containerResource: { name: 'cpu', container: 'app', target: { type: 'Utilization', averageUtilization: 70 } },
      },
      { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '200Mi' } } },
      CPU,
    ];
    const behavior = { scaleDown: { stabilizationWindowSeconds: 60 } };
    const { object } = judgeCreate(HORIZONTALPODAUTOSCALER_STRATEGY, {
      ...autoscaler({ metrics, behavior }),
      metadata: { name: 'x', annotations: { a: 'b' } },
    });
    const status = {
      desiredReplicas: 2,
      currentReplicas: 1,
      currentMetrics: [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 10, averageValue: '5m' } } }],
      conditions: [{ type: 'AbleToScale', status: 'True' }],
    };
    const full = { ...object, status };
    const old = toV1(full);
    assert.deepEqual([old.spec.targetCPUUtilizationPercentage, old.status?.currentCPUUtilizationPercentage], [60, 10]);
    assert.match(
      old.metadata.annotations?.['autoscaling.alpha.kubernetes.io/metrics'] ?? '',
      /^\[\{"type":"Pods","pods":\{"metricName":"qps","targetAverageValue":"1k"\}\}/,
    );
    assert.match(
      old.metadata.annotations?.['autoscaling.alpha.kubernetes.io/behavior'] ?? '',
      /^\{"ScaleUp":\{"StabilizationWindowSeconds":0,"SelectPolicy":"Max"/,
    );
    assert.deepEqual(toV2(old), full);
  });
  it('passes over annotations that cannot be read', () => {
    const annotations = { 'autoscaling.alpha.kubernetes.io/metrics': '{', 'autoscaling.alpha.kubernetes.io/behavior': '[]' };
    const { spec, metadata } = toV2({ metadata: { annotations }, spec: { maxReplicas: 1, scaleTargetRef: TARGET } });
    assert.deepEqual([spec.metrics?.length, spec.behavior, metadata.annotations], [1, undefined, undefined]);
  });
});
