import { age, AGE, containerCells, NAME, text, wide } from '../../columns.ts';
import type { StatefulSet } from '../../schema/types/apps/v1.ts';
import type { Table } from '../../table.ts';

export const STATEFULSET_TABLE: Table<StatefulSet> = {
  columns: [NAME, text('Ready'), AGE, wide('Containers'), wide('Images')],
  cells: (set, nowMs) => [
    set.metadata.name ?? '',
    `${set.status?.readyReplicas ?? 0}/${set.spec?.replicas ?? 0}`,
    age(set, nowMs),
    ...containerCells(set.spec?.template),
  ],
};
