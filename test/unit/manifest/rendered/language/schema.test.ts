import assert from 'node:assert/strict';
import { schemaProblemsOf, schemasAt } from '../../../../../src/manifest/rendered/language/schema.ts';

describe('a schema of values', () => {
  for (const [schema, value, expected] of [
    [{ type: 'object', required: ['a', 'b'] }, { a: 1 }, ["/: missing property 'b'"]],
    [{ type: ['string', 'null'] }, 3, ['/: got number, want string or null']],
    [{ type: 'integer' }, 1.5, ['/: got number, want integer']],
    [{ items: { type: 'string' }, minItems: 2 }, [1], ['/: minItems: got 1, want 2', '/0: got number, want string']],
    [{ $ref: '#/$defs/x', $defs: { x: { type: 'string' } } }, 1, ['/: got number, want string']],
    [{ $ref: '#' }, 1, []],
    [{ pattern: '^a' }, 'b', ["/: 'b' does not match pattern '^a'"]],
    [{ pattern: '(' }, 'b', []],
    [{ anyOf: [{ type: 'string' }, { minimum: 3 }] }, 2, ["/: 'anyOf' failed"]],
    [{ oneOf: [{ type: 'string' }, { type: 'boolean' }] }, 2, ["/: 'oneOf' failed, none matched"]],
    [{ allOf: [{ minimum: 3 }] }, 2, ['/: minimum: got 2, want 3']],
    [{ not: { type: 'string' } }, 'a', ["/: 'not' failed"]],
    [{ additionalProperties: { type: 'string' } }, { a: 1 }, ['/a: got number, want string']],
    [{ patternProperties: { '^x': { type: 'string' } }, additionalProperties: false }, { xa: 'b', global: {} }, []],
    [{ const: 3 }, 4, ['/: value must be 3']],
    [{ unheardOf: true, if: {} }, 4, []],
  ] as const)
    it(`${JSON.stringify(schema)} of ${JSON.stringify(value)}`, () =>
      assert.deepEqual(
        schemaProblemsOf(schema, value).map(({ path, message }) => `/${path.join('/')}: ${message}`),
        expected,
      ));

  it('is found along a path', () => {
    const schema = { properties: { a: { $ref: '#/$defs/list' } }, $defs: { list: { items: { properties: { b: { title: 'found' } } } } } };
    assert.deepEqual(
      schemasAt(schema, ['a', '[]', 'b']).map(({ title }) => title as unknown),
      ['found'],
    );
  });
});
