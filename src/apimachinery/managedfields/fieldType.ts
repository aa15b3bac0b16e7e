/**
 * The types that field ownership works by: which lists are sets or maps, which parts are owned as a whole.
 * Invariant: a type is compiled once per definition; types of definitions that refer to themselves do so too.
 * Counterpart: k8s.io/kube-openapi/pkg/schemaconv and sigs.k8s.io/structured-merge-diff/schema.
 */
import type { Schema, SchemaSet } from '../scheme/schema.ts';
import type { FieldNode, Scheme } from '../scheme/typeNode.ts';

export type ScalarForm = 'string' | 'number' | 'boolean' | 'any';

export interface ScalarType {
  readonly kind: 'scalar';
  readonly form: ScalarForm;
}

export interface ListType {
  readonly kind: 'list';
  /** Owned as a whole. */
  readonly atomic: boolean;
  /** The members that identify an item; none: the list is a set of its items. */
  readonly keys: readonly string[];
  readonly item: FieldType;
}

export interface MapType {
  readonly kind: 'map';
  /** Owned as a whole. */
  readonly atomic: boolean;
  readonly fields: ReadonlyMap<string, Field>;
  /** The fields that have a `zero`. */
  readonly zeros: readonly Field[];
  /** The type of members that are no fields; undefined: there may be none. */
  readonly element: FieldType | undefined;
}

/** What the schema says nothing about: maps are granular, lists are atomic. */
export interface DeducedType {
  readonly kind: 'deduced';
}

export type FieldType = ScalarType | ListType | MapType | DeducedType;

export interface Field {
  readonly name: string;
  /** `f:name` */
  readonly element: string;
  readonly type: FieldType;
  readonly default: unknown;
  /** What an object that does not have the field still counts as having: a struct or a field that is always printed. */
  readonly zero: unknown;
}

export const DEDUCED: DeducedType = { kind: 'deduced' };

/** Types of served kinds and of schemas that are given (custom resources). */
export interface FieldTypes {
  /** @param definition the name of the kind's type in the schema */
  ofDefinition(definition: string): FieldType;
  ofSchema(schema: Schema): FieldType;
}

export function compileFieldTypes(schemas: SchemaSet, scheme?: Scheme): FieldTypes {
  const definitions = new Map<string, FieldType>();

  const ofDefinition = (definition: string): FieldType => {
    const known = definitions.get(definition);
    if (known !== undefined) return known;
    const schema = schemas.definitions[definition];
    if (schema === undefined) return DEDUCED;
    const type = compile(schema, definition);
    definitions.set(definition, type);
    return type;
  };

  const compile = (schema: Schema, definition?: string): FieldType => {
    if (schema.ref !== undefined) return compileReference(schema);
    switch (schema.type) {
      case 'string':
        return { kind: 'scalar', form: schema.format === 'int-or-string' ? 'any' : 'string' };
      case 'integer':
      case 'number':
        return { kind: 'scalar', form: 'number' };
      case 'boolean':
        return { kind: 'scalar', form: 'boolean' };
      case 'array':
        return compileList(schema);
      case 'object':
        return compileMap(schema, definition);
      default:
        if (schema['x-kubernetes-int-or-string'] === true || schema.oneOf !== undefined) return { kind: 'scalar', form: 'any' };
        return schema.properties === undefined ? DEDUCED : compileMap(schema, definition);
    }
  };

  /** A field can make a shared type atomic where it uses it. */
  const compileReference = (schema: Schema): FieldType => {
    const type = ofDefinition(schema.ref ?? '');
    const relation = schema['x-kubernetes-map-type'];
    if (type.kind !== 'map' || relation === undefined) return type;
    return new LazyMap(relation === 'atomic', type.fields, type.zeros, () => type.element);
  };

  const compileList = (schema: Schema): FieldType => {
    const { atomic, keys } = listRelation(schema);
    const items = schema.items ?? {};
    return new LazyList(atomic, keys, () => memoized(items));
  };

  const compileMap = (schema: Schema, definition: string | undefined): FieldType => {
    const nodes = definition === undefined ? undefined : scheme?.node(definition)?.fields;
    const fields = new Map<string, Field>();
    for (const [name, property] of Object.entries(schema.properties ?? {}))
      fields.set(name, compileField(name, property, nodes?.get(name)));
    const { additionalProperties } = schema;
    const free = fields.size === 0 && additionalProperties === undefined;
    const preserves = schema['x-kubernetes-preserve-unknown-fields'] === true;
    const atomic = schema['x-kubernetes-map-type'] === 'atomic';
    const zeros = [...fields.values()].filter((field) => field.zero !== undefined);
    return new LazyMap(atomic, fields, zeros, () => {
      if (additionalProperties !== undefined) return memoized(additionalProperties);
      return free || preserves ? DEDUCED : undefined;
    });
  };

  const compileField = (name: string, property: Schema, node: FieldNode | undefined): Field =>
    new LazyField(name, property.default, zeroOf(node), () => memoized(property));

  const compiled = new WeakMap<Schema, FieldType>();
  const memoized = (schema: Schema): FieldType => {
    let type = compiled.get(schema);
    if (type === undefined) compiled.set(schema, (type = compile(schema)));
    return type;
  };

  return { ofDefinition, ofSchema: memoized };
}

