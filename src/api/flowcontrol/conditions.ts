import { duplicate, required, type ErrorList, type FieldError } from '../../apimachinery/field/error.ts';
import { Path } from '../../apimachinery/field/path.ts';

/** Both kinds know their conditions by type, and ask for nothing else. */
export function validateStatusConditions(conditions: readonly { readonly type?: string }[] | undefined): ErrorList {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [index, { type = '' }] of (conditions ?? []).entries()) {
    const path = Path.of('status', 'conditions').index(index).child('type');
    if (seen.has(type)) errors.push(duplicate(path, type));
    seen.add(type);
    if (type === '') errors.push(required(path, 'must not be empty'));
  }
  return errors;
}
