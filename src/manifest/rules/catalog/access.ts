/** Rules for roles, and for what is reached from outside. */
import { hitsOf, textAt, valueAt } from '../../references/fieldPattern.ts';
import { finding, kindRule } from '../build.ts';
import type { Rule, Subject, RuleFinding } from '../rule.ts';

const GROUP = 'rbac.authorization.k8s.io/v1';
const ROLES = [`${GROUP}/Role`, `${GROUP}/ClusterRole`];
const BINDINGS = [`${GROUP}/RoleBinding`, `${GROUP}/ClusterRoleBinding`];

function wildcard(list: 'verbs' | 'resources' | 'apiGroups'): (subject: Subject) => readonly (RuleFinding | undefined)[] {
  return ({ value, at }) =>
    hitsOf(value, `rules[].${list}[]`, at).map((hit) =>
      hit.value === '*' ? finding(hit.path(), `the role is for all ${list}`) : undefined,
    );
}

/** Verbs by which a role gives more than it says. */
const ESCALATING: ReadonlySet<unknown> = new Set(['escalate', 'bind', 'impersonate']);

function grants(rule: unknown, resource: string, verbs: readonly string[]): boolean {
  const listed = hitsOf(rule, 'resources[]').map(({ value }) => value);
  return listed.includes(resource) && hitsOf(rule, 'verbs[]').some(({ value }) => verbs.includes(String(value)));
}

export const ACCESS_RULES: readonly Rule[] = [
  kindRule({ id: 'wildcard-verbs', reason: 'Who may do everything may do what nobody thought of.' }, ROLES, wildcard('verbs')),
  kindRule(
    { id: 'wildcard-resources', reason: 'A role for all resources is also one for those that come later, and for Secrets.' },
    ROLES,
    wildcard('resources'),
  ),
  kindRule({ id: 'escalating-verbs', reason: 'With these verbs one gives oneself the rights of others.' }, ROLES, ({ value, at }) =>
    hitsOf(value, 'rules[].verbs[]', at).map((hit) =>
      ESCALATING.has(hit.value) ? finding(hit.path(), `the role has the verb ${String(hit.value)}`) : undefined,
    ),
  ),
  kindRule({ id: 'read-all-secrets', reason: 'A list of Secrets is their contents.' }, [`${GROUP}/ClusterRole`], ({ value, at }) =>
    hitsOf(value, 'rules[]', at).map(({ value: each, path }) =>
      valueAt(each, 'resourceNames') === undefined && grants(each, 'secrets', ['get', 'list', 'watch', '*'])
        ? finding(path().child('resources'), 'the role reads the Secrets of every namespace it is bound in')
        : undefined,
    ),
  ),
  kindRule(
    { id: 'exec-pods', severity: 'information', reason: 'Who may run commands in Pods has what the Pods have.' },
    ROLES,
    ({ value, at }) =>
      hitsOf(value, 'rules[]', at).map(({ value: each, path }) =>
        grants(each, 'pods/exec', ['create', 'get', '*'])
          ? finding(path().child('resources'), 'the role runs commands in Pods')
          : undefined,
      ),
  ),
  kindRule({ id: 'cluster-admin', reason: 'cluster-admin has no bounds; a role of what is needed has.' }, BINDINGS, ({ value, at }) =>
    textAt(value, 'roleRef.name') !== 'cluster-admin' ? [] : [finding(at().child('roleRef', 'name'), 'the subjects may do everything')],
  ),
  kindRule(
    { id: 'default-account', reason: 'What is granted to the account "default" every Pod of the namespace has that names no other.' },
    BINDINGS,
    ({ value, at }) =>
      hitsOf(value, 'subjects[]', at).map(({ value: subject, path }) =>
        textAt(subject, 'kind') === 'ServiceAccount' && textAt(subject, 'name') === 'default'
          ? finding(path().child('name'), 'a role is given to the account "default"')
          : undefined,
      ),
  ),
  kindRule(
    { id: 'anonymous-access', severity: 'error', reason: 'Everybody who reaches the API server is one of these.' },
    BINDINGS,
    ({ value, at }) =>
      hitsOf(value, 'subjects[].name', at).map((hit) =>
        hit.value === 'system:anonymous' || hit.value === 'system:unauthenticated'
          ? finding(hit.path(), 'a role is given to everybody')
          : undefined,
      ),
  ),
  kindRule(
    { id: 'node-port', severity: 'information', reason: 'A port of every node is open to whoever reaches one, past the Ingress.' },
    ['v1/Service'],
    ({ value, at }) =>
      textAt(value, 'spec.type') !== 'NodePort' ? [] : [finding(at().child('spec', 'type'), 'the Service opens a port on every node')],
  ),
  kindRule(
    { id: 'external-ips', reason: 'Traffic to these addresses is taken from whoever they belong to (CVE-2020-8554).' },
    ['v1/Service'],
    ({ value, at }) =>
      hitsOf(value, 'spec.externalIPs[]').length === 0
        ? []
        : [finding(at().child('spec', 'externalIPs'), 'the Service takes traffic for externalIPs')],
  ),
  kindRule(
    { id: 'ingress-tls', severity: 'information', reason: 'Without TLS what goes to the Ingress can be read on its way.' },
    ['networking.k8s.io/v1/Ingress'],
    ({ value, at }) => (hitsOf(value, 'spec.tls[]').length > 0 ? [] : [finding(at().child('spec', 'tls'), 'the Ingress has no TLS')]),
  ),
  kindRule(
    {
      id: 'ingress-host',
      severity: 'information',
      reason: 'A rule without a host takes the traffic of every name that no other rule has.',
    },
    ['networking.k8s.io/v1/Ingress'],
    ({ value, at }) =>
      hitsOf(value, 'spec.rules[]', at).map(({ value: each, path }) =>
        textAt(each, 'host') === '' ? finding(path().child('host'), 'the rule is for every host') : undefined,
      ),
  ),
  kindRule(
    { id: 'secret-in-configmap', reason: 'What is in a ConfigMap everybody may read who may read the namespace.' },
    ['v1/ConfigMap'],
    ({ value, at }) =>
      hitsOf(value, 'data', at).flatMap(({ value: data, path }) =>
        Object.entries(data ?? {}).map(([key, text]) =>
          typeof text === 'string' && text.includes('-----BEGIN') && text.includes('PRIVATE KEY-----')
            ? finding(path().key(key), `"${key}" holds a private key`)
            : undefined,
        ),
      ),
  ),
];
