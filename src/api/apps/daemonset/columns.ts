import { formatLabelSelector } from '../../../apimachinery/labels/selector.ts';
import { age, AGE, containerCells, formatLabels, integer, NAME, text, wide } from '../../columns.ts';
import type { DaemonSet } from '../../schema/types/apps/v1.ts';
import type { Table } from '../../table.ts';

export const DAEMONSET_TABLE: Table<DaemonSet> = {
  columns: [
    NAME,
    integer('Desired'),
    integer('Current'),
    integer('Ready'),
    integer('Up-to-date'),
    integer('Available'),
    text('Node Selector'),
    AGE,
    wide('Containers'),
    wide('Images'),
    wide('Selector'),
  ],
  cells: (set, nowMs) => [
    set.metadata.name ?? '',
    set.status?.desiredNumberScheduled ?? 0,
    set.status?.currentNumberScheduled ?? 0,
    set.status?.numberReady ?? 0,
    set.status?.updatedNumberScheduled ?? 0,
    set.status?.numberAvailable ?? 0,
    formatLabels(set.spec?.template.spec?.nodeSelector),
    age(set, nowMs),
    ...containerCells(set.spec?.template),
    formatLabelSelector(set.spec?.selector),
  ],
};
