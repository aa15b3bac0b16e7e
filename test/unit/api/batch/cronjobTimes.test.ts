import assert from 'node:assert/strict';
import type { CronJob } from '../../../../src/api/schema/types/batch/v1.ts';
import { mostRecentDue, untilNext } from '../../../../src/controllers/cronjob/missed.ts';
import { parseSchedule } from '../../../../src/api/batch/cronjob/times.ts';

function times(text: string, timeZone: string | undefined, from: string, count: number): readonly string[] {
  const schedule = parseSchedule(text, timeZone);
  const found: string[] = [];
  let at: number | undefined = Date.parse(from);
  while (at !== undefined && found.length < count) {
    at = schedule?.next(at);
    if (at !== undefined) found.push(new Date(at).toISOString().slice(5, 16));
  }
  return found;
}

describe('a schedule', () => {
  const cases: readonly [text: string, zone: string | undefined, from: string, times: readonly string[]][] = [
    ['*/20 * * * *', undefined, '2026-01-05T10:00:30Z', ['01-05T10:20', '01-05T10:40', '01-05T11:00']],
    ['@daily', undefined, '2026-01-05T10:00:30Z', ['01-06T00:00', '01-07T00:00']],
    ['@every 90m', undefined, '2026-01-05T10:00:30Z', ['01-05T11:30', '01-05T13:00']],
    ['0 9 * * MON-FRI', 'America/New_York', '2026-01-09T15:00:00Z', ['01-12T14:00', '01-13T14:00']],
    // Either the day of the month or the day of the week, where both are given.
    ['0 0 1 * 1', undefined, '2026-01-26T00:00:00Z', ['02-01T00:00', '02-02T00:00', '02-09T00:00']],
    ['0 0 1 * */1', undefined, '2026-01-26T00:00:00Z', ['02-01T00:00', '03-01T00:00']],
    ['0 0 ? * 1', undefined, '2026-01-26T00:00:00Z', ['02-02T00:00', '02-09T00:00']],
    // 02:30 does not exist on the day of the change to summer time.
    ['30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', ['03-30T00:30', '03-31T00:30']],
    ['TZ=Asia/Tokyo 0 9 * * *', undefined, '2026-01-05T10:00:00Z', ['01-06T00:00']],
    ['0 0 30 2 *', undefined, '2026-01-05T10:00:00Z', []],
  ];
  for (const [text, zone, from, expected] of cases) {
    it(`${text} in ${zone ?? 'UTC'} after ${from}`, () => assert.deepEqual(times(text, zone, from, expected.length || 1), expected));
  }
});

describe('the start that is due', () => {
  const schedule = parseSchedule('* * * * *', undefined)!;
  const cronJob = (last: string | undefined, startingDeadlineSeconds?: number): CronJob => ({
    metadata: { name: 'tick', creationTimestamp: '2026-01-05T10:00:00Z' },
    spec: {
      schedule: '* * * * *',
      jobTemplate: { metadata: {} },
      ...(startingDeadlineSeconds === undefined ? {} : { startingDeadlineSeconds }),
    },
    ...(last === undefined ? {} : { status: { lastScheduleTime: last } }),
  });
  const cases: readonly [what: string, cronJob: CronJob, now: string, newest: string | undefined, missed: string][] = [
    ['is none in the first minute', cronJob(undefined), '2026-01-05T10:00:59Z', undefined, 'none'],
    ['comes with the minute', cronJob(undefined), '2026-01-05T10:01:00Z', '10:01', 'none'],
    ['is the newest of several', cronJob('2026-01-05T10:00:00Z'), '2026-01-05T10:03:30Z', '10:03', 'few'],
    ['is the newest of very many', cronJob('2026-01-05T06:00:00Z'), '2026-01-05T10:03:30Z', '10:03', 'many'],
    ['is looked for within the deadline', cronJob('2026-01-05T06:00:00Z', 90), '2026-01-05T10:03:30Z', '10:03', 'none'],
  ];
  for (const [what, object, now, newest, missed] of cases) {
    it(what, () => {
      const due = mostRecentDue(object, schedule, Date.parse(now), true);
      assert.equal(due.newest === undefined ? undefined : new Date(due.newest).toISOString().slice(11, 16), newest);
      assert.equal(due.missed, missed);
    });
  }

  it('is looked for a tenth of a second after its time', () => {
    assert.equal(untilNext(cronJob('2026-01-05T10:03:00Z'), schedule, Date.parse('2026-01-05T10:03:30Z')), 30_100);
  });
});
