import type { Row } from './row.ts';
import { CLUSTER_ROWS } from './rows/cluster.ts';
import { EDITOR_ROWS } from './rows/editor.ts';
import { SCHEDULER_ROWS } from './rows/scheduler.ts';
import { TREE_ROWS } from './rows/tree.ts';

export const ROWS: readonly Row[] = [...CLUSTER_ROWS, ...SCHEDULER_ROWS, ...EDITOR_ROWS, ...TREE_ROWS];
