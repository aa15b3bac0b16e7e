import assert from 'node:assert/strict';
import { METRICS, type MetricSpec as HeldSpec } from '../../../../src/api/kubepad/types.ts';
import type { MetricSpec } from '../../../../src/api/schema/types/autoscaling/v2.ts';
import type { Draft } from '../../../../src/base/json.ts';
import { World } from './support.ts';

const hold = (world: World, name: string, spec: Draft<HeldSpec>): void => {
  const metadata = { name, namespace: 'default' };
  world.cluster.admin().create(METRICS, { apiVersion: 'kubepad.dev/v1', kind: 'Metric', metadata, spec });
};
const pods = (): Draft<MetricSpec> => ({
  type: 'Pods',
  pods: { metric: { name: 'rps' }, target: { type: 'AverageValue', averageValue: '100' } },
});
const object = (target: { type: 'Value'; value: string } | { type: 'AverageValue'; averageValue: string }): Draft<MetricSpec> => ({
  type: 'Object',
  object: { metric: { name: 'hits' }, describedObject: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: 'main' }, target },
});
const external = (target: { type: 'Value'; value: string } | { type: 'AverageValue'; averageValue: string }): Draft<MetricSpec> => ({
  type: 'External',
  external: { metric: { name: 'queue', selector: { matchLabels: { topic: 'orders' } } }, target },
});
const ON_INGRESS: Draft<HeldSpec>['describedObject'] = { kind: 'Ingress', name: 'main' };
const SELECTOR = '&LabelSelector{MatchLabels:map[string]string{topic: orders,},MatchExpressions:[]LabelSelectorRequirement{},}';

