/**
 * A Strategy made of a version of a CustomResourceDefinition: the structural schema instead of facts, rules of CEL instead of functions.
 * Invariant: says exactly what the schema says; an update is not refused for what it leaves as it was.
 * Counterpart: k8s.io/apiextensions-apiserver/pkg/registry/customresource (strategy.go, status_strategy.go, validator.go).
 */
import { invalid, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { apiVersion, type KubeObject, type UnknownObject } from '../../../apimachinery/meta/resource.ts';
import { isQualifiedName } from '../../../apimachinery/validation/names.ts';
import { validateObjectMeta } from '../../../apimachinery/validation/objectMeta.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { draft, type Draft } from '../../../base/json.ts';
import type { CustomResourceDefinition, CustomResourceDefinitionVersion } from '../../schema/types/apiextensions/v1.ts';
import { FIELD_TYPES } from '../../fieldTypes.ts';
import type { Strategy } from '../../strategy.ts';
import { hasRules } from '../structural/celRules.ts';
import { UNRELATED, type Correlation } from '../structural/correlation.ts';
import { applyDefaults } from '../structural/defaulting.ts';
import type { JSONSchema } from '../structural/jsonSchema.ts';
import { validateListTypes } from '../structural/listType.ts';
import { validateEmbedded } from '../structural/objectMeta.ts';
import { runRules, type RulesVerdict } from '../structural/runRules.ts';
import { validateValue } from '../structural/validateValue.ts';
import { NO_FIELD } from '../structural/valueErrors.ts';
import type { CustomType } from './kind.ts';
import { recordedForm } from './recordedForm.ts';
import { scaleOf, validateScaleSpec, validateScaleStatus } from './scale.ts';
import { customTable } from './table.ts';
import { fromStoredCustom, toStoredCustom } from './versions.ts';

export function customStrategy(
  type: CustomType,
  { spec, metadata }: CustomResourceDefinition,
  version: CustomResourceDefinitionVersion,
  schema: JSONSchema,
): Strategy {
  const { names } = spec;
  const hasStatus = version.subresources?.status !== undefined;
  const judge = new Judge(type, version, schema);
  return {
    resource: type,
    singular: names.singular ?? names.kind.toLowerCase(),
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    tracksGeneration: true,
    allowCreateOnUpdate: false,
    allowUnconditionalUpdate: false,
    validateName: nameIsDNSSubdomain,
    validatesMetadata: true,
    fromStorage: (object) => fromStoredCustom(type, object),
    toStorage: (object) => toStoredCustom(type, object),
    ...(metadata.deletionTimestamp === undefined ? {} : { takesNoMore: 'custom resource definition is terminating' }),
    fieldType: FIELD_TYPES.ofSchema(recordedForm(schema)),
    defaults: (object) => applyDefaults(object, schema),
    ...(hasStatus ? { prepareForCreate: dropStatus } : {}),
    validate: (object) => judge.create(object),
    validateUpdate: (object, old) => judge.update(object, old),
    warnings: (object, old) => judge.warnings(object, old),
    ...(hasStatus ? { status: { prepareForUpdate: keepMetadata, validateUpdate: (object, old) => judge.status(object, old) } } : {}),
    ...(version.subresources?.scale === undefined ? {} : { scale: scaleOf(version.subresources.scale) }),
    ...(version.deprecated === true ? { deprecated: version.deprecationWarning ?? deprecation(type) } : {}),
    defaultPropagation: 'Background',
    table: customTable(version),
  };
}

function deprecation(type: CustomType): string {
  return `${apiVersion(type)} ${type.kind} is deprecated`;
}

/** An update of the status changes nothing else. */
function keepMetadata(object: Draft<KubeObject>, { metadata }: KubeObject): void {
  const { resourceVersion } = object.metadata;
  object.metadata = { ...draft(metadata), ...(resourceVersion === undefined ? {} : { resourceVersion }) };
}

function dropStatus(object: Draft<KubeObject>): void {
  delete (object as Draft<UnknownObject>)['status'];
}

const STANDARD_FINALIZERS: ReadonlySet<string> = new Set(['orphan', 'foregroundDeletion', 'kubernetes']);
/** Errors after which rules are not run: they could stumble over them. */
const BLOCKING: ReadonlySet<string> = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);
export const NOT_CHECKED =
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';

