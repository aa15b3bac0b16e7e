import type { ContainerState, ContainerStatus, Pod } from '../../../src/api/schema/types/core/v1.ts';

/** What is replaced by what: names of generated Pods, addresses. */
export type Names = [from: string, to: string][];

const RULES: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>'],
  [/\b[0-9a-f]{64}\b/g, '<id>'],
  [/kube-api-access-[a-z0-9]{5}\b/g, 'kube-api-access-<rand>'],
  [/\b10\.244\.\d+\.\d+\b/g, '<podIP>'],
  [/\bin [0-9.]+(?:ms|s|m[0-9.]+s) \([0-9.]+(?:ms|s|m[0-9.]+s) including waiting\)/g, 'in <d> (<d> including waiting)'],
  [/(requested: \d+, used: )\d+/g, '$1<n>'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/g, '<time>'],
];

/** Makes texts of two runs equal, all the way down a value. */
export function normaliser(names: Names): <T>(value: T) => T {
  const text = (value: string): string => {
    let out = value;
    for (const [pattern, by] of RULES) out = out.replace(pattern, by);
    for (const [from, to] of names) out = out.replaceAll(from, to);
    return out;
  };
  const deep = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value);
    if (Array.isArray(value)) return value.map(deep);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, deep(item)]));
  };
  return <T>(value: T): T => deep(value) as T;
}

/** The part of a Pod's status that is compared. */
export function reduceStatus(pod: Pod): Record<string, unknown> {
  const status = pod.status ?? {};
  const out: Record<string, unknown> = { phase: status.phase };
  for (const field of ['reason', 'message', 'qosClass', 'resize', 'nominatedNodeName'] as const)
    if (status[field]) out[field] = status[field];
  out['podIP'] = status.podIP === undefined || status.podIP === '' ? 'no' : 'yes';
  out['conditions'] = (status.conditions ?? [])
    .toSorted((a, b) => (a.type < b.type ? -1 : a.type > b.type ? 1 : 0))
    .map(({ type, status: holds, reason, message }) => ({
      type,
      status: holds,
      ...(reason ? { reason } : {}),
      ...(message ? { message } : {}),
    }));
  for (const field of ['initContainerStatuses', 'containerStatuses', 'ephemeralContainerStatuses'] as const) {
    const list = status[field];
    if (list === undefined || list.length === 0) continue;
    out[field] = (field === 'containerStatuses' ? list.toSorted((a, b) => (a.name < b.name ? -1 : 1)) : list).map(reduceContainer);
  }
  if (pod.metadata.deletionTimestamp !== undefined) out['deleting'] = true;
  return out;
}

function reduceContainer({ name, ready, restartCount, image, state, started, lastState }: ContainerStatus): Record<string, unknown> {
  const last = reduceState(lastState);
  return {
    name,
    ready,
    restartCount,
    image,
    state: reduceState(state),
    ...(started === undefined ? {} : { started }),
    ...(last === null ? {} : { lastState: last }),
  };
}

function reduceState(state: ContainerState | undefined): Record<string, unknown> | null {
  for (const kind of ['waiting', 'running', 'terminated'] as const) {
    const value = state?.[kind] as Readonly<Record<string, unknown>> | undefined;
    if (value === undefined) continue;
    const out: Record<string, unknown> = { kind };
    for (const field of ['reason', 'exitCode', 'signal', 'message'])
      if (value[field] !== undefined && value[field] !== '') out[field] = value[field];
    return out;
  }
  return null;
}
