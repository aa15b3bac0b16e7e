import assert from 'node:assert/strict';
import { acceptNames } from '../../../../src/api/apiextensions/customresourcedefinition/naming.ts';
import { CUSTOMRESOURCEDEFINITION_STRATEGY } from '../../../../src/api/apiextensions/customresourcedefinition/strategy.ts';
import type { CustomResourceDefinition } from '../../../../src/api/schema/types/apiextensions/v1.ts';
import { judgeCreate, judgeUpdate } from '../judge.ts';

const manifest = (spec: object = {}, schema: object = { type: 'object' }): Readonly<Record<string, unknown>> => ({
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    ...spec,
  },
});

const errorsOf = (spec: object, schema?: object): readonly string[] =>
  judgeCreate(CUSTOMRESOURCEDEFINITION_STRATEGY, manifest(spec, schema)).errors;
const ofSchema = (properties: object): readonly string[] => errorsOf({}, { type: 'object', properties });
const SCHEMA = 'spec.validation.openAPIV3Schema';

describe('CustomResourceDefinitions', () => {
  it('get their names and conversion', () => {
    const { object, errors } = judgeCreate(CUSTOMRESOURCEDEFINITION_STRATEGY, manifest());
    assert.deepEqual(errors, []);
    assert.deepEqual(object.spec.names, { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' });
    assert.deepEqual(object.spec.conversion, { strategy: 'None' });
    assert.deepEqual(object.status?.storedVersions, ['v1']);
  });

  it('are named by their plural and group', () => {
    assert.deepEqual(errorsOf({ group: 'other.com' }), [
      'metadata.name: Invalid value: "widgets.example.com": must be spec.names.plural+"."+spec.group',
    ]);
  });

  it('store one version', () => {
    const version = (name: string, storage: boolean): object => ({
      name,
      served: true,
      storage,
      schema: { openAPIV3Schema: { type: 'object' } },
    });
    assert(
      errorsOf({ versions: [version('v1', true), version('v2', true)] })[0]?.includes(
        'must have exactly one version marked as storage version',
      ),
    );
    assert(errorsOf({ versions: [version('v1', false)] })[0]?.includes('must have exactly one version marked as storage version'));
  });

  const structural: [string, object, string][] = [
    ['a field without type', { a: {} }, `${SCHEMA}.properties[a].type: Required value: must not be empty for specified object fields`],
    ['an array without items', { a: { type: 'array' } }, `${SCHEMA}.properties[a].items: Required value: must be specified`],
    ['items that are no schema', { a: { type: 'array', items: 'x' } }, `${SCHEMA}.properties[a].items: Required value: must be specified`],
    [
      'a list map without keys',
      { a: { type: 'array', 'x-kubernetes-list-type': 'map', items: { type: 'object' } } },
      `${SCHEMA}.properties[a].x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map`,
    ],
  ];
  for (const [items, printed] of [
    ['x', 'null'],
    [[], '[]'],
  ] as const)
    structural.push([
      `a list map whose items are ${JSON.stringify(items)}`,
      { a: { type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['b'], items } },
      `${SCHEMA}.properties[a].items: Invalid value: {"Schema":null,"JSONSchemas":${printed}}: must only have a single schema if x-kubernetes-list-type is map`,
    ]);
  for (const [name, properties, error] of structural) {
    it(`refuse ${name}`, () => {
      const errors = ofSchema(properties).map((text) => text.replaceAll('spec.versions[0].schema.openAPIV3Schema', SCHEMA));
      assert(errors.includes(error), JSON.stringify(errors));
    });
  }

  it('compile their rules', () => {
    const rule = (text: string): readonly string[] => ofSchema({ a: { type: 'integer', 'x-kubernetes-validations': [{ rule: text }] } });
    assert.deepEqual(rule('self > 1'), []);
    assert(rule('self.b > 1')[0]?.includes("type 'int' does not support field selection"));
    assert(rule('nope')[0]?.includes("undeclared reference to 'nope' (in container '')"));
    assert(rule("'x'")[0]?.includes('cel expression must evaluate to a bool'));
    assert(rule("int('x') > 1")[0]?.includes('program instantiation failed'));
  });

  it('refuse rules that can cost too much', () => {
    const errors = ofSchema({
      a: { type: 'array', items: { type: 'string' }, 'x-kubernetes-validations': [{ rule: 'self.all(x, self.all(y, x == y))' }] },
    });
    assert(
      errors.some((text) => text.includes('estimated rule cost exceeds budget')),
      JSON.stringify(errors),
    );
  });

  it('do not change their scope', () => {
    const { errors } = judgeUpdate(CUSTOMRESOURCEDEFINITION_STRATEGY, manifest(), { 'spec/group': 'other.com' });
    assert(errors.length > 0);
  });

  it('accept names that nobody else has', () => {
    const one = manifest() as unknown as CustomResourceDefinition;
    const other = {
      ...manifest({ names: { plural: 'gadgets', kind: 'Widget' } }),
      metadata: { name: 'gadgets.example.com' },
    } as unknown as CustomResourceDefinition;
    const taken = {
      ...one,
      status: { acceptedNames: { plural: 'widgets', kind: 'Widget' }, conditions: [], storedVersions: [] },
    } as CustomResourceDefinition;
    assert.equal(acceptNames(one, [one]).conflict, undefined);
    assert.notEqual(acceptNames(other, [taken, other]).conflict, undefined);
  });
});