class Judge {
  private readonly type: CustomType;
  private readonly version: CustomResourceDefinitionVersion;
  private readonly schema: JSONSchema;

  constructor(type: CustomType, version: CustomResourceDefinitionVersion, schema: JSONSchema) {
    this.type = type;
    this.version = version;
    this.schema = schema;
  }

  create(object: KubeObject): ErrorList {
    const wrongType = this.typeErrors(object);
    if (wrongType.length > 0) return wrongType;
    const errors = [
      ...validateObjectMeta(object.metadata, this.type.namespaced, nameIsDNSSubdomain),
      ...this.values(object, UNRELATED),
      ...validateEmbedded(object, this.schema, false, Path.root),
      ...validateListTypes(this.schema, object),
    ];
    return this.withRules(errors, () => runRules(this.schema, object, { isResourceRoot: true }));
  }

  update(object: KubeObject, old: KubeObject): ErrorList {
    const wrongType = this.typeErrors(object);
    if (wrongType.length > 0) return wrongType;
    const errors = [
      ...this.values(object, { value: old }),
      ...validateEmbedded(object, this.schema, false, Path.root),
      ...(validateListTypes(this.schema, old).length === 0 ? validateListTypes(this.schema, object) : []),
    ];
    return this.withRules(errors, () => this.transition(object, old));
  }

  status(object: KubeObject, old: KubeObject): ErrorList {
    const statusSchema = this.schema.properties?.['status'];
    const status = (object as UnknownObject)['status'];
    const oldStatus = (old as UnknownObject)['status'];
    const errors = [
      ...(statusSchema === undefined || status === undefined
        ? []
        : validateValue(statusSchema, status, Path.of('status'), { value: oldStatus })),
      ...(this.version.subresources?.scale === undefined ? [] : validateScaleStatus(object, this.version.subresources.scale)),
      ...(validateListTypes(this.schema, old).length === 0 ? validateListTypes(this.schema, object) : []),
    ];
    return this.withRules(errors, () => this.transition(object, old));
  }

  warnings(object: KubeObject, old: KubeObject | undefined): readonly string[] {
    const known = new Set(old?.metadata.finalizers ?? []);
    const added = (object.metadata.finalizers ?? []).filter((finalizer) => !known.has(finalizer));
    const ratcheted = old === undefined || !hasRules(this.schema) ? [] : this.transition(object, old).warnings;
    return [...ratcheted, ...[...new Set(added)].toSorted().flatMap(finalizerWarnings)];
  }

  private typeErrors(object: KubeObject): ErrorList {
    const errors: FieldError[] = [];
    const { kind = '', apiVersion: given = '' } = object;
    if (kind !== this.type.kind) errors.push(invalid(Path.of('kind'), kind, `must be ${this.type.kind}`));
    if (given !== apiVersion(this.type)) errors.push(invalid(Path.of('apiVersion'), given, `must be ${apiVersion(this.type)}`));
    return errors;
  }

  private values(object: KubeObject, old: Correlation): ErrorList {
    const scale = this.version.subresources?.scale;
    return [
      ...validateValue(this.schema, object, Path.root, old),
      ...(scale === undefined ? [] : [...validateScaleSpec(object, scale), ...validateScaleStatus(object, scale)]),
    ];
  }

  private withRules(errors: ErrorList, run: () => RulesVerdict): ErrorList {
    if (!hasRules(this.schema)) return errors;
    if (errors.some(({ type }) => BLOCKING.has(type))) return [...errors, invalid(NO_FIELD, null, NOT_CHECKED)];
    return [...errors, ...run().errors];
  }

  private transition(object: KubeObject, old: KubeObject): RulesVerdict {
    return runRules(this.schema, object, { isResourceRoot: true, old, ratchet: true });
  }
}

function finalizerWarnings(finalizer: string): readonly string[] {
  const place = `metadata.finalizers: ${JSON.stringify(finalizer)}`;
  const problems = isQualifiedName(finalizer).map((problem) => `${place}: ${problem}`);
  if (finalizer.includes('/') || STANDARD_FINALIZERS.has(finalizer)) return problems;
  const path = finalizer.includes('.') ? ' including a path (/)' : '';
  return [
    ...problems,
    `${place}: prefer a domain-qualified finalizer name${path} to avoid accidental conflicts with other finalizer writers`,
  ];
}
