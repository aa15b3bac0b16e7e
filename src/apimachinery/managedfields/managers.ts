/**
 * Who owns which fields of an object: what an update, by whomever, changes about it.
 * Invariant: entries are plain data and never changed; a write that takes no field leaves them as they are.
 * Counterpart: k8s.io/apimachinery/pkg/util/managedfields.
 */
import type { ManagedFieldsEntry } from '../meta/types.ts';
import { compareValues } from './compare.ts';
import { difference, inOrder, isEmptySet, LEAF, recursiveDifference, union, type FieldSet } from './fieldSet.ts';
import type { FieldType } from './fieldType.ts';

export interface ManagedEntry {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource?: string;
  /** Absent where the manager came to own what others had set before. */
  readonly time?: string;
  readonly fields: FieldSet;
}

export type ManagedFields = readonly ManagedEntry[];

/** Who writes, and how. */
export interface Writer {
  readonly manager: string;
  readonly apiVersion: string;
  /** Empty for the object itself. */
  readonly subresource: string;
  /** Now, as RFC 3339 with seconds. */
  readonly time: string;
  /** Fields that a write of this kind cannot change, whatever it sends. */
  readonly reset: FieldSet;
}

/** Updating managers beyond this number are put together, the oldest first. */
const MAX_UPDATE_MANAGERS = 10;
const ANCIENT_CHANGES = 'ancient-changes';
const UNKNOWN_MANAGER = 'unknown';

/** Fields of every object that nobody owns. */
const UNOWNED: FieldSet = {
  'f:apiVersion': LEAF,
  'f:kind': LEAF,
  'f:metadata': {
    '.': LEAF,
    'f:name': LEAF,
    'f:namespace': LEAF,
    'f:creationTimestamp': LEAF,
    'f:selfLink': LEAF,
    'f:uid': LEAF,
    'f:clusterName': LEAF,
    'f:generation': LEAF,
    'f:managedFields': LEAF,
    'f:resourceVersion': LEAF,
  },
};

/** The entries of a new object: what it has more than an empty one of its kind. */
export function ownCreated(type: FieldType, object: object, writer: Writer): ManagedFields {
  return ownUpdated(type, NOTHING, object, [], writer);
}

const NOTHING: object = {};

/** The entries after an update of an object; those of before if it took nothing and took nothing away. */
export function ownUpdated(type: FieldType, before: object, after: object, entries: ManagedFields, writer: Writer): ManagedFields {
  const { changed, removed } = compareValues(type, before, after);
  return updateEntries(entries, ownable(changed, writer), ownable(removed, writer), writer);
}

/** A set without what is nobody's and what the writer cannot change. */
export function ownable(set: FieldSet, { reset }: Writer): FieldSet {
  return recursiveDifference(difference(set, UNOWNED), reset);
}

/** What a change takes from others, and gives to an updating writer. */
function updateEntries(entries: ManagedFields, changed: FieldSet, removed: FieldSet, writer: Writer): ManagedFields {
  if (isEmptySet(changed) && isEmptySet(removed)) return entries;
  const result: ManagedEntry[] = [];
  let own: ManagedEntry | undefined;
  let differs = false;
  for (const entry of entries) {
    const isOwn = entry.operation === 'Update' && isWriter(entry, writer);
    const fields = difference(isOwn ? entry.fields : difference(entry.fields, changed), removed);
    const kept = fields === entry.fields ? entry : { ...entry, fields };
    if (kept !== entry) differs = true;
    if (isOwn) own = kept;
    else if (!isEmptySet(fields)) result.push(kept);
  }
  if (!isEmptySet(changed)) {
    const { manager, apiVersion, subresource, time } = writer;
    const fields = own === undefined ? changed : union(own.fields, changed);
    own = {
      manager: manager || UNKNOWN_MANAGER,
      operation: 'Update',
      apiVersion,
      ...(subresource === '' ? {} : { subresource }),
      time,
      fields,
    };
    differs = true;
  }
  if (!differs) return entries;
  if (own !== undefined && !isEmptySet(own.fields)) result.push(own);
  return capped(result);
}

