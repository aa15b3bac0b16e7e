/* oxlint-disable typescript/no-explicit-any -- what was recorded has no type here */
// Reading in recorded objects.
import type { Obj } from './case.ts';

export class StepError extends Error {}

/** `a.b.c`; `[Type]` selects from a list by its member `type`, `#` is a length. */
export function getPath(object: any, path: string): any {
  let value = object;
  for (const part of path.match(/[^.[\]]+|\[[^\]]+\]/g) ?? []) {
    if (part === '#') return (value ?? []).length;
    if (value === undefined || value === null) return undefined;
    if (part.startsWith('[')) value = value.find((item: Obj) => item['type'] === part.slice(1, -1));
    else value = Array.isArray(value) ? value[Number(part)] : value[part];
  }
  return value;
}

export function hasLabels(object: Obj, labels: Record<string, string>): boolean {
  return Object.entries(labels).every(([key, value]) => object['metadata'].labels?.[key] === value);
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
