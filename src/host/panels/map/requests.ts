/**
 * The requests that changed something: the last of them, and how many each part makes a second.
 * Invariant: read from the record of revisions, of which no more are looked at than a person can see.
 * Counterpart: the audit log of an API server, without those that only read.
 */
import type { Revision } from '../../../apiserver/storage/revision.ts';
import type { Past } from '../../../cluster/past/past.ts';
import { actorOf } from '../../../cluster/components.ts';
import { isAct } from '../timeline/source.ts';
import type { RequestModel } from './model.ts';

/** Virtual time that rates are an average over. */
const WINDOW_MS = 4_000;
/** In a run at full speed more are written in that time than are counted. */
const MAX_COUNTED = 1_500;
const MAX_SHOWN = 12;
const MAX_SEARCHED = 400;

export type RequestRecord = Pick<Past, 'entry'>;

/** Writes a second by the key of their part, up to a revision. @param now virtual milliseconds since 1970 */
export function ratesOf(
  record: RequestRecord,
  last: number,
  now: number,
  keyOf: (actor: Revision['actor']) => string,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  let revision = last;
  let oldest = now;
  for (; revision > last - MAX_COUNTED; revision--) {
    const entry = record.entry(revision);
    if (entry === undefined || entry.at <= now - WINDOW_MS) break;
    oldest = entry.at;
    const key = keyOf(entry.actor);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  // Where not all of the window was counted, it is the time of those that were.
  const isCut = revision === last - MAX_COUNTED;
  const seconds = isCut ? Math.max(1, now - oldest) / 1000 : WINDOW_MS / 1000;
  return new Map([...counts].map(([key, count]) => [key, Number((count / seconds).toPrecision(2))]));
}

export function requestsOf(record: RequestRecord, last: number, keyOf: (actor: Revision['actor']) => string): readonly RequestModel[] {
  const requests: RequestModel[] = [];
  for (let revision = last; revision > last - MAX_SEARCHED && requests.length < MAX_SHOWN; revision--) {
    const entry = record.entry(revision);
    if (entry === undefined) break;
    // What is only told, and signs of life, would hide the rest.
    if (!isAct(entry) || entry.resource.startsWith('events')) continue;
    const { at, actor, verb, cause } = entry;
    const told = cause === undefined ? undefined : record.entry(cause);
    requests.push({
      key: String(revision),
      revision,
      at,
      part: keyOf(actor),
      actor,
      verb,
      what: nameOf(entry),
      told: told === undefined ? '' : nameOf(told),
    });
  }
  return requests;
}

function nameOf({ object, key, resource }: Revision): string {
  return `${object.kind ?? resource} ${key}`;
}

/** The key of the part that somebody is, where it is drawn. */
export function partKeys(singleNodes: boolean): (actor: Revision['actor']) => string {
  return (actor) => {
    const { component, node } = actorOf(actor);
    return node === undefined || !singleNodes ? component : `${component} ${node}`;
  };
}
