/** Numbers that may be given as a share: maxSurge, maxUnavailable, minAvailable. */
import { invalid, type ErrorList } from '../../apimachinery/field/error.ts';
import type { Path } from '../../apimachinery/field/path.ts';
import type { IntOrString } from '../../apimachinery/meta/types.ts';
import { isValidPercent } from '../../apimachinery/validation/names.ts';
import { NEGATIVE_ERROR } from '../../apimachinery/validation/objectMeta.ts';

export function validatePositiveIntOrPercent(value: IntOrString, path: Path): ErrorList {
  if (typeof value === 'string') return isValidPercent(value).map((text) => invalid(path, value, text));
  return value < 0 ? [invalid(path, value, NEGATIVE_ERROR)] : [];
}

export function validateNotMoreThan100Percent(value: IntOrString, path: Path): ErrorList {
  const percent = percentOf(value);
  return percent !== undefined && percent > 100 ? [invalid(path, value, 'must not be greater than 100%')] : [];
}

/** The bare number: 2 of `2` and of `2%`; 0 of what is neither. */
export function numberIn(value: IntOrString): number {
  if (typeof value === 'number') return value;
  return percentOf(value) ?? (/^[-+]?[0-9]+$/.test(value) ? Number(value) : 0);
}

function percentOf(value: IntOrString): number | undefined {
  return typeof value === 'string' && isValidPercent(value).length === 0 ? Number(value.slice(0, -1)) : undefined;
}
