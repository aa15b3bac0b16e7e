/** What a device says of itself, and how much of it there is. */
import { forbidden, invalid, required, tooLong } from '../../../apimachinery/field/error.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import { add, compare, formatQuantity, quantity, ZERO, type Quantity } from '../../../apimachinery/quantity/quantity.ts';
import { byteLength } from '../../../apimachinery/validation/text.ts';
import { internalValue } from '../../core/pod/internal.ts';
import type { Sink } from '../../core/pod/sink.ts';
import type { CapacityRequestPolicy, CapacityRequestPolicyRange, DeviceAttribute, DeviceCapacity } from '../../schema/types/resource/v1.ts';
import { validateSet } from '../lists.ts';

const MAX_VALUE = 64;
const MAX_VALID_VALUES = 10;

const NUMBER = '(0|[1-9]\\d*)';
const PRERELEASE = '(0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)';
const BUILD = '[0-9a-zA-Z-]+';
/** Version 2.0.0 of semver.org. */
const SEMVER = new RegExp(`^${NUMBER}\\.${NUMBER}\\.${NUMBER}(-${PRERELEASE}(\\.${PRERELEASE})*)?(\\+${BUILD}(\\.${BUILD})*)?$`);

/** Exactly one of a whole number, a truth value, a text or a version. */
export function validateDeviceAttribute(sink: Sink, attribute: DeviceAttribute, path: Path): void {
  const { string: text, version } = attribute;
  if (text !== undefined && byteLength(text) > MAX_VALUE) sink.push(tooLong(path.child('string'), MAX_VALUE));
  if (version !== undefined) {
    const at = path.child('version');
    if (!SEMVER.test(version)) sink.push(invalid(at, version, 'must be a string compatible with semver.org spec 2.0.0'));
    if (byteLength(version) > MAX_VALUE) sink.push(tooLong(at, MAX_VALUE));
  }
  const count = [attribute.bool, attribute.int, text, version].filter((value) => value !== undefined).length;
  if (count === 1) return;
  sink.push(invalid(path, count === 0 ? '' : internalValue('DeviceAttribute', attribute), 'exactly one value must be specified'));
}

/** A policy says in which portions a capacity may be taken, which makes sense only if it is shared. */
export function validateDeviceCapacity(sink: Sink, capacity: DeviceCapacity, path: Path, shared: boolean): void {
  const policy = capacity.requestPolicy;
  if (policy === undefined) return;
  const at = path.child('requestPolicy');
  if (!shared) sink.push(forbidden(at, 'allowMultipleAllocations must be true'));
  else validatePolicy(sink, policy, capacity.value, at);
}

function validatePolicy(sink: Sink, policy: CapacityRequestPolicy, capacity: string | undefined, path: Path): void {
  const { validValues = [], validRange, default: byDefault } = policy;
  const field = validValues.length > 0 ? 'validValues' : 'validRange';
  if (validValues.length > 0 && validRange !== undefined) {
    const text = 'exactly one policy can be specified, cannot specify "validValues" and "validRange" at the same time';
    sink.push(forbidden(path, text));
  } else if (validValues.length === 0 && validRange === undefined) return;
  else if (byDefault === undefined) sink.push(required(path.child('default'), `required when ${field} is defined`));
  else if (validRange === undefined) validateValues(sink, byDefault, capacity, validValues, path.child(field));
  else validateRange(sink, byDefault, capacity, validRange, path.child(field));
}

function validateValues(sink: Sink, byDefault: string, capacity: string | undefined, values: readonly string[], path: Path): void {
  const amounts = values.map(quantity);
  for (const [index, amount] of amounts.entries()) {
    const before = amounts[index - 1];
    if (before !== undefined && compare(before, amount) > 0)
      sink.push(invalid(path.index(index), values[index] ?? '', 'values must be sorted in ascending order'));
  }
  const most = quantity(capacity);
  validateSet(
    sink,
    values,
    MAX_VALID_VALUES,
    path,
    (to, text, at) => {
      if (compare(quantity(text), most) > 0) to.push(invalid(at, text, `option is larger than capacity value: ${formatQuantity(most)}`));
    },
    (text) => String(quantity(text).value),
  );
  const isValid = values.length <= MAX_VALID_VALUES && amounts.some((amount) => compare(amount, quantity(byDefault)) === 0);
  if (!isValid) sink.push(invalid(path, byDefault, 'default value is not valid according to the requestPolicy'));
}

/** The default and the maximum are a whole number of steps above the minimum. */
function validateRange(sink: Sink, byDefault: string, capacity: string | undefined, range: CapacityRequestPolicyRange, path: Path): void {
  const minimum = range.min as string | undefined;
  if (minimum === undefined) {
    sink.push(required(path.child('min'), 'required when validRange is defined'));
    return;
  }
  const [most, min, given] = [quantity(capacity), quantity(minimum), quantity(byDefault)];
  const size = formatQuantity(most);
  if (compare(min, most) > 0) sink.push(invalid(path.child('min'), minimum, `min is larger than capacity value: ${size}`));
  if (compare(given, min) < 0) sink.push(invalid(path.child('default'), byDefault, `default is less than min: ${minimum}`));
  if (range.max !== undefined) {
    const max = quantity(range.max);
    if (compare(min, max) > 0) sink.push(invalid(path.child('max'), minimum, `min is larger than max: ${range.max}`));
    if (compare(max, most) > 0) sink.push(invalid(path.child('max'), range.max, `max is larger than capacity value: ${size}`));
    if (compare(given, max) > 0) sink.push(invalid(path.child('default'), byDefault, `default is more than max: ${range.max}`));
  }
  if (range.step === undefined) return;
  const step = quantity(range.step);
  const at = path.child('step');
  if (compare(step, ZERO) <= 0) {
    sink.push(invalid(at, range.step, 'must be greater than zero'));
    return;
  }
  const first = add(min, step);
  if (compare(first, most) > 0)
    sink.push(invalid(at, range.step, `one step ${formatQuantity(first)} is larger than capacity value: ${size}`));
  for (const text of [byDefault, range.max])
    if (text !== undefined && !isStep(quantity(text), min, step))
      sink.push(invalid(at, text, `value is not a multiple of a given step (${range.step}) from (${minimum})`));
}

function isStep(amount: Quantity, min: Quantity, step: Quantity): boolean {
  return (amount.value - min.value) % step.value === 0;
}
