/**
 * The other forms of an answer: Tables for `kubectl get`, metadata only for those who need no more.
 * Counterpart: k8s.io/apiserver/pkg/endpoints/handlers/response.go.
 */
import facts from '../../api/schema/facts/tables.json' with { type: 'json' };
import type { Strategy } from '../../api/strategy.ts';
import type { Column, Table } from '../../api/table.ts';
import { age } from '../../api/columns.ts';
import { apiVersion, type KubeObject, type ResourceType } from '../../apimachinery/meta/resource.ts';
import type { ListMeta } from '../../apimachinery/meta/types.ts';
import type { Transform } from './negotiation.ts';

export type IncludeObject = 'None' | 'Metadata' | 'Object';

export interface TableOptions {
  readonly strategy: Strategy;
  readonly type: ResourceType;
  readonly version: string;
  readonly include: IncludeObject;
  /** Virtual time, for ages. */
  readonly nowMs: number;
  /** The columns are sent with the first event of a watch only. */
  readonly withColumns: boolean;
}

export function toTable(objects: readonly KubeObject[], metadata: ListMeta, options: TableOptions): unknown {
  const { head, inOrder, cells } = tableForm(metadata, options);
  return { ...head, rows: inOrder(objects).map((object) => ({ cells: cells(object), ...included(object, options) })) };
}

export interface TableForm {
  /** The table without its rows. */
  readonly head: Readonly<Record<string, unknown>>;
  readonly inOrder: <T extends KubeObject>(objects: readonly T[]) => readonly T[];
  readonly cells: (object: KubeObject) => readonly unknown[];
}

export function tableForm(metadata: ListMeta, { strategy, type, version, withColumns, nowMs }: TableOptions): TableForm {
  const { columns, cells, order } = strategy.table ?? recordedTable(type);
  return {
    head: { kind: 'Table', apiVersion: version, metadata, columnDefinitions: withColumns ? columns.map(columnDefinition) : null },
    inOrder: (objects) => (order === undefined ? objects : objects.toSorted(order)),
    cells: (object) => cells(object, nowMs),
  };
}

export function toPartialMetadata(object: KubeObject, version: string): unknown {
  return { kind: 'PartialObjectMetadata', apiVersion: version, metadata: object.metadata };
}

/** The text of the 406 for a form that does not fit what was asked for; `goType` names the list or object as the server's Go types do. */
export function transformMismatch(transform: Transform, isList: boolean, goType: string): string | undefined {
  if (transform === 'PartialObjectMetadata' && isList) return `you requested ${transform}, but the requested object is a list (*${goType})`;
  if (transform === 'PartialObjectMetadataList' && !isList)
    return `you requested ${transform}, but the requested object is not a list (*${goType})`;
  return undefined;
}

function included(object: KubeObject, { include, version, type }: TableOptions): { readonly object?: unknown } {
  if (include === 'None') return {};
  if (include === 'Object') return { object: { kind: type.kind, apiVersion: apiVersion(type), ...object } };
  return { object: toPartialMetadata(object, version) };
}

function columnDefinition({ name, type, format, description, priority }: Column): unknown {
  return { name, type, format: format ?? '', description: description ?? '', priority };
}

/** Columns of a kind whose strategy prints none: those of the recordings, of which only the name and the age are filled in. */
function recordedTable(type: ResourceType): Table {
  const key = `${type.group === '' ? 'core' : type.group}/${type.version}/${type.plural}`;
  const recorded = (facts as Readonly<Record<string, readonly Column[]>>)[key];
  const columns = recorded ?? DEFAULT_COLUMNS;
  return { columns, cells: (object, nowMs) => columns.map((column) => cell(column, object, nowMs)) };
}

const DEFAULT_COLUMNS: readonly Column[] = [
  { name: 'Name', type: 'string', format: 'name', priority: 0 },
  { name: 'Created At', type: 'date', priority: 0 },
];

function cell(column: Column, object: KubeObject, nowMs: number): string | number {
  if (column.name === 'Name') return object.metadata.name ?? '';
  if (column.name === 'Created At') return object.metadata.creationTimestamp ?? '';
  if (column.name === 'Age') return age(object, nowMs);
  return column.type === 'integer' ? 0 : '<unset>';
}
