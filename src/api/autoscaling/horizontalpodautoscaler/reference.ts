import { invalid, required, type FieldError } from '../../../apimachinery/field/error.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import { isPathSegmentName } from '../../../apimachinery/validation/names.ts';
import type { CrossVersionObjectReference } from '../../schema/types/autoscaling/v2.ts';

/** What an apiVersion must be: nothing, `group/version` or `version`, or with a group. */
export type APIVersionRule = 'any' | 'wellFormed' | 'grouped';

/** Counterpart: ValidateCrossVersionObjectReference. */
export function validateReference(errors: FieldError[], reference: CrossVersionObjectReference, rule: APIVersionRule, path: Path): void {
  for (const name of ['kind', 'name'] as const) {
    const value = (reference[name] as string | undefined) ?? '';
    if (value === '') errors.push(required(path.child(name), ''));
    else for (const text of isPathSegmentName(value)) errors.push(invalid(path.child(name), value, text));
  }
  const problem = apiVersionError(reference, rule);
  if (problem !== undefined) errors.push(invalid(path.child('apiVersion'), reference.apiVersion ?? '', problem));
}

export function apiVersionError({ apiVersion = '' }: CrossVersionObjectReference, rule: APIVersionRule): string | undefined {
  if (rule === 'any') return undefined;
  const parts = apiVersion.split('/');
  if (parts.length > 2) return `unexpected GroupVersion string: ${apiVersion}`;
  const hasGroup = parts.length === 2 && parts[0] !== '';
  return rule === 'grouped' && !hasGroup ? 'apiVersion must specify API group' : undefined;
}
