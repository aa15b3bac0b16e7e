/**
 * Server-side apply: lays what a manager wants over the stored object, takes away what it wanted before and no longer
 * does, and says with whom it is in conflict.
 * Invariant: pure; a conflict changes nothing unless it is forced.
 * Counterpart: sigs.k8s.io/structured-merge-diff/merge.Updater and managedfields' structuredMergeManager.
 */
import { jsonEqual } from '../../base/json.ts';
import { compareValues } from './compare.ts';
import { difference, EMPTY, intersection, isEmptySet, pathsOf, union, type FieldSet } from './fieldSet.ts';
import type { FieldType } from './fieldType.ts';
import { ownable, type ManagedEntry, type ManagedFields, type Writer } from './managers.ts';
import { pathText } from './pathElement.ts';
import { mergeValues, namedFields, removeFields, withNamedFields } from './typedValue.ts';

export interface Conflict {
  readonly entry: ManagedEntry;
  readonly elements: readonly string[];
  /** The same in words. */
  readonly path: string;
}

export type Applied =
  /** `object` is undefined if the stored one need not change. */
  | { readonly object: object | undefined; readonly entries: ManagedFields }
  | { readonly conflicts: readonly Conflict[]; readonly fields: FieldSet };

export interface Application {
  readonly type: FieldType;
  readonly live: object;
  /** Of the type; see `typeProblem`. */
  readonly wanted: object;
  readonly entries: ManagedFields;
  readonly writer: Writer;
  readonly force: boolean;
}

export function applyValue({ type, live, wanted, entries, writer, force }: Application): Applied {
  const last = entries.find((entry) => isApplier(entry, writer));
  const others = entries.filter((entry) => entry !== last);
  const named = namedFields(type, wanted) ?? EMPTY;
  const fields = ownable(named, writer);
  const merged = mergeValues(type, live, wanted) as object;
  const owned = [...others.map((entry) => entry.fields), named].reduce(union, EMPTY);
  const object = last === undefined ? merged : prune(type, merged, last.fields, owned);
  const comparison = compareValues(type, live, object);
  const changed = ownable(comparison.changed, writer);
  const removed = ownable(comparison.removed, writer);
  const conflicts = force ? [] : others.flatMap((entry) => conflictsWith(entry, changed));
  if (conflicts.length > 0) return { conflicts, fields: others.map((entry) => intersection(entry.fields, changed)).reduce(union, EMPTY) };
  const kept = others
    .map((entry) => withFields(entry, difference(difference(entry.fields, changed), removed)))
    .filter((entry) => !isEmptySet(entry.fields));
  // Another order of items changes no field, but the object.
  const isSame = jsonEqual(live, object);
  const { manager, apiVersion, subresource, time } = writer;
  // An apply that changes nothing keeps its time; one that only comes to share fields has none.
  const shownTime = isSame ? last?.time : time;
  const own: ManagedEntry = {
    manager,
    operation: 'Apply',
    apiVersion,
    ...(subresource === '' ? {} : { subresource }),
    ...(shownTime === undefined ? {} : { time: shownTime }),
    fields,
  };
  return { object: isSame ? undefined : object, entries: isEmptySet(fields) ? kept : [...kept, own] };
}

/** The set of the fields that a value names and that the live object has with that very value. */
export function agreedFields(type: FieldType, live: object, value: object): FieldSet {
  const { changed, removed } = compareValues(type, value, live);
  return difference(difference(namedFields(type, value) ?? EMPTY, changed), removed);
}

/** Takes away what was applied last and nobody names or owns any more. */
function prune(type: FieldType, merged: object, last: FieldSet, owned: FieldSet): object {
  const lastNamed = withNamedFields(type, last);
  const pruned = removeFields(type, merged, lastNamed);
  const before = withNamedFields(type, namedFields(type, merged) ?? EMPTY);
  const after = withNamedFields(type, namedFields(type, pruned) ?? EMPTY);
  // What another owns is put back; so is what was not applied last.
  const withOwned = removeFields(type, merged, difference(before, union(after, withNamedFields(type, owned))));
  const still = withNamedFields(type, namedFields(type, withOwned) ?? EMPTY);
  return (removeFields(type, merged, intersection(difference(before, still), lastNamed)) ?? {}) as object;
}

function conflictsWith(entry: ManagedEntry, changed: FieldSet): readonly Conflict[] {
  return pathsOf(intersection(entry.fields, changed)).map((elements) => ({ entry, elements, path: pathText(elements) }));
}

function withFields(entry: ManagedEntry, fields: FieldSet): ManagedEntry {
  return fields === entry.fields ? entry : { ...entry, fields };
}

/** An applier is told apart by name and subresource; its version does not matter. */
function isApplier(entry: ManagedEntry, { manager, subresource }: Writer): boolean {
  return entry.operation === 'Apply' && entry.manager === manager && (entry.subresource ?? '') === subresource;
}

/** `"one"`, `"hpa" with subresource "scale" using apps/v1`. */
function managerText({ manager, operation, apiVersion, subresource }: ManagedEntry): string {
  const name = JSON.stringify(manager) + (subresource === undefined ? '' : ` with subresource ${JSON.stringify(subresource)}`);
  return operation === 'Update' ? `${name} using ${apiVersion}` : name;
}

/** What the conflicts come to in words, and each of them. */
export function describeConflicts(conflicts: readonly Conflict[]): {
  readonly message: string;
  readonly causes: readonly { readonly reason: string; readonly message: string; readonly field: string }[];
} {
  const causes = conflicts.map(({ entry, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${managerText(entry)}`,
    field: path,
  }));
  const [only] = conflicts;
  if (only !== undefined && conflicts.length === 1)
    return { message: `Apply failed with 1 conflict: conflict with ${managerText(only.entry)}: ${only.path}`, causes };
  const paths = new Map<string, string[]>();
  for (const { entry, path } of conflicts) {
    const text = managerText(entry);
    paths.set(text, [...(paths.get(text) ?? []), path]);
  }
  const lines = [...paths]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([text, of]) => [`conflicts with ${text}:`, ...of.map((path) => `- ${path}`)]);
  return { message: `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`, causes };
}
