/** Whose requests, and which, a flow schema is for. */
import { forbidden, invalid, notSupported, required, type FieldError } from '../../../apimachinery/field/error.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import { isDNS1123Label, isDNS1123Subdomain } from '../../../apimachinery/validation/names.ts';
import type { NonResourcePolicyRule, PolicyRulesWithSubjects, ResourcePolicyRule, Subject } from '../../schema/types/flowcontrol/v1.ts';

export function validateRules(errors: FieldError[], rule: Partial<PolicyRulesWithSubjects>, path: Path): void {
  const { subjects = [], resourceRules = [], nonResourceRules = [] } = rule;
  if (subjects.length === 0) errors.push(required(path.child('subjects'), 'subjects must contain at least one value'));
  for (const [index, subject] of subjects.entries()) validateSubject(errors, subject, path.child('subjects').index(index));
  if (resourceRules.length === 0 && nonResourceRules.length === 0)
    errors.push(required(path, 'at least one of resourceRules and nonResourceRules has to be non-empty'));
  for (const [index, one] of resourceRules.entries()) validateResourceRule(errors, one, path.child('resourceRules').index(index));
  for (const [index, one] of nonResourceRules.entries()) validateURLRule(errors, one, path.child('nonResourceRules').index(index));
}

/** By the kind that needs it. */
const SUBJECT_FIELDS = { User: 'user', Group: 'group', ServiceAccount: 'serviceAccount' } as const;

function validateSubject(errors: FieldError[], subject: Subject, path: Path): void {
  const kind = (subject.kind as string | undefined) ?? '';
  if (kind !== 'User' && kind !== 'Group' && kind !== 'ServiceAccount') {
    errors.push(notSupported(path.child('kind'), kind, ['Group', 'ServiceAccount', 'User']));
    return;
  }
  const own = SUBJECT_FIELDS[kind];
  const at = path.child(own);
  if (subject[own] === undefined) errors.push(required(at, `${own} is required when subject kind is '${kind}'`));
  else if (kind === 'ServiceAccount') validateServiceAccount(errors, subject, at);
  else if ((subject[own].name ?? '') === '') errors.push(required(at.child('name'), ''));
  const others =
    kind === 'ServiceAccount' ? (['User', 'Group'] as const) : (['ServiceAccount', kind === 'User' ? 'Group' : 'User'] as const);
  for (const other of others) {
    const field = SUBJECT_FIELDS[other];
    if (subject[field] !== undefined)
      errors.push(forbidden(path.child(field), `${field} is forbidden when subject kind is not '${other}'`));
  }
}

function validateServiceAccount(errors: FieldError[], { serviceAccount }: Subject, path: Path): void {
  const { name = '', namespace = '' } = serviceAccount ?? {};
  if (name === '') errors.push(required(path.child('name'), ''));
  else if (name !== '*') for (const text of isDNS1123Subdomain(name)) errors.push(invalid(path.child('name'), name, text));
  const at = path.child('namespace');
  if (namespace === '') errors.push(required(at, 'must specify namespace for service account'));
  for (const text of namespace === '' ? [] : isDNS1123Label(namespace)) errors.push(invalid(at, namespace, text));
}

function validateVerbs(errors: FieldError[], verbs: readonly string[], path: Path): void {
  if (verbs.length === 0) errors.push(required(path, 'verbs must contain at least one value'));
  else if (verbs.includes('*')) validateLonely(errors, verbs, path, 'verbs');
  else if (verbs.some((verb) => !VERBS.includes(verb))) errors.push(notSupported(path, verbs, VERBS));
}

function validateLonely(errors: FieldError[], list: readonly string[], path: Path, what: string): void {
  if (list.length > 1 && list.includes('*')) errors.push(invalid(path, list, `if '*' is present, must not specify other ${what}`));
}

function validateResourceRule(errors: FieldError[], rule: Partial<ResourcePolicyRule>, path: Path): void {
  const { verbs = [], apiGroups = [], resources = [], namespaces = [] } = rule;
  validateVerbs(errors, verbs, path.child('verbs'));
  if (apiGroups.length === 0) errors.push(required(path.child('apiGroups'), 'resource rules must supply at least one api group'));
  validateLonely(errors, apiGroups, path.child('apiGroups'), 'api groups');
  if (resources.length === 0) errors.push(required(path.child('resources'), 'resource rules must supply at least one resource'));
  validateLonely(errors, resources, path.child('resources'), 'resources');
  const at = path.child('namespaces');
  if (namespaces.length === 0 && rule.clusterScope !== true)
    errors.push(required(at, 'resource rules that are not cluster scoped must supply at least one namespace'));
  else if (namespaces.includes('*')) validateLonely(errors, namespaces, at, 'namespaces');
  else
    for (const [index, namespace] of namespaces.entries())
      for (const text of isDNS1123Label(namespace))
        errors.push(invalid(at.index(index), namespace, `each member of this list must be '*' or a DNS-1123 label; ${text}`));
}

function validateURLRule(errors: FieldError[], rule: Partial<NonResourcePolicyRule>, path: Path): void {
  const { verbs = [], nonResourceURLs: urls = [] } = rule;
  validateVerbs(errors, verbs, path.child('verbs'));
  const at = path.child('nonResourceURLs');
  if (urls.length === 0) errors.push(required(at, 'nonResourceURLs must contain at least one value'));
  else if (urls.includes('*')) validateLonely(errors, urls, at, 'non-resource URLs');
  else
    for (const [index, url] of urls.entries()) {
      const problem = urlProblem(url);
      if (problem !== undefined) errors.push(invalid(at.index(index), url, problem));
    }
}

/** `/healthz`, `/metrics/*` */
function urlProblem(url: string): string | undefined {
  if (url === '') return 'must not be empty';
  if (url === '/') return undefined;
  if (!url.startsWith('/')) return 'must start with slash';
  if (url.includes(' ')) return 'must not contain white-space';
  if (url.includes('//')) return 'must not contain double slash';
  const stars = url.split('*').length - 1;
  return stars > 1 || (stars === 1 && !url.endsWith('/*')) ? 'wildcard can only do suffix matching' : undefined;
}

const VERBS: readonly string[] = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'proxy', 'update', 'watch'];
