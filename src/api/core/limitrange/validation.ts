/** Counterpart: ValidateLimitRange of k8s.io/kubernetes/pkg/apis/core/validation. */
import { duplicate, forbidden, invalid, required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { compare, fromValue, parseQuantity, type Quantity } from '../../../apimachinery/quantity/quantity.ts';
import { isQualifiedName } from '../../../apimachinery/validation/names.ts';
import type { LimitRange, LimitRangeItem } from '../../schema/types/core/v1.ts';
import { isOvercommitAllowed, validateContainerResourceName, validateResourceName } from '../pod/resourceNames.ts';

export function validateLimitRange(range: LimitRange): ErrorList {
  const errors: FieldError[] = [];
  const types = new Set<string>();
  for (const [index, item] of (range.spec?.limits ?? []).entries()) {
    const path = LIMITS.index(index);
    const type = (item.type as string | undefined) ?? '';
    validateType(errors, type, path.child('type'));
    if (types.has(type)) errors.push(duplicate(path.child('type'), type));
    types.add(type);
    validateItem(errors, item, path);
  }
  return errors;
}

type ListName = 'max' | 'min' | 'default' | 'defaultRequest' | 'maxLimitRequestRatio';

function validateItem(errors: FieldError[], item: LimitRangeItem, path: Path): void {
  const isPod = item.type === 'Pod';
  const keys = new Set<string>();
  const visit = (list: ListName): void => {
    for (const name of Object.keys(item[list] ?? {}).sort()) {
      validateName(errors, item.type, name, path.child(list).key(name));
      keys.add(name);
    }
  };
  visit('max');
  visit('min');
  for (const list of ['default', 'defaultRequest'] as const) {
    if (!isPod) visit(list);
    else if (Object.keys(item[list] ?? {}).length > 0)
      errors.push(forbidden(path.child(list), "may not be specified when `type` is 'Pod'"));
  }
  if (item.type === 'PersistentVolumeClaim' && item.min?.['storage'] === undefined && item.max?.['storage'] === undefined) {
    const text = 'either minimum or maximum storage value is required, but neither was provided';
    errors.push(required(path.child('limits'), text));
  }
  visit('maxLimitRequestRatio');
  for (const key of [...keys].sort()) validateAmounts(errors, item, key, path, isPod);
}

/** `min ≤ defaultRequest ≤ default ≤ max`, of those that are given. */
function validateAmounts(errors: FieldError[], item: LimitRangeItem, key: string, path: Path, isPod: boolean): void {
  const min = amount(item.min?.[key]);
  const max = amount(item.max?.[key]);
  const limit = isPod ? undefined : amount(item.default?.[key]);
  const request = isPod ? undefined : amount(item.defaultRequest?.[key]);
  const refuse = (list: ListName, value: Amount, text: string): void => {
    errors.push(invalid(path.child(list).key(key), value.text, text));
  };
  /** Says so where the lower one of two that are given is larger; `blame` is the one that is printed. */
  const ordered = (list: ListName, blame: 'lower' | 'upper', lower: Bound, upper: Bound): void => {
    const [name, low] = lower;
    const [otherName, high] = upper;
    if (low === undefined || high === undefined || compare(low.quantity, high.quantity) <= 0) return;
    refuse(list, blame === 'lower' ? low : high, `${name} value ${low.text} is greater than ${otherName} value ${high.text}`);
  };
  ordered('min', 'lower', ['min', min], ['max', max]);
  ordered('defaultRequest', 'upper', ['min', min], ['default request', request]);
  ordered('defaultRequest', 'lower', ['default request', request], ['max', max]);
  ordered('defaultRequest', 'lower', ['default request', request], ['default limit', limit]);
  ordered('default', 'lower', ['min', min], ['default', limit]);
  ordered('default', 'upper', ['default', limit], ['max', max]);
  const ratio = amount(item.maxLimitRequestRatio?.[key]);
  if (ratio !== undefined) {
    const list = 'maxLimitRequestRatio';
    if (compare(ratio.quantity, ONE) < 0) refuse(list, ratio, `ratio ${ratio.text} is less than 1`);
    const largest = min === undefined || max === undefined ? undefined : largestRatio(ratio, min, max);
    if (largest !== undefined && largest.ratio > largest.limit)
      refuse(list, ratio, `ratio ${ratio.text} is greater than max/min = ${formatFloat(largest.limit)}`);
  }
  if (limit === undefined || request === undefined || isOvercommitAllowed(key) || compare(limit.quantity, request.quantity) === 0) return;
  refuse('defaultRequest', request, `default value ${limit.text} must equal to defaultRequest value ${request.text} in ${key}`);
}

type Bound = readonly [name: string, amount: Amount | undefined];

interface Amount {
  readonly text: string;
  readonly quantity: Quantity;
}

function amount(text: string | undefined): Amount | undefined {
  if (text === undefined) return undefined;
  const parsed = parseQuantity(text);
  return 'quantity' in parsed ? { text, quantity: parsed.quantity } : undefined;
}

/** In thousandths where that fits 64 bits, in whole units otherwise. Example: max 2, min 50m, so at most 40. */
function largestRatio(ratio: Amount, min: Amount, max: Amount): { readonly ratio: number; readonly limit: number } {
  const inMilli = [ratio, min, max].every(({ quantity }) => quantity.value < MAX_MILLI);
  if (!inMilli) return { ratio: ratio.quantity.value, limit: max.quantity.value / min.quantity.value };
  return { ratio: ratio.quantity.milli / 1000, limit: max.quantity.milli / min.quantity.milli };
}

/** As `%f` prints it. */
function formatFloat(value: number): string {
  return Number.isFinite(value) ? value.toFixed(6) : `${value < 0 ? '-' : '+'}Inf`;
}

function validateType(errors: FieldError[], type: string, path: Path): void {
  const problems = isQualifiedName(type);
  for (const text of problems) errors.push(invalid(path, type, text));
  if (problems.length > 0 || type.includes('/') || TYPES.has(type)) return;
  errors.push(invalid(path, type, 'must be a standard limit type or fully qualified'));
}

function validateName(errors: FieldError[], type: string, name: string, path: Path): void {
  if (type === 'Pod' || type === 'Container') validateContainerResourceName(errors, name, path);
  else validateResourceName(errors, name, path);
}

const LIMITS = Path.of('spec', 'limits');
const TYPES: ReadonlySet<string> = new Set(['Pod', 'Container', 'PersistentVolumeClaim']);
const ONE = fromValue(1);
/** The largest whole number whose thousandths fit 64 bits, as exactly as a number can say. */
const MAX_MILLI = 2 ** 63 / 1000;
