import { forbidden, invalid, required, type ErrorList, type FieldError } from '../field/error.ts';
import type { Path } from '../field/path.ts';
import type { LabelSelector, LabelSelectorRequirement } from '../meta/types.ts';
import { isQualifiedName, isValidLabelValue } from '../validation/names.ts';

/** The path of each error is that of the map, not of the key. Counterpart: meta/v1/validation.ValidateLabels. */
export function validateLabels(labels: Readonly<Record<string, string>> | undefined, path: Path): ErrorList {
  if (labels === undefined) return [];
  const errors: FieldError[] = [];
  for (const [key, value] of Object.entries(labels)) {
    for (const text of isQualifiedName(key)) errors.push(invalid(path, key, text));
    for (const text of isValidLabelValue(value)) errors.push(invalid(path, value, text));
  }
  return errors;
}

export function validateLabelName(key: string, path: Path): ErrorList {
  return isQualifiedName(key).map((text) => invalid(path, key, text));
}

export interface SelectorOptions {
  /** Values that are no valid labels are let through: the stored object has such values already. */
  readonly allowInvalidValues?: boolean;
}

/** Whether an update may keep values that are no valid labels, see SelectorOptions. */
export function hasInvalidValue(selector: LabelSelector | undefined): boolean {
  return (selector?.matchExpressions ?? []).some((one) => (one.values ?? []).some((value) => isValidLabelValue(value).length > 0));
}

/** Counterpart: meta/v1/validation.ValidateLabelSelector. */
export function validateLabelSelector(selector: LabelSelector | undefined, path: Path, options: SelectorOptions = {}): ErrorList {
  if (selector === undefined) return [];
  const errors = [...validateLabels(selector.matchLabels, path.child('matchLabels'))];
  (selector.matchExpressions ?? []).forEach((requirement, index) => {
    errors.push(...validateRequirement(requirement, path.child('matchExpressions').index(index), options));
  });
  return errors;
}

function validateRequirement(requirement: LabelSelectorRequirement, path: Path, options: SelectorOptions): ErrorList {
  const errors: FieldError[] = [];
  const { operator = '', key = '', values = [] } = requirement as Partial<LabelSelectorRequirement>;
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (values.length === 0) errors.push(required(path.child('values'), "must be specified when `operator` is 'In' or 'NotIn'"));
      break;
    case 'Exists':
    case 'DoesNotExist':
      if (values.length > 0) {
        errors.push(forbidden(path.child('values'), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
      }
      break;
    default:
      errors.push(invalid(path.child('operator'), operator, 'not a valid selector operator'));
  }
  errors.push(...validateLabelName(key, path.child('key')));
  if (options.allowInvalidValues !== true) {
    values.forEach((value, index) => {
      for (const text of isValidLabelValue(value)) errors.push(invalid(path.child('values').index(index), value, text));
    });
  }
  return errors;
}
