import type { Row } from './row.ts';
import { CLUSTER_ROWS } from './rows/cluster.ts';
import { SCHEDULER_ROWS } from './rows/scheduler.ts';

export const ROWS: readonly Row[] = [...CLUSTER_ROWS, ...SCHEDULER_ROWS];
