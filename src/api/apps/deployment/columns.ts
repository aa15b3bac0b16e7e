import { formatLabelSelector } from '../../../apimachinery/labels/selector.ts';
import { age, AGE, containerCells, NAME, text, wide } from '../../columns.ts';
import type { Deployment } from '../../schema/types/apps/v1.ts';
import type { Table } from '../../table.ts';

export const DEPLOYMENT_TABLE: Table<Deployment> = {
  columns: [NAME, text('Ready'), text('Up-to-date'), text('Available'), AGE, wide('Containers'), wide('Images'), wide('Selector')],
  cells: (deployment, nowMs) => [
    deployment.metadata.name ?? '',
    `${deployment.status?.readyReplicas ?? 0}/${deployment.spec?.replicas ?? 0}`,
    String(deployment.status?.updatedReplicas ?? 0),
    String(deployment.status?.availableReplicas ?? 0),
    age(deployment, nowMs),
    ...containerCells(deployment.spec?.template),
    formatLabelSelector(deployment.spec?.selector),
  ],
};
