import assert from 'node:assert/strict';
import { METRIC_STRATEGY } from '../../../../src/api/kubepad/metric/strategy.ts';
import type { MetricSpec } from '../../../../src/api/kubepad/types.ts';

describe('validation of a Metric', () => {
  const cases: readonly (readonly [title: string, spec: MetricSpec | undefined, expected: readonly string[]])[] = [
    ['of Pods', { value: '10', pods: { selector: { matchLabels: { app: 'web' } } } }, []],
    ['of an object', { name: 'hits', value: '10m', describedObject: { kind: 'Service', name: 'web' } }, []],
    ['of something outside', { value: '1k', labels: { topic: 'a' } }, []],
    ['without a value', {}, ['FieldValueRequired spec.value']],
    ['without a spec', undefined, ['FieldValueRequired spec.value']],
    ['with a value that is none', { value: 'many' }, ['FieldValueInvalid spec.value']],
    ['of both', { value: '1', pods: {}, describedObject: { kind: 'Service', name: 'web' } }, ['FieldValueForbidden spec.pods']],
    [
      'of nothing in particular',
      { value: '1', describedObject: { kind: '', name: '' } },
      ['FieldValueRequired spec.describedObject.kind', 'FieldValueRequired spec.describedObject.name'],
    ],
    [
      'with names that are none',
      { name: 'a/b', value: '1', labels: { 'not one!': 'x' } },
      ['FieldValueInvalid spec.name', 'FieldValueInvalid spec.labels'],
    ],
  ];
  for (const [title, spec, expected] of cases) {
    it(title, () => {
      const errors = METRIC_STRATEGY.validate({ metadata: { name: 'm' }, ...(spec === undefined ? {} : { spec }) });
      assert.deepEqual(
        errors.map(({ type, path }) => `${type} ${path.toString()}`),
        expected,
      );
    });
  }
});
