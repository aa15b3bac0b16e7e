import assert from 'node:assert/strict';
import { errorText } from '../../../../src/apimachinery/field/error.ts';
import { firstOverlap, parseIndexes } from '../../../../src/api/batch/job/indexes.ts';
import { JOB_STRATEGY } from '../../../../src/api/batch/job/strategy.ts';
import { judgeCreate, judgeUpdate } from '../judge.ts';

type Spec = Readonly<Record<string, unknown>>;
const POD = { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i:1' }] };
const TEMPLATE = { spec: POD };
const INDEXED = { completionMode: 'Indexed', completions: 6, parallelism: 3 };
const rule = (one: Spec) => ({ podFailurePolicy: { rules: [one] } });
const success = (one: Spec) => ({ ...INDEXED, successPolicy: { rules: [one] } });

function job(spec: Spec) {
  return { spec: { template: TEMPLATE, ...spec } };
}

describe('Job', () => {
  it('runs one Pod to its end, and knows it by labels', () => {
    const { spec, metadata } = judgeCreate(JOB_STRATEGY, job({})).object;
    assert.deepEqual(
      [spec?.completions, spec?.parallelism, spec?.backoffLimit, spec?.podReplacementPolicy],
      [1, 1, 6, 'TerminatingOrFailed'],
    );
    assert.deepEqual(spec?.selector, { matchLabels: { 'batch.kubernetes.io/controller-uid': '' } });
    assert.equal(spec?.template.metadata.labels?.['batch.kubernetes.io/job-name'], 'x');
    assert.equal(metadata.labels, undefined);
  });
  it('takes its labels from the template, those that are generated too', () => {
    const { metadata, spec } = judgeCreate(JOB_STRATEGY, job({ template: { ...TEMPLATE, metadata: { labels: { a: 'b' } } } })).object;
    assert.deepEqual(metadata.labels, spec?.template.metadata.labels);
    assert.equal(metadata.labels?.['job-name'], 'x');
  });
  it('retries without end where each index counts its own failures', () => {
    assert.equal(judgeCreate(JOB_STRATEGY, job({ ...INDEXED, backoffLimitPerIndex: 1 })).object.spec?.backoffLimit, 2147483647);
  });

  const at = 'spec.podFailurePolicy.rules[0]';
  const refused: readonly (readonly [spec: Spec, errors: readonly string[]])[] = [
    [
      { template: { spec: { ...POD, restartPolicy: 'Always' } } },
      ['spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'],
    ],
    [{ completionMode: 'Indexed', parallelism: 1 }, ['spec.completions: Required value: when completion mode is Indexed']],
    [{ maxFailedIndexes: 1, ...INDEXED }, ['spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified']],
    [
      { ...INDEXED, completions: 200000, backoffLimitPerIndex: 1, maxFailedIndexes: 20000 },
      [
        'spec.maxFailedIndexes: Invalid value: 20000: must be less than or equal to 10000 when completions are above 100000 and used with backoff limit per index',
      ],
    ],
    [
      { managedBy: 'example.com' },
      ['spec.managedBy: Invalid value: "example.com": must be a domain-prefixed path (such as "acme.io/foo")'],
    ],
    [{ managedBy: `a.b/${'x'.repeat(60)}` }, ['spec.managedBy: Too long: may not be more than 63 bytes']],
    [rule({ action: 'Ignore' }), [`${at}: Invalid value: specifying one of OnExitCodes and OnPodConditions is required`]],
    [
      rule({ action: 'FailJob', onExitCodes: { operator: 'In', values: [0, 5, 3, 3] } }),
      [
        `${at}.onExitCodes.values[0]: Invalid value: 0: must not be 0 for the In operator`,
        `${at}.onExitCodes.values[3]: Duplicate value: 3`,
        `${at}.onExitCodes.values: Invalid value: [0,5,3,3]: must be ordered`,
      ],
    ],
    [
      { ...rule({ action: 'Ignore', onPodConditions: [{ type: 'X' }] }), template: { spec: { ...POD, restartPolicy: 'OnFailure' } } },
      ['spec.template.spec.restartPolicy: Invalid value: "OnFailure": only "Never" is supported when podFailurePolicy is specified'],
    ],
    [success({}), ['spec.successPolicy.rules[0]: Required value: at least one of succeededCount or succeededIndexes must be specified']],
    [
      success({ succeededIndexes: '0-1,7' }),
      ['spec.successPolicy.rules[0].succeededIndexes: Invalid value: "0-1,7": error parsing succeededIndexes: too large index: "7"'],
    ],
    [
      { manualSelector: true, selector: { matchLabels: { a: 'b' } } },
      ['spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`'],
    ],
  ];
  for (const [spec, errors] of refused) {
    it(`judges ${JSON.stringify(spec)}`, () => assert.deepEqual(judgeCreate(JOB_STRATEGY, job(spec)).errors, errors));
  }
  it('checks the longest name of a Pod', () => {
    const name = 'j'.repeat(61);
    const { errors } = judgeCreate(JOB_STRATEGY, { ...job({ ...INDEXED, completions: 11 }), metadata: { name } });
    assert.deepEqual(errors, [`metadata.name: Invalid value: "${name}": will not able to create pod with invalid DNS label: ${name}-10`]);
  });

  it('warns of more indexes than can be tracked', () => {
    const { warnings } = judgeCreate(JOB_STRATEGY, job({ completionMode: 'Indexed', completions: 100001, parallelism: 10001 }));
    assert.match(warnings[0] ?? '', /^spec: In Indexed Jobs with a number of completions higher than 10\^5/);
  });
});

describe('Job updates', () => {
  const updates: readonly (readonly [what: string, spec: Spec, changes: Spec, errors: readonly RegExp[]])[] = [
    ['parallelism', {}, { 'spec/parallelism': 5 }, []],
    ['completions', {}, { 'spec/completions': 2 }, [/^spec\.completions: Invalid value: 2: field is immutable$/]],
    ['completions with parallelism', INDEXED, { 'spec/completions': 4, 'spec/parallelism': 4 }, []],
    [
      'completions of an Indexed Job alone',
      INDEXED,
      { 'spec/completions': 4 },
      [/^spec\.completions: Invalid value: 4: can only be modified in tandem with spec\.parallelism$/],
    ],
    [
      'the template',
      {},
      { 'spec/template/spec/nodeSelector': { a: 'b' } },
      [/^spec\.template: Invalid value: \{"labels":.*: field is immutable$/],
    ],
    ['where a suspended Job may run', { suspend: true }, { 'spec/template/spec/nodeSelector': { a: 'b' } }, []],
    [
      'affinity to nodes of a suspended Job',
      { suspend: true },
      { 'spec/template/spec/affinity': { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] } } },
      [],
    ],
    ['what a suspended Job asks for', { suspend: true }, { 'spec/template/spec/containers/0/resources': { requests: { cpu: '1' } } }, []],
    [
      'the image of a suspended Job',
      { suspend: true },
      { 'spec/template/spec/containers/0/image': 'z' },
      [/^spec\.template\.spec: Invalid value: \{"Volumes":null.*: field is immutable$/],
    ],
    ['who manages it', {}, { 'spec/managedBy': 'a.b/c' }, [/^spec\.managedBy: Invalid value: "a\.b\/c": field is immutable$/]],
  ];
  for (const [what, spec, changes, errors] of updates) {
    it(`judges a change of ${what}`, () => {
      const found = judgeUpdate(JOB_STRATEGY, job(spec), changes).errors;
      assert.equal(found.length, errors.length, found.join('\n'));
      errors.forEach((pattern, index) => assert.match(found[index] ?? '', pattern));
    });
  }
});

describe('Job status', () => {
  const { object } = judgeCreate(JOB_STRATEGY, job({ ...INDEXED, backoffLimitPerIndex: 1 }));
  const yes = (type: string) => ({ type, status: 'True' });
  const done = {
    conditions: [yes('SuccessCriteriaMet'), yes('Complete')],
    startTime: '2026-01-02T03:04:05Z',
    completionTime: '2026-01-02T03:05:05Z',
  };
  const cases: readonly (readonly [status: object, before: object, errors: readonly string[]])[] = [
    [done, {}, []],
    [{ active: -1 }, { active: -1 }, ['status.active: Invalid value: -1: must be greater than or equal to 0']],
    [
      { ...done, completionTime: '2026-01-02T03:04:00Z' },
      {},
      ['status.completionTime: Invalid value: 2026-01-02 03:04:00 +0000 UTC: must be equal to or after `startTime`'],
    ],
    [{ ...done, completionTime: undefined }, {}, ['status.completionTime: Required value: completionTime is required for Complete jobs']],
    [
      { ...done, conditions: [yes('Failed')], completionTime: undefined },
      {},
      ['status.conditions: Invalid value: cannot set Failed=True condition without the FailureTarget=true condition'],
    ],
    [{ ...done, active: 1 }, {}, ['status.active: Invalid value: 1: active>0 is invalid for finished job']],
    [
      { completedIndexes: '0,2', failedIndexes: '1-3' },
      {},
      ['status.failedIndexes: Invalid value: "1-3": failedIndexes and completedIndexes overlap at index: 2'],
    ],
    [{ ready: 2, active: 1 }, {}, ['status.ready: Invalid value: 2: cannot set more ready pods than active']],
    [{ failed: 1 }, { failed: 2 }, ['status.failed: Invalid value: 1: cannot decrease the failed counter']],
    [
      { startTime: done.startTime },
      done,
      [
        'status.conditions: Invalid value: cannot disable the terminal Complete=True condition',
        'status.conditions: Invalid value: cannot disable the SuccessCriteriaMet=True condition',
      ],
    ],
    [
      { uncountedTerminatedPods: { succeeded: ['a', ''], failed: ['a'] } },
      {},
      [
        'status.uncountedTerminatedPods.succeeded[1]: Invalid value: "": must not be empty',
        'status.uncountedTerminatedPods.failed[0]: Duplicate value: "a"',
      ],
    ],
  ];
  for (const [status, before, errors] of cases) {
    it(`judges ${JSON.stringify(status)}`, () => {
      const found = JOB_STRATEGY.status?.validateUpdate({ ...object, status }, { ...object, status: before }) ?? [];
      assert.deepEqual(found.map(errorText), errors);
    });
  }
});

describe('Job table', () => {
  const cells = (spec: Spec, status: object) =>
    JOB_STRATEGY.table?.cells({ ...judgeCreate(JOB_STRATEGY, job(spec)).object, status }, Date.parse('2026-01-02T03:06:05Z')).slice(1, 4);
  const startTime = '2026-01-02T03:04:05Z';
  it('says how far a Job is', () => {
    assert.deepEqual(cells({ completions: 3 }, { succeeded: 1, startTime }), ['Running', '1/3', '2m']);
    assert.deepEqual(cells({ parallelism: 2 }, {}), ['Running', '0/1 of 2', '']);
    const conditions = [{ type: 'Complete', status: 'True' }];
    assert.deepEqual(cells({}, { succeeded: 1, startTime, completionTime: '2026-01-02T03:04:11Z', conditions }), ['Complete', '1/1', '6s']);
  });
});

describe('parseIndexes', () => {
  const cases: readonly (readonly [text: string, total: number | string])[] = [
    ['', 0],
    ['0,2-3', 3],
    ['1-2-3', 'the fragment "1-2-3" violates the requirement that an index interval can have at most two parts separated by \'-\''],
    ['x', 'cannot convert string to integer for index: "x"'],
    ['2,1', 'non-increasing order, previous: 2, current: 1'],
    ['3-3', 'non-increasing order, previous: 3, current: 3'],
    ['9', 'too large index: "9"'],
  ];
  for (const [text, expected] of cases) {
    it(`reads ${text}`, () => {
      const indexes = parseIndexes(text, 6);
      assert.equal('error' in indexes ? indexes.error : indexes.total, expected);
    });
  }
  it('finds where two sets meet', () => {
    assert.equal(firstOverlap('0-1,4', '2-3,4-5', 6), 4);
    assert.equal(firstOverlap('0,x,2', '1,3', 6), undefined);
  });
});
