/**
 * What can be done with several rows at once.
 * Invariant: pure; a command is offered if one of the rows has it, and goes to those rows that have it; its label says to how many.
 */
import type { ObjectRef, TreeRow } from '../../host/protocol/view.ts';
import type { BulkCommand } from './protocol.ts';
import { rowActions, type RowAction } from './rowMenu.ts';

export interface BulkAction {
  readonly label: string;
  readonly command: BulkCommand;
  readonly refs: readonly ObjectRef[];
  readonly separated: boolean;
}

/** In the order of their menu. */
const BULK = ['endFault', 'cordon', 'uncordon', 'drain', 'failNode', 'recoverNode', 'delete'] as const satisfies readonly BulkCommand[];
const LABELS: Readonly<Record<BulkCommand, string>> = {
  endFault: 'End',
  cordon: 'Cordon',
  uncordon: 'Uncordon',
  drain: 'Drain',
  failNode: 'Fail',
  recoverNode: 'Recover',
  delete: 'Delete',
};

/** @param real the cluster is a real one */
export function bulkActions(rows: readonly TreeRow[], real: boolean): readonly BulkAction[] {
  const actions = rows.flatMap((row) => rowActions(row, real));
  return BULK.flatMap((command) => {
    const own = actions.filter((action) => action.command === command);
    if (own.length === 0) return [];
    const refs = own.map(({ ref }) => ref);
    return [{ label: `${LABELS[command]} ${countText(own)}`, command, refs, separated: command === 'delete' }];
  });
}

/** `3 Pods`, `2 Nodes`, `4 Objects` */
function countText(actions: readonly RowAction[]): string {
  const kinds = new Set(actions.map(({ ref }) => ref.kind));
  const kind = kinds.size === 1 ? (actions[0]?.ref.kind ?? 'Object') : 'Object';
  return actions.length === 1 ? kind : `${actions.length} ${kind}s`;
}

/** The names of the rows that have one, a line each: what is copied and dragged. */
export function namesOf(rows: readonly TreeRow[]): string {
  return rows.flatMap((row) => ('name' in row ? [row.name] : [])).join('\n');
}

/** Whether a row can be chosen beside others: it stands for an object of its own. */
export function canBeChosen(row: TreeRow): boolean {
  return row.type === 'pod' || row.type === 'node' || row.type === 'fault' || (row.type === 'group' && row.ref !== undefined);
}
