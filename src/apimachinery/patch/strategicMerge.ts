/**
 * Strategic merge patch: JSON merge patch that knows which lists are sets or maps by a key, and its directives
 * ($patch, $deleteFromPrimitiveList, $setElementOrder, $retainKeys).
 * Invariant: neither the document nor the patch is changed; the result may share parts with both.
 * Counterpart: k8s.io/apimachinery/pkg/util/strategicpatch.StrategicMergePatch.
 */
import { jsonEqual } from '../../base/json.ts';
import { goValue } from '../field/goValue.ts';
import type { Schema, SchemaSet } from '../scheme/schema.ts';
import { setOwn } from '../scheme/jsonText.ts';
import { orderElements } from './elementOrder.ts';
import { patchField, type PatchField } from './patchSchema.ts';
import type { PatchResult } from './result.ts';

type Bag = Record<string, unknown>;

/** @param definition the name of the document's type in the schema */
export function applyStrategicMergePatch(schemas: SchemaSet, definition: string, document: unknown, patch: unknown): PatchResult {
  if (!isBag(patch)) return { badRequest: `json: cannot unmarshal ${describe(patch)} into Go value of type map[string]interface {}` };
  try {
    const merger = new Merger(schemas);
    return { value: merger.mergeMap(isBag(document) ? document : {}, patch, schemas.definitions[definition]) };
  } catch (error) {
    if (error instanceof PatchProblem) return { badRequest: error.message };
    throw error;
  }
}

const PATCH = '$patch';
const RETAIN_KEYS = '$retainKeys';
const DELETE_FROM = '$deleteFromPrimitiveList/';
const ELEMENT_ORDER = '$setElementOrder/';

/** Never leaves this file. */
class PatchProblem extends Error {}

class Merger {
  private readonly schemas: SchemaSet;

  constructor(schemas: SchemaSet) {
    this.schemas = schemas;
  }

  mergeMap(original: Readonly<Bag>, patch: Readonly<Bag>, type: Schema | undefined): Bag {
    const directive = patch[PATCH];
    if (directive !== undefined) {
      if (directive === 'replace') return withoutNulls(omit(patch, PATCH));
      if (directive === 'delete') return {};
      throw new PatchProblem(unknownDirective(directive, patch));
    }
    const result = retained(original, patch);
    for (const [key, value] of Object.entries(patch)) {
      if (key === PATCH || key === RETAIN_KEYS) continue;
      if (key.startsWith(DELETE_FROM)) this.deleteFromList(result, key.slice(DELETE_FROM.length), value);
      else if (key.startsWith(ELEMENT_ORDER)) continue;
      else this.mergeMember(result, key, value, patchField(this.schemas, type, key));
    }
    // The order is set when the members are merged; the patch may order a list that it does not change.
    for (const [key, order] of Object.entries(patch)) {
      if (!key.startsWith(ELEMENT_ORDER)) continue;
      const name = key.slice(ELEMENT_ORDER.length);
      this.setOrder(result, original, patch, name, order, patchField(this.schemas, type, name));
    }
    return result;
  }

  private mergeMember(result: Bag, key: string, value: unknown, field: PatchField): void {
    if (value === null) {
      delete result[key];
      return;
    }
    const current = Object.hasOwn(result, key) ? result[key] : undefined;
    if (isBag(value)) {
      setOwn(result, key, isBag(current) && !field.replace ? this.mergeMap(current, value, field.type) : this.fresh(value, field.type));
    } else if (Array.isArray(value)) {
      const stored = Array.isArray(current) ? (current as readonly unknown[]) : [];
      setOwn(result, key, field.merge ? this.mergeInOrder(stored, value, field) : value);
    } else setOwn(result, key, value);
  }

  /** A map that was not there before: directives and nulls in it mean nothing. */
  private fresh(value: Readonly<Bag>, type: Schema | undefined): Bag {
    return this.mergeMap({}, value, type);
  }

  /** Without $setElementOrder the patch's own items say the order. */
  private mergeInOrder(stored: readonly unknown[], patch: readonly unknown[], field: PatchField): readonly unknown[] {
    const identity = identityOf(field);
    return orderElements(this.mergeList(stored, patch, field), namedKeys(patch, identity), stored.map(identity), identity);
  }

