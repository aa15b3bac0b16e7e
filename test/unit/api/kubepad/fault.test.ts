import assert from 'node:assert/strict';
import { CLOUD_COMPONENTS, COMPONENTS, CONTROLLER_COMPONENTS } from '../../../../src/api/kubepad/fault/components.ts';
import { concernsImage } from '../../../../src/api/kubepad/fault/match.ts';
import { FAULT_STRATEGY, targetText } from '../../../../src/api/kubepad/fault/strategy.ts';
import type { Fault, FaultSpec } from '../../../../src/api/kubepad/types.ts';
import { CONTROLLERS, OF_CLOUD } from '../../../../src/controllers/descriptors.ts';

const fault = (spec: FaultSpec): Fault => ({ metadata: { name: 'f' }, spec });

describe('validation of a Fault', () => {
  const web = { pods: { namespace: 'default', selector: { matchLabels: { app: 'web' } } } };
  const cases: readonly (readonly [string, Fault, readonly string[]])[] = [
    ['a node that is down', fault({ type: 'NodeDown', target: { node: 'worker-1' }, from: '30s', duration: '5m' }), []],
    ['a zone that is down from a time on', fault({ type: 'ZoneDown', target: { zone: 'zone-a' }, from: '2026-01-02T03:04:05Z' }), []],
    ['a partition of a zone', fault({ type: 'Partition', target: { zone: 'zone-a' } }), []],
    ['a crash loop', fault({ type: 'CrashLoop', target: web, exitCode: 3, after: '2s' }), []],
    ['a leak', fault({ type: 'MemoryLeak', target: web, rate: '1Gi' }), []],
    ['failing probes', fault({ type: 'ProbeFailure', target: web, probes: ['readiness'] }), []],
    ['a full disk', fault({ type: 'DiskPressure', target: { node: 'worker-1' }, available: '1.5%' }), []],
    ['a kubelet that is down', fault({ type: 'ComponentDown', target: { component: 'kubelet', node: 'worker-1' } }), []],
    ['nothing', { metadata: { name: 'f' } }, ['FieldValueRequired spec.type']],
    ['an unknown type', fault({ type: 'Flood' as 'NodeDown' }), ['FieldValueNotSupported spec.type']],
    ['no target', fault({ type: 'NodeDown' }), ['FieldValueRequired spec.target.node']],
    ['none of several targets', fault({ type: 'Partition' }), ['FieldValueRequired spec.target']],
    ['another target', fault({ type: 'ZoneDown', target: { zone: 'a', image: 'x' } }), ['FieldValueForbidden spec.target.image']],
    ["another type's parameter", fault({ type: 'NodeDown', target: { node: 'n' }, rate: '1Mi' }), ['FieldValueForbidden spec.rate']],
    [
      'a shutdown with periods',
      fault({ type: 'NodeShutdown', target: { node: 'n' }, shutdownGracePeriod: '1m', shutdownGracePeriodCriticalPods: '0' }),
      [],
    ],
    [
      'a shutdown with periods that do not fit',
      fault({ type: 'NodeShutdown', target: { zone: 'a' }, shutdownGracePeriod: '5s', shutdownGracePeriodCriticalPods: '10s' }),
      ['FieldValueInvalid spec.shutdownGracePeriodCriticalPods'],
    ],
    [
      'a shutdown with a period that is none, one that is too short, and a priority',
      fault({
        type: 'NodeShutdown',
        target: { node: 'n' },
        shutdownGracePeriod: 'long',
        shutdownGracePeriodCriticalPods: '400ms',
        shutdownGracePeriodByPodPriority: [{ priority: 1, shutdownGracePeriodSeconds: -1 }],
      }),
      [
        'FieldValueInvalid spec.shutdownGracePeriod',
        'FieldValueForbidden spec.shutdownGracePeriod',
        'FieldValueInvalid spec.shutdownGracePeriodCriticalPods',
        'FieldValueForbidden spec.shutdownGracePeriodCriticalPods',
        'FieldValueInvalid spec.shutdownGracePeriodByPodPriority[0].shutdownGracePeriodSeconds',
      ],
    ],
    ['a zone that is no label', fault({ type: 'ZoneDown', target: { zone: 'not one!' } }), ['FieldValueInvalid spec.target.zone']],
    [
      'a name without a namespace',
      fault({ type: 'CrashLoop', target: { pods: { name: 'a' } } }),
      ['FieldValueRequired spec.target.pods.namespace'],
    ],
    [
      'a selector that is none',
      fault({ type: 'CrashLoop', target: { pods: { selector: { matchExpressions: [{ key: 'a', operator: 'In' }] } } } }),
      ['FieldValueRequired spec.target.pods.selector.matchExpressions[0].values'],
    ],
    [
      'an unknown component',
      fault({ type: 'ComponentDown', target: { component: 'kube-dns' } }),
      ['FieldValueNotSupported spec.target.component'],
    ],
    ['a kubelet of no node', fault({ type: 'ComponentDown', target: { component: 'kubelet' } }), ['FieldValueRequired spec.target.node']],
    [
      'a scheduler of a node',
      fault({ type: 'ComponentDown', target: { component: 'kube-scheduler', node: 'n' } }),
      ['FieldValueForbidden spec.target.node'],
    ],
    [
      'times that are none',
      fault({ type: 'NodeDown', target: { node: 'n' }, from: 'soon', duration: '0s' }),
      ['FieldValueInvalid spec.from', 'FieldValueInvalid spec.duration'],
    ],
    ['an exit code that is none', fault({ type: 'CrashLoop', target: web, exitCode: 256 }), ['FieldValueInvalid spec.exitCode']],
    ['a rate of nothing', fault({ type: 'MemoryLeak', target: web, rate: '0' }), ['FieldValueInvalid spec.rate']],
    [
      'more than the whole disk',
      fault({ type: 'DiskPressure', target: { node: 'n' }, available: '120%' }),
      ['FieldValueInvalid spec.available'],
    ],
  ];
  for (const [title, object, errors] of cases) {
    it(title, () =>
      assert.deepEqual(
        FAULT_STRATEGY.validate(object).map(({ type, path }) => `${type} ${path.toString()}`),
        errors,
      ),
    );
  }
});

