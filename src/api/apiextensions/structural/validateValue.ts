/**
 * A value judged by a schema.
 * Invariant: pure; says what kube-openapi says, in its order, with members in the order of the schema.
 * Counterpart: k8s.io/kube-openapi/pkg/validation/validate, as k8s.io/apiextensions-apiserver/pkg/apiserver/validation uses it.
 */
import { tooLong, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import { codePoints } from '../../../apimachinery/cel/values.ts';
import { jsonEqual } from '../../../base/json.ts';
import { compileSchema, type CompiledSchema, type Formats } from './compiledSchema.ts';
import { isObject, type JSONSchema } from './jsonSchema.ts';
import { validateNumber } from './numbers.ts';
import { correlate, isUnchanged, UNRELATED, type Correlation } from './correlation.ts';
import { alternatives, missing, notInEnum, saysBody, tooManyOf, wrongType } from './valueErrors.ts';

/** @param old the value before an update, and whether its parts can be told apart: what has not changed is not judged again */
export function validateValue(
  schema: JSONSchema,
  value: unknown,
  path: Path,
  old: Correlation = UNRELATED,
  formats: Formats = 'recognised',
): ErrorList {
  const result: Result = { errors: [], matches: 0 };
  validate(compileSchema(schema, formats), value, path, result, old);
  return result.errors;
}

interface Result {
  readonly errors: FieldError[];
  /** How many checks were made: of failed alternatives the one with most is reported. */
  matches: number;
}

function validate(node: CompiledSchema, value: unknown, path: Path, result: Result, old: Correlation): void {
  if (isUnchanged(old, value)) return;
  checkType(node, value, path, result.errors);
  result.matches++;
  if (value === null || value === undefined) {
    checkEnum(node, value, path, result.errors);
    return;
  }
  checkAlternatives(node, value, path, result);
  if (typeof value === 'string') checkText(node, value, path, result);
  else if (typeof value === 'number') {
    validateNumber(node, value, path, result.errors);
    result.matches++;
  } else if (Array.isArray(value)) checkList(node, value, path, result, old);
  checkEnum(node, value, path, result.errors);
  result.matches++;
  if (isObject(value)) checkObject(node, value, path, result, old);
}

function checkType({ types, format, schema }: CompiledSchema, value: unknown, path: Path, errors: FieldError[]): void {
  if (value === null || value === undefined) {
    if (types.length > 0 && !types.includes('null') && schema.nullable !== true) errors.push(wrongType(path, types.join(','), 'null'));
    return;
  }
  if (types.length === 0) return;
  const [type, given] = describe(value);
  const fits =
    types.includes(type) ||
    (type === 'number' && types.includes('integer') && isJSONInteger(value as number)) ||
    (type === 'integer' && types.includes('number'));
  const isText = typeof value === 'string' || Array.isArray(value);
  if (!isText && format !== '' && !fits && given !== format) errors.push(wrongType(path, format, given));
  else if (isText && format !== '' && !types.includes('number') && !types.includes('integer')) return;
  else if (!fits) errors.push(wrongType(path, types.join(','), type));
}

/** Whole numbers that a float64 holds exactly. */
export function isJSONInteger(value: number): boolean {
  return Number.isSafeInteger(value);
}

/** The JSON type of a value, and the format that Go would give it. */
function describe(value: unknown): readonly [string, string] {
  switch (typeof value) {
    case 'string':
      return ['string', ''];
    case 'boolean':
      return ['boolean', ''];
    case 'number':
      return Number.isInteger(value) && Math.abs(value) < 2 ** 63 ? ['integer', 'int64'] : ['number', 'float64'];
    default:
      return [Array.isArray(value) ? 'array' : 'object', ''];
  }
}

function checkAlternatives(node: CompiledSchema, value: unknown, path: Path, result: Result): void {
  if (node.anyOf.length > 0) checkAnyOf(node, value, path, result);
  if (node.oneOf.length > 0) checkOneOf(node, value, path, result);
  if (node.allOf.length > 0) checkAllOf(node, value, path, result);
  if (node.not !== undefined && attempt(node.not, value, path).errors.length === 0)
    result.errors.push(alternatives(path, 'must not validate the schema (not)'));
  result.matches++;
}

function attempt(node: CompiledSchema, value: unknown, path: Path): Result {
  const result: Result = { errors: [], matches: 0 };
  validate(node, value, path, result, UNRELATED);
  return result;
}

function checkAnyOf(node: CompiledSchema, value: unknown, path: Path, result: Result): void {
  let best: Result | undefined;
  for (const candidate of node.anyOf) {
    const tried = attempt(candidate, value, path);
    if (tried.errors.length === 0) return;
    if (best === undefined || tried.matches > best.matches) best = tried;
  }
  result.errors.push(alternatives(path, 'must validate at least one schema (anyOf)'), ...(best?.errors ?? []));
  result.matches += best?.matches ?? 0;
}

function checkOneOf(node: CompiledSchema, value: unknown, path: Path, result: Result): void {
  let best: Result | undefined;
  let valid = 0;
  for (const candidate of node.oneOf) {
    const tried = attempt(candidate, value, path);
    if (tried.errors.length === 0) valid++;
    else if (best === undefined || tried.matches > best.matches) best = tried;
  }
  if (valid === 1) return;
  const found = valid === 0 ? 'Found none valid' : `Found ${valid} valid alternatives`;
  result.errors.push(alternatives(path, `must validate one and only one schema (oneOf). ${found}`));
  if (valid === 0 && best !== undefined) result.errors.push(...best.errors);
}

function checkAllOf(node: CompiledSchema, value: unknown, path: Path, result: Result): void {
  let valid = 0;
  for (const candidate of node.allOf) {
    const tried = attempt(candidate, value, path);
    if (tried.errors.length === 0) valid++;
    result.errors.push(...tried.errors);
    result.matches += tried.matches;
  }
  if (valid < node.allOf.length)
    result.errors.push(alternatives(path, `must validate all the schemas (allOf)${valid === 0 ? '. None validated' : ''}`));
}

function checkText({ schema, pattern, format, formatRule }: CompiledSchema, value: string, path: Path, result: Result): void {
  const { maxLength, minLength } = schema;
  result.matches++;
  const length = maxLength === undefined && minLength === undefined ? 0 : codePoints(value);
  if (maxLength !== undefined && length > maxLength) result.errors.push(tooLong(path, maxLength));
  else if (minLength !== undefined && length < minLength)
    result.errors.push(saysBody(path, value, `should be at least ${minLength} chars long`));
  else if (pattern?.test(value) === false) result.errors.push(saysBody(path, value, `should match '${schema.pattern ?? ''}'`));
  if (formatRule === undefined) return;
  if (!formatRule(value)) result.errors.push(wrongType(path, format, value));
  result.matches++;
}

function checkList(node: CompiledSchema, value: readonly unknown[], path: Path, result: Result, old: Correlation): void {
  const { minItems, maxItems, uniqueItems } = node.schema;
  if (node.items !== undefined)
    for (const [index, item] of value.entries())
      validate(node.items, item, path.index(index), result, correlate.item(old, node.schema, item, index));
  if (minItems !== undefined && value.length < minItems)
    result.errors.push(saysBody(path, value.length, `should have at least ${minItems} items`));
  if (maxItems !== undefined && value.length > maxItems) result.errors.push(tooManyOf(path, value.length, maxItems));
  if (uniqueItems === true && value.some((item, index) => value.slice(0, index).some((other) => jsonEqual(item, other))))
    result.errors.push(saysBody(path, '', "shouldn't contain duplicates"));
  result.matches++;
}

function checkEnum({ schema }: CompiledSchema, value: unknown, path: Path, errors: FieldError[]): void {
  const { enum: values } = schema;
  if (values === undefined || values.length === 0) return;
  if (!values.some((item) => item === value || (typeof item === 'object' && jsonEqual(item, value))))
    errors.push(notInEnum(path, value, values));
}

function checkObject(node: CompiledSchema, value: Readonly<Record<string, unknown>>, path: Path, result: Result, old: Correlation): void {
  const { minProperties, maxProperties, required } = node.schema;
  if (minProperties !== undefined || maxProperties !== undefined) {
    const count = Object.keys(value).length;
    if (minProperties !== undefined && count < minProperties)
      result.errors.push(saysBody(path, count, `should have at least ${minProperties} properties`));
    if (maxProperties !== undefined && count > maxProperties) result.errors.push(tooManyOf(path, count, maxProperties));
  }
  if (node.forbidsAdditional || node.additional !== undefined) {
    for (const name of Object.keys(value)) {
      if (node.properties.has(name)) continue;
      if (node.additional !== undefined)
        validate(node.additional, value[name], path.child(name), result, correlate.member(old, node.schema, name));
      else result.errors.push(forbiddenMember(path, name));
    }
  }
  for (const [name, property] of node.properties)
    if (Object.hasOwn(value, name) && value[name] !== undefined)
      validate(property, value[name], path.child(name), result, correlate.member(old, node.schema, name));
  for (const name of required ?? [])
    if (!Object.hasOwn(value, name) || value[name] === undefined) result.errors.push(missing(path.child(name)));
}

function forbiddenMember(path: Path, name: string): FieldError {
  const error = saysBody(path, '', '');
  return { ...error, body: `Invalid value: "": ${path.toString()}.${name} in body is a forbidden property` };
}
