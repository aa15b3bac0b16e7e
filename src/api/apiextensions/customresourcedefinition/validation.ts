/**
 * What a CustomResourceDefinition must be.
 * Invariant: errors in the order in which the API server finds them; messages print the internal form.
 * Counterpart: k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation.
 */
import { duplicate, invalid, notSupported, required, tooMany, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { quote } from '../../../apimachinery/field/quote.ts';
import { parseRequestURI } from '../../../apimachinery/net/url.ts';
import { wasEmpty } from '../../../apimachinery/scheme/emptyCollections.ts';
import { isDNS1035Label, isDNS1123Subdomain } from '../../../apimachinery/validation/names.ts';
import { validateImmutable } from '../../../apimachinery/validation/objectMeta.ts';
import { byteLength } from '../../../apimachinery/validation/text.ts';
import { jsonEqual } from '../../../base/json.ts';
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionNames,
  CustomResourceDefinitionSpec,
  SelectableField,
} from '../../schema/types/apiextensions/v1.ts';
import { resolveFieldPath } from '../structural/fieldPath.ts';
import type { JSONSchema } from '../structural/jsonSchema.ts';
import { isConditionTrue } from './conditions.ts';
import { validateConversion } from './conversionRules.ts';
import { printVersions, toInternal, type InternalSpec, type InternalVersion } from './internalForm.ts';
import { validateColumns, validateSubresources } from './partRules.ts';
import { validateRootSchema } from './rootSchema.ts';

const SPEC = Path.of('spec');
const APPROVED = 'api-approved.kubernetes.io';
const APPROVAL_HELP = 'see https://github.com/kubernetes/enhancements/pull/1111';
const MAX_SELECTABLE = 8;
const MAX_WARNING = 256;

/** Without the rules of metadata. */
export function validateDefinition(definition: CustomResourceDefinition): ErrorList {
  const errors: FieldError[] = [];
  validateSpec(errors, definition.spec, undefined);
  validateStatusAndGroup(errors, definition, undefined);
  return errors;
}

export function validateDefinitionUpdate(definition: CustomResourceDefinition, old: CustomResourceDefinition): ErrorList {
  const errors: FieldError[] = [];
  const { spec } = definition;
  validateSpec(errors, spec, old.spec);
  // Kind and scope tell how objects are stored, group and plural where.
  if (isConditionTrue(old, 'Established')) {
    errors.push(...validateImmutable(spec.scope, old.spec.scope, SPEC.child('scope')));
    errors.push(...validateImmutable(spec.names.kind, old.spec.names.kind, SPEC.child('names', 'kind')));
  }
  errors.push(...validateImmutable(spec.group, old.spec.group, SPEC.child('group')));
  errors.push(...validateImmutable(spec.names.plural, old.spec.names.plural, SPEC.child('names', 'plural')));
  validateStatusAndGroup(errors, definition, old);
  return errors;
}

export function validateDefinitionStatus({ status }: CustomResourceDefinition): ErrorList {
  const errors: FieldError[] = [];
  if (status?.acceptedNames !== undefined) validateNames(errors, status.acceptedNames, Path.of('status', 'acceptedNames'));
  return errors;
}

function validateStatusAndGroup(
  errors: FieldError[],
  definition: CustomResourceDefinition,
  old: CustomResourceDefinition | undefined,
): void {
  errors.push(...validateDefinitionStatus(definition));
  validateStoredVersions(errors, definition);
  validateApproval(errors, definition, old);
  if (definition.spec.preserveUnknownFields === true && old?.spec.preserveUnknownFields !== true) {
    const text = 'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead';
    errors.push(invalid(SPEC.child('preserveUnknownFields'), true, text));
  }
}

