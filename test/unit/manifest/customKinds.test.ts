import assert from 'node:assert/strict';
import { createApiJudge } from '../../../src/manifest/apiJudge.ts';
import { completeAt } from '../../../src/manifest/completion/completion.ts';
import { definitionsIn, withDefinitions } from '../../../src/manifest/customKinds.ts';
import { Documents } from '../../../src/manifest/documents.ts';
import { hoverAt } from '../../../src/manifest/hover.ts';

const DEFINITION = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: widgets.example.com
spec:
  group: example.com
  scope: Namespaced
  names: {plural: widgets, kind: Widget}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            required: [size]
            properties:
              size: {type: string, enum: [small, large], description: How large it is.}
              count: {type: integer, minimum: 1}
`;
const widget = (spec: string): string => `apiVersion: example.com/v1\nkind: Widget\nmetadata:\n  name: w\nspec:\n${spec}`;

function findings(documents: Documents, text: string): readonly string[] {
  documents.change('file:///w.yaml', text);
  return (documents.diagnostics('file:///w.yaml')?.diagnostics ?? []).map(
    ({ code, message, range }) => `${range.start.line}: ${code}: ${message}`,
  );
}

describe('custom kinds in the editor', () => {
  const judge = createApiJudge();

  it('are judged by a definition that is at hand, and by the one that is at hand now', () => {
    const documents = new Documents(judge);
    const text = widget('  size: huge\n  count: 0\n  color: red\n');
    assert.deepEqual(findings(documents, text), []);
    documents.judgeBy(withDefinitions(judge, definitionsIn(DEFINITION)));
    assert.deepEqual(findings(documents, text).toSorted(), [
      '5: FieldValueNotSupported: spec.size: Unsupported value: "huge": supported values: "small", "large"',
      '6: FieldValueInvalid: spec.count: Invalid value: 0: spec.count in body should be greater than or equal to 1',
      '7: UnknownField: unknown field "spec.color"',
    ]);
    documents.judgeBy(withDefinitions(judge, definitionsIn(DEFINITION.replace(', enum: [small, large]', '').replace(', minimum: 1', ''))));
    assert.deepEqual(findings(documents, text), ['7: UnknownField: unknown field "spec.color"']);
  });

  it('have problems at the fields that are in words only, and none of what was not checked because of others', () => {
    const documents = new Documents(judge);
    const rules = `              big: {type: integer, format: int32}
              one: {type: object, properties: {a: {type: string}, b: {type: string}}, oneOf: [{required: [a]}, {required: [b]}]}
            x-kubernetes-validations: [{rule: "self.size != 'large' || self.count > 1"}]
`;
    documents.judgeBy(withDefinitions(judge, definitionsIn(`${DEFINITION}${rules}`)));
    const text = widget('  size: huge\n  big: 9999999999\n  one: {a: x, b: z}\n');
    documents.change('file:///w.yaml', text);
    const found = documents.diagnostics('file:///w.yaml')?.diagnostics ?? [];
    const told = found.toSorted((a, b) => a.range.start.line - b.range.start.line);
    assert.deepEqual(
      told.map(({ range, severity, path }) => [range.start.line, severity, path]),
      [
        [1, 'information', ''],
        [5, 'error', 'spec.size'],
        [6, 'error', 'spec.big'],
        [7, 'error', 'spec.one'],
      ],
    );
  });

  it('have fixes for values of the wrong type', () => {
    const documents = new Documents(withDefinitions(judge, definitionsIn(DEFINITION)));
    documents.change('file:///w.yaml', widget('  size: small\n  count: "3"\n'));
    const [found] = documents.diagnostics('file:///w.yaml')?.diagnostics ?? [];
    assert.deepEqual(
      [found?.code, found?.fixes.map(({ title, edits }) => [title, edits[0]?.newText])],
      ['FieldValueTypeInvalid', [['Take off the quotes', '3']]],
    );
  });

  it('are not served by a definition that would be refused, nor by something else', () => {
    assert.deepEqual(definitionsIn(DEFINITION.replace('name: widgets.example.com', 'name: other.example.com')), []);
    assert.deepEqual(definitionsIn('kind: [CustomResourceDefinition'), []);
    assert.deepEqual(definitionsIn('# CustomResourceDefinition\na: 1\n'), []);
    assert.equal(withDefinitions(judge, []), judge);
  });

  it('are completed', () => {
    const documents = new Documents(withDefinitions(judge, definitionsIn(DEFINITION)));
    documents.change('file:///w.yaml', widget('  \n'));
    const completions = completeAt(documents, 'file:///w.yaml', { line: 5, character: 2 }, {});
    assert.deepEqual(completions.map(({ label }) => label).toSorted(), ['count', 'size']);
    assert.equal(completions.find(({ label }) => label === 'size')?.documentation, 'How large it is.');
  });

  it('are explained in the words of their definition', () => {
    const documents = new Documents(withDefinitions(judge, definitionsIn(DEFINITION)));
    documents.change('file:///w.yaml', widget('  size: small\n'));
    const hover = hoverAt(
      documents,
      'file:///w.yaml',
      { line: 5, character: 3 },
      { documentation: {}, live: () => undefined, selected: () => undefined, nowMs: () => 0 },
    );
    assert.equal(hover?.markdown, '**`spec.size`** · `string`\n\nHow large it is.\n\n- **Required**\n- Allowed: `small`, `large`');
  });
});
