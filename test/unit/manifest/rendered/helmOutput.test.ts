import assert from 'node:assert/strict';
import { helmProblem, renderedFiles, schemaProblems } from '../../../../src/manifest/rendered/helmOutput.ts';

describe('what helm prints', () => {
  it('is cut at its sources; what comes twice counts once', () => {
    const out =
      '---\n# Source: a/templates/x.yaml\nkind: A\n---\nkind: B\n---\n# Source: a/templates/y.yaml\nkind: C\n---\n# Source: a/templates/x.yaml\nkind: A\n';
    assert.deepEqual(
      [...renderedFiles(out)],
      [
        ['a/templates/x.yaml', 'kind: A\n---\nkind: B\n'],
        ['a/templates/y.yaml', 'kind: C\n'],
      ],
    );
  });

  for (const [what, stderr, expected] of [
    [
      'helm 4, while it ran',
      'level=DEBUG msg="x"\nError: s/templates/t.yaml:1:13\n  executing "s/templates/t.yaml" at <.Values.foo.bar>:\n    nil pointer evaluating interface {}.bar\n\nUse --debug flag to render out invalid YAML\n',
      { path: 's/templates/t.yaml', line: 1, column: 13, message: 'nil pointer evaluating interface {}.bar', asked: false },
    ],
    [
      'helm 3, while it ran',
      'Error: template: s/templates/t.yaml:2:5: executing "s/templates/t.yaml" at <include "a" .>: error calling include: template: s/templates/_h.tpl:1:3: executing "a" at <.x.y>: nil pointer evaluating interface {}.y\n',
      { path: 's/templates/t.yaml', line: 2, column: 5, message: 'nil pointer evaluating interface {}.y', asked: false },
    ],
    [
      'a template that cannot be read',
      'Error: parse error at (s/templates/t.yaml:3): function "foo" not defined\n',
      { path: 's/templates/t.yaml', line: 3, column: undefined, message: 'function "foo" not defined', asked: false },
    ],
    [
      'required',
      'Error: execution error at (s/templates/t.yaml:1:6): need it\n\nUse --debug flag to render out invalid YAML\n',
      { path: 's/templates/t.yaml', line: 1, column: 6, message: 'need it', asked: true },
    ],
    [
      'the chart itself',
      'Error: an error occurred while checking for chart dependencies. x\n',
      { path: '', line: 0, column: undefined, message: 'an error occurred while checking for chart dependencies. x', asked: false },
    ],
  ] as const)
    it(`of ${what} is read`, () => assert.deepEqual(helmProblem(stderr), expected));

  it('of a schema is read', () => {
    const head = "values don't meet the specifications of the schema(s) in the following chart(s):\n";
    assert.deepEqual(schemaProblems(`${head}store:\n- at '': missing property 'zz'\n- at '/a~1b/c': got number, want string\n`), [
      { chart: 'store', path: [], message: "missing property 'zz'" },
      { chart: 'store', path: ['a/b', 'c'], message: 'got number, want string' },
    ]);
    assert.deepEqual(schemaProblems(`${head}store:\n- (root): zz is required\n- a.b: Invalid type.\n`), [
      { chart: 'store', path: [], message: 'zz is required' },
      { chart: 'store', path: ['a', 'b'], message: 'Invalid type.' },
    ]);
    assert.equal(schemaProblems('something else'), undefined);
  });
});
