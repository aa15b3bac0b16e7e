/**
 * What tools take, once: as JSON Schema for whoever calls, as a check of what came, and as a type.
 * Invariant: strict; a member that no field names is refused, nothing is converted. Counterpart: none in Kubernetes.
 */
import type { JsonObject } from '../../base/json.ts';

export interface Field<T> {
  readonly schema: JsonObject;
  readonly required: boolean;
  /** What is wrong with a value that is there. */
  readonly problem: (value: unknown) => string | undefined;
  /** Never there: it carries the type. */
  readonly type?: T;
}

export type Fields = Readonly<Record<string, Field<unknown>>>;

export type InputOf<F extends Fields> = { readonly [Name in keyof F]: F[Name] extends Field<infer T> ? T : never };

export function text(description: string, pattern?: RegExp): Field<string> {
  const schema = { type: 'string', description, ...(pattern === undefined ? {} : { pattern: pattern.source }) };
  const problem = (value: unknown): string | undefined => {
    if (typeof value !== 'string') return 'must be a string';
    return pattern === undefined || pattern.test(value) ? undefined : `must match ${pattern.source}`;
  };
  return { schema, required: true, problem };
}

export function choice<const T extends string>(description: string, values: readonly T[]): Field<T> {
  const problem = (value: unknown): string | undefined =>
    values.some((each) => each === value) ? undefined : `must be one of ${values.join(', ')}`;
  return { schema: { type: 'string', enum: values, description }, required: true, problem };
}

export function flag(description: string): Field<boolean> {
  const problem = (value: unknown): string | undefined => (typeof value === 'boolean' ? undefined : 'must be true or false');
  return { schema: { type: 'boolean', description }, required: true, problem };
}

export function count(description: string, minimum: number, maximum: number): Field<number> {
  const problem = (value: unknown): string | undefined =>
    Number.isInteger(value) && Number(value) >= minimum && Number(value) <= maximum
      ? undefined
      : `must be a whole number from ${minimum} to ${maximum}`;
  return { schema: { type: 'integer', minimum, maximum, description }, required: true, problem };
}

/** An object of texts, as labels are. */
export function texts(description: string): Field<Readonly<Record<string, string>>> {
  const problem = (value: unknown): string | undefined =>
    isRecord(value) && Object.values(value).every((each) => typeof each === 'string') ? undefined : 'must be an object of strings';
  return { schema: { type: 'object', additionalProperties: { type: 'string' }, description }, required: true, problem };
}

export function optional<T>({ schema, problem }: Field<T>): Field<T | undefined> {
  return { schema, problem, required: false };
}

export function schemaOf(fields: Fields): JsonObject {
  const entries = Object.entries(fields);
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, { schema }]) => [name, schema])),
    required: entries.filter(([, { required }]) => required).map(([name]) => name),
    additionalProperties: false,
  };
}

/** What is wrong with an input, each problem a sentence without its stop; none: it has the type of the fields. */
export function problemsOf(fields: Fields, input: unknown): readonly string[] {
  if (!isRecord(input)) return ['the input must be an object'];
  const unknown = Object.keys(input)
    .filter((name) => !Object.hasOwn(fields, name))
    .map((name) => `${name}: no such parameter`);
  const wrong = Object.entries(fields).flatMap(([name, { required, problem }]) => {
    const value = Object.hasOwn(input, name) ? input[name] : undefined;
    if (value === undefined) return required ? [`${name}: is required`] : [];
    return (problem(value) ?? '') === '' ? [] : [`${name}: ${problem(value) ?? ''}`];
  });
  return [...wrong, ...unknown];
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
