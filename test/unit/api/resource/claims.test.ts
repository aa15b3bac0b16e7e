import assert from 'node:assert/strict';
import { errorText } from '../../../../src/apimachinery/field/error.ts';
import { DEVICECLASS_STRATEGY } from '../../../../src/api/resource/deviceclass/strategy.ts';
import { RESOURCECLAIM_STRATEGY as STRATEGY } from '../../../../src/api/resource/resourceclaim/strategy.ts';
import { RESOURCECLAIMTEMPLATE_STRATEGY } from '../../../../src/api/resource/resourceclaimtemplate/strategy.ts';
import type { ResourceClaim, ResourceClaimStatus } from '../../../../src/api/schema/types/resource/v1.ts';
import { draft } from '../../../../src/base/json.ts';
import { judgeCreate, judgeUpdate } from '../judge.ts';

const EXACTLY = { deviceClassName: 'c' };
const CLAIM = { spec: { devices: { requests: [{ name: 'r', exactly: EXACTLY }] } } };
const REFERENCE = "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";

function errorsOf(devices: object): readonly string[] {
  return judgeCreate(STRATEGY, { spec: { devices } }).errors;
}

describe('ResourceClaim', () => {
  it('asks for one device and tolerates by value unless it says otherwise', () => {
    const requests = [
      { name: 'r', exactly: { ...EXACTLY, tolerations: [{ key: 'k' }] } },
      { name: 's', firstAvailable: [{ name: 'a', ...EXACTLY }] },
    ];
    const defaults = { allocationMode: 'ExactCount', count: 1 };
    assert.deepEqual(judgeCreate(STRATEGY, { spec: { devices: { requests } } }).object.spec.devices?.requests, [
      { name: 'r', exactly: { ...EXACTLY, ...defaults, tolerations: [{ key: 'k', operator: 'Equal' }] } },
      { name: 's', firstAvailable: [{ name: 'a', ...EXACTLY, ...defaults }] },
    ]);
  });

  const exactly = (changes: object): object => ({ requests: [{ name: 'r', exactly: { ...EXACTLY, ...changes } }] });
  const { requests } = CLAIM.spec.devices;
  const rules: readonly (readonly [devices: object, errors: readonly string[]])[] = [
    [{ requests: [{ name: 'r' }] }, ['requests[0]: Required value: exactly one of `exactly` or `firstAvailable` is required']],
    [exactly({ count: -1 }), ['requests[0].exactly.count: Invalid value: -1: must be greater than zero']],
    [
      exactly({ allocationMode: 'All', count: 1 }),
      ["requests[0].exactly.count: Invalid value: 1: must not be specified when allocationMode is 'All'"],
    ],
    [exactly({ selectors: [{}] }), ['requests[0].exactly.selectors[0].cel: Required value']],
    [
      exactly({ selectors: [{ cel: { expression: 'x'.repeat(10 * 1024 + 1) } }] }),
      ['requests[0].exactly.selectors[0].cel.expression: Too long: may not be more than 10240 bytes'],
    ],
    [
      exactly({ tolerations: [{ operator: 'Exists', value: 'x', effect: 'Bogus' }] }),
      [
        'requests[0].exactly.tolerations[0].value: Invalid value: "x": must be empty for operator `Exists`',
        'requests[0].exactly.tolerations[0].effect: Unsupported value: "Bogus": supported values: "NoExecute", "NoSchedule", "None"',
      ],
    ],
    [
      { requests: Array.from({ length: 33 }, (_, index) => ({ name: `r${index}`, exactly: EXACTLY })) },
      ['requests: Too many: 33: must have at most 32 items'],
    ],
    [{ requests: [...requests, ...requests] }, ['requests[1]: Duplicate value: "r"']],
    [
      { requests, constraints: [{ requests: ['r', 'r/x', 'r'], matchAttribute: 'a/b', distinctAttribute: 'x' }] },
      [`constraints[0].requests[1]: Invalid value: "r/x": ${REFERENCE}`, 'constraints[0].requests[2]: Duplicate value: "r"'],
    ],
    [
      { requests, constraints: [{ distinctAttribute: 'x' }, {}] },
      [
        'constraints[0].distinctAttribute: Invalid value: "x": a fully qualified name must be a domain and a name separated by a slash',
        'constraints[1]: Required value: exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set',
      ],
    ],
    [
      { requests, constraints: [{ matchAttribute: '/' }] },
      [
        'constraints[0].matchAttribute: Invalid value: "": the domain must not be empty',
        'constraints[0].matchAttribute: Invalid value: "": the name must not be empty',
      ],
    ],
    [
      { requests, config: [{ opaque: { driver: 'd', parameters: 'text' } }, {}] },
      ['config[0].opaque.parameters: Invalid value: "<value omitted>": must be a valid JSON object', 'config[1].opaque: Required value'],
    ],
  ];
  for (const [devices, errors] of rules) {
    it(`judges ${JSON.stringify(devices).slice(0, 90)}`, () => {
      assert.deepEqual(
        errorsOf(devices),
        errors.map((text) => `spec.devices.${text}`),
      );
    });
  }

  it('gives access to devices in use only where the namespace says so', () => {
    const { object } = judgeCreate(STRATEGY, { spec: { devices: exactly({ adminAccess: true }) } });
    const check = (namespaceLabels: Readonly<Record<string, string>>) => STRATEGY.validate(object, { namespaceLabels }).map(errorText);
    assert.deepEqual(check({ 'resource.kubernetes.io/admin-access': 'true' }), []);
    assert.deepEqual(check({}), [
      'spec.devices.requests[0].adminAccess: Forbidden: admin access to devices requires the `resource.kubernetes.io/admin-access: true` label on the containing namespace',
    ]);
    assert.deepEqual(STRATEGY.validate(object), []);
  });

  it('never changes', () => {
    const [error = ''] = judgeUpdate(STRATEGY, CLAIM, { 'spec/devices/requests/0/name': 'UPPER' }).errors;
    assert.match(error, /^spec: Invalid value: \{"Devices":\{"Requests":\[\{"Name":"UPPER",.*field is immutable$/);
  });
});

describe('the status of a ResourceClaim', () => {
  const old = judgeCreate(STRATEGY, CLAIM).object;
  const result = { request: 'r', driver: 'd', pool: 'p', device: 'x' };
  const allocation = { devices: { results: [result] } };
  const device = { driver: 'd', pool: 'p', device: 'x' };
  const errors = (status: object, before: object = {}): readonly string[] =>
    (STRATEGY.status?.validateUpdate({ ...old, status }, { ...old, status: before }) ?? []).map(errorText);

  const statuses: readonly (readonly [what: string, status: object, errors: readonly string[]])[] = [
    ['an allocation', { allocation, devices: [device], reservedFor: [{ resource: 'pods', name: 'a', uid: 'u' }] }, []],
    [
      'a consumer without an allocation',
      { reservedFor: [{ resource: '', name: '', uid: '' }] },
      [
        'reservedFor[0].resource: Required value',
        'reservedFor[0].name: Required value',
        'reservedFor[0].uid: Required value',
        'reservedFor: Forbidden: may not be specified when `allocated` is not set',
      ],
    ],
    [
      'a result of another request',
      { allocation: { devices: { results: [{ ...result, request: 's', shareID: 'x' }] } } },
      [
        `allocation.devices.results[0].request: Invalid value: "s": ${REFERENCE}`,
        'allocation.devices.results[0].shareID: Invalid value: "x": error validating uid: invalid UUID length: 1',
      ],
    ],
    [
      'the state of another device',
      { allocation, devices: [{ ...device, device: 'y', networkData: { ips: ['10.0.0.1', '10.0.0.01/24'] } }] },
      [
        'devices[0]: Invalid value: d/p/y: must be an allocated device in the claim',
        'devices[0].networkData.ips[0]: Invalid value: "10.0.0.1": must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)',
        'devices[0].networkData.ips[1]: Invalid value: "10.0.0.01/24": must be in canonical form ("10.0.0.1/24")',
      ],
    ],
    [
      'conditions for binding without those of failure',
      { allocation: { devices: { results: [{ ...result, bindingConditions: ['a', 'a'] }] } } },
      [
        'allocation.devices.results[0].bindingConditions[1]: Duplicate value: "a"',
        'allocation.devices.results[0].bindingFailureConditions: Invalid value: null: bindingFailureConditions are required to use bindingConditions',
      ],
    ],
  ];
  for (const [what, status, expected] of statuses) {
    it(`may${expected.length > 0 ? ' not' : ''} hold ${what}`, () => {
      assert.deepEqual(
        errors(status),
        expected.map((text) => `status.${text}`),
      );
    });
  }

  it('keeps its allocation', () => {
    const [error = ''] = errors({ allocation: { devices: { results: [{ ...result, device: 'y' }] } } }, { allocation });
    assert.match(error, /^status\.allocation: Invalid value: \{"Devices":\{"Results":\[\{"Request":"r".*field is immutable$/);
  });

  it('forgets the state of devices that are given back', () => {
    const claim = draft<ResourceClaim>({ ...old, status: { devices: [device] } });
    const before: ResourceClaimStatus = { allocation, devices: [device] };
    STRATEGY.status?.prepareForUpdate?.(claim, { ...old, status: before }, { now: '', user: { name: '', groups: [] } });
    assert.deepEqual(claim.status, {});
  });

  it('is shown', () => {
    const state = (status: ResourceClaimStatus) => STRATEGY.table?.cells({ ...old, status }, 0)[1];
    assert.equal(state({}), 'pending');
    assert.equal(state({ allocation, reservedFor: [{ resource: 'pods', name: 'a', uid: 'u' }] }), 'allocated,reserved');
  });
});

describe('selectors of devices', () => {
  const cases: readonly (readonly [expression: string, problem: string | undefined])[] = [
    ['device.driver == "d" && device.attributes["d"].model == "a" && device.allowMultipleAllocations', undefined],
    ['device.capacity["d"].memory.compareTo(quantity("1Gi")) >= 0', undefined],
    ['cel.bind(d, device.attributes["d"], d.a > 1 && semver("1.0.0").isLessThan(d.version))', undefined],
    ['device.attributes["d"].ok', undefined],
    ['device.driver', 'Invalid value: "device.driver": must evaluate to bool or the unknown type, not string'],
    [
      'device.bogus',
      `Invalid value: "device.bogus": compilation failed: ERROR: <input>:1:7: undefined field 'bogus'\n | device.bogus\n | ......^`,
    ],
    [
      `${Array.from({ length: 4 }, () => 'device.attributes.all(d, device.attributes[d].all(k, ').join('')}true${'))'.repeat(4)}`,
      'Forbidden: too complex, exceeds cost limit',
    ],
  ];
  for (const [expression, problem] of cases) {
    it(`are compiled: ${expression.slice(0, 70)}`, () => {
      const { errors } = judgeCreate(DEVICECLASS_STRATEGY, { spec: { selectors: [{ cel: { expression } }] } });
      assert.deepEqual(errors, problem === undefined ? [] : [`spec.selectors[0].cel.expression: ${problem}`]);
    });
  }

  it('are compiled once', () => {
    const before = { spec: { selectors: [{ cel: { expression: 'true' } }] } };
    assert.deepEqual(judgeUpdate(DEVICECLASS_STRATEGY, before, { 'spec/extendedResourceName': 'example.com/gpu' }).errors, []);
  });
});

describe('ResourceClaimTemplate', () => {
  it('holds a claim and no name', () => {
    const { errors } = judgeCreate(RESOURCECLAIMTEMPLATE_STRATEGY, {
      spec: { metadata: { name: 'n' }, spec: { devices: { requests: [{ name: 'r' }] } } },
    });
    assert.deepEqual(errors, [
      'spec.metadata.name: Forbidden: cannot be set',
      'spec.spec.devices.requests[0]: Required value: exactly one of `exactly` or `firstAvailable` is required',
    ]);
  });
});

describe('DeviceClass', () => {
  const spec = { selectors: [{ cel: { expression: 'true' } }], extendedResourceName: 'example.com/gpu' };

  it('counts its changes', () => {
    const { errors, object } = judgeUpdate(DEVICECLASS_STRATEGY, { spec }, { 'spec/extendedResourceName': undefined });
    assert.deepEqual([errors, object.metadata.generation], [[], 2]);
  });

  it('names a resource of its own', () => {
    assert.deepEqual(judgeCreate(DEVICECLASS_STRATEGY, { spec: { extendedResourceName: 'cpu' } }).errors, [
      'spec.extendedResourceName: Invalid value: "cpu": must be a valid extended resource name',
    ]);
  });
});
