/**
 * Nobody may grant by a role or a binding what he may not do himself.
 * Invariant: compares right by right; what is missing is told grouped by resource, in the server's words.
 * Counterpart: k8s.io/component-helpers/auth/rbac/validation and pkg/registry/rbac/validation.ConfirmNoEscalation.
 */
import type { PolicyRule } from '../../../api/schema/types/rbac/v1.ts';
import type { UserInfo } from '../../request.ts';
import { includes, resourceMatches, urlMatches } from './evaluate.ts';

/** @returns what is wrong with granting `wanted`; undefined if the user has it all */
export function confirmNoEscalation(
  user: UserInfo,
  held: readonly PolicyRule[],
  wanted: readonly PolicyRule[],
  problems: string,
): string | undefined {
  const missing = uncovered(held, wanted);
  if (missing.length === 0) return undefined;
  const texts = [...new Set(compactRules(missing).map(describeRule))].toSorted();
  const unresolved = problems === '' ? '' : `; resolution errors: ${problems}`;
  return `user "${user.name}" (groups=${quoted(user.groups)}) is attempting to grant RBAC permissions not currently held:\n${texts.join('\n')}${unresolved}`;
}

/** The single rights among `wanted` that no rule of `held` covers. */
export function uncovered(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): readonly PolicyRule[] {
  return wanted.flatMap(breakDown).filter((right) => !held.some((rule) => covers(rule, right)));
}

/** A rule as rights of one verb on one resource (and one name) or one path each. */
function breakDown(rule: PolicyRule): readonly PolicyRule[] {
  const rights: PolicyRule[] = [];
  for (const group of rule.apiGroups ?? []) {
    for (const resource of rule.resources ?? []) {
      for (const verb of rule.verbs) {
        const right = { verbs: [verb], apiGroups: [group], resources: [resource] };
        const names = rule.resourceNames ?? [];
        if (names.length === 0) rights.push(right);
        for (const name of names) rights.push({ ...right, resourceNames: [name] });
      }
    }
  }
  for (const url of rule.nonResourceURLs ?? []) for (const verb of rule.verbs) rights.push({ verbs: [verb], nonResourceURLs: [url] });
  return rights;
}

function covers(rule: PolicyRule, right: PolicyRule): boolean {
  if (!includes(rule.verbs, right.verbs[0] ?? '')) return false;
  const url = right.nonResourceURLs?.[0];
  if (url !== undefined) return (rule.nonResourceURLs ?? []).some((pattern) => urlMatches(pattern, url));
  const resource = right.resources?.[0] ?? '';
  const names = rule.resourceNames ?? [];
  const name = right.resourceNames?.[0];
  return (
    includes(rule.apiGroups, right.apiGroups?.[0] ?? '') &&
    resourceMatches(rule.resources ?? [], resource, resource.split('/')[1] ?? '') &&
    (names.length === 0 || (name !== undefined && names.includes(name)))
  );
}

/** Rights on the same resource as one rule with all their verbs, in the order in which they come. */
function compactRules(rights: readonly PolicyRule[]): readonly PolicyRule[] {
  const rules = new Map<string, PolicyRule>();
  const others: PolicyRule[] = [];
  for (const right of rights) {
    if (right.nonResourceURLs !== undefined) {
      others.push(right);
      continue;
    }
    const key = JSON.stringify([right.apiGroups, right.resources, right.resourceNames]);
    const rule = rules.get(key);
    const [verb = ''] = right.verbs;
    if (rule === undefined) rules.set(key, right);
    else if (!rule.verbs.includes(verb)) rules.set(key, { ...rule, verbs: [...rule.verbs, verb] });
  }
  return [...rules.values(), ...others];
}

function describeRule({ apiGroups, resources, nonResourceURLs, resourceNames, verbs }: PolicyRule): string {
  const parts = [
    ['APIGroups', apiGroups],
    ['Resources', resources],
    ['NonResourceURLs', nonResourceURLs],
    ['ResourceNames', resourceNames],
    ['Verbs', verbs],
  ] as const;
  return `{${parts.flatMap(([name, values]) => (values === undefined || values.length === 0 ? [] : [`${name}:${quoted(values)}`])).join(', ')}}`;
}

/** A list of texts as Go's `%q` prints it. */
function quoted(values: readonly string[]): string {
  return `[${values.map((value) => JSON.stringify(value)).join(' ')}]`;
}
