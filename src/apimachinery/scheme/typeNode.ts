/**
 * The types of the API as the decoder walks them: the recorded OpenAPI definitions joined with what Go knows beyond them
 * (which fields are pointers, which are printed when empty, the names of types in messages).
 * Invariant: one TypeNode per definition; nodes of recursive types refer to themselves.
 * Counterpart: the reflection that encoding/json does over the Go structs.
 */
import type { Schema, SchemaSet } from './schema.ts';

/** `name` or `name` with marks, see `parseGoField`; one text per definition. */
export type GoFacts = Readonly<Record<string, string>>;

export interface FieldNode {
  readonly name: string;
  /** The embedded structs that it stands in, in Go: messages name them on the way to the field (`VolumeSource`). */
  readonly embedded: readonly string[];
  readonly type: TypeNode;
  /** A pointer in Go: absent and zero are two things. */
  readonly pointer: boolean;
  /** Printed even when it is zero (no `omitempty`). */
  readonly always: boolean;
  /** A struct that is left out when it is zero. */
  readonly omitZero: boolean;
  /** A pointer, or printed always: a zero that was given stays. */
  readonly keepsZero: boolean;
  /** The schema says that the field must be there. */
  readonly required: boolean;
  /** The values that a text may have; undefined if the schema does not list them. */
  readonly enum: readonly string[] | undefined;
}

export interface StructNode {
  readonly kind: 'struct';
  readonly goType: string;
  /** The Go name without package. */
  readonly name: string;
  readonly definition: string;
  /** In the order in which Go prints them. */
  readonly fields: ReadonlyMap<string, FieldNode>;
  /** Fields that an empty struct still prints, with what they print; the decoder adds them where they are missing. */
  readonly zeroFields: readonly FieldNode[];
}

export interface ScalarNode {
  readonly kind: 'string' | 'boolean' | 'int32' | 'int64' | 'double' | 'bytes';
  readonly goType: string;
}

export interface ListNode {
  readonly kind: 'list';
  readonly goType: string;
  readonly item: TypeNode;
}

export interface MapNode {
  readonly kind: 'map';
  readonly goType: string;
  readonly item: TypeNode;
}

/** Types that read and print themselves. `any` is kept as it is. */
export interface CustomNode {
  readonly kind: 'quantity' | 'intOrString' | 'time' | 'microTime' | 'any';
  readonly goType: string;
}

/** A value of one of several forms (JSON schemas within CustomResourceDefinitions); unknown fields in it are passed over. */
export interface EitherNode {
  readonly kind: 'either';
  readonly goType: string;
  readonly object: TypeNode;
  /** Undefined: a list is read as nothing. */
  readonly list: TypeNode | undefined;
  /** Whether true and false are forms; then any other is an error. */
  readonly boolean: boolean;
}

export type TypeNode = EitherNode | StructNode | ScalarNode | ListNode | MapNode | CustomNode;

export interface Scheme {
  readonly schemas: SchemaSet;
  /** The type of a definition; undefined for an unknown name. */
  node(definition: string): StructNode | undefined;
  /** The type of a served kind: `apps/v1`, `Deployment`. */
  kind(apiVersion: string, kind: string): StructNode | undefined;
}

