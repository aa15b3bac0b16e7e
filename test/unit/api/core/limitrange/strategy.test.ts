import assert from 'node:assert/strict';
import { LIMITRANGE_STRATEGY as STRATEGY } from '../../../../../src/api/core/limitrange/strategy.ts';
import { judgeCreate } from '../../judge.ts';

function judge(...limits: readonly object[]) {
  return judgeCreate(STRATEGY, { spec: { limits } });
}

describe('LimitRange', () => {
  it('takes defaults of containers from their bounds', () => {
    const { object } = judge({ type: 'Container', max: { cpu: '2' }, min: { memory: '1Mi' }, default: { memory: '2Mi' } });
    assert.deepEqual(object.spec?.limits, [
      {
        type: 'Container',
        max: { cpu: '2' },
        min: { memory: '1Mi' },
        default: { cpu: '2', memory: '2Mi' },
        defaultRequest: { cpu: '2', memory: '2Mi' },
      },
    ]);
  });

  it('gets a name if it has none', () => {
    assert.match(judgeCreate(STRATEGY, { metadata: {}, spec: { limits: [] } }).object.metadata.name ?? '', /^[0-9a-f-]{36}$/);
  });

  const rules: readonly (readonly [item: object, errors: readonly string[]])[] = [
    [{ type: 'Bogus' }, ['type: Invalid value: "Bogus": must be a standard limit type or fully qualified']],
    [{ type: 'example.com/thing', max: { 'example.com/x': '1' } }, []],
    [
      { type: 'Pod', default: { cpu: '1' }, defaultRequest: { cpu: '1' } },
      [
        "default: Forbidden: may not be specified when `type` is 'Pod'",
        "defaultRequest: Forbidden: may not be specified when `type` is 'Pod'",
      ],
    ],
    [
      { type: 'PersistentVolumeClaim', max: { cpu: '1' } },
      ['limits: Required value: either minimum or maximum storage value is required, but neither was provided'],
    ],
    [
      { type: 'Container', min: { cpu: '3' }, max: { cpu: '1' }, default: { cpu: '2' }, defaultRequest: { cpu: '4' } },
      [
        'min[cpu]: Invalid value: "3": min value 3 is greater than max value 1',
        'defaultRequest[cpu]: Invalid value: "4": default request value 4 is greater than max value 1',
        'defaultRequest[cpu]: Invalid value: "4": default request value 4 is greater than default limit value 2',
        'default[cpu]: Invalid value: "3": min value 3 is greater than default value 2',
        'default[cpu]: Invalid value: "1": default value 2 is greater than max value 1',
      ],
    ],
    [
      { type: 'Pod', max: { cpu: '1' }, min: { cpu: '300m' }, maxLimitRequestRatio: { cpu: '4' } },
      ['maxLimitRequestRatio[cpu]: Invalid value: "4": ratio 4 is greater than max/min = 3.333333'],
    ],
    [
      { type: 'Pod', max: { cpu: '-1' }, min: { cpu: '0' }, maxLimitRequestRatio: { cpu: '500m' } },
      [
        'min[cpu]: Invalid value: "0": min value 0 is greater than max value -1',
        'maxLimitRequestRatio[cpu]: Invalid value: "500m": ratio 500m is less than 1',
        'maxLimitRequestRatio[cpu]: Invalid value: "500m": ratio 500m is greater than max/min = -Inf',
      ],
    ],
    [
      { type: 'Container', default: { 'example.com/gpu': '2' }, defaultRequest: { 'example.com/gpu': '1' } },
      ['defaultRequest[example.com/gpu]: Invalid value: "1": default value 2 must equal to defaultRequest value 1 in example.com/gpu'],
    ],
  ];
  for (const [item, errors] of rules) {
    it(`judges ${JSON.stringify(item)}`, () => {
      assert.deepEqual(
        judge(item).errors,
        errors.map((text) => `spec.limits[0].${text}`),
      );
    });
  }

  it('has one entry a type', () => {
    assert.deepEqual(judge({ type: 'Pod' }, { type: 'Pod' }).errors, ['spec.limits[1].type: Duplicate value: "Pod"']);
  });
});
