/**
 * The conformance tests of the CEL specification, so far as Kubernetes has what they are about: not protocol buffers, nor
 * the libraries that no expression of Kubernetes has (bindings, blocks, encoders, mathematics, networks of others).
 */
import { tests as suite } from '@bufbuild/cel-spec/testdata/conformance.js';
import { compile, PER_CALL_LIMIT } from '../../../src/apimachinery/cel/compile.ts';
import { KUBERNETES } from '../../../src/apimachinery/cel/library/kubernetes.ts';
import { parseGoDuration, parseRfc3339 } from '../../../src/apimachinery/cel/std/time.ts';
import { DYN, type Type } from '../../../src/apimachinery/cel/types.ts';
import { CelDuration, CelTime, CelUint, isList, MapLike, MapValue, typeNameOf, type Value } from '../../../src/apimachinery/cel/values.ts';
import { parseType } from '../../../src/apimachinery/cel/environment.ts';
import { scoreKeeper, type Replay } from '../support/score.ts';

interface Case {
  readonly name?: string;
  readonly expr: string;
  readonly value?: Json;
  readonly evalError?: unknown;
  readonly bindings?: Readonly<Record<string, { readonly value?: Json }>>;
  readonly typeEnv?: readonly { readonly name: string; readonly ident?: { readonly type: Json }; readonly function?: unknown }[];
  readonly container?: string;
  readonly disableCheck?: boolean;
  readonly typedResult?: { readonly result?: Json };
}
type Json = Readonly<Record<string, unknown>>;

interface Suite {
  readonly name: string;
  readonly suites?: readonly Suite[];
  readonly tests?: readonly { readonly original: unknown }[];
}

/** Groups of the specification that are about what Kubernetes does not have. */
const OUT_OF_SCOPE: ReadonlySet<string> = new Set([
  'bindings_ext',
  'block_ext',
  'dynamic',
  'encoders_ext',
  'enums',
  'math_ext',
  'namespace',
  'network_ext',
  'proto2',
  'proto2_ext',
  'proto3',
  'type_deductions',
  'unknowns',
  'wrappers',
]);
/** Messages of protocol buffers, by whatever name. */
const MESSAGES = /TestAllTypes|google\.protobuf|cel\.expr|NestedEnum|GlobalEnum|proto\.|\bType\b/;

export const replay: Replay = ({ only }) => {
  const { count, scores } = scoreKeeper();
  for (const group of (suite as unknown as Suite).suites ?? []) {
    if (OUT_OF_SCOPE.has(group.name)) continue;
    for (const section of group.suites ?? []) {
      for (const { original } of section.tests ?? []) {
        const one = original as Case;
        const id = `${group.name}/${section.name}/${one.name ?? one.expr}`;
        if (!isInScope(one) || (only !== undefined && !id.includes(only))) continue;
        const problem = run(one);
        if (problem === MIXED) continue;
        count(group.name, 'cases', problem === undefined, `${id}: ${one.expr}: ${problem ?? ''}`);
      }
    }
  }
  return Promise.resolve(scores());
};

function isInScope({ expr, bindings, value, container = '', disableCheck, typeEnv = [], typedResult }: Case): boolean {
  const text = JSON.stringify([bindings, value, typedResult, typeEnv]);
  return (
    container === '' &&
    disableCheck !== true &&
    !MESSAGES.test(expr) &&
    !/objectValue|enumValue|messageType|type\.googleapis\.com(?!\/google\.protobuf\.(?:Duration|Timestamp))/.test(text) &&
    !typeEnv.some((declaration) => declaration.function !== undefined) &&
    // Quoted names are none of Kubernetes.
    !expr.includes('`')
  );
}

const MIXED = 'members of one literal differ, which Kubernetes does not allow';

function isMixed(issues: string): boolean {
  const messages = issues.split('\n').filter((line) => line.startsWith('ERROR: '));
  return messages.length > 0 && messages.every((message) => /: expected type '.*' but found '.*'$/.test(message));
}

