/**
 * Makes an API object of plain JSON values the way the API server does: every field checked against its Go type, unknown
 * and repeated fields noted, quantities, times and base64 written canonically, nulls and empty optional fields dropped,
 * the zero values of fields that are always printed filled in.
 * Invariant: what comes out has the shape of the generated types; the input is not changed and not shared, but for values
 * of free form (`any`).
 * Counterpart: sigs.k8s.io/json over the Go structs.
 */
import { Path } from '../field/path.ts';
import { formatQuantity, parseQuantity, roundUpToMilli } from '../quantity/quantity.ts';
import { canonicalBase64 } from './base64.ts';
import { noteEmpty } from './emptyCollections.ts';
import { canonicalMicroTime, canonicalTime, type TimeResult } from './goTime.ts';
import { NO_SOURCE, setOwn, type JsonSource } from './jsonText.ts';
import type { EitherNode, FieldNode, ListNode, MapNode, ScalarNode, StructNode, TypeNode } from './typeNode.ts';

export interface Decoded {
  readonly object: Record<string, unknown>;
  /** `unknown field "spec.foo"`, `duplicate field "metadata.name"`, in the order of the text; at most 100. */
  readonly strictErrors: readonly string[];
  /** The error that makes the body unusable: a wrong JSON type, a bad quantity, time or base64. The object is not to be used then. */
  readonly error: string | undefined;
  /** Where that is; the message names Go's fields, but no item of a list. */
  readonly errorAt: Path | undefined;
}

/** @param source what the text had beyond its values, see `readJson` */
export function decode(node: StructNode, value: unknown, source: JsonSource = NO_SOURCE): Decoded {
  const decoder = new Decoder(source);
  try {
    const object = decoder.top(node, value);
    return { object, strictErrors: decoder.strictErrors(), error: decoder.savedError, errorAt: decoder.savedAt };
  } catch (error) {
    // An error of a type that reads itself ends everything and wins over wrong types that were met before.
    if (error instanceof CustomTypeError) {
      const errorAt = error.message === decoder.savedError ? decoder.savedAt : decoder.place();
      return { object: {}, strictErrors: [], error: error.message, errorAt };
    }
    throw error;
  }
}

/** The value of a type that nobody gave; `undefined` where the field is left out then. */
export function zeroValue(type: TypeNode): unknown {
  switch (type.kind) {
    case 'string':
    case 'bytes':
      return '';
    case 'boolean':
      return false;
    case 'int32':
    case 'int64':
    case 'double':
    case 'intOrString':
      return 0;
    case 'quantity':
      return '0';
    case 'list':
      return [];
    case 'map':
      return {};
    case 'struct':
      return withZeroFields(type, {});
    default:
      return undefined;
  }
}

/** Never leaves this file. */
class CustomTypeError extends Error {}

const MAX_STRICT_ERRORS = 100;
const INT32_MAX = 2147483647;
const INT32_MIN = -2147483648;

class Decoder {
  savedError: string | undefined;
  savedAt: Path | undefined;
  private readonly strict = new Set<string>();
  private readonly source: JsonSource;
  /** Whether the text had anything that the values do not show; spares look-ups. */
  private readonly plain: boolean;
  /** Within values whose unknown fields nobody minds. */
  private lenient = 0;
  /** The innermost struct, for messages. */
  private structName = '';
  /** The way to the value: fields, map keys, indexes. Printed only when something is wrong. */
  private readonly steps: (FieldNode | string | number)[] = [];

  constructor(source: JsonSource) {
    this.source = source;
    this.plain = source.keys.size === 0 && source.numbers.size === 0;
  }

  top(node: StructNode, value: unknown): Record<string, unknown> {
    const object = this.value(node, value, undefined, '');
    return (object ?? withZeroFields(node, {})) as Record<string, unknown>;
  }

  strictErrors(): readonly string[] {
    return [...this.strict];
  }

  /** The way to the value that is read. */
  place(): Path {
    let path: Path = Path.root;
    for (const step of this.steps)
      path = typeof step === 'number' ? path.index(step) : typeof step === 'string' ? path.key(step) : path.child(step.name);
    return path;
  }

  /** @returns undefined for null and for what could not be decoded: the Go value stays as it was, zero */
  private value(node: TypeNode, value: unknown, parent: object | undefined, key: string | number): unknown {
    switch (node.kind) {
      case 'struct':
        return this.struct(node, value);
      case 'list':
        return this.list(node, value);
      case 'map':
        return this.map(node, value);
      case 'quantity':
        return this.quantity(value, parent, key);
      case 'intOrString':
        return this.intOrString(value, parent, key);
      case 'time':
        return this.time(value, canonicalTime);
      case 'microTime':
        return this.time(value, canonicalMicroTime);
      case 'any':
        return value ?? undefined;
      case 'either':
        return this.either(node, value);
      default:
        return this.scalar(node, value, parent, key);
    }
  }

