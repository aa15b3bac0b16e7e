import type { ValidationRule } from '../../schema/types/apiextensions/v1.ts';

/** `apiextensions.k8s.io/v1` JSONSchemaProps with the forms that `items` and `additionalProperties` take once decoded. */
export interface JSONSchema {
  readonly $ref?: string;
  readonly $schema?: string;
  readonly additionalItems?: JSONSchema | boolean;
  readonly additionalProperties?: JSONSchema | boolean;
  readonly allOf?: readonly JSONSchema[];
  readonly anyOf?: readonly JSONSchema[];
  readonly default?: unknown;
  readonly definitions?: Readonly<Record<string, JSONSchema>>;
  readonly dependencies?: Readonly<Record<string, JSONSchema | readonly string[]>>;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly example?: unknown;
  readonly exclusiveMaximum?: boolean;
  readonly exclusiveMinimum?: boolean;
  readonly externalDocs?: { readonly description?: string; readonly url?: string };
  readonly format?: string;
  readonly id?: string;
  /** Null for what is neither a schema nor a list of them. */
  readonly items?: JSONSchema | readonly JSONSchema[] | null;
  readonly maxItems?: number;
  readonly maxLength?: number;
  readonly maxProperties?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly minProperties?: number;
  readonly minimum?: number;
  readonly multipleOf?: number;
  readonly not?: JSONSchema;
  readonly nullable?: boolean;
  readonly oneOf?: readonly JSONSchema[];
  readonly pattern?: string;
  readonly patternProperties?: Readonly<Record<string, JSONSchema>>;
  readonly properties?: Readonly<Record<string, JSONSchema>>;
  readonly required?: readonly string[];
  readonly title?: string;
  readonly type?: string;
  readonly uniqueItems?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-map-type'?: string;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-validations'?: readonly ValidationRule[];
}

/** The schema of all items; undefined for none and for a list of schemas, which no structural schema has. */
export function itemsOf({ items }: JSONSchema): JSONSchema | undefined {
  return items === undefined || items === null || isSchemaList(items) ? undefined : items;
}

export function isSchemaList(items: NonNullable<JSONSchema['items']>): items is readonly JSONSchema[] {
  return Array.isArray(items);
}

/** The schema of members that have none of their own. */
export function additionalOf({ additionalProperties }: JSONSchema): JSONSchema | undefined {
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

/** The schema of a member, of its own or that of all others. */
export function memberOf(schema: JSONSchema, name: string): JSONSchema | undefined {
  const { properties } = schema;
  return properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : additionalOf(schema);
}

export function hasMembers(value: object | undefined): boolean {
  for (const _ in value) return true;
  return false;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** As Go prints its maps: members by name, all the way down. */
export function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, sortedKeys(item)] as const);
  return Object.fromEntries(entries.toSorted(([left], [right]) => (left < right ? -1 : 1)));
}
