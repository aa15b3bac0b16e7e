import assert from 'node:assert/strict';
import { errorText } from '../../../../src/apimachinery/field/error.ts';
import { APISERVICE_STRATEGY as STRATEGY } from '../../../../src/api/apiregistration/apiservice/strategy.ts';
import type { APIService, APIServiceStatus } from '../../../../src/api/schema/types/apiregistration/v1.ts';
import { judgeCreate, judgeUpdate } from '../judge.ts';

const SPEC = { group: 'example.com', version: 'v1', groupPriorityMinimum: 1, versionPriority: 1 };
const SERVICE = { name: 's', namespace: 'n' };
const BASE = { metadata: { name: 'v1.example.com' }, spec: SPEC };

describe('APIService', () => {
  it('is there at once if this server has it', () => {
    assert.deepEqual(judgeCreate(STRATEGY, BASE).object.status?.conditions, [
      {
        type: 'Available',
        status: 'True',
        lastTransitionTime: '1970-01-01T00:00:00Z',
        reason: 'Local',
        message: 'Local APIServices are always available',
      },
    ]);
    assert.deepEqual(judgeCreate(STRATEGY, { ...BASE, spec: { ...SPEC, service: SERVICE } }).object.status, {});
  });

  const rules: readonly (readonly [spec: object, errors: readonly string[]])[] = [
    [{ service: SERVICE }, []],
    [{ version: 'v2' }, ['metadata.name: Invalid value: "v1.example.com": must be `spec.version+"."+spec.group`: "v2.example.com"']],
    [
      { group: '', version: 'v2' },
      [
        'metadata.name: Invalid value: "v1.example.com": must be `spec.version+"."+spec.group`: "v2."',
        'spec.group: Required value: only v1 may have an empty group and it better be legacy kube',
      ],
    ],
    [
      { groupPriorityMinimum: 20001, versionPriority: 0 },
      [
        'spec.groupPriorityMinimum: Invalid value: 20001: must be positive and less than 20000',
        'spec.versionPriority: Invalid value: 0: must be positive and less than 1000',
      ],
    ],
    [
      { caBundle: 'YWI=', insecureSkipTLSVerify: true },
      [
        'spec.caBundle: Invalid value: "2 bytes": local APIServices may not have a caBundle',
        'spec.insecureSkipTLSVerify: Invalid value: true: local APIServices may not have insecureSkipTLSVerify',
      ],
    ],
    [
      { service: { port: 0 }, caBundle: 'YWI=', insecureSkipTLSVerify: true },
      [
        'spec.service.namespace: Required value',
        'spec.service.name: Required value',
        'spec.service.port: Invalid value: 0: port is not valid: must be between 1 and 65535, inclusive',
        'spec.insecureSkipTLSVerify: Invalid value: true: may not be true if caBundle is present',
      ],
    ],
  ];
  for (const [spec, errors] of rules) {
    it(`judges ${JSON.stringify(spec)}`, () => {
      assert.deepEqual(judgeCreate(STRATEGY, { ...BASE, spec: { ...SPEC, ...spec } }).errors, errors);
    });
  }

  it('keeps version and group, as the name says them', () => {
    assert.deepEqual(judgeUpdate(STRATEGY, BASE, { 'spec/group': 'x.com' }).errors, [
      'metadata.name: Invalid value: "v1.example.com": must be `spec.version+"."+spec.group`: "v1.x.com"',
    ]);
  });

  it('shows who serves it and whether that works', () => {
    const cells = (spec: object, status: APIServiceStatus) =>
      STRATEGY.table?.cells({ metadata: BASE.metadata, spec: { ...SPEC, ...spec }, status }, 0).slice(1, 3);
    assert.deepEqual(cells({}, {}), ['Local', 'Unknown']);
    const broken = { conditions: [{ type: 'Available', status: 'False', reason: 'ServiceNotFound' }] };
    assert.deepEqual(cells({ service: SERVICE }, broken), ['n/s', 'False (ServiceNotFound)']);
  });

  it('judges what is said of the service', () => {
    const service: APIService = { ...BASE, status: { conditions: [{ type: 'Available', status: 'Maybe' }] } };
    assert.deepEqual(STRATEGY.status?.validateUpdate(service, service).map(errorText), [
      'status.conditions[0].status: Unsupported value: "Maybe": supported values: "True", "False", "Unknown"',
    ]);
  });
});
