import type { KubeObject } from '../apimachinery/meta/resource.ts';

export type Cell = string | number | boolean | null;

/** One column of the server-side table, as `kubectl get` asks for it; `priority` 1 is shown with -o wide only. */
export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  readonly format?: string;
  readonly description?: string;
  readonly priority: number;
}

export interface Table<T extends KubeObject = KubeObject> {
  readonly columns: readonly Column[];
  /** The order of a list's rows, where it is not that of the names. */
  readonly order?: (a: T, b: T) => number;
  /** @param nowMs virtual time, for ages */
  readonly cells: (object: T, nowMs: number) => readonly Cell[];
}
