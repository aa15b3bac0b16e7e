import { formatGoFloat } from '../../scheme/goNumber.ts';
import { formatDuration, formatTimestamp } from '../std/time.ts';
import { CelDuration, CelError, CelTime, CelTypeValue, CelUint, isList, MapLike, typeNameOf, type Value } from '../values.ts';

/** `'%s: %d'.format([…])`, as cel-go/ext/formatting.go. */
export function formatText(pattern: string, args: readonly Value[]): string {
  let used = 0;
  const next = (): Value => {
    const value = args[used];
    if (value === undefined) throw new CelError(`index ${used} out of range`);
    used++;
    return value;
  };
  const result = pattern.replaceAll(/%(?:\.(\d*))?([^]?)/g, (clause, precision: string | undefined, verb: string) => {
    if (clause === '%%') return '%';
    return clauseText(verb, next, precision === undefined ? undefined : Number(precision));
  });
  return result;
}

function clauseText(verb: string, next: () => Value, precision: number | undefined): string {
  switch (verb) {
    case 's': {
      const value = next();
      return typeof value === 'string' ? value : printed(value);
    }
    case 'd':
      return decimal(next());
    case 'f':
      return fixed(next(), precision ?? 6);
    case 'e':
      return scientific(next(), precision ?? 6);
    case 'b':
      return based(next(), 2, 'b', 'binary');
    case 'o':
      return based(next(), 8, 'o', 'octal');
    case 'x':
      return hexadecimal(next(), 'x');
    case 'X':
      return hexadecimal(next(), 'X').toUpperCase();
    case '':
      throw new CelError('could not parse formatting clause: unexpected end of string');
    default:
      throw new CelError(`could not parse formatting clause: unrecognized formatting clause "${verb}"`);
  }
}

function printed(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (value instanceof CelUint) return String(value.value);
  if (typeof value === 'number')
    return Number.isNaN(value) ? 'NaN' : Number.isFinite(value) ? formatGoFloat(value) : value > 0 ? 'Infinity' : '-Infinity';
  if (value instanceof CelTime) return formatTimestamp(value);
  if (value instanceof CelDuration) return formatDuration(value);
  if (value instanceof CelTypeValue) return value.name;
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (isList(value)) return `[${value.map(printed).join(', ')}]`;
  if (value instanceof MapLike) {
    const entries = value.keys().map((key) => [printed(key), printed(value.find(key) ?? null)] as const);
    return `{${entries
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map((entry) => entry.join(':'))
      .join(', ')}}`;
  }
  throw new CelError(
    `error during formatting: string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps, was given ${typeNameOf(value)}`,
  );
}

function decimal(value: Value): string {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof CelUint) return String(value.value);
  if (typeof value === 'number') return special(value) ?? formatGoFloat(value);
  throw new CelError(`error during formatting: decimal clause can only be used on integers, was given ${typeNameOf(value)}`);
}

function special(value: number): string | undefined {
  if (Number.isNaN(value)) return 'NaN';
  return Number.isFinite(value) ? undefined : value > 0 ? 'Infinity' : '-Infinity';
}

function number(value: Value, what: string): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof CelUint) return Number(value.value);
  throw new CelError(`error during formatting: ${what} clause can only be used on doubles, was given ${typeNameOf(value)}`);
}

function fixed(value: Value, precision: number): string {
  const double = number(value, 'fixed-point');
  return special(double) ?? halfToEven(double, Math.min(precision, MAX_DIGITS));
}

/** The most that JavaScript writes; they show any double that lies halfway. */
const MAX_DIGITS = 100;

/** Where two are equally near, JavaScript takes the larger, Go the even one. */
function halfToEven(value: number, precision: number): string {
  const text = value.toFixed(precision);
  const exact = Math.abs(value).toFixed(MAX_DIGITS);
  const rest = exact.slice(exact.indexOf('.') + 1 + precision);
  if (!/^50*$/.test(rest) || Number(text.at(-1)) % 2 === 0) return text;
  const kept = exact.slice(0, exact.indexOf('.') + (precision === 0 ? 0 : 1 + precision));
  return value < 0 ? `-${kept}` : kept;
}

function scientific(value: Value, precision: number): string {
  const double = number(value, 'scientific');
  return special(double) ?? double.toExponential(Math.min(precision, 100)).replace(/e([+-])(\d+)$/, exponentText);
}

/** `×10⁰³` */
function exponentText(_match: string, sign: string, digits: string): string {
  const raised = [...digits.padStart(2, '0')].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'.charAt(Number(digit))).join('');
  return `×10${sign === '-' ? '⁻' : ''}${raised}`;
}

function based(value: Value, radix: number, verb: string, what: string): string {
  if (typeof value === 'bigint') return value.toString(radix);
  if (value instanceof CelUint) return value.value.toString(radix);
  if (verb === 'b' && typeof value === 'boolean') return value ? '1' : '0';
  const complaint = verb === 'b' ? `only integers and bools can be formatted as ${what}` : `${what} clause can only be used on integers`;
  throw new CelError(`error during formatting: ${complaint}, was given ${typeNameOf(value)}`);
}

function hexadecimal(value: Value, verb: string): string {
  if (typeof value === 'bigint') return value.toString(16);
  if (value instanceof CelUint) return value.value.toString(16);
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  if (bytes instanceof Uint8Array) return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  throw new CelError(
    `error during formatting: only integers, byte buffers, and strings can be formatted as hex, was given ${typeNameOf(value)}${verb === '' ? '' : ''}`,
  );
}
