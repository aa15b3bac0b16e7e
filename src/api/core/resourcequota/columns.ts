import { formatQuantity, quantity } from '../../../apimachinery/quantity/quantity.ts';
import { age, AGE, NAME, text } from '../../columns.ts';
import type { ResourceQuota } from '../../schema/types/core/v1.ts';
import type { Table } from '../../table.ts';

export const RESOURCEQUOTA_TABLE: Table<ResourceQuota> = {
  columns: [NAME, text('Request'), text('Limit'), AGE],
  cells(quota, nowMs) {
    const names = Object.keys(quota.status?.hard ?? {}).sort();
    const show = (name: string): string => `${name}: ${amount(quota.status?.used?.[name])}/${amount(quota.status?.hard?.[name])}`;
    const isLimit = (name: string): boolean => name.startsWith('limits.');
    return [
      quota.metadata.name ?? '',
      names
        .filter((name) => !isLimit(name))
        .map(show)
        .join(', '),
      names.filter(isLimit).map(show).join(', '),
      age(quota, nowMs),
    ];
  },
};

function amount(text: string | undefined): string {
  return formatQuantity(quantity(text));
}
