import assert from 'node:assert/strict';
import { CLUSTERROLEBINDING_STRATEGY } from '../../../../src/api/rbac/clusterrolebinding/strategy.ts';
import { ROLEBINDING_STRATEGY } from '../../../../src/api/rbac/rolebinding/strategy.ts';
import { judgeCreate, judgeUpdate } from '../judge.ts';

const GROUP = 'rbac.authorization.k8s.io';
const ROBOT = { kind: 'ServiceAccount', name: 'robot' };

describe('RoleBinding', () => {
  it('fills in the API group of the role and of people', () => {
    const subjects = [{ kind: 'User', name: 'alice' }, { kind: 'Group', name: 'devs' }, ROBOT];
    const { object, errors } = judgeCreate(ROLEBINDING_STRATEGY, { roleRef: { kind: 'Role', name: 'r' }, subjects });
    assert.deepEqual(errors, []);
    assert.equal(object.roleRef.apiGroup, GROUP);
    assert.deepEqual(
      object.subjects?.map(({ apiGroup }) => apiGroup),
      [GROUP, GROUP, undefined],
    );
    const [name, role, , ...subjectCells] = ROLEBINDING_STRATEGY.table?.cells(object, 0) ?? [];
    assert.deepEqual([name, role, ...subjectCells], ['x', 'Role/r', 'alice', 'devs', '/robot']);
  });
  it('judges whom it binds to what', () => {
    const roleRef = { apiGroup: 'a.b', kind: 'X', name: 'a/b' };
    const subjects = [{ kind: 'User', name: 'a', apiGroup: 'a.b' }, { ...ROBOT, name: 'A', apiGroup: GROUP }, {}];
    const { errors } = judgeCreate(ROLEBINDING_STRATEGY, { roleRef, subjects });
    assert.deepEqual(
      errors.map((error) => error.replace(/ must consist of.*/, ' …')),
      [
        `roleRef.apiGroup: Unsupported value: "a.b": supported values: "${GROUP}"`,
        'roleRef.kind: Unsupported value: "X": supported values: "Role", "ClusterRole"',
        'roleRef.name: Invalid value: "a/b": may not contain \'/\'',
        `subjects[0].apiGroup: Unsupported value: "a.b": supported values: "${GROUP}"`,
        'subjects[1].name: Invalid value: "A": a lowercase RFC 1123 subdomain …',
        `subjects[1].apiGroup: Unsupported value: "${GROUP}": supported values: ""`,
        'subjects[2].name: Required value',
        'subjects[2].kind: Unsupported value: "": supported values: "ServiceAccount", "User", "Group"',
      ],
    );
  });
  it('never changes its role', () => {
    const { errors } = judgeUpdate(
      ROLEBINDING_STRATEGY,
      { roleRef: { kind: 'Role', name: 'r' } },
      { roleRef: undefined, subjects: [ROBOT] },
    );
    assert.deepEqual(errors, [
      'roleRef.kind: Unsupported value: "": supported values: "Role", "ClusterRole"',
      'roleRef.name: Required value',
      `roleRef: Invalid value: {"APIGroup":"${GROUP}","Kind":"","Name":""}: cannot change roleRef`,
    ]);
  });
});

describe('ClusterRoleBinding', () => {
  it('binds to ClusterRoles only, and ServiceAccounts of a namespace', () => {
    const { errors } = judgeCreate(CLUSTERROLEBINDING_STRATEGY, { roleRef: { kind: 'Role', name: 'r' }, subjects: [ROBOT] });
    assert.deepEqual(errors, [
      'roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"',
      'subjects[0].namespace: Required value',
    ]);
  });
});