/** Types are compiled when they are first asked for, and once. */
export function compileScheme(schemas: SchemaSet, goFacts: GoFacts): Scheme {
  const nodes = new Map<string, TypeNode>();

  const compile = (definition: string): TypeNode => {
    const known = nodes.get(definition);
    if (known !== undefined) return known;
    const goType = definition.split('.').slice(-2).join('.');
    const either = EITHER[definition];
    if (either !== undefined) {
      const node: EitherNode = {
        kind: 'either',
        goType,
        boolean: either === 'boolean',
        // Compiled when first asked for: these types refer to each other.
        get object() {
          return compile(JSON_SCHEMA);
        },
        get list(): TypeNode | undefined {
          return either === 'boolean'
            ? undefined
            : typeOf({ type: 'array', items: either === 'array' ? { ref: JSON_SCHEMA } : { type: 'string' } });
        },
      };
      nodes.set(definition, node);
      return node;
    }
    const custom = CUSTOM[definition];
    const schema = schemas.definitions[definition];
    if (custom !== undefined || (schema?.properties === undefined && !EMPTY_STRUCTS.has(definition))) {
      const node: TypeNode = { kind: custom ?? 'any', goType };
      nodes.set(definition, node);
      return node;
    }
    const fields = new Map<string, FieldNode>();
    const zeroFields: FieldNode[] = [];
    const node: StructNode = { kind: 'struct', goType, name: definition.split('.').at(-1) ?? '', definition, fields, zeroFields };
    nodes.set(definition, node);
    const properties = schema?.properties ?? {};
    const facts = goFacts[definition]?.split(' ') ?? Object.keys(properties);
    for (const text of facts) {
      const go = parseGoField(text);
      const property = properties[go.name];
      if (property === undefined) continue;
      const type = typeOf(property, go.goType);
      const { name, embedded, pointer, always, omitZero } = go;
      const required = schema?.required?.includes(name) === true;
      fields.set(name, { name, embedded, type, pointer, always, omitZero, keepsZero: pointer || always, required, enum: property.enum });
    }
    for (const field of fields.values())
      if (!field.pointer && !field.omitZero && (field.always || field.type.kind === 'struct')) zeroFields.push(field);
    return node;
  };

  const typeOf = (schema: Schema, goType?: string): TypeNode => {
    if (schema.ref !== undefined) {
      const node = compile(schema.ref);
      return goType === undefined || node.kind === 'struct' ? node : { ...node, goType };
    }
    switch (schema.type) {
      case 'string':
        return schema.format === 'byte' ? { kind: 'bytes', goType: goType ?? '[]uint8' } : { kind: 'string', goType: goType ?? 'string' };
      case 'integer':
        return schema.format === 'int32' ? { kind: 'int32', goType: goType ?? 'int32' } : { kind: 'int64', goType: goType ?? 'int64' };
      case 'number':
        return { kind: 'double', goType: goType ?? 'float64' };
      case 'boolean':
        return { kind: 'boolean', goType: goType ?? 'bool' };
      case 'array': {
        // The element of a list of a named type carries that name: `[]v1.Capability` holds `v1.Capability`.
        const item = typeOf(schema.items ?? {}, goType?.startsWith('[]') === true ? goType.slice(2) : undefined);
        return { kind: 'list', goType: goType ?? `[]${item.goType}`, item };
      }
      case 'object': {
        const element = goType === undefined ? undefined : /^map\[[^\]]*\](.+)$/.exec(goType)?.[1];
        if (schema.additionalProperties === undefined) return { kind: 'any', goType: goType ?? 'any' };
        const item = typeOf(schema.additionalProperties, element);
        return { kind: 'map', goType: goType ?? `map[string]${item.goType}`, item };
      }
      default:
        return { kind: 'any', goType: goType ?? 'any' };
    }
  };

  const node = (definition: string): StructNode | undefined => {
    if (schemas.definitions[definition] === undefined) return undefined;
    const found = compile(definition);
    return found.kind === 'struct' ? found : undefined;
  };

  return {
    schemas,
    node,
    kind: (apiVersion, kind) => {
      const definition = schemas.kinds[`${apiVersion}/${kind}`];
      return definition === undefined ? undefined : node(definition);
    },
  };
}

interface GoField {
  readonly name: string;
  readonly embedded: readonly string[];
  readonly pointer: boolean;
  readonly always: boolean;
  readonly omitZero: boolean;
  readonly goType: string | undefined;
}

/**
 * `restartPolicy*=v1.ContainerRestartPolicy`, `VolumeSource^nfs*`: before the name stand the embedded structs, after it stand `*` (a pointer), `!` (printed even if zero), `0` (a
 * struct left out if zero), then `=` and the Go type where that does not follow from the schema.
 */
function parseGoField(text: string): GoField {
  const [place = '', goType] = text.split('=', 2);
  const caret = place.indexOf('^');
  const head = place.slice(caret + 1);
  const marks = /[*!0]*$/.exec(head)?.[0] ?? '';
  return {
    name: head.slice(0, head.length - marks.length),
    embedded: caret < 0 ? [] : place.slice(0, caret).split('.'),
    pointer: marks.includes('*'),
    always: marks.includes('!'),
    omitZero: marks.includes('0'),
    goType,
  };
}

const APIEXTENSIONS = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1';
const JSON_SCHEMA = `${APIEXTENSIONS}.JSONSchemaProps`;
const EITHER: Readonly<Record<string, 'array' | 'boolean' | 'texts'>> = {
  [`${APIEXTENSIONS}.JSONSchemaPropsOrArray`]: 'array',
  [`${APIEXTENSIONS}.JSONSchemaPropsOrBool`]: 'boolean',
  [`${APIEXTENSIONS}.JSONSchemaPropsOrStringArray`]: 'texts',
};
/** Structs without fields; other definitions without properties are free form. */
const EMPTY_STRUCTS: ReadonlySet<string> = new Set([`${APIEXTENSIONS}.CustomResourceSubresourceStatus`]);

const CUSTOM: Readonly<Record<string, CustomNode['kind']>> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': 'quantity',
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': 'intOrString',
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': 'time',
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': 'microTime',
};
