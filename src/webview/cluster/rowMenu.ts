/** What can be done with a row, in the order of its menu; the first entry is what Enter and a double click do. */
import { assertNever } from '../../base/assertNever.ts';
import type { ObjectRef, TreeRow } from '../../host/protocol/view.ts';
import type { RowCommand } from './protocol.ts';

export interface RowAction {
  readonly label: string;
  readonly command: RowCommand;
  readonly ref: ObjectRef;
  readonly container: string | undefined;
  /** Begins a new group of entries. */
  readonly separated: boolean;
}

/** What no real cluster has: a record of causes, containers to look into, faults on demand. */
const SIMULATED: ReadonlySet<RowCommand> = new Set<RowCommand>([
  'why',
  'inspectContainer',
  'showImage',
  'compareWithVms',
  'failNode',
  'recoverNode',
  'fault',
  'endFault',
  'faultReport',
]);

export function rowActions(row: TreeRow, isReal = false): readonly RowAction[] {
  const actions = allActions(row);
  return isReal ? actions.filter(({ command }) => !SIMULATED.has(command)) : actions;
}

function allActions(row: TreeRow): readonly RowAction[] {
  switch (row.type) {
    case 'fault':
      return [
        action('End Fault', 'endFault', row.ref),
        action('Report', 'faultReport', row.ref),
        separated(action('Describe', 'describe', row.ref)),
        action('Open', 'openObject', row.ref),
        action('Why?', 'why', row.ref),
        action('YAML', 'yaml', row.ref),
      ];
    case 'node':
      return [
        action('Describe', 'describe', row.ref),
        action('Open', 'openObject', row.ref),
        action('Why?', 'why', row.ref),
        action('YAML', 'yaml', row.ref),
        separated(row.cordoned ? action('Uncordon', 'uncordon', row.ref) : action('Cordon', 'cordon', row.ref)),
        action('Drain', 'drain', row.ref),
        row.fault === 'NodeDown' || row.fault === 'NodeShutdown'
          ? action('Recover Node', 'recoverNode', row.ref)
          : action('Fail Node', 'failNode', row.ref),
        action('Fault…', 'fault', row.ref),
        action('Compare with VMs', 'compareWithVms', row.ref),
        action('Show in Map', 'showInMap', row.ref),
        separated(action('Delete', 'delete', row.ref)),
      ];
    case 'pod':
      return [
        action('Describe', 'describe', row.ref),
        action('Open', 'openObject', row.ref),
        action('Why?', 'why', row.ref),
        action('YAML', 'yaml', row.ref),
        action('Look Inside', 'inspectContainer', row.ref),
        action('Logs', 'logs', row.ref),
        action('Exec', 'exec', row.ref),
        action('Port-Forward…', 'portForward', row.ref),
        action('Show in Map', 'showInMap', row.ref),
        separated(action('Fault…', 'fault', row.ref)),
        separated(action('Delete', 'delete', row.ref)),
      ];
    case 'group':
      if (row.ref === undefined) return [];
      return [
        action('Describe', 'describe', row.ref),
        action('Open', 'openObject', row.ref),
        action('Why?', 'why', row.ref),
        action('YAML', 'yaml', row.ref),
        action('Show in Map', 'showInMap', row.ref),
        separated(action('Fault…', 'fault', row.ref)),
        separated(action('Delete', 'delete', row.ref)),
      ];
    case 'container':
      return [
        action('Look Inside', 'inspectContainer', row.ref, row.name),
        action('Logs', 'logs', row.ref, row.name),
        ...(row.restarts > 0 ? [action('Logs Before Last Restart', 'previousLogs', row.ref, row.name)] : []),
        action('Exec', 'exec', row.ref, row.name),
        action('Show Image', 'showImage', row.ref, row.name),
        separated(action('Fault…', 'fault', row.ref, row.name)),
        separated(action('Describe Pod', 'describe', row.ref)),
      ];
    case 'section':
    case 'note':
      return [];
    default:
      return assertNever(row);
  }
}

function action(label: string, command: RowCommand, ref: ObjectRef, container?: string): RowAction {
  return { label, command, ref, container, separated: false };
}

function separated(entry: RowAction): RowAction {
  return { ...entry, separated: true };
}
