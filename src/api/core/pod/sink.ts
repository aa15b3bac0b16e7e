/**
 * The list that validation of a Pod fills, and the few shapes of checks that come again and again.
 * Paths are made only once there is something to say: a valid Pod costs no texts and few objects.
 */
import { invalid, notSupported, required, type FieldError } from '../../../apimachinery/field/error.ts';
import type { Path } from '../../../apimachinery/field/path.ts';

/** Errors in the order in which validation meets them; that order is part of the message. */
export type Sink = FieldError[];

/** One `Invalid value` per text of what is wrong; no texts, no errors. */
export function invalidEach(sink: Sink, path: Path, value: unknown, details: readonly string[]): void {
  for (const detail of details) sink.push(invalid(path, value, detail));
}

/** The field must not be missing or empty. */
export function requireText(sink: Sink, value: string | undefined, parent: Path, field: string): void {
  if (value === undefined || value === '') sink.push(required(parent.child(field), ''));
}

/** A value of a closed set; an empty one is reported as missing. */
export function requireOneOf(sink: Sink, value: string | undefined, supported: readonly string[], parent: Path, field: string): void {
  if (value === undefined || value === '') sink.push(required(parent.child(field), ''));
  else if (!supported.includes(value)) sink.push(notSupported(parent.child(field), value, supported));
}

/** A value of a closed set where the field is set at all; a set but empty text is reported as unsupported. */
export function optionalOneOf(sink: Sink, value: string | undefined, supported: readonly string[], parent: Path, field: string): void {
  if (value !== undefined && !supported.includes(value)) sink.push(notSupported(parent.child(field), value, supported));
}

export function nonNegative(sink: Sink, value: number | undefined, parent: Path, field: string): void {
  if (value !== undefined && value < 0) sink.push(invalid(parent.child(field), value, 'must be greater than or equal to 0'));
}

/** `must be between 1 and 65535, inclusive` */
export function inclusiveRange(low: number, high: number): string {
  return `must be between ${low} and ${high}, inclusive`;
}
