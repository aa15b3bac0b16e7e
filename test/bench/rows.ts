import type { Row } from './row.ts';
import { CLUSTER_ROWS } from './rows/cluster.ts';
import { EDITOR_ROWS } from './rows/editor.ts';
import { LARGE_ROWS } from './rows/large.ts';
import { NETWORK_ROWS } from './rows/network.ts';
import { PROGRAM_ROWS } from './rows/programs.ts';
import { REST_ROWS } from './rows/rest.ts';
import { SCENARIO_ROWS } from './rows/scenarios.ts';
import { SCHEDULER_ROWS } from './rows/scheduler.ts';
import { MAP_ROWS } from './rows/map.ts';
import { TIMELINE_ROWS } from './rows/timeline.ts';
import { TREE_ROWS } from './rows/tree.ts';

export const ROWS: readonly Row[] = [
  ...EDITOR_ROWS,
  ...CLUSTER_ROWS,
  ...SCHEDULER_ROWS,
  ...LARGE_ROWS,
  ...PROGRAM_ROWS,
  ...SCENARIO_ROWS,
  ...NETWORK_ROWS,
  ...REST_ROWS,
  ...TREE_ROWS,
  ...MAP_ROWS,
  ...TIMELINE_ROWS,
];
