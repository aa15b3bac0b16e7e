import { jsonEqual } from '../../base/json.ts';
import { EMPTY, isEmptySet, LEAF, nodeOf, type FieldSet, type FieldSetDraft } from './fieldSet.ts';
import { DEDUCED, type Field, type FieldType, type ListType, type MapType } from './fieldType.ts';
import { itemElement } from './pathElement.ts';

export type Bag = Readonly<Record<string, unknown>>;

/** What a change does to the fields of a value. */
export interface Comparison {
  /** Fields that are new or have another value. */
  readonly changed: FieldSet;
  readonly removed: FieldSet;
}

/** Compares two values of a type; both are there. */
export function compareValues(type: FieldType, before: unknown, after: unknown): Comparison {
  const walk = { shrinks: false };
  const changed = changedFields(type, before, after, walk) ?? EMPTY;
  // Most changes take nothing away; then there is no second walk.
  return { changed, removed: walk.shrinks ? (removedFields(type, before, after) ?? EMPTY) : EMPTY };
}

interface Walk {
  /** Something of the old value was not found in the new one. */
  shrinks: boolean;
}

function changedFields(type: FieldType, before: unknown, after: unknown, walk: Walk): FieldSet | undefined {
  if (before === after) return undefined;
  const form = formOf(type, after ?? before);
  // An empty map or list and null are two values of one leaf.
  if (form === undefined || (isHollow(form, before) && isHollow(form, after))) {
    if ((before === null) === (after === null) && jsonEqual(before, after)) return undefined;
    walk.shrinks = true;
    return LEAF;
  }
  if (form.kind === 'map') {
    if (isBag(after)) return nodeOf(false, changedMembers(form, isBag(before) ? before : undefined, after, walk));
  } else if (Array.isArray(after)) return nodeOf(false, changedItems(form, Array.isArray(before) ? before : [], after, walk));
  walk.shrinks = true;
  return undefined;
}

function removedFields(type: FieldType, before: unknown, after: unknown): FieldSet | undefined {
  if (before === after || typeof before !== 'object' || before === null) return undefined;
  const form = formOf(type, before);
  if (form === undefined) return undefined;
  if (form.kind === 'map') return isBag(before) ? removedMembers(form, before, isBag(after) ? after : undefined) : undefined;
  return Array.isArray(before) ? removedItems(form, before, Array.isArray(after) ? after : []) : undefined;
}

const IGNORED: Walk = { shrinks: true };

/** All fields of a value that was not there before, the value itself among them. */
export function allFields(type: FieldType, value: unknown): FieldSet {
  const form = formOf(type, value);
  if (form === undefined) return LEAF;
  if (form.kind === 'map') return isBag(value) ? (nodeOf(true, changedMembers(form, undefined, value, IGNORED)) ?? LEAF) : LEAF;
  return Array.isArray(value) ? (nodeOf(true, changedItems(form, [], value, IGNORED)) ?? LEAF) : LEAF;
}

/** How a value is walked: as a granular map or list; undefined for what is owned as a whole. */
export function formOf(type: FieldType, value: unknown): MapType | ListType | undefined {
  if (type.kind === 'scalar') return undefined;
  if (type.kind === 'deduced') return isBag(value) ? GRANULAR : undefined;
  return type.atomic ? undefined : type;
}

const GRANULAR: MapType = { kind: 'map', atomic: false, fields: new Map(), zeros: [], element: DEDUCED };

/** @param old undefined: the map was not there, nor what a struct always has */
function changedMembers(type: MapType, old: Bag | undefined, now: Bag, walk: Walk): FieldSetDraft | undefined {
  let below: FieldSetDraft | undefined;
  if (old !== undefined && !walk.shrinks) walk.shrinks = losesMember(old, now);
  for (const key in now) {
    const after = now[key];
    if (after === undefined) continue;
    const field = type.fields.get(key);
    const before = old === undefined ? undefined : valueOf(old, key, field);
    if (before === after) continue;
    const memberType = field?.type ?? type.element ?? DEDUCED;
    const changed = before === undefined ? allFields(memberType, after) : changedFields(memberType, before, after, walk);
    if (changed !== undefined) (below ??= {})[field?.element ?? `f:${key}`] = changed;
  }
  if (old !== undefined) return below;
  for (const field of type.zeros) if (now[field.name] === undefined) (below ??= {})[field.element] = allFields(field.type, field.zero);
  return below;
}

