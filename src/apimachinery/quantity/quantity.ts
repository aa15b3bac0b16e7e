/**
 * Amounts with a suffix (`500m`, `1.5Gi`, `1e3`), exact down to one billionth.
 * Invariant: a Quantity is immutable; its canonical text parses to an equal Quantity of the same suffix family.
 * Counterpart: k8s.io/apimachinery/pkg/api/resource.Quantity.
 */

/** The family of suffixes that the canonical text keeps: `k M G`, `Ki Mi Gi`, `e3 e6`. */
export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

export interface Quantity {
  /** The amount in billionths. */
  readonly nano: bigint;
  readonly format: QuantityFormat;
  /** Whole units, rounded up (away from zero); what `Value()` gives. Exact up to 2^53. */
  readonly value: number;
  /** Thousandths, rounded up (away from zero); what `MilliValue()` gives. Exact up to 2^53. */
  readonly milli: number;
  /** The text as it was given, where the API server takes that for canonical already and gives it back (`+2`, `1.M`). */
  readonly text?: string;
}

/** What parsing gives: a quantity, or the API server's text of what is wrong. */
export type QuantityResult = { readonly quantity: Quantity } | { readonly error: string };

export const QUANTITY_FORMAT_ERROR = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
export const QUANTITY_SUFFIX_ERROR = "unable to parse quantity's suffix";

/** Rounds up to thousandths, as the API server does to every resource list. */
export function roundUpToMilli(amount: Quantity): Quantity {
  if (amount.nano % MILLION === 0n) return amount;
  return fromNano(divideAway(amount.nano, MILLION) * MILLION, amount.format);
}

export const ZERO: Quantity = { nano: 0n, format: 'DecimalSI', value: 0, milli: 0 };

/**
 * Parses a quantity as the API server does; results are remembered by text, as the same few texts come again and again.
 * Amounts finer than a billionth are rounded away from zero; binary amounts are capped at 2^63-1.
 */
export function parseQuantity(text: string): QuantityResult {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const result = parseUncached(text);
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(text, result);
  return result;
}

/** The quantity of a text that is known to be well formed: it stands in a stored object. Anything else counts as zero. */
export function quantity(text: string | undefined): Quantity {
  if (text === undefined) return ZERO;
  const result = parseQuantity(text);
  return 'quantity' in result ? result.quantity : ZERO;
}

/** Whole units of a stored text, rounded up: `value('1Gi')` is 1073741824. */
export function value(text: string | undefined): number {
  return quantity(text).value;
}

/** Thousandths of a stored text, rounded up: `milliValue('1.5')` is 1500. */
export function milliValue(text: string | undefined): number {
  return quantity(text).milli;
}

export function fromNano(nano: bigint, format: QuantityFormat): Quantity {
  return { nano, format, value: Number(divideAway(nano, NANO)), milli: Number(divideAway(nano, MILLION)) };
}

/** @param milli an integer number of thousandths */
export function fromMilli(milli: number, format: QuantityFormat = 'DecimalSI'): Quantity {
  return fromNano(BigInt(milli) * MILLION, format);
}

/** @param units an integer number of whole units */
export function fromValue(units: number, format: QuantityFormat = 'DecimalSI'): Quantity {
  return fromNano(BigInt(units) * NANO, format);
}

/** Negative, zero or positive, as `left` is less than, equal to or greater than `right`. */
export function compare(left: Quantity, right: Quantity): number {
  return left.nano < right.nano ? -1 : left.nano > right.nano ? 1 : 0;
}

/** The sum in the family of the left side; a zero left side takes the family of the right one. */
export function add(left: Quantity, right: Quantity): Quantity {
  return fromNano(left.nano + right.nano, left.nano === 0n ? right.format : left.format);
}

/** The difference in the family of the left side; a zero left side takes the family of the right one. */
export function sub(left: Quantity, right: Quantity): Quantity {
  return fromNano(left.nano - right.nano, left.nano === 0n ? right.format : left.format);
}

export function negate(amount: Quantity): Quantity {
  return fromNano(-amount.nano, amount.format);
}

export function isZero(amount: Quantity): boolean {
  return amount.nano === 0n;
}

/**
 * The canonical text: no fraction, the largest suffix of the family that allows that, `0.5` as `500m`, `1024Mi` as
 * `1Gi`, `1e3` as `1e3`. A binary amount below 1024 or with a fraction is written decimally.
 */
export function formatQuantity(amount: Quantity): string {
  if (amount.text !== undefined) return amount.text;
  const { nano } = amount;
  if (nano === 0n) return '0';
  if (amount.format === 'BinarySI' && nano % NANO === 0n && absolute(nano) >= KIBI * NANO) return formatBinary(nano / NANO);
  return formatDecimal(nano, amount.format === 'DecimalExponent');
}

/** The canonical text of a text, or the text itself where it is no quantity. */
export function canonicalize(text: string): string {
  const result = parseQuantity(text);
  return 'quantity' in result ? formatQuantity(result.quantity) : text;
}

const NANO = 1_000_000_000n;
const MILLION = 1_000_000n;
const KIBI = 1024n;
const MAX_INT64 = 2n ** 63n - 1n;
const CACHE_LIMIT = 10_000;
const cache = new Map<string, QuantityResult>();

