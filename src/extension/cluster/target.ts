import type { ObjectRef } from '../../host/protocol/view.ts';

export interface Target {
  readonly ref: ObjectRef;
  /** Undefined: the first. */
  readonly container: string | undefined;
}

/** What a row's menu or a page gives to a command; undefined if the command was called without an object. */
export function targetOf(argument: unknown): Target | undefined {
  if (!isRecord(argument) || !isRecord(argument['ref'])) return undefined;
  const { apiVersion, kind, namespace, name } = argument['ref'];
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || typeof name !== 'string') return undefined;
  const container = argument['container'];
  return {
    ref: { apiVersion, kind, name, namespace: typeof namespace === 'string' ? namespace : '' },
    container: typeof container === 'string' && container !== '' ? container : undefined,
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