  private struct(node: StructNode, value: unknown): unknown {
    if (value === null || value === undefined) return undefined;
    if (typeof value !== 'object' || Array.isArray(value)) return this.wrongType(describe(value), node.goType);
    const result: Record<string, unknown> = {};
    const outer = this.structName;
    this.structName = node.name;
    const given = value as Record<string, unknown>;
    const repeated = this.plain ? undefined : this.source.keys.get(value);
    if (repeated === undefined) for (const key in given) this.member(node, given, key, result);
    else this.repeatedKeys(repeated, (key) => this.member(node, given, key, result));
    this.structName = outer;
    return withZeroFields(node, result);
  }

  private member(node: StructNode, given: Record<string, unknown>, key: string, result: Record<string, unknown>): void {
    const field = node.fields.get(key);
    if (field === undefined) {
      if (given[key] !== undefined) this.noteStrict('unknown', key);
      return;
    }
    const raw = given[key];
    if (raw === undefined) return;
    // Most values are texts; they need no way to them, as nothing can be wrong with them.
    if (field.type.kind === 'string' && typeof raw === 'string') {
      if (raw !== '' || field.keepsZero) result[key] = raw;
      return;
    }
    this.steps.push(field);
    const decoded = this.value(field.type, raw, given, key);
    this.steps.pop();
    if (decoded === undefined) return;
    if (field.keepsZero || isPrinted(field, decoded)) result[key] = decoded;
    if ((field.type.kind === 'list' || field.type.kind === 'map') && isEmpty(decoded as object)) noteEmpty(result, key);
  }

  private repeatedKeys(keys: readonly string[], visit: (key: string) => void): void {
    const seen = new Set<string>();
    for (const key of keys) {
      if (seen.has(key)) this.noteStrict('duplicate', key);
      else visit(key);
      seen.add(key);
    }
  }

  private list(node: ListNode, value: unknown): unknown {
    if (value === null || value === undefined) return undefined;
    if (!Array.isArray(value)) return this.wrongType(describe(value), node.goType);
    const result: unknown[] = [];
    const items = value as readonly unknown[];
    for (let index = 0; index < items.length; index++) {
      this.steps.push(index);
      result.push(this.value(node.item, items[index], items, index) ?? zeroValue(node.item) ?? null);
      this.steps.pop();
    }
    return result;
  }

  private map(node: MapNode, value: unknown): unknown {
    if (value === null || value === undefined) return undefined;
    if (typeof value !== 'object' || Array.isArray(value)) return this.wrongType(describe(value), node.goType);
    const result: Record<string, unknown> = {};
    const given = value as Record<string, unknown>;
    const visit = (key: string): void => {
      if (given[key] === undefined) return;
      this.steps.push(key);
      const decoded = this.value(node.item, given[key], given, key) ?? zeroValue(node.item) ?? null;
      this.steps.pop();
      setOwn(result, key, node.item.kind === 'quantity' ? roundedResource(decoded as string) : decoded);
    };
    const repeated = this.plain ? undefined : this.source.keys.get(value);
    if (repeated === undefined) for (const key of Object.keys(given)) visit(key);
    else this.repeatedKeys(repeated, visit);
    return result;
  }

  private scalar(node: ScalarNode, value: unknown, parent: object | undefined, key: string | number): unknown {
    if (value === null || value === undefined) return undefined;
    switch (typeof value) {
      case 'string':
        if (node.kind === 'string') return value;
        return node.kind === 'bytes' ? this.bytes(value) : this.wrongType('string', node.goType);
      case 'boolean':
        return node.kind === 'boolean' ? value : this.wrongType('bool', node.goType);
      case 'number':
        return this.number(node, value, parent, key);
      default:
        return this.bytesOfList(node, value) ?? this.wrongType(describe(value), node.goType);
    }
  }

  private number(node: ScalarNode, value: number, parent: object | undefined, key: string | number): unknown {
    if (node.kind === 'double') return value;
    if (node.kind !== 'int32' && node.kind !== 'int64') return this.wrongType('number', node.goType);
    const text = this.numberText(value, parent, key);
    const fits = node.kind === 'int32' ? value >= INT32_MIN && value <= INT32_MAX : isInt64(text);
    return fits && /^-?[0-9]+$/.test(text) ? value : this.wrongType(`number ${text}`, node.goType);
  }

  private bytes(value: string): unknown {
    const result = canonicalBase64(value);
    if ('text' in result) return result.text;
    return this.save(result.error);
  }

  /** A []byte is a list for Go: `[104, 105]` would be read. Nobody writes that; an empty list is an empty value. */
  private bytesOfList(node: ScalarNode, value: unknown): unknown {
    return node.kind === 'bytes' && Array.isArray(value) && value.length === 0 ? '' : undefined;
  }

