/** Which requests a webhook or a policy looks at. Counterpart: validateRule of pkg/apis/admissionregistration/validation. */
import { invalid, notSupported, required, type FieldError } from '../../apimachinery/field/error.ts';
import type { Path } from '../../apimachinery/field/path.ts';
import type { RuleWithOperations } from '../schema/types/admissionregistration/v1.ts';

export function validateRuleWithOperations(errors: FieldError[], rule: RuleWithOperations, path: Path): void {
  const operations: readonly string[] = rule.operations ?? [];
  const at = path.child('operations');
  if (operations.length === 0) errors.push(required(at, ''));
  if (isCrowdedWildcard(operations)) errors.push(invalid(at, operations, "if '*' is present, must not specify other operations"));
  for (const [index, operation] of operations.entries())
    if (!OPERATIONS.includes(operation)) errors.push(notSupported(at.index(index), operation, OPERATIONS));
  validateRule(errors, rule, path);
}

function validateRule(errors: FieldError[], rule: RuleWithOperations, path: Path): void {
  const { apiGroups = [], apiVersions = [], resources = [] } = rule;
  const groupsPath = path.child('apiGroups');
  if (apiGroups.length === 0) errors.push(required(groupsPath, ''));
  if (isCrowdedWildcard(apiGroups)) errors.push(invalid(groupsPath, apiGroups, "if '*' is present, must not specify other API groups"));
  const versionsPath = path.child('apiVersions');
  if (apiVersions.length === 0) errors.push(required(versionsPath, ''));
  if (isCrowdedWildcard(apiVersions))
    errors.push(invalid(versionsPath, apiVersions, "if '*' is present, must not specify other API versions"));
  for (const [index, version] of apiVersions.entries()) if (version === '') errors.push(required(versionsPath.index(index), ''));
  validateResources(errors, resources, path.child('resources'));
  const scope: string | undefined = rule.scope;
  if (scope !== undefined && !SCOPES.includes(scope)) errors.push(notSupported(path.child('scope'), scope, SCOPES));
}

function isCrowdedWildcard(list: readonly string[]): boolean {
  return list.length > 1 && list.includes('*');
}

// `pods`, `pods/log`, `pods/*`, `*`, `*/scale`, `*/*`; one that covers another makes the other one an error.
function validateResources(errors: FieldError[], resources: readonly string[], path: Path): void {
  if (resources.length === 0) errors.push(required(path, ''));
  const wholeResources = new Set<string>();
  const wholeSubresources = new Set<string>();
  // Only the last plain resource counts: that is how the server looks for it.
  let hasPlain = false;
  for (const [index, resource] of resources.entries()) {
    const at = path.index(index);
    if (resource === '') {
      errors.push(required(at, ''));
      continue;
    }
    const slash = resource.indexOf('/');
    if (slash < 0) {
      hasPlain = resource !== '*';
      continue;
    }
    const [name, subresource] = [resource.slice(0, slash), resource.slice(slash + 1)];
    if (wholeResources.has(name)) errors.push(invalid(at, resource, `if '${name}/*' is present, must not specify ${resource}`));
    if (wholeSubresources.has(subresource))
      errors.push(invalid(at, resource, `if '*/${subresource}' is present, must not specify ${resource}`));
    if (subresource === '*') wholeResources.add(name);
    if (name === '*') wholeSubresources.add(subresource);
  }
  if (resources.length > 1 && resources.includes('*/*'))
    errors.push(invalid(path, resources, "if '*/*' is present, must not specify other resources"));
  if (hasPlain && resources.includes('*'))
    errors.push(invalid(path, resources, "if '*' is present, must not specify other resources without subresources"));
}

const OPERATIONS: readonly string[] = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
const SCOPES: readonly string[] = ['*', 'Cluster', 'Namespaced'];
