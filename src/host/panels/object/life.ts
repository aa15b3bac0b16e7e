/**
 * The life of a Pod: the states that it went through, and how long it was in each.
 * Invariant: follows from the Pod's writes alone; writes that change no state are one visit. Counterpart: the page "Pod Lifecycle".
 */
import type { Pod } from '../../../api/schema/types/core/v1.ts';
import type { Revision } from '../../../apiserver/storage/revision.ts';
import { summarise } from '../../projection/podSummary.ts';
import type { LifeState, VisitModel } from './model.ts';

/** @param writes of the Pod, newest first */
export function visitsOf(writes: readonly Revision[]): readonly VisitModel[] {
  const visits: VisitModel[] = [];
  for (const { type, object, revision, at } of writes.toReversed()) {
    const state = type === 'DELETED' ? 'gone' : lifeState(object as Pod);
    const last = visits.at(-1);
    if (last?.state === state) continue;
    if (last !== undefined) visits[visits.length - 1] = { ...last, to: at };
    visits.push({ key: String(revision), state, from: at, to: undefined, detail: detailOf(state, object as Pod) });
  }
  return visits;
}

export function lifeState(pod: Pod): LifeState {
  const { status = {}, metadata, spec } = pod;
  // Its containers end while it goes, which is no end of its own.
  if (metadata.deletionTimestamp !== undefined) return 'terminating';
  if (status.phase === 'Succeeded') return 'succeeded';
  if (status.phase === 'Failed') return 'failed';
  if ((spec?.nodeName ?? '') === '') return 'pending';
  const waiting = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])].map(({ state }) => state?.waiting?.reason);
  if (waiting.some((reason) => reason?.endsWith('BackOff') === true)) return 'backingOff';
  if (status.phase !== 'Running') {
    const begun = status.initContainerStatuses?.some(({ state }) => state?.running !== undefined || state?.terminated !== undefined);
    return begun === true ? 'initializing' : 'creating';
  }
  return summarise(pod).isReady ? 'ready' : 'running';
}

function detailOf(state: LifeState, pod: Pod): string {
  switch (state) {
    case 'pending':
      return 'no node yet';
    case 'creating':
      return `on ${pod.spec?.nodeName ?? ''}`;
    case 'backingOff':
      return summarise(pod).status;
    case 'failed':
      return pod.status?.reason ?? '';
    default:
      return '';
  }
}
