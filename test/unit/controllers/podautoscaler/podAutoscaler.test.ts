import assert from 'node:assert/strict';
import type { MetricSpec } from '../../../../src/api/schema/types/autoscaling/v2.ts';
import type { Draft } from '../../../../src/base/json.ts';
import { World } from './support.ts';

const CPU: Draft<MetricSpec> = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } };

describe('a horizontal Pod autoscaler', () => {
  it('says that nobody serves metrics', () => {
    const world = new World();
    world.deploy('web', 2);
    world.scale('hpa', [CPU]);
    world.run(16_000);
    const error =
      'failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)';
    assert.equal(
      world.condition('ScalingActive'),
      `False FailedGetResourceMetric: the HPA was unable to compute the replica count: ${error}`,
    );
    assert.equal(world.said('FailedGetResourceMetric'), error);
    assert.equal(
      world.said('FailedComputeMetricsReplicas'),
      `invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric value: ${error}`,
    );
    assert.equal(world.replicas(), 2);
  });

  const custom = 'unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered';
  const cases: readonly (readonly [Draft<MetricSpec>, string, string])[] = [
    [
      { type: 'Pods', pods: { metric: { name: 'rps' }, target: { type: 'AverageValue', averageValue: '10' } } },
      'FailedGetPodsMetric',
      `unable to get metric rps: ${custom}`,
    ],
    [
      {
        type: 'Object',
        object: {
          describedObject: { kind: 'Service', name: 'web' },
          metric: { name: 'rps' },
          target: { type: 'Value', value: '10' },
        },
      },
      'FailedGetObjectMetric',
      `unable to get metric rps: Service on default web/${custom}`,
    ],
    [
      {
        type: 'External',
        external: { metric: { name: 'depth', selector: { matchLabels: { queue: 'work' } } }, target: { type: 'Value', value: '10' } },
      },
      'FailedGetExternalMetric',
      'unable to get external metric default/depth/&LabelSelector{MatchLabels:map[string]string{queue: work,},MatchExpressions:[]LabelSelectorRequirement{},}: unable to fetch metrics from external metrics API: the server could not find the requested resource (get depth.external.metrics.k8s.io)',
    ],
  ];
  for (const [metric, reason, message] of cases) {
    it(`says that nobody serves metrics of type ${metric.type}`, () => {
      const world = new World();
      world.deploy('web', 2);
      world.scale('hpa', [metric]);
      world.run(16_000);
      assert.equal(world.said(reason), message);
    });
  }

  it('keeps its target within its bounds, whatever the metrics say', () => {
    const world = new World();
    world.deploy('web', 1);
    world.scale('hpa', [CPU], { min: 3, max: 5 });
    world.run(16_000);
    assert.equal(world.replicas(), 3);
    assert.equal(world.said('SuccessfulRescale'), 'New size: 3; reason: Current number of replicas below Spec.MinReplicas');
    assert.equal(world.condition('AbleToScale'), 'True SucceededRescale: the HPA controller was able to update the target scale to 3');
  });

  it('rests while its target is scaled to nothing', () => {
    const world = new World();
    world.deploy('web', 0);
    world.scale('hpa', [CPU]);
    world.run(16_000);
    assert.equal(
      world.condition('ScalingActive'),
      'False ScalingDisabled: scaling is disabled since the replica count of the target is zero',
    );
    assert.equal(world.cluster.simulation.stable, true);
  });

  it('says of which kind there is none', () => {
    const world = new World();
    world.scale('hpa', [CPU], { max: 3 }, 'Gadget');
    world.run(16_000);
    assert.equal(world.said('FailedGetScale'), 'no matches for kind "Gadget" in group "apps"');
  });

  it('does not share Pods with another', () => {
    const world = new World();
    world.deploy('web', 2);
    world.scale('hpa', [CPU]);
    world.scale('other', [CPU]);
    world.run(32_000);
    const message = 'pods by selector app=web are controlled by multiple HPAs: [default/hpa default/other]';
    assert.equal(world.condition('ScalingActive', 'other'), `False AmbiguousSelector: ${message}`);
  });

  it('takes idle replicas away by what the simulation measures', () => {
    const world = new World({ kubelet: 'realistic' });
    world.run(5_000);
    world.deploy('web', 3);
    world.scale('hpa', [CPU], { min: 1, max: 5 });
    world.run(60_000);
    const resource = world.hpa()?.status?.currentMetrics?.[0]?.resource;
    assert.ok((resource?.current.averageUtilization ?? 100) < 20, JSON.stringify(world.hpa()?.status));
    assert.equal(
      world.condition('AbleToScale'),
      'True ScaleDownStabilized: recent recommendations were higher than current one, applying the highest recent recommendation',
    );
    assert.equal(world.replicas(), 3);
    world.run(330_000);
    assert.equal(world.replicas(), 1);
    assert.equal(world.said('SuccessfulRescale'), 'New size: 1; reason: All metrics below target');
  });
});
