/**
 * The schema of a chart's values: what it says of a value, and what it refuses.
 * Invariant: what it does not understand it lets pass, so that nothing is refused which helm takes. Counterpart: Helm's reading of values.schema.json.
 */
import { isRecord } from '../../recognise.ts';
import type { ValuePath } from '../template/values.ts';

export type ValuesSchema = Readonly<Record<string, unknown>>;

export interface SchemaProblem {
  readonly path: ValuePath;
  readonly message: string;
  /** The key is at fault, not its value. */
  readonly onKey: boolean;
}

const MAX_DEPTH = 40;

/** The schemas of a value, of all branches that may apply. */
export function schemasAt(root: ValuesSchema, path: ValuePath): readonly ValuesSchema[] {
  let schemas: readonly ValuesSchema[] = branches(root, root, 0);
  for (const name of path) schemas = schemas.flatMap((schema) => inside(schema, name)).flatMap((schema) => branches(root, schema, 0));
  return schemas;
}

function inside(schema: ValuesSchema, name: string): readonly ValuesSchema[] {
  const { properties, additionalProperties, items, patternProperties } = schema;
  if (isRecord(properties) && isRecord(properties[name])) return [properties[name]];
  if (isRecord(patternProperties)) {
    const found = Object.entries(patternProperties).filter(([pattern, each]) => isRecord(each) && matches(pattern, name));
    if (found.length > 0) return found.map(([, each]) => each as ValuesSchema);
  }
  if ((name === '[]' || /^\d+$/.test(name)) && isRecord(items)) return [items];
  return isRecord(additionalProperties) ? [additionalProperties] : [];
}

/** The schema with what it refers to and combines. */
function branches(root: ValuesSchema, schema: ValuesSchema, depth: number): readonly ValuesSchema[] {
  if (depth > MAX_DEPTH) return [];
  const own = typeof schema['$ref'] === 'string' ? resolve(root, schema['$ref']) : undefined;
  const parts = ['allOf', 'anyOf', 'oneOf'].flatMap((name) => listOf(schema[name]));
  return [schema, ...[...(own === undefined ? [] : [own]), ...parts].flatMap((each) => branches(root, each, depth + 1))];
}

function listOf(value: unknown): readonly ValuesSchema[] {
  return Array.isArray(value) ? (value as readonly unknown[]).filter(isRecord) : [];
}

function resolve(root: ValuesSchema, reference: string): ValuesSchema | undefined {
  if (!reference.startsWith('#')) return undefined;
  let at: unknown = root;
  for (const part of reference.slice(1).split('/').slice(1)) {
    const name = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
    at = isRecord(at) ? at[name] : undefined;
  }
  return isRecord(at) ? at : undefined;
}

/** What the schema refuses, in the words of helm. */
export function schemaProblemsOf(schema: ValuesSchema, value: unknown): readonly SchemaProblem[] {
  return check(schema, schema, value, [], 0);
}

function check(root: ValuesSchema, schema: ValuesSchema, value: unknown, path: ValuePath, depth: number): readonly SchemaProblem[] {
  // Helm takes null for a value that is not there.
  if (depth > MAX_DEPTH || value === null) return [];
  const problem = (message: string): readonly SchemaProblem[] => [{ path, message, onKey: false }];
  const again = (other: unknown): readonly SchemaProblem[] => (isRecord(other) ? check(root, other, value, path, depth + 1) : []);
  const type = typeProblem(schema['type'], value);
  if (type !== undefined) return problem(type);
  const { enum: allowed, $ref, allOf, anyOf, oneOf, not } = schema;
  const found: SchemaProblem[] = [];
  if (typeof $ref === 'string') found.push(...again(resolve(root, $ref)));
  if (Array.isArray(allowed) && !allowed.some((each) => isSame(each, value)))
    found.push(...problem(`value must be ${allowed.length === 1 ? '' : 'one of '}${allowed.map(shown).join(', ')}`));
  if ('const' in schema && !isSame(schema['const'], value)) found.push(...problem(`value must be ${shown(schema['const'])}`));
  for (const each of listOf(allOf)) found.push(...again(each));
  if (
    Array.isArray(anyOf) &&
    anyOf.length > 0 &&
    listOf(anyOf).length === anyOf.length &&
    listOf(anyOf).every((each) => again(each).length > 0)
  )
    found.push(...problem("'anyOf' failed"));
  if (Array.isArray(oneOf) && listOf(oneOf).length === oneOf.length) {
    const fitting = listOf(oneOf).filter((each) => again(each).length === 0).length;
    if (fitting === 0 && oneOf.length > 0) found.push(...problem("'oneOf' failed, none matched"));
  }
  if (isRecord(not) && Object.keys(not).length > 0 && isUnderstood(not) && again(not).length === 0) found.push(...problem("'not' failed"));
  if (typeof value === 'string') found.push(...textProblems(schema, value).flatMap(problem));
  if (typeof value === 'number') found.push(...numberProblems(schema, value).flatMap(problem));
  if (Array.isArray(value)) found.push(...listProblems(root, schema, value as readonly unknown[], path, depth));
  else if (isRecord(value)) found.push(...mapProblems(root, schema, value, path, depth));
  return found;
}