// Types refer to each other in circles, so what lies below one is compiled when it is first asked for.

class LazyList implements ListType {
  readonly kind = 'list';
  readonly atomic: boolean;
  readonly keys: readonly string[];
  private readonly make: () => FieldType;
  private made: FieldType | undefined;

  constructor(atomic: boolean, keys: readonly string[], make: () => FieldType) {
    this.atomic = atomic;
    this.keys = keys;
    this.make = make;
  }

  get item(): FieldType {
    return (this.made ??= this.make());
  }
}

class LazyMap implements MapType {
  readonly kind = 'map';
  readonly atomic: boolean;
  readonly fields: ReadonlyMap<string, Field>;
  readonly zeros: readonly Field[];
  private readonly make: () => FieldType | undefined;
  private made: FieldType | null | undefined;

  constructor(atomic: boolean, fields: ReadonlyMap<string, Field>, zeros: readonly Field[], make: () => FieldType | undefined) {
    this.atomic = atomic;
    this.fields = fields;
    this.zeros = zeros;
    this.make = make;
  }

  get element(): FieldType | undefined {
    if (this.made === undefined) this.made = this.make() ?? null;
    return this.made ?? undefined;
  }
}

class LazyField implements Field {
  readonly name: string;
  readonly element: string;
  readonly default: unknown;
  readonly zero: unknown;
  private readonly make: () => FieldType;
  private made: FieldType | undefined;

  constructor(name: string, byDefault: unknown, zero: unknown, make: () => FieldType) {
    this.name = name;
    this.element = `f:${name}`;
    this.default = byDefault;
    this.zero = zero;
    this.make = make;
  }

  get type(): FieldType {
    return (this.made ??= this.make());
  }
}

/** The recorded list type; where there is none, what the patch strategy says. */
function listRelation(schema: Schema): { readonly atomic: boolean; readonly keys: readonly string[] } {
  switch (schema['x-kubernetes-list-type']) {
    case 'atomic':
      return { atomic: true, keys: [] };
    case 'set':
      return { atomic: false, keys: [] };
    case 'map':
      return { atomic: false, keys: schema['x-kubernetes-list-map-keys'] ?? [] };
    default: {
      const merges = (schema['x-kubernetes-patch-strategy'] ?? '').split(',').includes('merge');
      const key = schema['x-kubernetes-patch-merge-key'];
      return { atomic: !merges, keys: key === undefined ? [] : [key] };
    }
  }
}

/** Structs that are no pointers (times are such) are there although nobody set them; so are fields that are printed when empty. */
function zeroOf(node: FieldNode | undefined): unknown {
  if (node === undefined || node.pointer || node.omitZero || (!node.always && !STRUCTS.has(node.type.kind))) return undefined;
  switch (node.type.kind) {
    case 'struct':
      return ZERO_STRUCT;
    case 'string':
      return '';
    case 'boolean':
      return false;
    case 'int32':
    case 'int64':
    case 'double':
      return 0;
    default:
      return null;
  }
}

const STRUCTS: ReadonlySet<string> = new Set(['struct', 'time', 'microTime']);
const ZERO_STRUCT: Readonly<Record<string, unknown>> = Object.freeze({});
