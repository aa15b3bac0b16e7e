import { invalid, required, type ErrorList, type FieldError } from '../../apimachinery/field/error.ts';
import type { Path } from '../../apimachinery/field/path.ts';
import { isDNS1123Subdomain, isPathSegmentName } from '../../apimachinery/validation/names.ts';

/** What names an object of any kind: an ingress backend, the parameters of a class. Both may be half-filled. */
interface TypedReference {
  readonly apiGroup?: string;
  readonly kind?: string;
  readonly name?: string;
}

/** Counterpart: validateIngressTypedLocalObjectReference. */
export function validateTypedReference({ apiGroup, kind, name }: TypedReference, path: Path): ErrorList {
  const errors: FieldError[] = [];
  if (apiGroup !== undefined) {
    for (const text of isDNS1123Subdomain(apiGroup)) errors.push(invalid(path.child('apiGroup'), apiGroup, text));
  }
  return [...errors, ...validateSegment(kind, path.child('kind')), ...validateSegment(name, path.child('name'))];
}

/** A text that becomes part of a URL path and must be there. */
export function validateSegment(value: string | undefined, path: Path): ErrorList {
  if (value === undefined || value === '') return [required(path, '')];
  return isPathSegmentName(value).map((text) => invalid(path, value, text));
}