/** What is wrong; undefined: as the specification says. */
function run(one: Case): string | undefined {
  const variables = Object.fromEntries((one.typeEnv ?? []).map(({ name, ident }) => [name, typeFrom(ident?.type)]));
  const compiled = compile(KUBERNETES.withVariables(variables), one.expr);
  const fails = one.evalError !== undefined;
  // Folding finds some errors before anything runs.
  if (!compiled.ok && isMixed(compiled.issues)) return MIXED;
  if (!compiled.ok) return fails && compiled.issues === '' ? undefined : compiled.error;
  const bindings = Object.fromEntries(Object.entries(one.bindings ?? {}).map(([name, { value }]) => [name, valueFrom(value ?? {})]));
  const result = compiled.program.run(bindings, PER_CALL_LIMIT);
  if ('error' in result) return fails ? undefined : `error ${result.error}`;
  const expected = one.value ?? one.typedResult?.result;
  if (fails) return `${print(result.value)} instead of an error`;
  if (expected === undefined) return result.value === true ? undefined : `${print(result.value)} instead of true`;
  const [got, wanted] = [print(result.value), print(valueFrom(expected))];
  return got === wanted ? undefined : `${got} instead of ${wanted}`;
}

function valueFrom(value: Json): Value {
  const [[kind, content] = ['', undefined]] = Object.entries(value);
  switch (kind) {
    case 'int64Value':
      return BigInt(content as string);
    case 'uint64Value':
      return new CelUint(BigInt(content as string));
    case 'doubleValue':
      return Number(content);
    case 'stringValue':
    case 'boolValue':
      return content as string | boolean;
    case 'bytesValue':
      return Uint8Array.from(atob(content as string), (character) => character.charCodeAt(0));
    case 'listValue':
      return ((content as { readonly values?: readonly Json[] }).values ?? []).map(valueFrom);
    case 'mapValue': {
      const { entries = [] } = content as { readonly entries?: readonly { readonly key: Json; readonly value: Json }[] };
      return new MapValue(entries.map(({ key, value: item }) => [valueFrom(key), valueFrom(item)] as const));
    }
    case 'typeValue':
      return content as string;
    default:
      return kind === 'nullValue' ? null : wellKnown(content as Json);
  }
}

function wellKnown(content: Json | undefined): Value {
  const text = String(content?.['value'] ?? '');
  const isDuration = String(content?.['@type'] ?? '').endsWith('Duration');
  return isDuration ? new CelDuration(parseGoDuration(text) ?? 0n) : new CelTime(parseRfc3339(text) ?? 0n);
}

function print(value: Value): string {
  if (typeof value === 'bigint') return `${value}`;
  if (value instanceof CelUint) return `${value.value}u`;
  if (typeof value === 'number') return `double ${Object.is(value, -0) ? 0 : value}`;
  if (value instanceof Uint8Array) return `bytes ${[...value].join(' ')}`;
  if (isList(value)) return `[${value.map(print).join(', ')}]`;
  if (value instanceof MapLike) {
    const entries = value.keys().map((key) => `${print(key)}: ${print(value.find(key) ?? null)}`);
    return `{${entries.toSorted().join(', ')}}`;
  }
  if (value instanceof CelTime || value instanceof CelDuration) return `${typeNameOf(value)} ${value.nanos}`;
  if (typeof value === 'object' && value !== null && 'name' in value) return JSON.stringify(value.name);
  return typeof value === 'object' ? typeNameOf(value) : JSON.stringify(value);
}

const WELL_KNOWN: Readonly<Record<string, Type>> = { DURATION: parseType('duration'), TIMESTAMP: parseType('timestamp') };

function typeFrom(type: Json | undefined): Type {
  if (type === undefined) return DYN;
  if (typeof type['primitive'] === 'string') return parseType(type['primitive'].toLowerCase().replace('64', ''));
  if (typeof type['wellKnown'] === 'string') return WELL_KNOWN[type['wellKnown']] ?? DYN;
  const list = type['listType'] as { readonly elemType?: Json } | undefined;
  if (list !== undefined) return { kind: 'list', name: 'list', params: [typeFrom(list.elemType)] };
  const map = type['mapType'] as { readonly keyType?: Json; readonly valueType?: Json } | undefined;
  return map === undefined ? DYN : { kind: 'map', name: 'map', params: [typeFrom(map.keyType), typeFrom(map.valueType)] };
}