/** An updating manager is told apart by its version and subresource, too. */
function isWriter(entry: ManagedEntry, { manager, apiVersion, subresource }: Writer): boolean {
  return entry.manager === (manager || UNKNOWN_MANAGER) && (entry.subresource ?? '') === subresource && entry.apiVersion === apiVersion;
}

/** Puts the oldest updating managers of one version together until there are few enough. */
function capped(entries: ManagedFields): ManagedFields {
  const updaters = entries.filter(({ operation }) => operation === 'Update').toSorted(byTime);
  let count = updaters.length;
  if (count <= MAX_UPDATE_MANAGERS) return entries;
  const gone = new Set<ManagedEntry>();
  const buckets = new Map<string, ManagedEntry>();
  const first = new Map<string, ManagedEntry>();
  for (const entry of updaters) {
    if (count <= MAX_UPDATE_MANAGERS) break;
    const { apiVersion, fields, time } = entry;
    const earlier = first.get(apiVersion);
    if (earlier === undefined) {
      first.set(apiVersion, entry);
      continue;
    }
    const bucket = buckets.get(apiVersion) ?? earlier;
    gone.add(earlier).add(entry);
    const merged = union(fields, bucket.fields);
    buckets.set(apiVersion, {
      manager: ANCIENT_CHANGES,
      operation: 'Update',
      apiVersion,
      ...(time === undefined ? {} : { time }),
      fields: merged,
    });
    count--;
  }
  return [...entries.filter((entry) => !gone.has(entry)), ...buckets.values()];
}

function byTime(left: ManagedEntry, right: ManagedEntry): number {
  return compareText(left.time ?? '', right.time ?? '') || compareText(left.manager, right.manager);
}

/** As metadata.managedFields shows them: applied ones first, then by time. */
export function showEntries(entries: ManagedFields): readonly ManagedFieldsEntry[] {
  return entries
    .toSorted(
      (a, b) =>
        compareText(a.operation, b.operation) ||
        byTime(a, b) ||
        compareText(a.apiVersion, b.apiVersion) ||
        compareText(a.subresource ?? '', b.subresource ?? ''),
    )
    .map(({ manager, operation, apiVersion, time, fields, subresource }) => ({
      manager,
      operation,
      apiVersion,
      ...(time === undefined ? {} : { time }),
      fieldsType: 'FieldsV1',
      fieldsV1: inOrder(fields),
      ...(subresource === undefined ? {} : { subresource }),
    }));
}

/** What a request says of ownership: entries, nothing worth reading, or that nothing shall be tracked any more. */
export function readEntries(shown: readonly ManagedFieldsEntry[] | undefined): ManagedFields | 'reset' | undefined {
  if (shown === undefined || shown.length === 0) return undefined;
  if (shown.length === 1 && Object.keys(shown[0] ?? {}).length === 0) return 'reset';
  const entries: ManagedEntry[] = [];
  for (const { manager = '', operation, apiVersion = '', time, fieldsType, fieldsV1, subresource } of shown) {
    if (operation !== 'Apply' && operation !== 'Update') return undefined;
    if ((fieldsType ?? '') !== 'FieldsV1' || !isFieldSet(fieldsV1)) return undefined;
    if (isEmptySet(fieldsV1)) continue;
    entries.push({
      manager: manager === '' ? UNKNOWN_MANAGER : manager,
      operation,
      apiVersion,
      ...(time === undefined ? {} : { time }),
      ...(subresource === undefined || subresource === '' ? {} : { subresource }),
      fields: fieldsV1,
    });
  }
  return entries.length === 0 ? undefined : entries;
}

function isFieldSet(value: unknown): value is FieldSet {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(([element, inner]) => /^(\.$|[fkvi]:)/.test(element) && isFieldSet(inner));
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
