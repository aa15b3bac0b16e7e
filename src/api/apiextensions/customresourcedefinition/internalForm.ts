/**
 * A definition as the API server judges it: what all versions have alike stands once, for all of them.
 * Messages print that form, and name its fields.
 * Counterpart: the internal types of k8s.io/apiextensions-apiserver/pkg/apis/apiextensions and their conversion from v1.
 */
import { jsonEqual } from '../../../base/json.ts';
import type {
  CustomResourceColumnDefinition,
  CustomResourceDefinitionSpec,
  CustomResourceSubresources,
  SelectableField,
} from '../../schema/types/apiextensions/v1.ts';
import { isSchemaList, type JSONSchema } from '../structural/jsonSchema.ts';

/** The parts that are the same for all versions, or those of one. */
export interface VersionParts {
  /** `null`: a schema that holds no schema. */
  readonly schema: JSONSchema | null | undefined;
  readonly subresources: CustomResourceSubresources | undefined;
  readonly columns: readonly CustomResourceColumnDefinition[] | undefined;
  readonly selectableFields: readonly SelectableField[] | undefined;
}

export interface InternalVersion extends VersionParts {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly deprecated: boolean;
  readonly deprecationWarning: string | undefined;
}

export interface InternalSpec {
  readonly versions: readonly InternalVersion[];
  /** For all versions. */
  readonly common: VersionParts;
}

export function toInternal({ versions }: CustomResourceDefinitionSpec): InternalSpec {
  const parts = (versions ?? []).map((version): InternalVersion => ({
    name: version.name ?? '',
    served: version.served ?? false,
    storage: version.storage ?? false,
    deprecated: version.deprecated ?? false,
    deprecationWarning: version.deprecationWarning,
    schema: version.schema === undefined ? undefined : ((version.schema.openAPIV3Schema as JSONSchema | undefined) ?? null),
    subresources: version.subresources,
    columns: version.additionalPrinterColumns,
    selectableFields: version.selectableFields,
  }));
  const common = { ...NONE, ...Object.fromEntries(PARTS.flatMap((part) => (isAlike(parts, part) ? [[part, parts[0]?.[part]]] : []))) };
  const own = parts.map((version) => ({
    ...version,
    ...Object.fromEntries(PARTS.flatMap((part) => (isAlike(parts, part) ? [[part, undefined]] : []))),
  }));
  return { versions: own, common };
}

const PARTS = ['schema', 'subresources', 'columns', 'selectableFields'] as const;
const NONE: VersionParts = { schema: undefined, subresources: undefined, columns: undefined, selectableFields: undefined };

function isAlike(versions: readonly InternalVersion[], part: (typeof PARTS)[number]): boolean {
  return versions.length > 0 && versions.every((version) => jsonEqual(version[part], versions[0]?.[part]));
}

/** `spec.versions` as messages print it. */
export function printVersions(versions: readonly InternalVersion[]): unknown {
  return versions.map((version) => ({
    Name: version.name,
    Served: version.served,
    Storage: version.storage,
    Deprecated: version.deprecated,
    DeprecationWarning: version.deprecationWarning ?? null,
    Schema: version.schema === undefined ? null : { OpenAPIV3Schema: version.schema === null ? null : printSchema(version.schema) },
    Subresources: printSubresources(version.subresources),
    AdditionalPrinterColumns: version.columns?.map(printColumn) ?? null,
    SelectableFields: version.selectableFields?.map(({ jsonPath }) => ({ JSONPath: jsonPath })) ?? null,
  }));
}

function printSubresources(subresources: CustomResourceSubresources | undefined): unknown {
  if (subresources === undefined) return null;
  const { status, scale } = subresources;
  return {
    Status: status === undefined ? null : {},
    Scale:
      scale === undefined
        ? null
        : {
            SpecReplicasPath: scale.specReplicasPath ?? '',
            StatusReplicasPath: scale.statusReplicasPath ?? '',
            LabelSelectorPath: scale.labelSelectorPath ?? null,
          },
  };
}

