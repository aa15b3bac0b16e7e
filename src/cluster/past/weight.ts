/**
 * How much memory the record of the past holds on to that nothing else would: what each write replaced.
 * Invariant: a write costs a look at its resource's mean; only one in many is weighed. An estimate, good enough for a budget.
 * Counterpart: etcd's quota of its database.
 */
import type { JsonObject } from '../../base/json.ts';
import type { Revision } from '../../apiserver/storage/revision.ts';
import type { ClusterCheckpoint } from '../cluster.ts';

/** An entry, its place in the row, and where it stood in the simulation. */
const ENTRY_BYTES = 220;
const SLOT_BYTES = 16;
const OBJECT_BYTES = 24;
/** So many of a resource are weighed at once, then one in so many. */
const FIRST = 8;
const EVERY = 32;

interface Mean {
  seen: number;
  weighed: number;
  bytes: number;
}

export class Weights {
  private readonly means = new Map<string, Mean>();

  /** Bytes that are kept for an entry. */
  of(entry: Revision): number {
    let mean = this.means.get(entry.resource);
    if (mean === undefined) this.means.set(entry.resource, (mean = { seen: 0, weighed: 0, bytes: 0 }));
    if (mean.seen++ < FIRST || mean.seen % EVERY === 0) {
      mean.weighed++;
      mean.bytes += (weightOf(entry) - mean.bytes) / mean.weighed;
    }
    return mean.bytes;
  }
}

/** What goes on in the next state is kept by that one. */
export function weightOf({ type, object, previous }: Revision): number {
  return ENTRY_BYTES + (previous === undefined ? 0 : bytesOf(previous, type === 'DELETED' ? undefined : object));
}

/** Per object that a table copies with its first write after a checkpoint: its places in maps by name, namespace and index. */
const COPIED_BYTES = 100;
const POINTER_BYTES = 8;

/** What a checkpoint keeps that the cluster shares no longer once it has gone on. */
export function weightOfCheckpoint({ store }: Pick<ClusterCheckpoint, 'store'>, count: (resource: string) => number): number {
  let bytes = 0;
  for (const [resource, table] of Object.entries(store['tables'] as JsonObject)) {
    const { history } = table as { readonly history: readonly unknown[] };
    bytes += history.length * POINTER_BYTES + count(resource) * COPIED_BYTES;
  }
  return bytes;
}

function bytesOf(value: unknown, next: unknown): number {
  if (value === next) return 0;
  if (typeof value === 'string') return OBJECT_BYTES + value.length;
  if (typeof value !== 'object' || value === null) return 0;
  const following = typeof next === 'object' && next !== null ? (next as Readonly<Record<string, unknown>>) : undefined;
  let bytes = OBJECT_BYTES;
  for (const [name, member] of Object.entries(value)) bytes += SLOT_BYTES + bytesOf(member, following?.[name]);
  return bytes;
}
