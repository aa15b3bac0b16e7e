import assert from 'node:assert/strict';
import { errorText } from '../../../../src/apimachinery/field/error.ts';
import { FLOWSCHEMA_STRATEGY } from '../../../../src/api/flowcontrol/flowschema/strategy.ts';
import { PRIORITYLEVELCONFIGURATION_STRATEGY } from '../../../../src/api/flowcontrol/prioritylevelconfiguration/strategy.ts';
import { judgeCreate, judgeUpdate } from '../judge.ts';

describe('FlowSchema', () => {
  const level = { priorityLevelConfiguration: { name: 'l' } };
  const resourceRule = { verbs: ['get'], apiGroups: [''], resources: ['pods'], clusterScope: true };
  const user = { kind: 'User', user: { name: 'u' } };
  const rule = (changes: object): object => ({ rules: [{ subjects: [user], resourceRules: [resourceRule], ...changes }] });
  const urls = (...nonResourceURLs: readonly string[]): object => rule({ nonResourceRules: [{ verbs: ['get'], nonResourceURLs }] });

  it('comes after 999 others unless it says otherwise', () => {
    assert.equal(judgeCreate(FLOWSCHEMA_STRATEGY, { spec: level }).object.spec?.matchingPrecedence, 1000);
  });

  const specs: readonly (readonly [spec: object, errors: readonly string[]])[] = [
    [rule({}), []],
    [{ matchingPrecedence: 10001 }, ['matchingPrecedence: Invalid value: 10001: must not be greater than 10000']],
    [
      { distinguisherMethod: { type: 'X' } },
      ['distinguisherMethod.type: Unsupported value: {"Type":"X"}: supported values: "ByNamespace", "ByUser"'],
    ],
    [
      rule({ subjects: [{ kind: 'Group', user: { name: 'u' }, serviceAccount: { name: '*', namespace: 'n' } }] }),
      [
        "rules[0].subjects[0].group: Required value: group is required when subject kind is 'Group'",
        "rules[0].subjects[0].serviceAccount: Forbidden: serviceAccount is forbidden when subject kind is not 'ServiceAccount'",
        "rules[0].subjects[0].user: Forbidden: user is forbidden when subject kind is not 'User'",
      ],
    ],
    [rule({ subjects: [{ kind: 'ServiceAccount', serviceAccount: { name: '*', namespace: 'n' } }] }), []],
    [
      rule({ resourceRules: [{ verbs: ['*', 'get'], apiGroups: ['*', ''], resources: ['*', 'pods'], namespaces: ['*', 'n'] }] }),
      [
        `rules[0].resourceRules[0].verbs: Invalid value: ["*","get"]: if '*' is present, must not specify other verbs`,
        `rules[0].resourceRules[0].apiGroups: Invalid value: ["*",""]: if '*' is present, must not specify other api groups`,
        `rules[0].resourceRules[0].resources: Invalid value: ["*","pods"]: if '*' is present, must not specify other resources`,
        `rules[0].resourceRules[0].namespaces: Invalid value: ["*","n"]: if '*' is present, must not specify other namespaces`,
      ],
    ],
    [urls('/', '/a/*'), []],
    [
      urls('*', '/'),
      [
        `rules[0].nonResourceRules[0].nonResourceURLs: Invalid value: ["*","/"]: if '*' is present, must not specify other non-resource URLs`,
      ],
    ],
    [
      urls('/a b', '/a//b', '/a*'),
      [
        'rules[0].nonResourceRules[0].nonResourceURLs[0]: Invalid value: "/a b": must not contain white-space',
        'rules[0].nonResourceRules[0].nonResourceURLs[1]: Invalid value: "/a//b": must not contain double slash',
        'rules[0].nonResourceRules[0].nonResourceURLs[2]: Invalid value: "/a*": wildcard can only do suffix matching',
      ],
    ],
  ];
  for (const [spec, errors] of specs) {
    it(`judges ${JSON.stringify(spec).slice(0, 110)}`, () => {
      assert.deepEqual(
        judgeCreate(FLOWSCHEMA_STRATEGY, { spec: { ...level, ...spec } }).errors,
        errors.map((text) => `spec.${text}`),
      );
    });
  }

  it('cannot be changed where the server needs it', () => {
    const { errors } = judgeCreate(FLOWSCHEMA_STRATEGY, { metadata: { name: 'exempt' }, spec: { ...level, matchingPrecedence: 1 } });
    const printed = '{"PriorityLevelConfiguration":{"Name":"l"},"MatchingPrecedence":1,"DistinguisherMethod":null,"Rules":null}';
    assert.deepEqual(errors, [`spec: Invalid value: ${printed}: spec of 'exempt' must equal the fixed value`]);
  });

  it('has one condition a type', () => {
    const { object } = judgeCreate(FLOWSCHEMA_STRATEGY, { spec: level });
    const status = { conditions: [{ type: 'Dangling', status: 'False' }, { type: 'Dangling' }, {}] };
    assert.deepEqual(FLOWSCHEMA_STRATEGY.status?.validateUpdate({ ...object, status }, object).map(errorText), [
      'status.conditions[1].type: Duplicate value: "Dangling"',
      'status.conditions[2].type: Required value: must not be empty',
    ]);
    assert.equal(FLOWSCHEMA_STRATEGY.table?.cells({ ...object, status }, 0)[5], 'False');
  });
});