function printColumn(column: CustomResourceColumnDefinition): unknown {
  return {
    Name: column.name ?? '',
    Type: column.type ?? '',
    Format: column.format ?? '',
    Description: column.description ?? '',
    Priority: column.priority ?? 0,
    JSONPath: column.jsonPath ?? '',
  };
}

export function printSchema(schema: JSONSchema): unknown {
  return {
    ID: schema.id ?? '',
    Schema: schema.$schema ?? '',
    Ref: schema.$ref ?? null,
    Description: schema.description ?? '',
    Type: schema.type ?? '',
    Nullable: schema.nullable ?? false,
    Format: schema.format ?? '',
    Title: schema.title ?? '',
    Default: schema.default ?? null,
    Maximum: schema.maximum ?? null,
    ExclusiveMaximum: schema.exclusiveMaximum ?? false,
    Minimum: schema.minimum ?? null,
    ExclusiveMinimum: schema.exclusiveMinimum ?? false,
    MaxLength: schema.maxLength ?? null,
    MinLength: schema.minLength ?? null,
    Pattern: schema.pattern ?? '',
    MaxItems: schema.maxItems ?? null,
    MinItems: schema.minItems ?? null,
    UniqueItems: schema.uniqueItems ?? false,
    MultipleOf: schema.multipleOf ?? null,
    Enum: schema.enum ?? null,
    MaxProperties: schema.maxProperties ?? null,
    MinProperties: schema.minProperties ?? null,
    Required: schema.required ?? null,
    Items: printItems(schema.items),
    AllOf: schema.allOf?.map(printSchema) ?? null,
    OneOf: schema.oneOf?.map(printSchema) ?? null,
    AnyOf: schema.anyOf?.map(printSchema) ?? null,
    Not: schema.not === undefined ? null : printSchema(schema.not),
    Properties: printSchemas(schema.properties),
    AdditionalProperties: printSchemaOrBool(schema.additionalProperties),
    PatternProperties: printSchemas(schema.patternProperties),
    Dependencies: schema.dependencies ?? null,
    AdditionalItems: printSchemaOrBool(schema.additionalItems),
    Definitions: printSchemas(schema.definitions),
    ExternalDocs:
      schema.externalDocs === undefined ? null : { Description: schema.externalDocs.description ?? '', URL: schema.externalDocs.url ?? '' },
    Example: schema.example ?? null,
    XPreserveUnknownFields: schema['x-kubernetes-preserve-unknown-fields'] ?? null,
    XEmbeddedResource: schema['x-kubernetes-embedded-resource'] ?? false,
    XIntOrString: schema['x-kubernetes-int-or-string'] ?? false,
    XListMapKeys: schema['x-kubernetes-list-map-keys'] ?? null,
    XListType: schema['x-kubernetes-list-type'] ?? null,
    XMapType: schema['x-kubernetes-map-type'] ?? null,
    XValidations: schema['x-kubernetes-validations']?.map(printRule) ?? null,
  };
}

export function printRule(rule: NonNullable<JSONSchema['x-kubernetes-validations']>[number]): unknown {
  return {
    Rule: rule.rule ?? '',
    Message: rule.message ?? '',
    MessageExpression: rule.messageExpression ?? '',
    Reason: rule.reason ?? null,
    FieldPath: rule.fieldPath ?? '',
    OptionalOldSelf: rule.optionalOldSelf ?? null,
  };
}

export function printItems(items: JSONSchema['items']): unknown {
  if (items === undefined) return null;
  if (items === null) return { Schema: null, JSONSchemas: null };
  if (isSchemaList(items)) return { Schema: null, JSONSchemas: items.map(printSchema) };
  return { Schema: printSchema(items), JSONSchemas: null };
}

function printSchemas(schemas: Readonly<Record<string, JSONSchema>> | undefined): unknown {
  if (schemas === undefined) return null;
  const sorted = Object.entries(schemas).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(sorted.map(([name, schema]) => [name, printSchema(schema)]));
}

function printSchemaOrBool(value: JSONSchema | boolean | undefined): unknown {
  if (value === undefined) return null;
  return typeof value === 'boolean' ? { Allows: value, Schema: null } : { Allows: true, Schema: printSchema(value) };
}
