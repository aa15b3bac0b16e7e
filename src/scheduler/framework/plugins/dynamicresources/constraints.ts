/** What devices of a claim must have in common, or must not. Counterpart: constraint.go and allocator.go of the structured allocator. */
import { qualifiedName } from '../../../../api/resource/deviceSelector.ts';
import type { Device, DeviceAttribute, DeviceConstraint } from '../../../../api/schema/types/resource/v1.ts';

/** A device that is being given to a request. */
export interface Choice {
  readonly device: Device;
  readonly driver: string;
  /** The request, and with `/subrequest` the alternative that was taken. */
  readonly request: string;
}

/** Whether the constraint still holds when one more device comes to those that were chosen. Once broken, more devices never mend it. */
export function allows(
  { requests = [], matchAttribute, distinctAttribute }: DeviceConstraint,
  chosen: readonly Choice[],
  next: Choice,
): boolean {
  const concerns = ({ request }: Choice): boolean =>
    requests.length === 0 || requests.includes(request) || requests.includes(request.split('/')[0] ?? '');
  if (!concerns(next)) return true;
  const name = matchAttribute ?? distinctAttribute ?? '';
  const value = attributeOf(next, name);
  if (value === undefined) return false;
  const others = chosen.filter(concerns);
  if (matchAttribute !== undefined) {
    const [first] = others;
    return first === undefined || isSame(attributeOf(first, name), value);
  }
  return others.every((other) => !isSame(attributeOf(other, name), value));
}

function attributeOf({ device, driver }: Choice, name: string): DeviceAttribute | undefined {
  const { attributes = {} } = device;
  const found = attributes[name];
  if (found !== undefined) return found;
  const [domain, id] = qualifiedName(name, driver);
  return domain === driver ? attributes[id] : undefined;
}

function isSame(a: DeviceAttribute | undefined, b: DeviceAttribute): boolean {
  if (a === undefined) return false;
  for (const type of TYPES) if (b[type] !== undefined) return a[type] === b[type];
  return false;
}

const TYPES = ['string', 'int', 'bool', 'version'] as const;
