/**
 * Asks the expression of a selector about a device.
 * Invariant: the same expression and the same device give the same answer; a wrong expression is an answer, no exception.
 * Counterpart: DeviceMatches of k8s.io/dynamic-resource-allocation/cel.
 */
import { PER_CALL_LIMIT } from '../../apimachinery/cel/compile.ts';
import { quantityValue } from '../../apimachinery/cel/library/quantity.ts';
import { semverValue } from '../../apimachinery/cel/library/semver.ts';
import { CelError, MapValue, type MapLike, typeNameOf, type Value } from '../../apimachinery/cel/values.ts';
import { quantity } from '../../apimachinery/quantity/quantity.ts';
import type { Device, DeviceAttribute } from '../schema/types/resource/v1.ts';
import { compileSelector } from './selectorExpressions.ts';

/** `kind` says whether the expression cannot be understood or fails on this device. */
export type SelectorAnswer = boolean | { readonly kind: 'compile' | 'runtime'; readonly error: string };

export function deviceMatches(expression: string, driver: string, device: Device): SelectorAnswer {
  const compiled = compileSelector(expression);
  if (!compiled.ok) return { kind: 'compile', error: compiled.error };
  try {
    const result = compiled.program.run({ device: deviceValue(driver, device) }, PER_CALL_LIMIT);
    if ('error' in result) return { kind: 'runtime', error: withHint(result.error) };
    if (typeof result.value === 'boolean') return result.value;
    return { kind: 'runtime', error: `CEL result of type ${typeNameOf(result.value)} could not be converted to bool` };
  } catch (error) {
    // A version that is none.
    if (error instanceof CelError) return { kind: 'runtime', error: error.message };
    throw error;
  }
}

/** The domain and the name of an attribute or a capacity: what names no domain belongs to the driver's. */
export function qualifiedName(name: string, driver: string): readonly [domain: string, id: string] {
  const slash = name.indexOf('/');
  return slash < 0 ? [driver, name] : [name.slice(0, slash), name.slice(slash + 1)];
}

const NO_SUCH_KEY = 'no such key:';
const HINT = 'Consider using CEL optional chaining (?), has() macro, or orValue() for optional fields';

function withHint(error: string): string {
  return error.startsWith(NO_SUCH_KEY) ? `${error}. ${HINT}` : error;
}

const values = new WeakMap<Device, MapLike>();

/** Made once for each stored device. @throws CelError */
function deviceValue(driver: string, device: Device): MapLike {
  const known = values.get(device);
  if (known !== undefined) return known;
  const value = new MapValue([
    ['driver', driver],
    ['attributes', byDomain(driver, device.attributes, attributeValue)],
    ['capacity', byDomain(driver, device.capacity, (capacity) => quantityValue(quantity(capacity.value)))],
    ['allowMultipleAllocations', device.allowMultipleAllocations === true],
  ]);
  values.set(device, value);
  return value;
}

function attributeValue({ bool, int, string, version }: DeviceAttribute): Value {
  if (int !== undefined) return BigInt(int);
  if (bool !== undefined) return bool;
  if (string !== undefined) return string;
  return semverValue(version ?? '');
}

function byDomain<T>(driver: string, properties: Readonly<Record<string, T>> | undefined, valueOf: (property: T) => Value): MapLike {
  const domains = new Map<string, [Value, Value][]>();
  for (const [name, property] of Object.entries(properties ?? {})) {
    const [domain, id] = qualifiedName(name, driver);
    const entries = domains.get(domain) ?? [];
    entries.push([id, valueOf(property)]);
    domains.set(domain, entries);
  }
  return new Domains([...domains].map(([domain, entries]) => [domain, new MapValue(entries)]));
}

const NOTHING = new MapValue([]);

/** A domain that nobody has set is an empty one, so that only a missing name is an error. */
class Domains extends MapValue {
  override find(key: Value): Value {
    return super.find(key) ?? NOTHING;
  }

  override has(key: Value): boolean {
    return super.find(key) !== undefined;
  }
}
