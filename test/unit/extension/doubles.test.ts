import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  changesFor,
  doublesOf,
  kubernetesKeys,
  KUBERNETES_TOOLS,
  REDHAT_YAML,
  type Neighbours,
} from '../../../src/extension/coexistence/doubles.ts';
import { argumentsOf } from '../../../src/extension/tasks/validateArguments.ts';
import { FORMATS } from '../../../src/host/cli/report.ts';

const beside = (schemas: unknown, ...ids: readonly string[]): Neighbours => ({ isInstalled: (id) => ids.includes(id), schemas });

describe('other extensions that judge manifests', () => {
  const table: readonly (readonly [what: string, neighbours: Neighbours, names: number, changed: readonly string[]])[] = [
    ['none', beside({}), 0, []],
    ['YAML without the schemas of Kubernetes', beside({ './own.json': '*.yaml' }, REDHAT_YAML), 0, []],
    ['YAML with them', beside({ kubernetes: '*.yaml' }, REDHAT_YAML), 1, ['yaml.schemas']],
    ['schemas of an extension that is not there', beside({ kubernetes: '*.yaml' }), 0, ['yaml.schemas']],
    ['Kubernetes tools, which bring YAML', beside(undefined, REDHAT_YAML, KUBERNETES_TOOLS), 2, ['yaml.validate']],
  ];
  for (const [what, neighbours, names, changed] of table)
    it(what, () => {
      assert.equal(doublesOf(neighbours).length, names);
      const changes = changesFor('kubepad', neighbours);
      assert.deepEqual(
        changes.map(({ name }) => name),
        changed,
      );
      for (const choice of ['ask', 'others', 'both'] as const) assert.deepEqual(changesFor(choice, neighbours), []);
    });
  it('are told by their keys, and the other schemas are kept', () => {
    const web = 'https://example.com/yannh/kubernetes-json-schema/master/v1.31/all.json';
    assert.deepEqual(kubernetesKeys({ Kubernetes: '*', [web]: '*', 'https://example.com/github-workflow.json': '*' }), ['Kubernetes', web]);
  });
  // VS Code merges the objects of user and workspace, key by key.
  const places: readonly (readonly [what: string, user: object | undefined, workspace: object | undefined, written: unknown])[] = [
    ['of the workspace is taken out', undefined, { kubernetes: 'a', other: 'b' }, { other: 'b' }],
    ['of the workspace alone leaves nothing', { mine: 'c' }, { kubernetes: 'a' }, undefined],
    ['of the user is given no files', { kubernetes: 'a', mine: 'c' }, undefined, { kubernetes: [] }],
    ['of both, too', { kubernetes: 'a' }, { kubernetes: ['d'], other: 'b' }, { other: 'b', kubernetes: [] }],
  ];
  for (const [what, user, workspace, written] of places)
    it(`and a key ${what}`, () => {
      const merged = { ...user, ...workspace };
      const neighbours = { ...beside(merged, REDHAT_YAML), ownSchemas: workspace, schemasBeneath: user };
      assert.deepEqual(changesFor('kubepad', neighbours), [{ name: 'yaml.schemas', value: written }]);
      const after = beside({ ...user, ...(written as object | undefined) }, REDHAT_YAML);
      assert.deepEqual(doublesOf(after), []);
      assert.deepEqual(changesFor('kubepad', after), []);
    });
});

describe('the task', () => {
  it('becomes a command line', () => {
    assert.deepEqual(argumentsOf({ type: 'kubepad', command: 'validate' }, '1.36'), ['validate', '--target-version', '1.36', '--', '.']);
    const full = { type: 'kubepad', command: 'validate', paths: ['a', 'b'], rules: true, render: true, targetVersion: '1.30' };
    assert.deepEqual(argumentsOf(full, '1.36'), ['validate', '--target-version', '1.30', '--rules', '--render', '--', 'a', 'b']);
  });
  it('has a problem matcher that reads what the program writes', () => {
    const { contributes } = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8')) as {
      readonly contributes: { readonly problemMatchers: readonly [{ readonly pattern: { readonly regexp: string } }] };
    };
    const pattern = new RegExp(contributes.problemMatchers[0].pattern.regexp);
    const range = { start: { line: 2, character: 4 }, end: { line: 2, character: 9 } };
    const related = [{ uri: 'other.yaml', range, message: 'there' }];
    const diagnostic = { range, severity: 'hint', message: 'no: limits', code: 'x', path: 'spec', fixes: [], related } as const;
    const lines = FORMATS.text([{ file: 'C:\\a b.yaml', diagnostic }], ['C:\\a b.yaml']).split('\n');
    const found = lines.flatMap((line) => pattern.exec(line)?.slice(1) ?? []);
    assert.deepEqual(found, ['C:\\a b.yaml', '3', '5', 'hint', 'spec: no: limits']);
  });
});