const TYPE_WORDS = new Set(['type', 'enum', 'const', 'required', 'properties', 'pattern', 'minimum', 'maximum']);

function isUnderstood(schema: ValuesSchema): boolean {
  return Object.keys(schema).every((word) => TYPE_WORDS.has(word));
}

function typeOf(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'object' ? 'object' : typeof value;
}

function typeProblem(type: unknown, value: unknown): string | undefined {
  const wanted = typeof type === 'string' ? [type] : Array.isArray(type) ? type.filter((each) => typeof each === 'string') : [];
  const own = typeOf(value);
  const fits = (each: string): boolean => each === own || (each === 'integer' && Number.isInteger(value));
  return wanted.length === 0 || wanted.some(fits) ? undefined : `got ${own}, want ${wanted.join(' or ')}`;
}

function textProblems({ pattern, minLength, maxLength }: ValuesSchema, value: string): readonly string[] {
  const { length } = [...value];
  return [
    typeof minLength === 'number' && length < minLength ? `minLength: got ${length}, want ${minLength}` : '',
    typeof maxLength === 'number' && length > maxLength ? `maxLength: got ${length}, want ${maxLength}` : '',
    typeof pattern === 'string' && !matches(pattern, value) ? `'${value}' does not match pattern '${pattern}'` : '',
  ].filter((message) => message !== '');
}

function numberProblems(
  { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf }: ValuesSchema,
  value: number,
): readonly string[] {
  return [
    typeof minimum === 'number' && value < minimum ? `minimum: got ${value}, want ${minimum}` : '',
    typeof maximum === 'number' && value > maximum ? `maximum: got ${value}, want ${maximum}` : '',
    typeof exclusiveMinimum === 'number' && value <= exclusiveMinimum ? `exclusiveMinimum: got ${value}, want ${exclusiveMinimum}` : '',
    typeof exclusiveMaximum === 'number' && value >= exclusiveMaximum ? `exclusiveMaximum: got ${value}, want ${exclusiveMaximum}` : '',
    typeof multipleOf === 'number' && Number.isInteger(multipleOf) && Number.isInteger(value) && value % multipleOf !== 0
      ? `multipleOf: got ${value}, want ${multipleOf}`
      : '',
  ].filter((message) => message !== '');
}

function listProblems(
  root: ValuesSchema,
  schema: ValuesSchema,
  value: readonly unknown[],
  path: ValuePath,
  depth: number,
): readonly SchemaProblem[] {
  const { minItems, maxItems, items } = schema;
  const own = [
    typeof minItems === 'number' && value.length < minItems ? `minItems: got ${value.length}, want ${minItems}` : '',
    typeof maxItems === 'number' && value.length > maxItems ? `maxItems: got ${value.length}, want ${maxItems}` : '',
  ].flatMap((message): readonly SchemaProblem[] => (message === '' ? [] : [{ path, message, onKey: false }]));
  const inner = isRecord(items) ? value.flatMap((item, index) => check(root, items, item, [...path, String(index)], depth + 1)) : [];
  return [...own, ...inner];
}

function mapProblems(
  root: ValuesSchema,
  schema: ValuesSchema,
  value: Readonly<Record<string, unknown>>,
  path: ValuePath,
  depth: number,
): readonly SchemaProblem[] {
  const { required, properties, additionalProperties, patternProperties } = schema;
  const missing = (Array.isArray(required) ? (required as readonly unknown[]) : []).filter(
    (name) => typeof name === 'string' && !(name in value),
  );
  const found: SchemaProblem[] = [];
  if (missing.length > 0)
    found.push({
      path,
      message: `missing ${missing.length === 1 ? 'property' : 'properties'} ${missing.map((name) => `'${String(name)}'`).join(', ')}`,
      onKey: true,
    });
  for (const [name, item] of Object.entries(value)) {
    const named = isRecord(properties) ? properties[name] : undefined;
    const patterns = isRecord(patternProperties) ? Object.entries(patternProperties).filter(([pattern]) => matches(pattern, name)) : [];
    const schemas = [named, ...patterns.map(([, each]) => each)].filter(isRecord);
    for (const each of schemas) found.push(...check(root, each, item, [...path, name], depth + 1));
    if (schemas.length > 0 || named === true) continue;
    // Helm hands `global` to every chart.
    if (additionalProperties === false && name !== 'global')
      found.push({ path: [...path, name], message: `additional properties '${name}' not allowed`, onKey: true });
    else if (isRecord(additionalProperties)) found.push(...check(root, additionalProperties, item, [...path, name], depth + 1));
  }
  return found;
}

function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch {
    return true;
  }
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
}
