import { formatLabelSelector } from '../../../apimachinery/labels/selector.ts';
import { age, AGE, boolean, containerCells, integer, NAME, text, wide } from '../../columns.ts';
import { translateTimestampSince } from '../../duration.ts';
import type { CronJob } from '../../schema/types/batch/v1.ts';
import type { Table } from '../../table.ts';

export const CRONJOB_TABLE: Table<CronJob> = {
  columns: [
    NAME,
    text('Schedule'),
    text('Timezone'),
    boolean('Suspend'),
    integer('Active'),
    text('Last Schedule'),
    AGE,
    wide('Containers'),
    wide('Images'),
    wide('Selector'),
  ],
  cells: ({ metadata, spec, status, ...cronJob }, nowMs) => [
    metadata.name ?? '',
    spec.schedule,
    spec.timeZone ?? '<none>',
    spec.suspend === undefined ? '<unset>' : spec.suspend ? 'True' : 'False',
    status?.active?.length ?? 0,
    status?.lastScheduleTime === undefined ? '<none>' : translateTimestampSince(status.lastScheduleTime, nowMs),
    age({ metadata, ...cronJob }, nowMs),
    ...containerCells(spec.jobTemplate.spec?.template),
    formatLabelSelector(spec.jobTemplate.spec?.selector),
  ],
};
