import assert from 'node:assert/strict';
import { applyDefaults } from '../../../../src/api/apiextensions/structural/defaulting.ts';
import type { JSONSchema } from '../../../../src/api/apiextensions/structural/jsonSchema.ts';
import { validateListTypes } from '../../../../src/api/apiextensions/structural/listType.ts';
import { prune } from '../../../../src/api/apiextensions/structural/pruning.ts';
import { runRules } from '../../../../src/api/apiextensions/structural/runRules.ts';
import { validateValue } from '../../../../src/api/apiextensions/structural/validateValue.ts';
import { UNRELATED } from '../../../../src/api/apiextensions/structural/correlation.ts';
import { errorText } from '../../../../src/apimachinery/field/error.ts';
import { Path } from '../../../../src/apimachinery/field/path.ts';

const object = (properties: Readonly<Record<string, JSONSchema>>, more: JSONSchema = {}): JSONSchema => ({
  type: 'object',
  properties,
  ...more,
});

describe('structural schemas', () => {
  const values: readonly (readonly [string, JSONSchema, unknown, readonly string[]])[] = [
    [
      'a number that is too small',
      { type: 'integer', minimum: 1 },
      0,
      ['spec: Invalid value: 0: spec in body should be greater than or equal to 1'],
    ],
    [
      'a number that is too large',
      { type: 'number', maximum: 1.5 },
      2,
      ['spec: Invalid value: 2: spec in body should be less than or equal to 1.5'],
    ],
    ['another type', { type: 'string' }, 1, ['spec: Invalid value: "integer": spec in body must be of type string: "integer"']],
    [
      'a text that does not match',
      { type: 'string', pattern: '^a+$' },
      'b',
      ['spec: Invalid value: "b": spec in body should match \'^a+$\''],
    ],
    [
      'a value that is none of those listed',
      { type: 'string', enum: ['a', 'b'] },
      'c',
      ['spec: Unsupported value: "c": supported values: "a", "b"'],
    ],
    ['a missing field', object({ a: { type: 'string' } }, { required: ['a'] }), {}, ['spec.a: Required value']],
    ['too many items', { type: 'array', maxItems: 1, items: { type: 'integer' } }, [1, 2], ['spec: Too many: 2: must have at most 1 item']],
    ['either of two', { 'x-kubernetes-int-or-string': true }, 'x', []],
    ['null where it may be', { type: 'string', nullable: true }, null, []],
  ];
  for (const [name, schema, value, expected] of values) {
    it(`judge ${name}`, () => {
      assert.deepEqual(validateValue(schema, value, Path.of('spec'), UNRELATED).map(errorText), expected);
    });
  }

  it('keep what an update leaves as it was', () => {
    const schema: JSONSchema = { type: 'integer', minimum: 5 };
    assert.deepEqual(validateValue(schema, 1, Path.of('spec'), { value: 1 }), []);
    assert.equal(validateValue(schema, 2, Path.of('spec'), { value: 1 }).length, 1);
  });

  it('prune what they do not know', () => {
    const value = { a: 1, b: 2, c: { d: 3, e: 4 }, f: { g: 5 } };
    const schema = object({
      a: { type: 'integer' },
      c: object({ d: { type: 'integer' } }),
      f: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    });
    assert.deepEqual([...prune(value, schema, false)].toSorted(), ['b', 'c.e']);
    assert.deepEqual(value, { a: 1, c: { d: 3 }, f: { g: 5 } });
  });

  it('fill in defaults, also in what is new', () => {
    const value = { list: [{}] };
    const schema = object({
      x: { type: 'integer', default: 3 },
      o: object({ y: { type: 'string', default: 'z' } }, { default: {} }),
      list: { type: 'array', items: object({ n: { type: 'boolean', default: true } }) },
    });
    applyDefaults(value, schema);
    assert.deepEqual(value, { x: 3, o: { y: 'z' }, list: [{ n: true }] });
  });

  it('tell items of sets and maps apart', () => {
    const set: JSONSchema = { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } };
    const map: JSONSchema = {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      items: object({ name: { type: 'string' } }),
    };
    const schema = object({ set, map });
    assert.deepEqual(validateListTypes(schema, { set: ['a', 'b'], map: [{ name: 'a' }, { name: 'b' }] }), []);
    assert.deepEqual(validateListTypes(schema, { set: ['a', 'a'], map: [{ name: 'a' }, { name: 'a' }] }).map(errorText), [
      'set[1]: Duplicate value: "a"',
      'map[1]: Duplicate value: {"name":"a"}',
    ]);
  });

  describe('rules', () => {
    const schema = object(
      { min: { type: 'integer' }, max: { type: 'integer' } },
      {
        'x-kubernetes-validations': [
          { rule: 'self.min <= self.max', message: 'min must not exceed max' },
          { rule: 'self.max >= oldSelf.max', messageExpression: "'max cannot fall below ' + string(oldSelf.max)", fieldPath: '.max' },
        ],
      },
    );
    const run = (value: unknown, old?: unknown): readonly string[] =>
      runRules(schema, value, {
        isResourceRoot: false,
        path: Path.of('spec'),
        ...(old === undefined ? {} : { old, ratchet: true }),
      }).errors.map(errorText);

    it('hold', () => assert.deepEqual(run({ min: 1, max: 2 }), []));
    it('say what is wrong', () => assert.deepEqual(run({ min: 3, max: 2 }), ['spec: Invalid value: min must not exceed max']));
    it('look at the value before, and say where', () =>
      assert.deepEqual(run({ min: 1, max: 2 }, { min: 1, max: 3 }), ['spec.max: Invalid value: max cannot fall below 3']));
    it('let stand what was wrong before', () => {
      const { errors, warnings } = runRules(schema, { min: 3, max: 2 }, { isResourceRoot: false, old: { min: 3, max: 2 }, ratchet: true });
      assert.deepEqual(errors, []);
      assert.equal(warnings.length, 1);
    });
    it('tell errors while they run', () => {
      const [error = ''] = run({ min: 1 });
      assert(error.includes('no such key: max'), error);
    });
  });
});