function validateSpec(errors: FieldError[], spec: CustomResourceDefinitionSpec, old: CustomResourceDefinitionSpec | undefined): void {
  const { group = '', scope = '' } = spec as Partial<CustomResourceDefinitionSpec>;
  const internal = toInternal(spec);
  const oldInternal = old === undefined ? undefined : toInternal(old);
  if (group === '') errors.push(required(SPEC.child('group'), ''));
  else if (isDNS1123Subdomain(group).length > 0) errors.push(invalid(SPEC.child('group'), group, isDNS1123Subdomain(group).join(',')));
  else if (!group.includes('.')) errors.push(invalid(SPEC.child('group'), group, 'should be a domain with at least one dot'));
  if (scope === '') errors.push(required(SPEC.child('scope'), ''));
  else if (scope !== 'Cluster' && scope !== 'Namespaced') errors.push(notSupported(SPEC.child('scope'), scope, ['Cluster', 'Namespaced']));
  if (internal.common.schema === undefined || internal.common.schema === null)
    for (const [index, { schema }] of internal.versions.entries())
      if (schema === undefined || schema === null)
        errors.push(required(SPEC.child('versions').index(index).child('schema', 'openAPIV3Schema'), ''));
  for (const [index, version] of internal.versions.entries())
    validateVersion(errors, internal, version, oldInternal, SPEC.child('versions').index(index));
  validateVersionList(errors, internal, wasEmpty(spec, 'versions'));
  validateRequiredNames(errors, spec);
  validateNames(errors, spec.names, SPEC.child('names'));
  const { common } = internal;
  const hasStatus = [common, ...internal.versions].some(({ subresources }) => subresources?.status !== undefined);
  if (common.schema !== undefined && common.schema !== null)
    errors.push(
      ...validateRootSchema(
        common.schema,
        hasStatus,
        SPEC.child('validation'),
        isUnchanged(common.schema, oldInternal, internal.versions[0]?.name),
      ),
    );
  validateSubresources(errors, common.subresources, SPEC.child('subresources'));
  validateColumns(errors, common.columns, SPEC.child('additionalPrinterColumns'));
  if (common.selectableFields !== undefined && common.selectableFields.length > 0) {
    if (common.schema === undefined)
      errors.push(invalid(SPEC.child('selectableFields'), '', 'may only be set when validations.schema is included'));
    else
      validateSelectableFields(
        errors,
        common.selectableFields,
        common.schema ?? {},
        SPEC.child('selectableFields'),
        oldInternal?.common.selectableFields,
      );
  }
  validateConversion(errors, spec, SPEC.child('conversion'));
}

function validateVersion(
  errors: FieldError[],
  { common }: InternalSpec,
  version: InternalVersion,
  old: InternalSpec | undefined,
  path: Path,
): void {
  const problems = isDNS1035Label(version.name);
  if (problems.length > 0) errors.push(invalid(path.child('name'), version.name, problems.join(',')));
  for (const text of warningProblems(version)) errors.push(invalid(path.child('deprecationWarning'), version.deprecationWarning, text));
  const subresources = version.subresources ?? common.subresources;
  if (version.schema !== undefined && version.schema !== null)
    errors.push(
      ...validateRootSchema(
        version.schema,
        subresources?.status !== undefined,
        path.child('schema'),
        isUnchanged(version.schema, old, version.name),
      ),
    );
  validateSubresources(errors, version.subresources, path.child('subresources'));
  validateColumns(errors, version.columns, path.child('additionalPrinterColumns'));
  if (version.selectableFields === undefined || version.selectableFields.length === 0) return;
  const at = path.child('selectableFields');
  if (version.schema === undefined || version.schema === null)
    errors.push(invalid(at, '', 'may only be set when `version.schema.openAPIV3Schema` is not included'));
  else
    validateSelectableFields(
      errors,
      version.selectableFields,
      version.schema,
      at,
      old?.versions.find(({ name }) => name === version.name)?.selectableFields,
    );
}

function isUnchanged(schema: JSONSchema, old: InternalSpec | undefined, version: string | undefined): boolean {
  if (old === undefined) return false;
  const own = old.versions.find(({ name }) => name === version);
  return own !== undefined && jsonEqual(own.schema ?? old.common.schema, schema);
}

