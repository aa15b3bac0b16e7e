import type { PolicyRule } from '../../../api/schema/types/rbac/v1.ts';
import { combinedResource, isResource, type Attributes } from '../attributes.ts';

/** Whether a rule permits an act, as k8s.io/kubernetes/pkg/apis/rbac/v1/evaluation_helpers.go decides it. */
export function ruleAllows(rule: PolicyRule, attributes: Attributes): boolean {
  if (!includes(rule.verbs, attributes.verb)) return false;
  if (!isResource(attributes)) return (rule.nonResourceURLs ?? []).some((url) => urlMatches(url, attributes.path));
  const { group, subresource, name } = attributes;
  const names = rule.resourceNames ?? [];
  return (
    includes(rule.apiGroups, group) &&
    resourceMatches(rule.resources ?? [], combinedResource(attributes), subresource) &&
    (names.length === 0 || names.includes(name))
  );
}

/** `*` is every value. */
export function includes(list: readonly string[] | undefined, value: string): boolean {
  return list !== undefined && (list.includes('*') || list.includes(value));
}

/** `*\/scale` is that subresource of every resource. */
export function resourceMatches(list: readonly string[], resource: string, subresource: string): boolean {
  return list.some((entry) => entry === '*' || entry === resource || (subresource !== '' && entry === `*/${subresource}`));
}

/** `/apis/*` is every path below. */
export function urlMatches(pattern: string, path: string): boolean {
  return pattern === '*' || pattern === path || (pattern.endsWith('*') && path.startsWith(pattern.replace(/\*+$/, '')));
}
