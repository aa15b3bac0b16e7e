/**
 * What an apply does with values: the fields it names, the merge into the stored object, the removal of fields.
 * Invariant: values are not changed; results share parts with them.
 * Counterpart: sigs.k8s.io/structured-merge-diff/typed.
 */
import { setOwn } from '../scheme/jsonText.ts';
import { formOf, indexOf, isBag, type Bag } from './compare.ts';
import { isEmptySet, isMember, LEAF, nodeOf, type FieldSet, type FieldSetDraft } from './fieldSet.ts';
import { DEDUCED, type FieldType, type ListType, type MapType } from './fieldType.ts';
import { itemElement } from './pathElement.ts';

/** The fields that a value names: its leaves, list items and the members of maps; structs only where they are empty. */
export function namedFields(type: FieldType, value: unknown): FieldSet | undefined {
  const form = formOf(type, value);
  if (form === undefined) return LEAF;
  return form.kind === 'map' ? namedMembers(form, value) : namedItems(form, value);
}

function namedMembers(type: MapType, value: unknown): FieldSet | undefined {
  if (!isBag(value)) return undefined;
  let below: FieldSetDraft | undefined;
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue;
    const field = type.fields.get(key);
    const inner = namedFields(field?.type ?? type.element ?? DEDUCED, item);
    const itself = field === undefined || item === null || (isBag(item) && isEmptySet(item as FieldSet));
    const node = itself ? withMember(inner) : inner;
    if (node !== undefined) (below ??= {})[field?.element ?? `f:${key}`] = node;
  }
  return below;
}

function namedItems(type: ListType, value: unknown): FieldSet | undefined {
  if (!Array.isArray(value)) return undefined;
  let below: FieldSetDraft | undefined;
  for (const item of value as readonly unknown[]) {
    const element = itemElement(type, item);
    if (typeof element === 'string') (below ??= {})[element] = withMember(namedFields(type.item, item));
  }
  return below;
}

function withMember(node: FieldSet | undefined): FieldSet {
  if (node === undefined) return LEAF;
  return isMember(node) ? node : (nodeOf(true, { ...node }) ?? LEAF);
}

/** The stored value with the applied one laid over it; undefined for none. */
export function mergeValues(type: FieldType, stored: unknown, applied: unknown): unknown {
  if (applied === undefined) return stored;
  if (stored === undefined) return applied;
  const form = formOf(type, applied ?? stored);
  if (form?.kind === 'map') {
    if (!isBag(applied)) return isBag(stored) && !isEmptySet(stored as FieldSet) ? stored : applied;
    return mergeMaps(form, isBag(stored) ? stored : {}, applied);
  }
  if (form?.kind === 'list') {
    if (!Array.isArray(applied)) return Array.isArray(stored) && stored.length > 0 ? stored : applied;
    return mergeLists(form, Array.isArray(stored) ? stored : [], applied);
  }
  return applied;
}

function mergeMaps(type: MapType, stored: Bag, applied: Bag): Bag {
  const result: Record<string, unknown> = { ...stored };
  for (const [key, value] of Object.entries(applied)) {
    setOwn(result, key, mergeValues(type.fields.get(key)?.type ?? type.element ?? DEDUCED, stored[key], value));
  }
  return result;
}

/**
 * Items of both lists, merged by key. Shared items take the order of the applied list; items of one side only keep their
 * place relative to the shared ones. Example: stored `[a, x, b]`, applied `[b, a, c]`: `x b a c`.
 */
function mergeLists(type: ListType, storedItems: readonly unknown[], appliedItems: readonly unknown[]): readonly unknown[] {
  const stored = indexOf(type, storedItems);
  const applied = indexOf(type, appliedItems);
  const left = [...stored.keys()];
  const right = [...applied.keys()];
  const shared = right.filter((element) => stored.has(element));
  const merged = (element: string): unknown => mergeValues(type.item, stored.get(element), applied.get(element));
  const result: unknown[] = [];
  let [leftAt, rightAt, sharedAt] = [0, 0, 0];
  while (leftAt < left.length || rightAt < right.length) {
    const ours = left[leftAt];
    const theirs = right[rightAt];
    if (ours !== undefined && ours === theirs) {
      result.push(merged(ours));
      leftAt++;
      rightAt++;
      sharedAt++;
    } else if (ours !== undefined && theirs !== undefined && applied.has(ours) && sharedAt < shared.length && shared[sharedAt] !== ours) {
      // Shared, but another shared item comes first.
      leftAt++;
    } else if (ours !== undefined && !applied.has(ours)) {
      result.push(stored.get(ours));
      leftAt++;
    } else if (theirs !== undefined) {
      result.push(merged(theirs));
      rightAt++;
      if (shared[sharedAt] === theirs) sharedAt++;
    } else leftAt++;
  }
  return result;
}

/** The value without the fields of a set; undefined if nothing is left. */
export function removeFields(type: FieldType, value: unknown, set: FieldSet): unknown {
  const form = formOf(type, value);
  if (form === undefined) return type.kind === 'scalar' || typeof value !== 'object' ? value : undefined;
  if (form.kind === 'map') {
    if (!isBag(value)) return undefined;
    const result: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(value)) {
      const field = form.fields.get(key);
      const inner = set[field?.element ?? `f:${key}`];
      if (inner !== undefined && isMember(inner)) continue;
      const kept = inner === undefined ? item : removeFields(field?.type ?? form.element ?? DEDUCED, item, inner);
      // What loses all of its members stays as a field without a value.
      setOwn(result, key, kept === undefined ? null : kept);
    }
    return isEmptySet(result as FieldSet) ? undefined : result;
  }
  if (!Array.isArray(value)) return undefined;
  const items: unknown[] = [];
  for (const item of value as readonly unknown[]) {
    const element = itemElement(form, item);
    const inner = typeof element === 'string' ? set[element] : undefined;
    if (inner === undefined) items.push(item);
    else if (!isMember(inner)) items.push(removeFields(form.item, item, inner));
  }
  return items.length === 0 ? undefined : items;
}

/** A set in which every struct field that something below is in, is itself a member. */
export function withNamedFields(type: FieldType, set: FieldSet): FieldSet {
  let result: FieldSetDraft | undefined;
  for (const element of Object.keys(set)) {
    const child = set[element];
    if (child === undefined || isEmptySet(child)) continue;
    const { inner, isField } = stepInto(type, element);
    const deeper = withNamedFields(inner, child);
    const node = isField ? withMember(deeper) : deeper;
    if (node !== child) (result ??= { ...set })[element] = node;
  }
  return result ?? set;
}

function stepInto(type: FieldType, element: string): { readonly inner: FieldType; readonly isField: boolean } {
  if (type.kind === 'list') return { inner: type.item, isField: false };
  if (type.kind !== 'map') return { inner: DEDUCED, isField: false };
  const field = type.fields.get(element.slice(2));
  return { inner: field?.type ?? type.element ?? DEDUCED, isField: field !== undefined };
}
