/** Counterpart: ValidateResourceQuota and its siblings of k8s.io/kubernetes/pkg/apis/core/validation. */
import { invalid, required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { wasEmpty } from '../../../apimachinery/scheme/emptyCollections.ts';
import { FIELD_IMMUTABLE } from '../../../apimachinery/validation/objectMeta.ts';
import type { ResourceQuota, ResourceQuotaSpec, ScopedResourceSelectorRequirement } from '../../schema/types/core/v1.ts';
import { internalValue } from '../pod/internal.ts';
import { validateResourceName } from '../pod/resourceNames.ts';
import { validateResourceQuantity } from '../pod/resources.ts';
import { isQuotaResource, isScope, isScopeOf, needsExists } from './scopes.ts';

export function validateResourceQuota(quota: ResourceQuota): ErrorList {
  const errors: FieldError[] = [];
  validateSpec(errors, quota.spec ?? {});
  return errors;
}

export function validateResourceQuotaUpdate(quota: ResourceQuota, old: ResourceQuota): ErrorList {
  const errors: FieldError[] = [];
  const spec = quota.spec ?? {};
  validateSpec(errors, spec);
  const now = new Set(spec.scopes);
  const before = new Set(old.spec?.scopes);
  if (now.size !== before.size || [...before].some((scope) => !now.has(scope)))
    errors.push(invalid(SPEC.child('scopes'), spec.scopes ?? (wasEmpty(spec, 'scopes') ? [] : null), FIELD_IMMUTABLE));
  return errors;
}

export function validateResourceQuotaStatusUpdate(quota: ResourceQuota): ErrorList {
  const errors: FieldError[] = [];
  for (const list of ['hard', 'used'] as const) validateList(errors, quota.status?.[list] ?? {}, Path.of('status', list));
  return errors;
}

function validateSpec(errors: FieldError[], spec: ResourceQuotaSpec): void {
  const hard = spec.hard ?? {};
  validateList(errors, hard, SPEC.child('hard'));
  const resources = Object.keys(hard).sort().filter(isQuotaResource);
  validateScopes(errors, spec.scopes ?? [], resources);
  validateSelector(errors, spec, resources);
}

function validateList(errors: FieldError[], list: Readonly<Record<string, string>>, path: Path): void {
  for (const name of Object.keys(list).sort()) {
    const at = path.key(name);
    validateResourceName(errors, name, at);
    if (!name.includes('/') && !isQuotaResource(name)) errors.push(invalid(at, name, 'must be a standard resource for quota'));
    validateResourceQuantity(errors, name, list[name] ?? '0', at);
  }
}

function validateScopes(errors: FieldError[], scopes: readonly string[], resources: readonly string[]): void {
  if (scopes.length === 0) return;
  const path = SPEC.child('scopes');
  for (const scope of scopes) {
    if (!isScope(scope)) errors.push(invalid(path, scopes, 'unsupported scope'));
    for (const name of resources) if (!isScopeOf(scope, name)) errors.push(invalid(path, scopes, WRONG_RESOURCE));
  }
  validatePairs(errors, new Set(scopes), path, scopes);
}

function validateSelector(errors: FieldError[], spec: ResourceQuotaSpec, resources: readonly string[]): void {
  const selector = spec.scopeSelector;
  if (!selector) return;
  const path = SPEC.child('scopeSelector', 'matchExpressions');
  const scopes = new Set<string>();
  for (const requirement of selector.matchExpressions ?? []) {
    const scope = (requirement.scopeName as string | undefined) ?? '';
    if (!isScope(scope)) errors.push(invalid(path.child('scopeName'), scope, 'unsupported scope'));
    for (const name of resources)
      if (!isScopeOf(scope, name)) errors.push(invalid(path, internalValue('ScopeSelector', selector), WRONG_RESOURCE));
    validateOperator(errors, requirement, scope, path);
    scopes.add(scope);
  }
  validatePairs(errors, scopes, path, spec.scopes ?? null);
}

function validateOperator(errors: FieldError[], requirement: ScopedResourceSelectorRequirement, scope: string, path: Path): void {
  const operator = (requirement.operator as string | undefined) ?? '';
  const values = requirement.values ?? [];
  if (needsExists(scope) && operator !== 'Exists') errors.push(invalid(path.child('operator'), operator, ONLY_EXISTS));
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (values.length === 0)
        errors.push(required(path.child('values'), "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"));
      return;
    case 'Exists':
    case 'DoesNotExist': {
      const text = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
      if (values.length > 0) errors.push(invalid(path.child('values'), values, text));
      return;
    }
    default:
      errors.push(invalid(path.child('operator'), operator, 'not a valid selector operator'));
  }
}

/** No Pod is both. */
function validatePairs(errors: FieldError[], scopes: ReadonlySet<string>, path: Path, printed: unknown): void {
  for (const scope of ['BestEffort', 'Terminating'])
    if (scopes.has(scope) && scopes.has(`Not${scope}`)) errors.push(invalid(path, printed, 'conflicting scopes'));
}

const SPEC = Path.of('spec');
const WRONG_RESOURCE = 'unsupported scope applied to resource';
const ONLY_EXISTS =
  "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