const SHAPE = /^([+-]?)([0-9]*)(?:(\.)([0-9]*))?([eEinumkKMGTP]*)([-+]?[0-9]*)$/;

/** Powers of ten (decimal) and of two (binary) by suffix. */
const DECIMAL: ReadonlyMap<string, number> = new Map([
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
]);
const BINARY: ReadonlyMap<string, number> = new Map([
  ['Ki', 10],
  ['Mi', 20],
  ['Gi', 30],
  ['Ti', 40],
  ['Pi', 50],
  ['Ei', 60],
]);

function parseUncached(text: string): QuantityResult {
  const match = SHAPE.exec(text);
  if (match === null || text === '') return { error: QUANTITY_FORMAT_ERROR };
  const [, sign = '', whole = '', , fraction = '', letters = '', digits = ''] = match;
  const suffix = interpretSuffix(letters + digits);
  if (suffix === undefined) return { error: QUANTITY_SUFFIX_ERROR };
  let numerator = BigInt(whole + fraction) * (suffix.base === 2 ? 2n ** BigInt(suffix.exponent) : 1n);
  const scale = (suffix.base === 10 ? suffix.exponent : 0) - fraction.length + 9;
  // Beyond these bounds the amount is zero, the smallest or (in practice) more than anything; the cap keeps BigInt small.
  if (scale >= 0) numerator *= 10n ** BigInt(Math.min(scale, SCALE_LIMIT));
  else numerator = divideUp(numerator, 10n ** BigInt(Math.min(-scale, SCALE_LIMIT)));
  let format = suffix.format;
  if (format === 'BinarySI') {
    if (numerator > MAX_INT64 * NANO) numerator = MAX_INT64 * NANO;
    // A binary amount below one is kept decimally, so that it is not rounded.
    if (numerator > 0n && numerator < NANO) format = 'DecimalSI';
  }
  const parsed = fromNano(sign === '-' ? -numerator : numerator, format);
  return { quantity: keepsText(whole, fraction, suffix) ? { ...parsed, text } : parsed };
}

/**
 * Whether the API server gives the text back as it is. It does not canonicalise, it only looks whether the text seems
 * canonical: a small number that is no multiple of eight (binary), or with digits that neither begin with 0 nor end in
 * 000 and a power of ten divisible by three (decimal). So `1024Mi` becomes `1Gi`, but `+2` and `12.345k` stay.
 */
function keepsText(whole: string, fraction: string, suffix: Suffix): boolean {
  const digits = whole.replace(/^0+/, '') || '0';
  if (suffix.base === 2) {
    const room = 15 - digits.length - Math.trunc((suffix.exponent * 3) / 10) - 1;
    return fraction === '' && room >= 0 && BigInt(digits) % 8n !== 0n;
  }
  if (digits.length + fraction.length > MAX_DIGITS) return false;
  const scale = suffix.exponent - fraction.length;
  const all = digits + fraction;
  return scale >= -9 && scale % 3 === 0 && !all.endsWith('000') && !all.startsWith('0');
}

interface Suffix {
  readonly base: 2 | 10;
  readonly exponent: number;
  readonly format: QuantityFormat;
}

/** That many decimal digits always fit 64 bits. */
const MAX_DIGITS = 18;

const SCALE_LIMIT = 400;

function interpretSuffix(suffix: string): Suffix | undefined {
  const decimal = DECIMAL.get(suffix);
  if (decimal !== undefined) return { base: 10, exponent: decimal, format: 'DecimalSI' };
  const binary = BINARY.get(suffix);
  if (binary !== undefined) return { base: 2, exponent: binary, format: 'BinarySI' };
  if (/^[eE][-+]?[0-9]+$/.test(suffix)) return { base: 10, exponent: Number(suffix.slice(1)), format: 'DecimalExponent' };
  return undefined;
}

/** Takes thousands out of the amount while nothing is lost: 1500000000 nano > 1500 m; 2000 > 2 k. */
function formatDecimal(nano: bigint, asExponent: boolean): string {
  let amount = nano;
  let exponent = -9;
  while (amount % 1000n === 0n && (asExponent || exponent < 18)) {
    amount /= 1000n;
    exponent += 3;
  }
  if (asExponent) return exponent === 0 ? `${amount}` : `${amount}e${exponent}`;
  for (const [suffix, power] of DECIMAL) if (power === exponent) return `${amount}${suffix}`;
  return `${amount}`;
}

function formatBinary(units: bigint): string {
  let amount = units;
  let text = '';
  for (const suffix of BINARY.keys()) {
    if (amount % KIBI !== 0n) break;
    amount /= KIBI;
    text = suffix;
  }
  return `${amount}${text}`;
}

function divideUp(numerator: bigint, divisor: bigint): bigint {
  return (numerator + divisor - 1n) / divisor;
}

/** Division that rounds away from zero. */
function divideAway(numerator: bigint, divisor: bigint): bigint {
  return numerator < 0n ? -divideUp(-numerator, divisor) : divideUp(numerator, divisor);
}

function absolute(amount: bigint): bigint {
  return amount < 0n ? -amount : amount;
}
