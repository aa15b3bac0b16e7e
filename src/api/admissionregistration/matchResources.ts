/**
 * Which requests a policy is about: rules, exceptions from them, and selectors.
 * Counterpart: validateMatchResources of pkg/apis/admissionregistration/validation.
 */
import { duplicate, invalid, notSupported, required, type FieldError } from '../../apimachinery/field/error.ts';
import type { Path } from '../../apimachinery/field/path.ts';
import { hasInvalidValue, validateLabelSelector } from '../../apimachinery/labels/validation.ts';
import { isPathSegmentName } from '../../apimachinery/validation/names.ts';
import type { Draft } from '../../base/json.ts';
import type { MatchResources, NamedRuleWithOperations } from '../schema/types/admissionregistration/v1.ts';
import { validateRuleWithOperations } from './rules.ts';

export function defaultMatchResources(match: Draft<MatchResources> | undefined): void {
  if (match === undefined) return;
  match.matchPolicy ??= 'Equivalent';
  match.namespaceSelector ??= {};
  match.objectSelector ??= {};
  for (const rule of [...(match.resourceRules ?? []), ...(match.excludeResourceRules ?? [])]) rule.scope ??= '*';
}

/** @param before on an update: what is wrong with its selectors may stay */
export function validateMatchResources(errors: FieldError[], match: MatchResources, path: Path, before?: MatchResources): void {
  const policy: string | undefined = match.matchPolicy;
  if (policy === undefined) errors.push(required(path.child('matchPolicy'), ''));
  else if (!POLICIES.includes(policy)) errors.push(notSupported(path.child('matchPolicy'), policy, POLICIES));
  const allowInvalidValues = hasInvalidValue(before?.namespaceSelector) || hasInvalidValue(before?.objectSelector);
  for (const name of ['namespaceSelector', 'objectSelector'] as const) {
    const selector = match[name];
    if (selector === undefined) errors.push(required(path.child(name), ''));
    else errors.push(...validateLabelSelector(selector, path.child(name), { allowInvalidValues }));
  }
  for (const name of ['resourceRules', 'excludeResourceRules'] as const)
    for (const [index, rule] of (match[name] ?? []).entries()) validateNamedRule(errors, rule, path.child(name).index(index));
}

const POLICIES: readonly string[] = ['Equivalent', 'Exact'];

function validateNamedRule(errors: FieldError[], rule: NamedRuleWithOperations, path: Path): void {
  const seen = new Set<string>();
  for (const [index, name] of (rule.resourceNames ?? []).entries()) {
    const at = path.child('resourceNames').index(index);
    for (const text of isPathSegmentName(name)) errors.push(invalid(at, name, text));
    if (seen.has(name)) errors.push(duplicate(at, name));
    seen.add(name);
  }
  validateRuleWithOperations(errors, rule, path);
}
