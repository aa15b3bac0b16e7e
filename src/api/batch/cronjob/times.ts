import { Cron } from 'croner';
import { durationNanoseconds } from '../../../apimachinery/meta/goDuration.ts';

/** The times of a schedule. */
export interface Schedule {
  /** The first time after this one, milliseconds since 1970; undefined if there is none (30 February). */
  next(afterMs: number): number | undefined;
}

/**
 * Reads a schedule that validation has accepted; undefined if it is none.
 * Days of the month and of the week are either-or where both are given, a step of one is the star itself, a zone in the
 * text (`CRON_TZ=`) wins over the field. A time that the change to summer time leaves out is left out.
 * Worked example: `0 0 1 * 1` is due on every first of a month and on every Monday.
 * Counterpart: ParseStandard of github.com/robfig/cron/v3.
 */
export function parseSchedule(text: string, timeZone: string | undefined): Schedule | undefined {
  const zoned = /^(?:CRON_)?TZ=(\S+)\s+(.*)$/.exec(text);
  const spec = (zoned?.[2] ?? text).trim();
  if (spec.startsWith('@every ')) return everySchedule(spec.slice('@every '.length));
  const pattern = spec.replaceAll('?', '*').replaceAll(/\*\/1(?=\s|,|$)/g, '*');
  try {
    return cronSchedule(new Cron(pattern, { timezone: zoned?.[1] ?? timeZone ?? 'UTC', paused: true }));
  } catch {
    return undefined;
  }
}

/** The library moves a time that does not exist to one that does; the real one waits for the next that does. */
const MAX_GAPS = 8;

function cronSchedule(cron: Cron): Schedule {
  return {
    next: (afterMs) => {
      let after = new Date(afterMs);
      for (let gap = 0; gap < MAX_GAPS; gap++) {
        const due = cron.nextRun(after);
        if (due === null) return undefined;
        if (cron.match(due)) return due.getTime();
        after = due;
      }
      return undefined;
    },
  };
}

/** Whole seconds, at least one, from whole seconds on. */
function everySchedule(duration: string): Schedule | undefined {
  const nanoseconds = durationNanoseconds(duration);
  if (nanoseconds === undefined) return undefined;
  const everyMs = Math.max(1000, Math.floor(nanoseconds / 1e9) * 1000);
  return { next: (afterMs) => Math.floor(afterMs / 1000) * 1000 + everyMs };
}
