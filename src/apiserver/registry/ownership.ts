/**
 * Field ownership on the way of a write through the registry: whose fields a create or an update makes which.
 * Invariant: what nobody changed keeps its owners; a write that takes nothing leaves the entries, and their times, alone.
 * Counterpart: k8s.io/apimachinery/pkg/util/managedfields.FieldManager.
 */
import { fieldTypeOf, resetFields } from '../../api/fieldTypes.ts';
import type { Strategy } from '../../api/strategy.ts';
import { jsonEqual } from '../../base/json.ts';
import { isSameSet, type FieldSet } from '../../apimachinery/managedfields/fieldSet.ts';
import {
  ownCreated,
  ownUpdated,
  readEntries,
  type ManagedEntry,
  type ManagedFields,
  type Writer,
} from '../../apimachinery/managedfields/managers.ts';
import { apiVersion, type KubeObject } from '../../apimachinery/meta/resource.ts';
import { formatTime } from '../../apimachinery/meta/time.ts';
import type { ManagedFieldsEntry } from '../../apimachinery/meta/types.ts';
import type { RequestContext } from '../request.ts';
import { ownersOf, PendingOwners, resolveOwners, shownEntries, type OwnedWrite, type Owners } from '../storage/managed.ts';

/** Acts that are no writes of the object in its own form change no owners. */
const UNTRACKED: ReadonlySet<string> = new Set(['binding']);

export function writerOf(context: RequestContext, strategy: Strategy, subresource: string, nowMs: number): Writer {
  return {
    manager: context.fieldManager,
    apiVersion: apiVersion(strategy.resource),
    subresource,
    time: formatTime(nowMs),
    reset: resetFields(strategy, subresource),
  };
}

/** @param sent metadata.managedFields of the request */
export function createdOwners(
  strategy: Strategy,
  object: KubeObject,
  sent: readonly ManagedFieldsEntry[] | undefined,
  writer: Writer,
): ManagedFields {
  const type = fieldTypeOf(strategy);
  const given = readEntries(sent);
  if (given === undefined || given === 'reset') return ownCreated(type, object, writer).map((entry) => shared(strategy, entry));
  return ownUpdated(type, {}, object, given, writer);
}

/**
 * Objects come in series (the Pods of a ReplicaSet, Events) whose makers own the same fields: the sets of the last few of a
 * kind are kept, so that a series has one. It decides nothing, it only saves memory.
 */
function shared(strategy: Strategy, entry: ManagedEntry): ManagedEntry {
  let recent = RECENT.get(strategy);
  if (recent === undefined) RECENT.set(strategy, (recent = []));
  const known = recent.find((fields) => isSameSet(fields, entry.fields));
  if (known !== undefined) return { ...entry, fields: known };
  recent.unshift(entry.fields);
  if (recent.length > MAX_RECENT) recent.pop();
  return entry;
}

const MAX_RECENT = 8;
const RECENT = new WeakMap<Strategy, FieldSet[]>();

/** @param sent metadata.managedFields of the request; a client that does not know it leaves it out */
export function updatedOwners(
  strategy: Strategy,
  old: KubeObject,
  object: KubeObject,
  sent: readonly ManagedFieldsEntry[] | undefined,
  writer: Writer,
): Owners {
  const stored = ownersOf(old);
  const { subresource } = writer;
  if (UNTRACKED.has(subresource)) return stored;
  // Objects that nobody tracks are not tracked from the middle on; an apply begins it.
  const base = subresource === '' && sent !== undefined ? startingPoint(resolveOwners(stored), sent) : stored;
  return PendingOwners.after(base, { old, object, writer, settle: settlerOf(strategy) });
}

/** One function per kind, which works out what an update that was put off did. */
function settlerOf(strategy: Strategy): OwnedWrite['settle'] {
  let settle = SETTLERS.get(strategy);
  if (settle === undefined) {
    settle = ({ old, object, writer }, entries) => ownUpdated(fieldTypeOf(strategy), old, object, entries, writer);
    SETTLERS.set(strategy, settle);
  }
  return settle;
}

const SETTLERS = new WeakMap<Strategy, OwnedWrite['settle']>();

function startingPoint(stored: ManagedFields, sent: readonly ManagedFieldsEntry[]): ManagedFields {
  if (jsonEqual(sent, shownEntries(stored))) return stored;
  const given = readEntries(sent);
  return given === 'reset' ? [] : (given ?? stored);
}

/** Whether two lists of entries say the same but for when. */
export function sameOwners(before: Owners, after: Owners): boolean {
  if (before === after) return true;
  const [left, right] = [resolveOwners(before), resolveOwners(after)];
  if (left.length !== right.length) return false;
  return jsonEqual(withoutTimes(left), withoutTimes(right));
}

function withoutTimes(entries: ManagedFields): unknown {
  return shownEntries(entries)
    .map(({ time: _time, ...entry }) => entry)
    .toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

function nameOf({ manager, operation, apiVersion: version, subresource }: ManagedFieldsEntry): string {
  return JSON.stringify([manager, operation, version, subresource]);
}
