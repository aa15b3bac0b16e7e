import type { FieldError } from '../../../apimachinery/field/error.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import type { CompiledSchema } from './compiledSchema.ts';
import { limitText, outOfType, saysBody } from './valueErrors.ts';

/** Ranges and factors; first whether the value, and each limit, is of the type at all. */
export function validateNumber(node: CompiledSchema, value: number, path: Path, errors: FieldError[]): void {
  const { multipleOf, maximum, minimum, exclusiveMaximum, exclusiveMinimum } = node.schema;
  const fits = (number: number, what: string): boolean => {
    const problem = rangeError(node, number, what, path);
    if (problem !== undefined) errors.push(problem);
    return problem === undefined;
  };
  const whole = isInt64(value);
  fits(value, 'Checked');
  if (multipleOf !== undefined) {
    const native = fits(multipleOf, 'MultipleOf') && whole;
    if (!isMultiple(value, multipleOf, native))
      errors.push(saysBody(path, value, `should be a multiple of ${limitText(multipleOf, native)}`));
  }
  if (maximum !== undefined) {
    const text = limitText(maximum, fits(maximum, 'Maximum boundary') && whole);
    if (exclusiveMaximum === true && value >= maximum) errors.push(saysBody(path, value, `should be less than ${text}`));
    else if (value > maximum) errors.push(saysBody(path, value, `should be less than or equal to ${text}`));
  }
  if (minimum !== undefined) {
    const text = limitText(minimum, fits(minimum, 'Minimum boundary') && whole);
    if (exclusiveMinimum === true && value <= minimum) errors.push(saysBody(path, value, `should be greater than ${text}`));
    else if (value < minimum) errors.push(saysBody(path, value, `should be greater than or equal to ${text}`));
  }
}

const MAX_INT32 = 2 ** 31;

function isInt64(value: number): boolean {
  return Number.isInteger(value) && value < 2 ** 63 && value >= -(2 ** 63);
}

function rangeError({ types, format }: CompiledSchema, value: number, what: string, path: Path): FieldError | undefined {
  const [type = ''] = types;
  // Of several types none is asked for.
  if (type !== 'integer' || types.length > 1) return undefined;
  const fits = format === 'int32' ? Number.isInteger(value) && value < MAX_INT32 && value >= -MAX_INT32 : isInt64(value);
  return fits ? undefined : outOfType(what, type, format, path);
}

function isMultiple(value: number, factor: number, native: boolean): boolean {
  if (factor <= 0) return false;
  if (native && Number.isInteger(factor)) return value % factor === 0;
  return Number.isSafeInteger(factor < 1 ? (1 / factor) * value : value / factor);
}
