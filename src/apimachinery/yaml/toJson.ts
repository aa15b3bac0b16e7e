/**
 * What a YAML text says, as the JSON text that the API server goes on with: members by name, numbers to the last digit.
 * Counterpart: convertToJSONableObject and the JSON writer behind sigs.k8s.io/yaml.
 */
import { quote } from '../field/quote.ts';

/** Never leaves this folder: a value that JSON has no form for; its message is Go's. */
export class NotJsonError extends Error {}

/** @param value maps as Map or plain objects, integers beyond JavaScript's as bigint */
export function toJsonText(value: unknown): string {
  if (typeof value === 'string') return stringText(value);
  if (value instanceof Map)
    return objectText([...(value as ReadonlyMap<unknown, unknown>)].map(([key, item]) => [keyText(key, item), item] as const));
  if (Array.isArray(value)) return `[${value.map(toJsonText).join(',')}]`;
  if (typeof value === 'object' && value !== null) return objectText(Object.entries(value));
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'bigint' || typeof value === 'boolean') return value.toString();
  return 'null';
}

function objectText(members: (readonly [name: string, value: unknown])[]): string {
  members.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
  return `{${members.map(([name, value]) => `${stringText(name)}:${toJsonText(value)}`).join(',')}}`;
}

/** Go's writer escapes what could end a script. */
function stringText(text: string): string {
  const quoted = JSON.stringify(text);
  return ENDS_SCRIPTS.test(quoted)
    ? quoted.replaceAll(/[<>&\u2028\u2029]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : quoted;
}

const ENDS_SCRIPTS = /[<>&\u2028\u2029]/;

function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new NotJsonError(`json: unsupported value: ${infinite(value)}`);
  return Object.is(value, -0) ? '-0' : String(value);
}

function infinite(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

function keyText(key: unknown, item: unknown): string {
  if (typeof key === 'string') return key;
  if (typeof key === 'number' && !Number.isFinite(key)) return `${key < 0 ? '-' : ''}.${Number.isNaN(key) ? 'nan' : 'inf'}`;
  if (typeof key === 'number' || typeof key === 'bigint' || typeof key === 'boolean') return String(key);
  if (key === null || key === undefined)
    throw new NotJsonError(`unsupported map key of type: %!s(<nil>), key: <nil>, value: ${goText(item, '')}`);
  throw new NotJsonError(`yaml: invalid map key: ${goText(key, '')}`);
}

/** A value as Go's `%#v` prints it; within a container a nil has its type. */
function goText(value: unknown, nil = 'interface {}(nil)'): string {
  if (typeof value === 'string') return quote(value);
  if (value === null || value === undefined) return nil === '' ? '<nil>' : nil;
  if (Array.isArray(value)) return `[]interface {}{${value.map((item) => goText(item)).join(', ')}}`;
  if (!(value instanceof Map)) return `${value as number | bigint | boolean}`;
  const members = [...(value as ReadonlyMap<unknown, unknown>)].map(([key, item]) => `${goText(key)}:${goText(item)}`);
  return `map[interface {}]interface {}{${members.join(', ')}}`;
}
