import { formatLabelSelector } from '../../../apimachinery/labels/selector.ts';
import { age, AGE, containerCells, integer, NAME, wide } from '../../columns.ts';
import type { ReplicaSet } from '../../schema/types/apps/v1.ts';
import type { Table } from '../../table.ts';

export const REPLICASET_TABLE: Table<ReplicaSet> = {
  columns: [NAME, integer('Desired'), integer('Current'), integer('Ready'), AGE, wide('Containers'), wide('Images'), wide('Selector')],
  cells: (set, nowMs) => [
    set.metadata.name ?? '',
    set.spec?.replicas ?? 0,
    set.status?.replicas ?? 0,
    set.status?.readyReplicas ?? 0,
    age(set, nowMs),
    ...containerCells(set.spec?.template),
    formatLabelSelector(set.spec?.selector),
  ],
};
