// Lines about changes that only some stories tell: the columns of Pods, conditions, endpoints, ReplicaSets, events, owners.
import type { ReplicaSet } from '../../../src/api/schema/types/apps/v1.ts';
import type { Pod, Event } from '../../../src/api/schema/types/core/v1.ts';
import type { EndpointSlice } from '../../../src/api/schema/types/discovery/v1.ts';
import { strategyForKind } from '../../../src/api/register.ts';
import type { Revision } from '../../../src/apiserver/storage/revision.ts';

type Alias = (text: string) => string;

/** READY, STATUS and the number of restarts, as `kubectl get pods -w` has them; undefined where nothing of it changed. */
export function columnsChange(atMs: number, pod: Pod, previous: Pod | undefined): string | undefined {
  const [now, before] = [columns(atMs, pod), previous === undefined ? undefined : columns(atMs, previous)];
  const place = pod.spec?.nodeName !== undefined && previous?.spec?.nodeName === undefined ? ` on ${pod.spec.nodeName}` : '';
  return now === before && place === '' ? undefined : now + place;
}

function columns(atMs: number, pod: Pod): string {
  const [, ready, status, restarts] = strategyForKind('v1', 'Pod')?.table?.cells(pod, atMs) ?? [];
  const count = Number.parseInt(String(restarts), 10);
  return `${String(ready)} ${String(status)}${count > 0 ? `, ${count} restart${count === 1 ? '' : 's'}` : ''}`;
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

export function conditionChanges({ object, previous }: Revision, alias: Alias): readonly string[] {
  const of = (state: unknown): readonly Condition[] =>
    (state as { readonly status?: { readonly conditions?: readonly Condition[] } } | undefined)?.status?.conditions ?? [];
  const told = ({ type, status, reason, message }: Condition): string =>
    `${type}=${status}${reason === undefined ? '' : ` ${reason}`}${message === undefined || message === '' ? '' : `: ${alias(message)}`}`;
  const before = new Set(of(previous).map(told));
  return of(object)
    .map(told)
    .filter((line) => !before.has(line));
}

/** Whom a slice names: `web-1, web-2 (not ready), web-3 (terminating)`. */
export function endpointsOf({ endpoints, ports }: EndpointSlice, alias: Alias): string {
  const told = (endpoints ?? []).map(({ targetRef, addresses, conditions }) => {
    const name = targetRef?.name === undefined ? addresses.join() : alias(targetRef.name);
    const { ready, serving, terminating } = conditions ?? {};
    if (terminating === true) return `${name} (terminating${serving === true ? ', serving' : ''})`;
    return ready === true ? name : `${name} (not ready)`;
  });
  const port = (ports ?? []).map(({ port: number }) => `:${number ?? '*'}`).join();
  return told.length === 0 ? 'none' : `${told.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })).join(', ')} at ${port}`;
}

export function replicaSetLine({ spec, status }: ReplicaSet): string {
  return `${spec?.replicas ?? 0} wanted, ${status?.replicas ?? 0} there, ${status?.readyReplicas ?? 0} ready`;
}

export function eventLine({ involvedObject, type, reason, message, source, reportingComponent }: Event, alias: Alias): string {
  const by = source?.component ?? reportingComponent ?? '';
  const about = `${(involvedObject.kind ?? '').toLowerCase()} ${alias(involvedObject.name ?? '')}`;
  return `event about ${about}: ${type ?? ''} ${reason ?? ''} (${by}): ${alias(message ?? '')}`;
}

/** Whether a Pod got an owner after it was made, or lost it. */
export function ownerChange(pod: Pod, previous: Pod): string | undefined {
  const ownerOf = ({ metadata }: Pod): string => {
    const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
    return owner === undefined ? '' : `${owner.kind} ${owner.name}`;
  };
  const [now, before] = [ownerOf(pod), ownerOf(previous)];
  if (now === before) return undefined;
  return now === '' ? `is let go by ${before}` : `now belongs to ${now}`;
}
