/** Shares of devices that several claims may have. Counterpart: consumable_capacity.go of the structured allocator. */
import type { CapacityRequestPolicy, CapacityRequirements, Device, DeviceCapacity } from '../../../../api/schema/types/resource/v1.ts';
import { compare, formatQuantity, fromNano, quantity, type Quantity } from '../../../../apimachinery/quantity/quantity.ts';

/**
 * What a request takes of each capacity of a device: what it asks for, rounded up to what the device gives; without a word the
 * default, or all of it. Undefined: the device does not have that, or not in such portions.
 * Worked example: range from 10 in steps of 5, 12 asked for: 15.
 * @param inUse of each capacity by name, in billionths
 */
export function share(
  { capacity = {}, allowMultipleAllocations }: Device,
  { requests = {} }: CapacityRequirements,
  inUse: (name: string) => bigint,
): Readonly<Record<string, string>> | undefined {
  if (Object.keys(requests).some((name) => capacity[name] === undefined)) return undefined;
  const shared = allowMultipleAllocations === true;
  const result: Record<string, string> = {};
  for (const [name, offered] of Object.entries(capacity)) {
    const asked = requests[name];
    // A device that is given away as a whole need only be large enough.
    if (!shared) {
      if (asked !== undefined && compare(quantity(asked), quantity(offered.value)) > 0) return undefined;
      continue;
    }
    const taken = portion(asked, offered);
    if (violates(taken, offered.requestPolicy) || inUse(name) + taken.nano > quantity(offered.value).nano) return undefined;
    result[name] = formatQuantity(taken);
  }
  return result;
}

function portion(asked: string | undefined, { value, requestPolicy }: DeviceCapacity): Quantity {
  if (asked === undefined) return quantity(requestPolicy?.default ?? value);
  const wanted = quantity(asked);
  const { validRange, validValues } = requestPolicy ?? {};
  if (validRange !== undefined) {
    const min = quantity(validRange.min);
    if (compare(wanted, min) < 0) return min;
    if (validRange.step === undefined) return wanted;
    const step = quantity(validRange.step).nano;
    const over = wanted.nano - min.nano;
    const rest = step <= 0n ? 0n : over % step;
    return rest === 0n ? wanted : fromNano(wanted.nano + step - rest, wanted.format);
  }
  const enough = (validValues ?? []).map(quantity).find((one) => compare(one, wanted) >= 0);
  return enough ?? wanted;
}

function violates(taken: Quantity, policy: CapacityRequestPolicy | undefined): boolean {
  const { validRange, validValues, default: byDefault } = policy ?? {};
  if (byDefault !== undefined && compare(taken, quantity(byDefault)) === 0) return false;
  if (validRange !== undefined) {
    const min = quantity(validRange.min);
    if (compare(taken, min) < 0) return true;
    if (validRange.max !== undefined && compare(taken, quantity(validRange.max)) > 0) return true;
    const step = quantity(validRange.step).nano;
    return validRange.step !== undefined && step > 0n && (taken.nano - min.nano) % step !== 0n;
  }
  return validValues !== undefined && validValues.length > 0 && !validValues.some((one) => compare(quantity(one), taken) === 0);
}