function warningProblems({ deprecated, deprecationWarning }: InternalVersion): readonly string[] {
  if (deprecationWarning === undefined) return [];
  if (!deprecated) return ['can only be set for deprecated versions'];
  const problems: string[] = [];
  if (byteLength(deprecationWarning) > MAX_WARNING) problems.push('must be <= 256 characters long');
  if (deprecationWarning === '') problems.push('must not be an empty string');
  let index = 0;
  for (const character of deprecationWarning) {
    if (!/[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(character)) {
      problems.push(`must only contain printable UTF-8 characters; non-printable character found at index ${index}`);
      break;
    }
    index += byteLength(character);
  }
  return problems;
}

function validateVersionList(errors: FieldError[], { versions }: InternalSpec, sentEmpty: boolean): void {
  const at = SPEC.child('versions');
  const printed = versions.length === 0 && !sentEmpty ? null : printVersions(versions);
  if (new Set(versions.map(({ name }) => name)).size < versions.length)
    errors.push(invalid(at, printed, 'must contain unique version names'));
  if (versions.filter(({ storage }) => storage).length !== 1)
    errors.push(invalid(at, printed, 'must have exactly one version marked as storage version'));
  const first = versions[0]?.name ?? '';
  const problems = first === '' ? [] : isDNS1035Label(first);
  if (problems.length > 0) errors.push(invalid(SPEC.child('version'), first, problems.join(',')));
}

function validateRequiredNames(errors: FieldError[], { names }: CustomResourceDefinitionSpec): void {
  for (const name of ['plural', 'singular', 'kind', 'listKind'] as const)
    if ((names[name] ?? '') === '') errors.push(required(SPEC.child('names', name), ''));
}

function validateNames(errors: FieldError[], names: CustomResourceDefinitionNames, path: Path): void {
  for (const name of ['plural', 'singular', 'kind', 'listKind'] as const) {
    const value = names[name] ?? '';
    const isKind = name === 'kind' || name === 'listKind';
    const problems = value === '' ? [] : isDNS1035Label(isKind ? value.toLowerCase() : value);
    const prefix = isKind ? 'may have mixed case, but should otherwise match: ' : '';
    if (problems.length > 0) errors.push(invalid(path.child(name), value, prefix + problems.join(',')));
  }
  validateLabels(errors, names.shortNames, path.child('shortNames'));
  if ((names.kind ?? '') !== '' && names.kind === names.listKind)
    errors.push(invalid(path.child('listKind'), names.listKind, 'kind and listKind may not be the same'));
  validateLabels(errors, names.categories, path.child('categories'));
}

function validateLabels(errors: FieldError[], values: readonly string[] | undefined, path: Path): void {
  for (const [index, value] of (values ?? []).entries()) {
    const problems = isDNS1035Label(value);
    if (problems.length > 0) errors.push(invalid(path.index(index), value, problems.join(',')));
  }
}

function validateSelectableFields(
  errors: FieldError[],
  fields: readonly SelectableField[],
  schema: JSONSchema,
  path: Path,
  old: readonly SelectableField[] | undefined,
): void {
  const seen = new Set<string>();
  for (const [index, { jsonPath = '' }] of fields.entries()) {
    const at = path.index(index).child('jsonPath');
    if (jsonPath === '') {
      errors.push(required(at, ''));
      continue;
    }
    const resolved = resolveFieldPath(jsonPath, schema, false);
    if ('error' in resolved) {
      errors.push(invalid(at, jsonPath, `is an invalid path: ${resolved.error}`));
      continue;
    }
    const name = resolved.path.toString();
    if (name.split('.')[0] === 'metadata') errors.push(invalid(at, jsonPath, 'must not point to fields in metadata'));
    if (!['string', 'boolean', 'integer'].includes(resolved.schema?.type ?? '')) {
      const text = 'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.';
      errors.push(invalid(at, jsonPath, text));
    }
    if (seen.has(name)) errors.push(duplicate(at, jsonPath));
    seen.add(name);
  }
  const wasTooMany = old !== undefined && old.length > MAX_SELECTABLE && jsonEqual(old, fields);
  if (seen.size > MAX_SELECTABLE && !wasTooMany) errors.push(tooMany(path, seen.size, MAX_SELECTABLE));
}

function validateStoredVersions(errors: FieldError[], { spec, status }: CustomResourceDefinition): void {
  const path = Path.of('status', 'storedVersions');
  const stored = status?.storedVersions ?? [];
  if (stored.length === 0) {
    errors.push(invalid(path, null, 'must have at least one stored version'));
    return;
  }
  const versions = spec.versions ?? [];
  for (const { name, storage } of versions)
    if (storage && !stored.includes(name)) errors.push(invalid(path, stored, `must have the storage version ${name}`));
  for (const [index, name] of stored.entries()) {
    if (versions.some((version) => version.name === name)) continue;
    const text = `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`;
    errors.push(invalid(path.index(index), name, text));
  }
}

/** Groups of Kubernetes itself need an approval, as an annotation. */
function validateApproval(errors: FieldError[], definition: CustomResourceDefinition, old: CustomResourceDefinition | undefined): void {
  const { group = '' } = definition.spec as Partial<CustomResourceDefinitionSpec>;
  if (!/(^|\.)(k8s|kubernetes)\.io$/.test(group)) return;
  const annotation = definition.metadata.annotations?.[APPROVED] ?? '';
  const state = approvalState(annotation);
  if (old !== undefined && approvalState(old.metadata.annotations?.[APPROVED] ?? '') === state) return;
  const path = Path.of('metadata', 'annotations').key(APPROVED);
  const text = `protected groups must have approval annotation ${quote(APPROVED)}`;
  if (state === 'missing') errors.push(required(path, `${text}, ${APPROVAL_HELP}`));
  if (state === 'invalid')
    errors.push(invalid(path, annotation, `${text} with either a URL or a reason starting with "unapproved", ${APPROVAL_HELP}`));
}

function approvalState(annotation: string): 'missing' | 'bypassed' | 'approved' | 'invalid' {
  if (annotation === '') return 'missing';
  if (annotation.startsWith('unapproved')) return 'bypassed';
  const url = parseRequestURI(annotation);
  return 'error' in url || url.host === '' || url.scheme === '' ? 'invalid' : 'approved';
}