describe('PriorityLevelConfiguration', () => {
  const STRATEGY = PRIORITYLEVELCONFIGURATION_STRATEGY;
  const limited = (changes: object): object => ({ type: 'Limited', limited: { limitResponse: { type: 'Reject' }, ...changes } });
  const queue = (queuing: object): object => limited({ limitResponse: { type: 'Queue', queuing } });

  it('deals hands of 8 out of 64 queues unless it says otherwise', () => {
    assert.deepEqual(judgeCreate(STRATEGY, { spec: queue({}) }).object.spec?.limited, {
      nominalConcurrencyShares: 30,
      lendablePercent: 0,
      limitResponse: { type: 'Queue', queuing: { queues: 64, handSize: 8, queueLengthLimit: 50 } },
    });
  });

  const specs: readonly (readonly [spec: object, errors: readonly string[]])[] = [
    [limited({ nominalConcurrencyShares: 0 }), []],
    [{ type: 'Exempt' }, ["type: Invalid value: \"Exempt\": must be 'Exempt' if and only if `name` is 'exempt'"]],
    [
      { ...limited({ nominalConcurrencyShares: -1, borrowingLimitPercent: -1 }), exempt: {} },
      [
        'exempt: Forbidden: must be nil if the type is Limited',
        'limited.nominalConcurrencyShares: Invalid value: -1: must be a non-negative integer',
        'limited.borrowingLimitPercent: Invalid value: -1: if specified, must be a non-negative integer',
      ],
    ],
    [
      limited({ limitResponse: { type: 'Reject', queuing: {} } }),
      ['limited.limitResponse.queuing: Forbidden: must be nil if limited.limitResponse.type is not Limited'],
    ],
    [
      queue({ queues: 10_000_001 }),
      [
        'limited.limitResponse.queuing.queues: Invalid value: 10000001: must not be greater than 10000000',
        'limited.limitResponse.queuing.handSize: Invalid value: 8: required entropy bits of deckSize 10000001 and handSize 8 should not be greater than 60',
      ],
    ],
    [queue({ queues: 64, handSize: 10 }), []],
    [
      queue({ queues: 64, handSize: 11 }),
      [
        'limited.limitResponse.queuing.handSize: Invalid value: 11: required entropy bits of deckSize 64 and handSize 11 should not be greater than 60',
      ],
    ],
  ];
  for (const [spec, errors] of specs) {
    it(`judges ${JSON.stringify(spec)}`, () => {
      assert.deepEqual(
        judgeCreate(STRATEGY, { spec }).errors,
        errors.map((text) => `spec.${text}`),
      );
    });
  }

  it('lets the shares of the exempt level change, and nothing else', () => {
    const exempt = { metadata: { name: 'exempt' }, spec: { type: 'Exempt', exempt: {} } };
    assert.deepEqual(judgeUpdate(STRATEGY, exempt, { 'spec/exempt/nominalConcurrencyShares': 5 }).errors, []);
    assert.deepEqual(judgeCreate(STRATEGY, { metadata: { name: 'catch-all' }, spec: limited({}) }).errors, [
      `spec: Invalid value: {"Type":"Limited","Limited":{"NominalConcurrencyShares":30,"LimitResponse":{"Type":"Reject","Queuing":null},"LendablePercent":0,"BorrowingLimitPercent":null},"Exempt":null}: spec of 'catch-all' must equal the fixed value`,
    ]);
  });
});
