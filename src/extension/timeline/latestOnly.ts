/**
 * Going through time no faster than it can be shown.
 * Invariant: of moments that a slider is drawn over while another one is being shown only the last counts; steps count all. Counterpart: none.
 */
import type { Moment } from '../../host/panels/timeline/model.ts';

export function latestOnly(show: (moment: Moment) => Promise<unknown>): (moment: Moment) => Promise<void> {
  let waiting: Moment | undefined;
  let busy = false;
  return async (moment) => {
    waiting = moment.to === 'time' && busy ? moment : undefined;
    if (waiting !== undefined) return;
    busy = true;
    try {
      await show(moment);
      for (let next = waiting; next !== undefined; next = waiting) {
        waiting = undefined;
        await show(next);
      }
    } finally {
      busy = false;
    }
  };
}
