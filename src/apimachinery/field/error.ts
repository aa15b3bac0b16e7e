/**
 * The closed set of errors that validation may find, with the texts that the API server prints.
 * Counterpart: k8s.io/apimachinery/pkg/util/validation/field.Error.
 */
import { formatGoNumber } from '../scheme/goNumber.ts';
import { quote } from './quote.ts';
import type { Path } from './path.ts';

export type FieldErrorType =
  | 'FieldValueNotFound'
  | 'FieldValueRequired'
  | 'FieldValueDuplicate'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'InternalError'
  | 'FieldValueTypeInvalid';

export interface FieldError {
  readonly type: FieldErrorType;
  readonly path: Path;
  /** The message without the path: `Invalid value: "x": must be …`; what `details.causes[].message` holds. */
  readonly body: string;
}

/** All errors of an object, in the order in which validation met them. */
export type ErrorList = readonly FieldError[];

export function required(path: Path, detail: string): FieldError {
  return make('FieldValueRequired', path, withDetail('Required value', detail));
}

export function notFound(path: Path, value: unknown): FieldError {
  return make('FieldValueNotFound', path, `Not found: ${printValue(value)}`);
}

export function duplicate(path: Path, value: unknown): FieldError {
  return make('FieldValueDuplicate', path, `Duplicate value: ${printValue(value)}`);
}

export function invalid(path: Path, value: unknown, detail: string): FieldError {
  return make('FieldValueInvalid', path, withDetail(`Invalid value: ${printValue(value)}`, detail));
}

/** For what has no one value that could be printed: `Invalid value: specifying one of …`. */
export function invalidWithoutValue(path: Path, detail: string): FieldError {
  return make('FieldValueInvalid', path, withDetail('Invalid value', detail));
}

export function typeInvalid(path: Path, value: unknown, detail: string): FieldError {
  return make('FieldValueTypeInvalid', path, withDetail(`Invalid value: ${printValue(value)}`, detail));
}

/** @param supported printed in the order given, each in quotes */
export function notSupported(path: Path, value: unknown, supported: readonly string[]): FieldError {
  const detail = supported.length === 0 ? '' : `supported values: ${supported.map(quote).join(', ')}`;
  return make('FieldValueNotSupported', path, withDetail(`Unsupported value: ${printValue(value)}`, detail));
}

export function forbidden(path: Path, detail: string): FieldError {
  return make('FieldValueForbidden', path, withDetail('Forbidden', detail));
}

/** The value is not printed; the limit is in bytes. */
export function tooLong(path: Path, maxLength: number): FieldError {
  const text = maxLength >= 0 ? `may not be more than ${maxLength} bytes` : 'value is too long';
  return make('FieldValueTooLong', path, `Too long: ${text}`);
}

export function tooMany(path: Path, actual: number, max: number): FieldError {
  const text = max >= 0 ? `must have at most ${max} item${max === 1 ? '' : 's'}` : 'has too many items';
  return make('FieldValueTooMany', path, `Too many: ${actual}: ${text}`);
}

export function internalError(path: Path, detail: string): FieldError {
  return make('InternalError', path, `Internal error: ${detail}`);
}

/** `spec.replicas: Invalid value: -1: must be …` */
export function errorText(error: FieldError): string {
  return `${error.path.toString()}: ${error.body}`;
}

/** A value that prints itself, without quotes: what has a `String` method in Go. */
export class Printed {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/**
 * A value as Go's `%v`/`%#v` mix in field.Error prints it: texts in quotes, numbers and booleans bare, null as `null`,
 * objects and lists as compact JSON.
 */
export function printValue(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (value === undefined || value === null) return 'null';
  if (value instanceof Printed) return value.text;
  if (typeof value === 'object') return goJson(value);
  return typeof value === 'number' ? formatGoNumber(value) : String(value);
}

/** JSON as Go's encoder writes it: what could end a script is escaped. */
function goJson(value: object): string {
  return JSON.stringify(value).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function make(type: FieldErrorType, path: Path, body: string): FieldError {
  return { type, path, body };
}

function withDetail(text: string, detail: string): string {
  return detail === '' ? text : `${text}: ${detail}`;
}