  private quantity(value: unknown, parent: object | undefined, key: string | number): unknown {
    if (value === null || value === undefined) return undefined;
    const text =
      typeof value === 'string' ? value : typeof value === 'number' ? this.numberText(value, parent, key) : JSON.stringify(value);
    const result = parseQuantity(text.trim());
    if ('error' in result) throw new CustomTypeError(result.error);
    return formatQuantity(result.quantity);
  }

  private intOrString(value: unknown, parent: object | undefined, key: string | number): unknown {
    if (value === null || value === undefined) return undefined;
    if (typeof value === 'string') return value;
    if (typeof value !== 'number') throw new CustomTypeError(this.typeError(describe(value), 'int32'));
    const text = this.numberText(value, parent, key);
    if (value >= INT32_MIN && value <= INT32_MAX && /^-?[0-9]+$/.test(text)) return value;
    throw new CustomTypeError(this.typeError(`number ${text}`, 'int32'));
  }

  private time(value: unknown, canonical: (text: string) => TimeResult): unknown {
    if (value === null || value === undefined) return undefined;
    if (typeof value !== 'string') throw new CustomTypeError(this.typeError(describe(value), 'string'));
    const result = canonical(value);
    if ('error' in result) throw new CustomTypeError(result.error);
    return result.text;
  }

  private either(node: EitherNode, value: unknown): unknown {
    if (value === null || value === undefined) return undefined;
    const form = Array.isArray(value) ? node.list : typeof value === 'object' ? node.object : undefined;
    if (form === undefined) {
      // What is no form at all is read as one without content, which is printed as null but is not the same as none.
      if (!node.boolean) return null;
      if (typeof value === 'boolean') return value;
      throw new CustomTypeError('boolean or JSON schema expected');
    }
    const before = this.savedError;
    this.lenient++;
    const decoded = this.value(form, value, undefined, '');
    this.lenient--;
    if (this.savedError !== undefined && this.savedError !== before) throw new CustomTypeError(this.savedError);
    return decoded;
  }

  private numberText(value: number, parent: object | undefined, key: string | number): string {
    const written = this.plain || parent === undefined ? undefined : this.source.numbers.get(parent)?.get(key);
    return written ?? String(value);
  }

  private noteStrict(what: 'unknown' | 'duplicate', key: string): void {
    if (this.lenient > 0 || this.strict.size >= MAX_STRICT_ERRORS) return;
    let path = '';
    for (const step of this.steps) path += typeof step === 'number' ? `[${step}]` : `.${typeof step === 'string' ? step : step.name}`;
    this.strict.add(`${what} field "${`${path}.${key}`.slice(1)}"`);
  }

  private wrongType(what: string, goType: string): undefined {
    return this.save(this.typeError(what, goType));
  }

  /** The first error counts, and reading goes on. */
  private save(error: string): undefined {
    if (this.savedError !== undefined) return undefined;
    this.savedError = error;
    this.savedAt = this.place();
    return undefined;
  }

  private typeError(what: string, goType: string): string {
    const fields = this.steps.flatMap((step) => (typeof step === 'object' ? [...step.embedded, step.name] : []));
    if (fields.length === 0) return `json: cannot unmarshal ${what} into Go value of type ${goType}`;
    return `json: cannot unmarshal ${what} into Go struct field ${this.structName}.${fields.join('.')} of type ${goType}`;
  }
}

/** Quantities in maps are resource lists, which the API server rounds up to thousandths. */
function roundedResource(text: string): string {
  const result = parseQuantity(text);
  if ('error' in result) return text;
  const rounded = roundUpToMilli(result.quantity);
  return rounded === result.quantity ? text : formatQuantity(rounded);
}

function isPrinted(field: FieldNode, value: unknown): boolean {
  switch (field.type.kind) {
    case 'string':
    case 'bytes':
      return value !== '';
    case 'boolean':
      return value !== false;
    case 'int32':
    case 'int64':
    case 'double':
      return value !== 0;
    case 'list':
      return (value as readonly unknown[]).length > 0;
    case 'map':
      for (const _ in value as object) return true;
      return false;
    default:
      return true;
  }
}

function withZeroFields(node: StructNode, result: Record<string, unknown>): Record<string, unknown> {
  for (const field of node.zeroFields) {
    if (result[field.name] !== undefined) continue;
    const zero = zeroValue(field.type);
    if (zero !== undefined) result[field.name] = zero;
  }
  return result;
}

function isEmpty(collection: object): boolean {
  for (const _ in collection) return false;
  return true;
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  switch (typeof value) {
    case 'object':
      return 'object';
    case 'boolean':
      return 'bool';
    default:
      return typeof value;
  }
}

function isInt64(text: string): boolean {
  if (text.length < 17) return true;
  if (!/^-?[0-9]+$/.test(text)) return false;
  const value = BigInt(text);
  return value >= -(2n ** 63n) && value < 2n ** 63n;
}
