import assert from 'node:assert/strict';
import { RESOURCESLICE_STRATEGY as STRATEGY } from '../../../../src/api/resource/resourceslice/strategy.ts';
import { judgeCreate, judgeUpdate } from '../judge.ts';

const POOL = { name: 'p', generation: 0, resourceSliceCount: 1 };
const BASE = { driver: 'd', pool: POOL, nodeName: 'n' };

function errorsOf(spec: object): readonly string[] {
  return judgeCreate(STRATEGY, { spec: { ...BASE, ...spec } }).errors;
}

function device(changes: object): object {
  return { devices: [{ name: 'x', ...changes }] };
}

describe('ResourceSlice', () => {
  const one = 'exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required';
  const oneOfDevice =
    'exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the ResourceSlice spec';
  const policy = (requestPolicy: object): object =>
    device({ allowMultipleAllocations: true, capacity: { m: { value: '10', requestPolicy } } });
  const specs: readonly (readonly [spec: object, errors: readonly string[]])[] = [
    [{}, []],
    [{ allNodes: true }, [`: Invalid value: "{\`nodeName\`, \`allNodes\`}": ${one}, but multiple fields are set`]],
    [
      { nodeName: undefined, allNodes: false },
      ['.allNodes: Invalid value: false: must be either unset or set to true', `: Required value: ${one}`],
    ],
    [
      { nodeName: undefined, nodeSelector: { nodeSelectorTerms: [{}, {}] } },
      [
        '.nodeSelector.nodeSelectorTerms: Invalid value: [{"MatchExpressions":null,"MatchFields":null},{"MatchExpressions":null,"MatchFields":null}]: must have exactly one node selector term',
      ],
    ],
    [{ pool: { ...POOL, name: 'a//b' } }, ['.pool.name: Invalid value: "": (pattern)']],
    [
      { ...device({}), sharedCounters: [{ name: 's', counters: { c: { value: '1' } } }] },
      [': Invalid value: "": only one of `sharedCounters` or `devices` is allowed'],
    ],
    [
      { sharedCounters: [{ name: '', counters: {} }] },
      ['.sharedCounters[0].name: Required value', '.sharedCounters[0].counters: Required value'],
    ],
    [
      { devices: Array.from({ length: 129 }, (_, index) => ({ name: `x${index}` })) },
      ['.devices: Too many: 129: must have at most 128 items'],
    ],
    [
      { devices: Array.from({ length: 65 }, (_, index) => ({ name: `x${index}`, taints: [{ key: 'k', effect: 'None' }] })) },
      ['.devices: Too many: 65: must have at most 64 items'],
    ],
    [
      device({ attributes: { a: { int: 1, string: 'x' }, b: { version: '1.2' }, c: { string: 'x'.repeat(65) } } }),
      [
        '.devices[0].attributes[a]: Invalid value: {"IntValue":1,"BoolValue":null,"StringValue":"x","VersionValue":null,"BoolValues":null,"IntValues":null,"StringValues":null,"VersionValues":null}: exactly one value must be specified',
        '.devices[0].attributes[b].version: Invalid value: "1.2": must be a string compatible with semver.org spec 2.0.0',
        '.devices[0].attributes[c].string: Too long: may not be more than 64 bytes',
      ],
    ],
    // A list of values is a feature that is off, so nothing is left of it.
    [device({ attributes: { a: { ints: [1] } } }), ['.devices[0].attributes[a]: Invalid value: "": exactly one value must be specified']],
    [
      device({ attributes: Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`a${index}`, { int: 1 }])) }),
      ['.devices[0]: Invalid value: 33: the total number of attributes and capacities must not exceed 32'],
    ],
    [
      device({ attributes: { [`${'a'.repeat(99)}`]: { version: 'x' } } }),
      [
        '.devices[0].attributes: Too long: may not be more than 32 bytes',
        `.devices[0].attributes[${'a'.repeat(47)}...${'a'.repeat(46)}].version: Invalid value: "x": must be a string compatible with semver.org spec 2.0.0`,
      ],
    ],
    [
      device({ capacity: { m: { value: '1', requestPolicy: {} } } }),
      ['.devices[0].capacity[m].requestPolicy: Forbidden: allowMultipleAllocations must be true'],
    ],
    [
      policy({ validValues: ['2', '1', '11'] }),
      ['.devices[0].capacity[m].requestPolicy.default: Required value: required when validValues is defined'],
    ],
    [
      policy({ default: '3', validValues: ['2', '1', '11'] }),
      [
        '.devices[0].capacity[m].requestPolicy.validValues[1]: Invalid value: "1": values must be sorted in ascending order',
        '.devices[0].capacity[m].requestPolicy.validValues[2]: Invalid value: "11": option is larger than capacity value: 10',
        '.devices[0].capacity[m].requestPolicy.validValues: Invalid value: "3": default value is not valid according to the requestPolicy',
      ],
    ],
    [policy({ default: '5', validRange: { min: '1', max: '9', step: '2' } }), []],
    [
      policy({ default: '4', validRange: { min: '1', max: '20', step: '10' } }),
      [
        '.devices[0].capacity[m].requestPolicy.validRange.max: Invalid value: "20": max is larger than capacity value: 10',
        '.devices[0].capacity[m].requestPolicy.validRange.step: Invalid value: "10": one step 11 is larger than capacity value: 10',
        '.devices[0].capacity[m].requestPolicy.validRange.step: Invalid value: "4": value is not a multiple of a given step (10) from (1)',
        '.devices[0].capacity[m].requestPolicy.validRange.step: Invalid value: "20": value is not a multiple of a given step (10) from (1)',
      ],
    ],
    [
      device({ nodeName: 'n' }),
      [
        '.devices[0]: Invalid value: null: `nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec',
      ],
    ],
    [
      { nodeName: undefined, perDeviceNodeSelection: true, devices: [{ name: 'x' }, { name: 'y', nodeName: 'n', allNodes: true }] },
      [`.devices[0]: Required value: ${oneOfDevice}`, `.devices[1]: Invalid value: "{\`nodeName\`, \`allNodes\`}": ${oneOfDevice}`],
    ],
    [
      device({ taints: [{ key: '', effect: 'Bogus' }], consumesCounters: [{ counterSet: 's', counters: { A: { value: '1' } } }] }),
      [
        '.devices[0].taints[0].key: Invalid value: "": name part must be non-empty',
        '.devices[0].taints[0].key: Invalid value: "": (pattern)',
        '.devices[0].taints[0].effect: Unsupported value: "Bogus": supported values: "NoExecute", "NoSchedule", "None"',
        '.devices[0].consumesCounters[0].counters: Invalid value: "A": (pattern)',
      ],
    ],
  ];
  for (const [spec, errors] of specs) {
    it(`judges ${JSON.stringify(spec).slice(0, 100)}`, () => {
      assert.deepEqual(
        errorsOf(spec).map((text) => text.replace(/: [^:]*\(e\.g\. .*$/, ': (pattern)')),
        errors.map((text) => `spec${text}`),
      );
    });
  }

  it('stays with its driver, pool and node', () => {
    const changes = { 'spec/driver': 'e', 'spec/pool/name': 'q', 'spec/nodeName': 'm' };
    assert.deepEqual(judgeUpdate(STRATEGY, { spec: BASE }, changes).errors, [
      'spec.pool.name: Invalid value: "q": field is immutable',
      'spec.driver: Invalid value: "e": field is immutable',
      'spec.nodeName: Invalid value: "m": field is immutable',
    ]);
  });

  it('notes when a taint came, and warns of capitals', () => {
    const { object, warnings } = judgeCreate(STRATEGY, {
      spec: { ...BASE, driver: 'D', ...device({ taints: [{ key: 'k', effect: 'None' }] }) },
    });
    assert.equal(object.spec.devices?.[0]?.taints?.[0]?.timeAdded, '1970-01-01T00:00:00Z');
    assert.deepEqual(warnings, ['spec.driver: driver names should be lowercase; "D" contains uppercase characters']);
  });
});
