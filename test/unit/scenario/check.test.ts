import assert from 'node:assert/strict';
import { createApiJudge } from '../../../src/manifest/apiJudge.ts';
import { withScenarios } from '../../../src/scenario/judge.ts';
import { readScenarios } from '../../../src/scenario/source.ts';

const judge = withScenarios(createApiJudge());
const HEAD = 'apiVersion: kubepad.dev/v1\nkind: Scenario\nmetadata:\n  name: story\n';

/** What is wrong with a text below the head, as `LINE path message`. */
function problems(body: string): readonly string[] {
  return readScenarios(judge, HEAD + body).flatMap((source) =>
    source.problems.map(({ range, message }) => `${range.start.line - 3}: ${message}`),
  );
}

const table: Readonly<Record<string, readonly [body: string, problems: readonly string[]]>> = {
  'nothing that is done or expected': ['title: none\n', ['-2: a scenario needs `steps` or `expect`']],
  'a field that is none': ['steps:\n  - wait: 1s\n    wiat: 2s\n', ['3: unknown field "steps[0].wiat"']],
  'a type that is wrong': [
    'steps:\n  - scale: {object: deployment/web, replicas: many}\n',
    ['2: steps[0].scale.replicas: Invalid value: "string": steps[0].scale.replicas in body must be of type integer: "string"'],
  ],
  'a preset that is none': [
    'cluster: {preset: huge}\nsteps: [{wait: 1s}]\n',
    ['1: cluster.preset: Unsupported value: "huge": supported values: "default", "empty", "eks", "kind", "large"'],
  ],
  'a step without an act': ['steps:\n  - name: idle\n', [/^2: steps\[0\]: must have an act: `apply`/.source]],
  'a step with two acts': [
    'steps:\n  - wait: 1s\n    cordon: worker-1\n',
    ['2: steps[0].wait: a step has one act, and this one has `cordon`'],
  ],
  'files and objects together are one act': ['steps:\n  - apply: [a.yaml]\n    objects: []\n', []],
  'a wait for something else': ['steps:\n  - wait: soon\n', ['2: steps[0].wait: must be a duration (e.g. 30s), `settled` or `stable`']],
  'a bound of what has none': [
    'steps:\n  - wait: 30s\n    within: 1m\n',
    ['3: steps[0].within: only `until`, `drain`, `wait: settled` and `wait: stable` are bounded'],
  ],
  'a resource that is none': [
    'steps:\n  - delete: {object: thing/x}\n',
    ['2: steps[0].delete.object: the server doesn\'t have a resource type "thing"'],
  ],
  'a custom resource may come': ['expect:\n  - object: boats.example.com/x\n', []],
  'a name that is none': ['steps:\n  - restart: web\n', ['2: steps[0].restart: must name a resource and an object (e.g. deployment/web)']],
  'a patch of the wrong form': [
    'steps:\n  - patch: {object: pod/x, type: json, patch: {a: 1}}\n',
    ['2: steps[0].patch.patch: is a list of operations if `type` is json, else a map'],
  ],
  'a fault that is none': [
    'steps:\n  - fault:\n      name: broken\n      type: NodeDown\n      rate: 1Mi\n',
    ['2: spec.target.node: Required value', '5: spec.rate: Forbidden: may not be set when `type` is NodeDown'],
  ],
  'a field that a load has not': [
    'steps:\n  - load:\n      name: x\n      target: {service: {name: web}}\n      rate: {requestsPerSecond: 1}\n      speed: 3\n',
    ['6: unknown field "spec.speed"'],
  ],
  'an object that the API server refuses': [
    'steps:\n  - objects:\n      - apiVersion: v1\n        kind: Pod\n        metadata: {name: X}\n        spec: {containers: [{name: a, image: a}]}\n',
    [
      "5: metadata.name: Invalid value: \"X\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    ],
  ],
  'one that shall be refused may be wrong': [
    'steps:\n  - objects: [{apiVersion: v1, kind: Pod, metadata: {name: X}}]\n    refused: {}\n',
    [],
  ],
  'an expectation about nothing': [
    'expect:\n  - equals: 1\n',
    ['2: expect[0]: must be about something: `object`, `count`, `event`, `lost`, `took`'],
  ],
  'an expectation about two things': [
    'expect:\n  - object: pod/x\n    count: pods\n',
    ['3: expect[0].count: an expectation is about one thing, and this one has `object`'],
  ],
  'what does not go together': ['expect:\n  - object: pod/x\n    selector: a=b\n', ['3: expect[0].selector: does not go with `object`']],
  'a selector that is none': ['expect:\n  - count: pods\n    selector: a in\n', [/^3: expect\[0\]\.selector: /.source]],
  'a path that is none': [
    'expect:\n  - object: pod/x\n    fields:\n      spec..x: 1\n      status.phase: {like: Run}\n',
    [
      '4: expect[0].fields.spec..x: is no path of fields: stops making sense at ".x"',
      '5: expect[0].fields.status.phase.like: is none of `equals`, `atLeast`, `atMost`, `matches`, `absent`',
    ],
  ],
  'a pattern that is none': [
    'expect:\n  - event: x\n    message: "("\n',
    ['3: expect[0].message: error parsing regexp: missing closing ): `(`'],
  ],
  'a step that is none': [
    'steps:\n  - wait: 1s\n    name: a\nexpect:\n  - took: b\n    atMost: 1s\n',
    ['5: expect[0].took: no step has the name "b"'],
  ],
  'a time that a step takes all along': [
    'steps:\n  - wait: 1s\n    name: a\nnever:\n  - took: a\n    atLeast: 1s\n',
    ['5: never[0].took: a step takes its time once, at its end'],
  ],
};

describe('what is said of a scenario', () => {
  for (const [name, [body, expected]] of Object.entries(table)) {
    it(`knows ${name}`, () => {
      const found = problems(body);
      assert.deepEqual(
        found.map((line, index) => {
          const wanted = expected[index] ?? '';
          return wanted.startsWith('^') && new RegExp(wanted).test(line) ? wanted : line;
        }),
        expected,
      );
    });
  }

  it('knows other documents', () => {
    assert.deepEqual(
      readScenarios(judge, 'kind: Pod\n---\na: [\n').map(({ problems: [problem] }) => [problem?.range.start.line, problem?.code]),
      [
        [0, 'Scenario'],
        [3, 'Syntax'],
      ],
    );
  });
});
