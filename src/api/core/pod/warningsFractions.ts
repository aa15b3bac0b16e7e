/** Amounts of bytes that are no whole number: who writes `100m` means `100M`. */
import { milliValue } from '../../../apimachinery/quantity/quantity.ts';
import type { Path } from '../../../apimachinery/field/path.ts';

export const WHOLE_BYTES = ['memory', 'ephemeral-storage'] as const;

export function fraction(warnings: string[], text: string | undefined, path: () => Path): void {
  if (text !== undefined && milliValue(text) % 1000 !== 0)
    warnings.push(`${path().toString()}: fractional byte value "${text}" is invalid, must be an integer`);
}
