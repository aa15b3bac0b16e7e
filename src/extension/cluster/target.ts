import type { ObjectRef } from '../../host/protocol/view.ts';

export interface Target {
  readonly ref: ObjectRef;
  /** Undefined: the first. */
  readonly container: string | undefined;
}

/** What a row's menu or a page gives to a command; undefined if the command was called without an object. */
export function targetOf(argument: unknown): Target | undefined {
  const ref = isRecord(argument) ? refOf(argument['ref']) : undefined;
  if (ref === undefined || !isRecord(argument)) return undefined;
  const container = argument['container'];
  return { ref, container: typeof container === 'string' && container !== '' ? container : undefined };
}

/** What several chosen rows give to a command; undefined if it was not called for several objects. */
export function targetsOf(argument: unknown): readonly ObjectRef[] | undefined {
  if (!isRecord(argument) || !Array.isArray(argument['refs'])) return undefined;
  return argument['refs'].flatMap((ref: unknown) => refOf(ref) ?? []);
}

function refOf(value: unknown): ObjectRef | undefined {
  if (!isRecord(value)) return undefined;
  const { apiVersion, kind, namespace, name } = value;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || typeof name !== 'string') return undefined;
  return { apiVersion, kind, name, namespace: typeof namespace === 'string' ? namespace : '' };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