  private mergeList(original: readonly unknown[], patch: readonly unknown[], field: PatchField): unknown[] {
    if (![...original, ...patch].some(isBag)) return unique([...original, ...patch]);
    if (field.mergeKey === '') throw new PatchProblem('cannot merge lists without merge key for type');
    const { mergeKey } = field;
    let result = [...original];
    const additions: Bag[] = [];
    let replaces = false;
    for (const item of patch) {
      if (!isBag(item)) throw new PatchProblem(`list element types are not identical: ${describe(item)}`);
      const directive = item[PATCH];
      if (directive === undefined) additions.push(item);
      else if (directive === 'replace') replaces = true;
      else if (directive === 'merge') throw new PatchProblem('merging lists cannot yet be specified in the patch');
      else if (directive === 'delete') {
        const key = keyOf(item, mergeKey);
        result = result.filter((other) => !(isBag(other) && jsonEqual(other[mergeKey], key)));
      } else throw new PatchProblem(unknownDirective(directive, item));
    }
    if (replaces) return additions.map((item) => this.fresh(item, field.type));
    for (const item of additions) {
      const key = keyOf(item, mergeKey);
      const index = result.findIndex((other) => isBag(other) && jsonEqual(other[mergeKey], key));
      const found = result[index];
      if (isBag(found)) result[index] = this.mergeMap(found, item, field.type);
      else result.push(this.fresh(item, field.type));
    }
    return result;
  }

  private deleteFromList(result: Bag, key: string, values: unknown): void {
    if (!Array.isArray(values)) throw new PatchProblem('invalid patch format of primitive list');
    const current = result[key];
    if (!Array.isArray(current)) return;
    result[key] = current.filter((item) => !values.some((value) => jsonEqual(value, item)));
  }

  private setOrder(result: Bag, original: Readonly<Bag>, patch: Readonly<Bag>, name: string, order: unknown, field: PatchField): void {
    if (!Array.isArray(order)) throw new PatchProblem('invalid patch format of setElementOrder list');
    const merged = result[name];
    if (!Array.isArray(merged) || !field.merge) return;
    const identity = identityOf(field);
    const stored = original[name];
    const changed = patch[name];
    const changedKeys = namedKeys(Array.isArray(changed) ? changed : [], identity);
    const wantedKeys = order.map(identity);
    if (!isInOrder(changedKeys, wantedKeys)) {
      const put = (changed as readonly unknown[]).filter((item) => !(isBag(item) && item[PATCH] !== undefined));
      throw new PatchProblem(`The order in patch list:\n${goValue(put)}\n doesn't match $setElementOrder list:\n${goValue(order)}\n`);
    }
    result[name] = orderElements(merged, wantedKeys, (Array.isArray(stored) ? stored : []).map(identity), identity);
  }
}

/** What makes an item of a list the same item: its merge key, or itself. */
function identityOf({ mergeKey }: PatchField): (item: unknown) => unknown {
  return (item) => (isBag(item) && mergeKey !== '' ? item[mergeKey] : item);
}

/** The items that a patch puts, those that only carry out a directive left out. */
function namedKeys(patch: readonly unknown[], identity: (item: unknown) => unknown): readonly unknown[] {
  return patch.filter((item) => !(isBag(item) && item[PATCH] !== undefined)).map(identity);
}

function retained(original: Readonly<Bag>, patch: Readonly<Bag>): Bag {
  const keep = patch[RETAIN_KEYS];
  if (keep === undefined) return { ...original };
  const isList = Array.isArray(keep) && keep.every((key) => typeof key === 'string');
  const outside = isList && Object.entries(patch).some(([key, value]) => !key.startsWith('$') && value !== null && !keep.includes(key));
  if (!isList || outside) throw new PatchProblem('invalid patch format of retainKeys');
  return Object.fromEntries(Object.entries(original).filter(([key]) => keep.includes(key)));
}

function keyOf(item: Readonly<Bag>, mergeKey: string): unknown {
  const key = item[mergeKey];
  if (key === undefined) throw new PatchProblem(`map: ${goValue(item)} does not contain declared merge key: ${mergeKey}`);
  return key;
}

function withoutNulls(value: Readonly<Bag>): Bag {
  const result: Bag = {};
  for (const [key, item] of Object.entries(value)) if (item !== null) setOwn(result, key, isBag(item) ? withoutNulls(item) : item);
  return result;
}

/** Whether the one list stands in the other in the same order, perhaps with others between. */
function isInOrder(part: readonly unknown[], whole: readonly unknown[]): boolean {
  let position = 0;
  for (const key of part) {
    while (position < whole.length && !jsonEqual(whole[position], key)) position++;
    if (position++ >= whole.length) return false;
  }
  return true;
}

function unknownDirective(directive: unknown, map: Readonly<Bag>): string {
  return `unknown patch type: ${goValue(directive)} in map: ${goValue(map)}`;
}

function omit(value: Readonly<Bag>, name: string): Bag {
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));
}

function unique(items: readonly unknown[]): unknown[] {
  return items.filter((item, index) => items.findIndex((other) => jsonEqual(other, item)) === index);
}

function isBag(value: unknown): value is Bag {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : value === null ? 'null' : typeof value;
}