describe('autoscaling by values that the user sets', () => {
  function scaled(metric: Draft<MetricSpec>, held: readonly Draft<HeldSpec>[], replicas = 2): World {
    const world = new World();
    world.deploy('web', replicas);
    world.run(1000);
    held.forEach((spec, index) => hold(world, `m${index}`, { ...spec }));
    world.scale('hpa', [metric]);
    world.run(16_000);
    return world;
  }
  const desired = (world: World): number | undefined => world.hpa()?.status?.desiredReplicas;

  const cases: readonly (readonly [
    title: string,
    metric: Draft<MetricSpec>,
    held: readonly Draft<HeldSpec>[],
    replicas: number,
    name: string,
  ])[] = [
    ['each Pod has 250 of 100', pods(), [{ name: 'rps', pods: {}, value: '250' }], 5, 'pods metric rps'],
    [
      'each Pod has 105 of 100, within the tolerance',
      pods(),
      [{ name: 'rps', pods: { selector: { matchLabels: { app: 'web' } } }, value: '105' }],
      2,
      'pods metric rps',
    ],
    [
      'an object has 90 of 30 for 2 Pods',
      object({ type: 'Value', value: '30' }),
      [{ name: 'hits', describedObject: { ...ON_INGRESS! }, value: '90' }],
      6,
      'Ingress metric hits',
    ],
    [
      'an object has 90, 30 for each Pod',
      object({ type: 'AverageValue', averageValue: '30' }),
      [{ name: 'hits', describedObject: { ...ON_INGRESS! }, value: '90' }],
      3,
      'external metric hits(nil)',
    ],
    [
      'a queue holds 50 and 40 of 30 for 2 Pods',
      external({ type: 'Value', value: '30' }),
      [
        { name: 'queue', labels: { topic: 'orders' }, value: '50' },
        { name: 'queue', labels: { topic: 'orders', part: 'b' }, value: '40' },
        { name: 'queue', labels: { topic: 'mail' }, value: '999' },
      ],
      6,
      `external metric queue(${SELECTOR})`,
    ],
    [
      'a queue holds 130, 30 for each Pod',
      external({ type: 'AverageValue', averageValue: '30' }),
      [{ name: 'queue', labels: { topic: 'orders' }, value: '130' }],
      5,
      `external metric queue(${SELECTOR})`,
    ],
  ];
  for (const [title, metric, held, replicas, name] of cases) {
    it(title, () => {
      const world = scaled(metric, held);
      assert.equal(
        world.condition('ScalingActive'),
        `True ValidMetricFound: the HPA was able to successfully calculate a replica count from ${name}`,
      );
      // At most twice as many, or four, at once.
      assert.equal(desired(world), Math.min(replicas, 4));
      if (replicas > 2) assert.equal(world.said('SuccessfulRescale'), `New size: ${Math.min(replicas, 4)}; reason: ${name} above target`);
    });
  }

  it('shows the values, and follows them when they change', () => {
    const world = scaled(external({ type: 'AverageValue', averageValue: '30' }), [
      { name: 'queue', labels: { topic: 'orders' }, value: '60500m' },
    ]);
    assert.deepEqual(world.hpa()?.status?.currentMetrics, [
      {
        type: 'External',
        external: { metric: { name: 'queue', selector: { matchLabels: { topic: 'orders' } } }, current: { averageValue: '30250m' } },
      },
    ]);
    world.cluster.admin().modify(METRICS, 'default', 'm0', (copy) => void ((copy.spec ??= {}).value = '120'));
    world.run(16_000);
    assert.equal(desired(world), 4);
  });

  const failures: readonly (readonly [
    title: string,
    metric: Draft<MetricSpec>,
    held: readonly Draft<HeldSpec>[],
    reason: string,
    error: string,
    summary: string,
  ])[] = [
    [
      'nobody serves custom metrics',
      pods(),
      [],
      'FailedGetPodsMetric',
      'unable to get metric rps: unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered',
      'failed to get pods metric value: ',
    ],
    [
      'the metric of Pods is not known',
      pods(),
      [{ name: 'other', pods: {}, value: '1' }],
      'FailedGetPodsMetric',
      'unable to get metric rps: unable to fetch metrics from custom metrics API: the server could not find the metric rps for pods',
      'failed to get pods metric value: ',
    ],
    [
      'no Pod has the metric',
      pods(),
      [{ name: 'rps', pods: { selector: { matchLabels: { app: 'other' } } }, value: '1' }],
      'FailedGetPodsMetric',
      'unable to get metric rps: no metrics returned from custom metrics API',
      'failed to get pods metric value: ',
    ],
    [
      'the object has not the metric',
      object({ type: 'Value', value: '30' }),
      [{ name: 'hits', describedObject: { kind: 'Ingress', name: 'other' }, value: '1' }],
      'FailedGetObjectMetric',
      'unable to get metric hits: Ingress on default main/unable to fetch metrics from custom metrics API: the server could not find the metric hits for ingresses.networking.k8s.io main',
      'failed to get object metric value: ',
    ],
    [
      'nobody serves external metrics',
      external({ type: 'Value', value: '30' }),
      [{ name: 'hits', pods: {}, value: '1' }],
      'FailedGetExternalMetric',
      `unable to get external metric default/queue/${SELECTOR}: unable to fetch metrics from external metrics API: the server could not find the requested resource (get queue.external.metrics.k8s.io)`,
      'failed to get queue external metric value: failed to get external metric queue: ',
    ],
    [
      'the external metric has no such labels',
      external({ type: 'AverageValue', averageValue: '30' }),
      [{ name: 'queue', value: '1' }],
      'FailedGetExternalMetric',
      `unable to get external metric default/queue/${SELECTOR}: no metrics returned from external metrics API`,
      'failed to get queue external metric value: failed to get queue external metric: ',
    ],
  ];
  for (const [title, metric, held, reason, error, summary] of failures) {
    it(`says why it does nothing: ${title}`, () => {
      const world = scaled(metric, held);
      assert.equal(world.condition('ScalingActive'), `False ${reason}: the HPA was unable to compute the replica count: ${error}`);
      assert.equal(world.said(reason), error);
      assert.equal(world.said('FailedComputeMetricsReplicas'), `invalid metrics (1 invalid out of 1), first error is: ${summary}${error}`);
    });
  }
});
