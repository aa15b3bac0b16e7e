/** The errors that a schema has about a value, in the words of kube-openapi, as the API server turns them into field errors. */
import { invalid, notSupported, required, tooMany, typeInvalid, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { formatGoFloat, formatGoNumber } from '../../../apimachinery/scheme/goNumber.ts';

/** Errors about no field in particular. */
export const NO_FIELD = Path.of('<nil>');

/** Where an error about the whole object is said to be. */
export function placeOf(path: Path): Path {
  return path === Path.root ? NO_FIELD : path;
}

/** `spec.size in body must be of type integer: "string"` */
export function wrongType(path: Path, type: string, given: string): FieldError {
  return typeInvalid(placeOf(path), given, `${path.toString()} in body must be of type ${type}: ${JSON.stringify(given)}`);
}

export function saysBody(path: Path, value: unknown, text: string): FieldError {
  return invalid(placeOf(path), value, `${path.toString()} in body ${text}`);
}

/** About a number that does not fit the type, or a limit that does not. */
export function outOfType(what: string, type: string, format: string, path: Path): FieldError {
  const form = format === '' ? '(default format)' : `with format ${format}`;
  return invalid(NO_FIELD, '', `${what} value must be of type ${type} ${form} in ${path.toString()}`);
}

/** About alternatives: `"spec.choice" must validate one and only one schema (oneOf). Found none valid` */
export function alternatives(path: Path, text: string): FieldError {
  return invalid(NO_FIELD, '', `${JSON.stringify(path.toString())} ${text}`);
}

export function notInEnum(path: Path, value: unknown, values: readonly unknown[]): FieldError {
  const texts = values.map((item) => (typeof item === 'string' ? item : JSON.stringify(item)));
  return notSupported(placeOf(path), value, texts);
}

export function missing(path: Path): FieldError {
  return required(path, '');
}

export function tooManyOf(path: Path, actual: number, max: number): FieldError {
  return tooMany(placeOf(path), actual, max);
}

/** A limit in a message: as a whole number beside whole numbers, as Go's float otherwise. */
export function limitText(limit: number, whole: boolean): string {
  return whole ? formatGoNumber(limit) : formatGoFloat(limit);
}
