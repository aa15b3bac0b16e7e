/** The columns that many kinds share, and the shapes they are made of. Names and order follow the recorded tables. */
import type { KubeObject } from '../apimachinery/meta/resource.ts';
import { translateTimestampSince } from './duration.ts';
import type { Column } from './table.ts';

export const NAME: Column = { name: 'Name', type: 'string', format: 'name', priority: 0 };
export const AGE: Column = text('Age');

export function text(name: string): Column {
  return { name, type: 'string', priority: 0 };
}

export function integer(name: string): Column {
  return { name, type: 'integer', priority: 0 };
}

export function boolean(name: string): Column {
  return { name, type: 'boolean', priority: 0 };
}

/** Shown with `-o wide` only. */
export function wide(name: string): Column {
  return { name, type: 'string', priority: 1 };
}

/** @param nowMs virtual time, milliseconds since 1970 */
export function age(object: KubeObject, nowMs: number): string {
  return translateTimestampSince(object.metadata.creationTimestamp, nowMs);
}

interface Containers {
  readonly spec?: { readonly containers?: readonly { readonly name: string; readonly image?: string }[] };
}

/** CONTAINERS and IMAGES of what has a Pod template. */
export function containerCells(template: Containers | undefined): readonly [string, string] {
  const containers = template?.spec?.containers ?? [];
  return [containers.map((container) => container.name).join(','), containers.map((container) => container.image ?? '').join(',')];
}

/** `a=b,c=d`, sorted; `<none>` where there is nothing. */
export function formatLabels(labels: Readonly<Record<string, string>> | undefined): string {
  const entries = Object.entries(labels ?? {});
  if (entries.length === 0) return '<none>';
  return entries
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',');
}
