import assert from 'node:assert/strict';
import type { PolicyRule } from '../../../../src/api/schema/types/rbac/v1.ts';
import { rule } from '../../../../src/apiserver/authorization/rbac/bootstrap/rule.ts';
import { confirmNoEscalation } from '../../../../src/apiserver/authorization/rbac/escalation.ts';
import { ruleAllows } from '../../../../src/apiserver/authorization/rbac/evaluate.ts';
import { Wire } from '../support.ts';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';

const resource = (verb: string, group: string, name: string, subresource = '', object = '') => ({
  verb,
  group,
  resource: name,
  subresource,
  namespace: 'a',
  name: object,
});

describe('RBAC', () => {
  const cases: readonly (readonly [string, Parameters<typeof ruleAllows>[1], boolean])[] = [
    ['get | core | pods', resource('get', '', 'pods'), true],
    ['get | core | pods', resource('list', '', 'pods'), false],
    ['get | core | pods', resource('get', 'apps', 'pods'), false],
    ['get | core | pods', resource('get', '', 'pods', 'log'), false],
    ['get | core | pods/log', resource('get', '', 'pods', 'log'), true],
    ['get | * | */scale', resource('get', 'apps', 'deployments', 'scale'), true],
    ['get | * | */scale', resource('get', 'apps', 'deployments'), false],
    ['* | * | *', resource('delete', 'apps', 'deployments', 'scale'), true],
    ['get | core | configmaps | one', resource('get', '', 'configmaps', '', 'one'), true],
    ['get | core | configmaps | one', resource('get', '', 'configmaps', '', 'two'), false],
    ['create | core | configmaps | one', resource('create', '', 'configmaps'), false],
    ['get > /apis/*', { verb: 'get', path: '/apis/apps' }, true],
    ['get > /apis/*', { verb: 'get', path: '/apisx' }, false],
    ['get > /metrics', { verb: 'post', path: '/metrics' }, false],
  ];
  for (const [text, attributes, allowed] of cases) {
    it(`${text}: ${JSON.stringify(Object.values(attributes))} is ${allowed ? 'allowed' : 'refused'}`, () => {
      assert.equal(ruleAllows(rule(text), attributes), allowed);
    });
  }

  const jane = { name: 'jane', groups: ['system:authenticated'] };
  const escalations: readonly (readonly [string, readonly PolicyRule[], readonly PolicyRule[], string | undefined])[] = [
    ['what is held', [rule('* | * | *')], [rule('get | core | pods')], undefined],
    ['one name of all', [rule('get | core | pods')], [rule('get | core | pods | p')], undefined],
    [
      'all of one name',
      [rule('get | core | pods | p')],
      [rule('get | core | pods')],
      '{APIGroups:[""], Resources:["pods"], Verbs:["get"]}',
    ],
    [
      'verbs of one resource together',
      [rule('list | core | pods')],
      [rule('get list watch | core | pods')],
      '{APIGroups:[""], Resources:["pods"], Verbs:["get" "watch"]}',
    ],
    ['a path', [], [rule('get > /metrics')], '{NonResourceURLs:["/metrics"], Verbs:["get"]}'],
  ];
  for (const [title, held, wanted, missing] of escalations) {
    it(`grants ${title}`, () => {
      const words = 'user "jane" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n';
      assert.equal(confirmNoEscalation(jane, held, wanted, ''), missing === undefined ? undefined : `${words}${missing}`);
    });
  }

  it('says by which binding an act is allowed, and which role is missing', () => {
    const wire = new Wire();
    const bind = (name: string, roleRef: object, namespace = 'default') =>
      wire.call('POST', `${RBAC}/namespaces/${namespace}/rolebindings`, {
        metadata: { name },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', ...roleRef },
        subjects: [{ kind: 'User', name: 'ann', apiGroup: 'rbac.authorization.k8s.io' }],
      });
    bind('ghosts', { kind: 'Role', name: 'ghost' });
    const ann = { name: 'ann', groups: [] };
    const act = { ...resource('list', 'apps', 'deployments'), namespace: 'default' };
    const { authorizer } = wire.cluster.api;
    assert.deepEqual(authorizer.authorize(ann, act), {
      allowed: false,
      reason: 'RBAC: role.rbac.authorization.k8s.io "ghost" not found',
    });
    bind('viewers', { kind: 'ClusterRole', name: 'view' });
    assert.deepEqual(authorizer.authorize(ann, act), {
      allowed: true,
      reason: 'RBAC: allowed by RoleBinding "viewers/default" of ClusterRole "view" to User "ann"',
    });
    assert.equal(authorizer.mayDo(ann, { ...act, namespace: 'kube-system' }), false);
  });

  it('puts admin, edit and view together from their parts', () => {
    const wire = new Wire();
    const rules = (name: string): readonly PolicyRule[] => wire.call('GET', `${RBAC}/clusterroles/${name}`).body.rules;
    const before = rules('admin').length;
    assert(before > rules('edit').length && rules('edit').length > rules('view').length);
    wire.call('POST', `${RBAC}/clusterroles`, {
      metadata: { name: 'part', labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' } },
      rules: [{ apiGroups: ['example.com'], resources: ['things'], verbs: ['get'] }],
    });
    wire.advance(1000);
    assert.equal(rules('admin').length, before + 1);
    wire.call('DELETE', `${RBAC}/clusterroles/part`);
    wire.advance(1000);
    assert.equal(rules('admin').length, before);
  });
});
