import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile, PER_CALL_LIMIT } from '../../../../src/apimachinery/cel/compile.ts';
import { parseType } from '../../../../src/apimachinery/cel/environment.ts';
import { fromJson, toJson } from '../../../../src/apimachinery/cel/json.ts';
import { KUBERNETES } from '../../../../src/apimachinery/cel/library/kubernetes.ts';
import { formatDuration, formatTimestamp } from '../../../../src/apimachinery/cel/std/time.ts';
import { typeText } from '../../../../src/apimachinery/cel/types.ts';
import {
  CelDuration,
  CelOptional,
  CelTime,
  CelUint,
  isList,
  MapLike,
  typeNameOf,
  type Value,
} from '../../../../src/apimachinery/cel/values.ts';
import { formatGoFloat } from '../../../../src/apimachinery/scheme/goNumber.ts';

/** What the real libraries of Kubernetes make of an expression. */
interface Recorded {
  readonly expression: string;
  /** Why it is refused; else there is a type, a cost, and a value or an error. */
  readonly error?: string;
  readonly type?: string;
  readonly value?: string;
  readonly fails?: string;
  readonly cost?: number;
}

const RECORDED = JSON.parse(readFileSync(join(import.meta.dirname, 'expressions.json'), 'utf8')) as readonly Recorded[];

const ENVIRONMENT = KUBERNETES.withVariables({
  object: parseType('dyn'),
  l: parseType('list(int)'),
  s: parseType('string'),
  m: parseType('map(string, int)'),
  i: parseType('int'),
  authorizer: parseType('kubernetes.authorization.Authorizer'),
});
const VARIABLES = {
  object: fromJson({ a: 1, b: { c: 'x' }, n: null, l: [1, 'two', 3.5], f: 1.5 }),
  l: [3n, 1n, 2n],
  s: 'Hello, Wörld',
  m: fromJson({ x: 1, y: 2 }),
  i: 7n,
};

function show(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint' || typeof value === 'boolean' || value === null) return String(value);
  if (value instanceof CelUint) return `${value.value}u`;
  if (typeof value === 'number') return `d${formatGoFloat(value)}`;
  if (value instanceof Uint8Array) return `b${[...value].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  if (isList(value)) return `[${value.map(show).join(',')}]`;
  if (value instanceof MapLike) return `map${value.size}`;
  if (value instanceof CelOptional) return value.value === undefined ? 'none' : `opt(${show(value.value)})`;
  if (value instanceof CelTime) return formatTimestamp(value);
  return value instanceof CelDuration ? formatDuration(value) : typeNameOf(value);
}

describe('expressions', () => {
  for (const { expression, error, type, value, fails, cost } of RECORDED) {
    it(expression.replaceAll('\n', '⏎'), () => {
      const compiled = compile(ENVIRONMENT, expression);
      if (!compiled.ok) {
        assert.equal(compiled.error, error);
        return;
      }
      const result = compiled.program.run(VARIABLES, PER_CALL_LIMIT);
      const got = 'error' in result ? { fails: result.error } : { value: show(result.value) };
      assert.deepEqual(
        { type: typeText(compiled.program.type), ...got, cost: result.cost },
        { type, ...(fails === undefined ? { value } : { fails }), cost },
      );
    });
  }

  it('end where their cost exceeds the limit', () => {
    const compiled = compile(ENVIRONMENT, 'lists.range(1000).all(x, x >= 0)');
    assert(compiled.ok);
    const result = compiled.program.run({}, 500);
    assert('error' in result && result.exceeded);
    assert.equal(result.error, 'operation cancelled: actual cost limit exceeded');
  });

  it('leave the literals that they fold over as they are', () => {
    const compiled = compile(ENVIRONMENT, 'l.map(x, x).size()');
    assert(compiled.ok);
    for (let run = 0; run < 2; run++) assert.deepEqual(compiled.program.run(VARIABLES, PER_CALL_LIMIT), { value: 3n, cost: 42 });
  });

  it('take JSON and give it back', () => {
    const value = { a: [1, 'x', null, true, { b: 2.5 }] };
    assert.deepEqual(toJson(fromJson(value)), value);
  });
});
