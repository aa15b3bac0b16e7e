import assert from 'node:assert/strict';
import { scheduleError } from '../../../../src/api/batch/cronjob/schedule.ts';
import { CRONJOB_STRATEGY } from '../../../../src/api/batch/cronjob/strategy.ts';
import { judgeCreate, judgeUpdate } from '../judge.ts';

type Spec = Readonly<Record<string, unknown>>;
const JOB = { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i:1' }] } } };

function cronJob(spec: Spec) {
  return { spec: { schedule: '@hourly', jobTemplate: { spec: JOB }, ...spec } };
}

describe('scheduleError', () => {
  const cases: readonly (readonly [schedule: string, error: string | undefined])[] = [
    ['*/5 2-4 * * 1,3', undefined],
    ['0 0 1 JAN sun-sat/2', undefined],
    ['?,, 5/10 1-31 * *', undefined],
    ['@every 1h30m', undefined],
    ['TZ=UTC 0 0 * * *', undefined],
    ['CRON_TZ=Europe/Berlin @daily', undefined],
    ['* * * *', 'expected exactly 5 fields, found 4: [* * * *]'],
    ['0 0 * * * *', 'expected exactly 5 fields, found 6: [0 0 * * * *]'],
    ['60 * * * *', 'end of range (60) above maximum (59): 60'],
    ['* * 0 * *', 'beginning of range (0) below minimum (1): 0'],
    ['5-1 * * * *', 'beginning of range (5) beyond end of range (1): 5-1'],
    ['1-2-3 * * * *', 'too many hyphens: 1-2-3'],
    ['*/2/3 * * * *', 'too many slashes: */2/3'],
    ['*/0 * * * *', 'step of range should be a positive number: */0'],
    ['-1 * * * *', 'failed to parse int from : strconv.Atoi: parsing "": invalid syntax'],
    ['*/-1 * * * *', 'negative number (-1) not allowed: -1'],
    [
      '99999999999999999999 * * * *',
      'failed to parse int from 99999999999999999999: strconv.Atoi: parsing "99999999999999999999": value out of range',
    ],
    ['0 0 * foo *', 'failed to parse int from foo: strconv.Atoi: parsing "foo": invalid syntax'],
    ['@reboot', 'unrecognized descriptor: @reboot'],
    ['@every x', 'failed to parse duration @every x: time: invalid duration "x"'],
    ['@every 5', 'failed to parse duration @every 5: time: missing unit in duration "5"'],
    ['@every 5d', 'failed to parse duration @every 5d: time: unknown unit "d" in duration "5d"'],
    ['TZ=Mars/Phobos 0 0 * * *', 'provided bad location Mars/Phobos: unknown time zone Mars/Phobos'],
    ['TZ=UTC', 'invalid schedule format: runtime error: slice bounds out of range [:-1]'],
  ];
  for (const [schedule, error] of cases) it(`reads ${schedule}`, () => assert.equal(scheduleError(schedule), error));
});

describe('CronJob', () => {
  it('keeps three good and one bad Job, and lets them overlap', () => {
    const { spec } = judgeCreate(CRONJOB_STRATEGY, cronJob({})).object;
    assert.deepEqual(
      [spec.concurrencyPolicy, spec.suspend, spec.successfulJobsHistoryLimit, spec.failedJobsHistoryLimit],
      ['Allow', false, 3, 1],
    );
    assert.equal(spec.jobTemplate.spec?.backoffLimit, undefined);
    assert.equal(spec.jobTemplate.spec?.template.spec?.dnsPolicy, 'ClusterFirst');
  });

  const refused: readonly (readonly [spec: Spec, errors: readonly string[]])[] = [
    [{ timeZone: 'Europe/Berlin' }, []],
    [{ timeZone: 'europe/berlin' }, ['spec.timeZone: Invalid value: "europe/berlin": unknown time zone europe/berlin']],
    [{ timeZone: '' }, ['spec.timeZone: Invalid value: "": timeZone must be nil or non-empty string']],
    [{ timeZone: 'A..B' }, ['spec.timeZone: Invalid value: "A..B": time: invalid location name']],
    [
      { timeZone: 'Local' },
      ['spec.timeZone: Invalid value: "Local": timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones'],
    ],
    [
      { concurrencyPolicy: 'Queue' },
      ['spec.concurrencyPolicy: Unsupported value: "Queue": supported values: "Allow", "Forbid", "Replace"'],
    ],
    [
      { jobTemplate: { spec: { ...JOB, manualSelector: true, selector: {} } } },
      [
        'spec.jobTemplate.spec.selector: Invalid value: {}: `selector` will be auto-generated',
        'spec.jobTemplate.spec.manualSelector: Unsupported value: true: supported values: "nil", "false"',
      ],
    ],
    [
      { schedule: 'TZ=UTC 0 0 * * *' },
      ['spec.schedule: Invalid value: "TZ=UTC 0 0 * * *": cannot use TZ or CRON_TZ in schedule, use timeZone field instead'],
    ],
  ];
  for (const [spec, errors] of refused) {
    it(`judges ${JSON.stringify(spec)}`, () => assert.deepEqual(judgeCreate(CRONJOB_STRATEGY, cronJob(spec)).errors, errors));
  }
  it('leaves room for the names of its Jobs', () => {
    const name = 'c'.repeat(53);
    assert.deepEqual(judgeCreate(CRONJOB_STRATEGY, { ...cronJob({}), metadata: { name } }).errors, [
      `metadata.name: Invalid value: "${name}": must be no more than 52 characters`,
    ]);
  });
  it('lets a zone stand in a schedule that has one, but not beside timeZone', () => {
    const { object } = judgeCreate(CRONJOB_STRATEGY, cronJob({}));
    const old = { ...object, spec: { ...object.spec, schedule: 'TZ=UTC 0 0 * * *' } };
    const judge = (timeZone: string | undefined) =>
      CRONJOB_STRATEGY.validateUpdate({ ...old, spec: { ...old.spec, ...(timeZone && { timeZone }) } }, old).map(({ body }) => body);
    assert.deepEqual(judge(undefined), []);
    assert.deepEqual(judge('UTC'), ['Invalid value: "TZ=UTC 0 0 * * *": cannot use both timeZone field and TZ or CRON_TZ in schedule']);
    assert.equal(CRONJOB_STRATEGY.warnings?.(old, old).length, 1);
  });
  it('can change its template', () => {
    const { errors, object } = judgeUpdate(CRONJOB_STRATEGY, cronJob({}), { 'spec/suspend': true, 'spec/schedule': '@daily' });
    assert.deepEqual([errors, object.metadata.generation], [[], 2]);
  });
  it('shows when it ran last', () => {
    const { object } = judgeCreate(CRONJOB_STRATEGY, cronJob({}));
    const cells = CRONJOB_STRATEGY.table?.cells(
      { ...object, status: { lastScheduleTime: '2026-01-02T03:04:05Z' } },
      Date.parse('2026-01-02T03:05:05Z'),
    );
    assert.deepEqual(cells?.slice(1, 6), ['@hourly', '<none>', 'False', 0, '60s']);
  });
});
