/** A JSON number as Go prints it: whole numbers that fit an int64 plainly, all others as a float64. */
export function formatGoNumber(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 2 ** 63 ? String(value) : formatGoFloat(value);
}

const MIN_EXPONENT = -4;
const MAX_EXPONENT = 6;

/** A float64 as Go's `%v` prints it: `1e+06`, `2.5`, `1e-05`. */
export function formatGoFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (Object.is(value, -0)) return '-0';
  const [mantissa = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent < MIN_EXPONENT || exponent >= MAX_EXPONENT) {
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  return String(value);
}