describe('what a Fault is aimed at', () => {
  it('says it in a few words', () => {
    assert.equal(targetText({ pods: { namespace: 'default', selector: { matchLabels: { app: 'web' } } } }), 'pods/default/app=web');
    assert.equal(targetText({ component: 'kubelet', node: 'worker-1' }), 'kubelet node/worker-1');
  });

  const patterns: readonly (readonly [pattern: string, image: string, fits: boolean])[] = [
    ['registry.test/*', 'registry.test/shop:1', true],
    ['*:1', 'registry.test/shop:1', true],
    ['registry.test/*:1', 'registry.test/shop:2', false],
    ['registry.test/shop', 'registry.test/shop:1', false],
    ['a*a', 'a', false],
    ['*o*p*', 'shop:o:p', true],
    ['*p*p', 'shop', false],
  ];
  for (const [image, name, fits] of patterns) {
    it(`${image} ${fits ? 'fits' : 'does not fit'} ${name}`, () => {
      assert.equal(concernsImage(fault({ type: 'ImagePullError', target: { image } }), name), fits);
    });
  }

  it('can name every controller that there is', () => {
    assert.deepEqual([...CONTROLLER_COMPONENTS], CONTROLLERS.map(({ name }): string => name).toSorted());
    assert.deepEqual([...CLOUD_COMPONENTS], OF_CLOUD.map(({ name }): string => name).toSorted());
    assert.equal(new Set(COMPONENTS).size, COMPONENTS.length);
  });
});
