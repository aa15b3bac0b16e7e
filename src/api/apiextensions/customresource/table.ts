import type { KubeObject } from '../../../apimachinery/meta/resource.ts';
import { formatGoNumber } from '../../../apimachinery/scheme/goNumber.ts';
import type { CustomResourceColumnDefinition, CustomResourceDefinitionVersion } from '../../schema/types/apiextensions/v1.ts';
import { translateTimestampSince } from '../../duration.ts';
import type { Cell, Column, Table } from '../../table.ts';
import { findByPath } from './jsonPath.ts';

const NAME: Column = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description:
    'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names',
  priority: 0,
};

const AGE: CustomResourceColumnDefinition = {
  name: 'Age',
  type: 'date',
  description:
    'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata',
  jsonPath: '.metadata.creationTimestamp',
};

/** The printer columns of a version; the age where it has none. */
export function customTable({ additionalPrinterColumns = [] }: CustomResourceDefinitionVersion): Table {
  const columns = additionalPrinterColumns.length === 0 ? [AGE] : additionalPrinterColumns;
  return {
    columns: [NAME, ...columns.map(columnOf)],
    cells: (object, nowMs) => [object.metadata.name ?? '', ...columns.map((column) => cellOf(column, object, nowMs))],
  };
}

function columnOf({ name, type, format, description, jsonPath, priority }: CustomResourceColumnDefinition): Column {
  return {
    name,
    type: type as Column['type'],
    format: format ?? '',
    description: (description ?? '') === '' ? `Custom resource definition column (in JSONPath format): ${jsonPath}` : (description ?? ''),
    priority: priority ?? 0,
  };
}

function cellOf({ type, jsonPath }: CustomResourceColumnDefinition, object: KubeObject, nowMs: number): Cell {
  const value = findByPath(object, jsonPath)?.[0];
  if (value === undefined || value === null) return null;
  switch (type) {
    case 'string':
      return printed(value);
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    default:
      if (typeof value !== 'string') return null;
      return Number.isNaN(Date.parse(value)) ? '<invalid>' : translateTimestampSince(value, nowMs);
  }
}

/** As kubectl's JSON path printer does: texts plainly, objects and lists as JSON. */
function printed(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return formatGoNumber(value);
  return typeof value === 'boolean' ? String(value) : JSON.stringify(value);
}