function removedMembers(type: MapType, old: Bag, now: Bag | undefined): FieldSetDraft | undefined {
  let below: FieldSetDraft | undefined;
  for (const key in old) {
    const before = old[key];
    if (before === undefined) continue;
    const field = type.fields.get(key);
    const after = now === undefined ? undefined : valueOf(now, key, field);
    if (before === after) continue;
    const memberType = field?.type ?? type.element ?? DEDUCED;
    const removed = after === undefined ? allFields(memberType, before) : removedFields(memberType, before, after);
    if (removed !== undefined) (below ??= {})[field?.element ?? `f:${key}`] = removed;
  }
  return below;
}

function losesMember(old: Bag, now: Bag): boolean {
  for (const key in old) if (now[key] === undefined && old[key] !== undefined) return true;
  return false;
}

function valueOf(map: Bag, key: string, field: Field | undefined): unknown {
  const value = map[key];
  return value === undefined ? field?.zero : value;
}

function changedItems(type: ListType, old: readonly unknown[], now: readonly unknown[], walk: Walk): FieldSetDraft | undefined {
  const index = sameItems(type, old, now) ? undefined : indexOf(type, old);
  if (index !== undefined && index.size > 0) walk.shrinks = true;
  let below: FieldSetDraft | undefined;
  for (const [position, after] of now.entries()) {
    if (index === undefined && old[position] === after) continue;
    const element = itemElement(type, after);
    if (typeof element !== 'string') continue;
    const before = index === undefined ? old[position] : index.get(element);
    const changed = before === undefined ? allFields(type.item, after) : changedFields(type.item, before, after, walk);
    if (changed !== undefined) (below ??= {})[element] = changed;
  }
  return below;
}

function removedItems(type: ListType, old: readonly unknown[], now: readonly unknown[]): FieldSetDraft | undefined {
  const index = sameItems(type, old, now) ? undefined : indexOf(type, now);
  let below: FieldSetDraft | undefined;
  for (const [position, before] of old.entries()) {
    if (index === undefined && now[position] === before) continue;
    const element = itemElement(type, before);
    if (typeof element !== 'string') continue;
    const after = index === undefined ? now[position] : index.get(element);
    const removed = after === undefined ? allFields(type.item, before) : removedFields(type.item, before, after);
    if (removed !== undefined) (below ??= {})[element] = removed;
  }
  return below;
}

/** Whether two lists hold items of the same keys in the same order, which saves looking them up. */
function sameItems(type: ListType, left: readonly unknown[], right: readonly unknown[]): boolean {
  if (left.length !== right.length) return false;
  return left.every((item, index) => {
    const other = right[index];
    if (item === other) return true;
    return type.keys.length > 0 && isBag(item) && isBag(other) && type.keys.every((key) => item[key] === other[key]);
  });
}

/** Items by their elements; of several with one element the first counts. */
export function indexOf(type: ListType, items: readonly unknown[]): ReadonlyMap<string, unknown> {
  const index = new Map<string, unknown>();
  for (const item of items) {
    const element = itemElement(type, item);
    if (typeof element === 'string' && !index.has(element)) index.set(element, item);
  }
  return index;
}

function isHollow(form: MapType | ListType, value: unknown): boolean {
  if (form.kind === 'list') return !Array.isArray(value) || value.length === 0;
  return !isBag(value) || (form.zeros.length === 0 && isEmptySet(value as FieldSet));
}

export function isBag(value: unknown): value is Bag {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
