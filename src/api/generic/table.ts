import type { KubeObject, UnknownObject } from '../../apimachinery/meta/resource.ts';
import { age } from '../columns.ts';
import type { Cell, Column, Table } from '../table.ts';

/** The recorded columns by `group/version/plural`. */
export type TableFacts = Readonly<Record<string, readonly Column[]>>;

/**
 * A table for a kind that does not print its own: the recorded columns, filled where a column is the name, the age, or a
 * plain field of that name in the object, its spec or its status.
 */
export function genericTable(
  tables: TableFacts,
  fact: { readonly group: string; readonly version: string; readonly plural: string },
): Table | undefined {
  const columns = tables[`${fact.group === '' ? 'core' : fact.group}/${fact.version}/${fact.plural}`];
  if (columns === undefined) return undefined;
  return { columns, cells: (object, nowMs) => columns.map((column) => cell(column, object, nowMs)) };
}

function cell(column: Column, object: KubeObject, nowMs: number): Cell {
  if (column.name === 'Name') return object.metadata.name ?? '';
  if (column.name === 'Age') return age(object, nowMs);
  if (column.name === 'Created At') return object.metadata.creationTimestamp ?? '';
  const value = fieldOf(object as UnknownObject, column.name);
  if (Array.isArray(value)) return column.type === 'integer' ? value.length : value.map(String).join(',');
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return column.type === 'string' ? String(value) : value;
  return column.type === 'integer' ? 0 : '<none>';
}

/** `PolicyName` > spec.policyName */
function fieldOf(object: UnknownObject, column: string): unknown {
  const name = column.replaceAll(' ', '');
  const field = name.charAt(0).toLowerCase() + name.slice(1);
  for (const holder of [object, object['spec'], object['status']]) {
    if (typeof holder !== 'object' || holder === null) continue;
    const value = (holder as Readonly<Record<string, unknown>>)[field];
    if (value !== undefined) return value;
  }
  return undefined;
}
