/** The free parameters that a class passes to its driver. */
import { invalid, required, tooLong, type FieldError } from '../../apimachinery/field/error.ts';
import { Path } from '../../apimachinery/field/path.ts';
import { byteLength } from '../../apimachinery/validation/text.ts';

const MAX_COUNT = 512;
const MAX_BYTES = 256 * 1024;

export function validateParameters(
  errors: FieldError[],
  parameters: Readonly<Record<string, string>>,
  rule: { readonly mayBeEmpty: boolean },
): void {
  const path = Path.of('parameters');
  const entries = Object.entries(parameters);
  if (entries.length > MAX_COUNT) {
    errors.push(tooLong(path, MAX_COUNT));
    return;
  }
  let size = 0;
  for (const [key, value] of entries) {
    if (key === '') errors.push(invalid(path, key, 'field can not be empty.'));
    size += byteLength(key) + byteLength(value);
  }
  if (size > MAX_BYTES) errors.push(tooLong(path, MAX_BYTES));
  if (!rule.mayBeEmpty && entries.length === 0) errors.push(required(path, 'must contain at least one key/value pair'));
}
