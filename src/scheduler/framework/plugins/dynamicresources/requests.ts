/** What the claims of a Pod ask for, made ready for the search on one node. */
import { deviceMatches } from '../../../../api/resource/deviceSelector.ts';
import type { Node } from '../../../../api/schema/types/core/v1.ts';
import type {
  DeviceClass,
  DeviceConstraint,
  DeviceSelector,
  DeviceSubRequest,
  ExactDeviceRequest,
  ResourceClaim,
} from '../../../../api/schema/types/resource/v1.ts';
import { objectKey } from '../../../../apimachinery/meta/resource.ts';
import { isAt, type NodePool, type PooledDevice } from './pools.ts';

/** A claim has room for so many devices. */
export const MAX_DEVICES = 32;

/** Why devices cannot be allocated. `onNode`: not here, but another node may do; else the attempt is over. */
export interface Failure {
  readonly error: string;
  readonly onNode: boolean;
}

/** A request, or one of its alternatives. */
export interface Wanted {
  /** With `/alternative` where there are several. */
  readonly name: string;
  readonly spec: ExactDeviceRequest | DeviceSubRequest;
  readonly adminAccess: boolean;
  readonly deviceClass: DeviceClass;
  readonly count: number;
  /** Where all devices are asked for: these. */
  readonly all: readonly PooledDevice[] | undefined;
  /** What its selectors said of a device, by the device's key. */
  readonly matches: Map<string, boolean>;
}

export interface WantedClaim {
  readonly claim: ResourceClaim;
  readonly requests: readonly (readonly Wanted[])[];
  readonly constraints: readonly DeviceConstraint[];
}

export interface RequestContext {
  readonly node: Node;
  readonly pools: readonly NodePool[];
  readonly deviceClass: (name: string) => DeviceClass | undefined;
}

export function prepareClaim(context: RequestContext, claim: ResourceClaim): WantedClaim | Failure {
  const { requests = [], constraints = [] } = claim.spec.devices ?? {};
  const prepared: (readonly Wanted[])[] = [];
  let least = 0;
  for (const { name, exactly, firstAvailable = [] } of requests) {
    const alternatives: Wanted[] = [];
    const given = exactly === undefined ? firstAvailable.map((one) => [`${name}/${one.name}`, one] as const) : [[name, exactly] as const];
    for (const [fullName, spec] of given) {
      const wanted = prepareRequest(context, claim, fullName, spec);
      if ('error' in wanted) return wanted;
      alternatives.push(wanted);
    }
    least += Math.min(...alternatives.map(({ count }) => count));
    prepared.push(alternatives);
  }
  if (least > MAX_DEVICES)
    return fatal(`claim ${nameOf(claim)}: number of requested devices ${least} exceeds the claim limit of ${MAX_DEVICES}`);
  return { claim, requests: prepared, constraints };
}

function prepareRequest(
  context: RequestContext,
  claim: ResourceClaim,
  name: string,
  spec: ExactDeviceRequest | DeviceSubRequest,
): Wanted | Failure {
  const deviceClass = context.deviceClass(spec.deviceClassName);
  const shortName = name.split('/').at(-1) ?? '';
  const subject = `claim ${nameOf(claim)}, request ${shortName}`;
  if (deviceClass === undefined) {
    const missing = `deviceclass.resource.k8s.io "${spec.deviceClassName}" not found`;
    return fatal(`${subject}: could not retrieve device class ${spec.deviceClassName}: ${missing}`);
  }
  const adminAccess = 'adminAccess' in spec && spec.adminAccess === true;
  const wanted: Wanted = { name, spec, adminAccess, deviceClass, count: spec.count ?? 1, all: undefined, matches: new Map() };
  if (spec.allocationMode !== 'All') return wanted;
  const all: PooledDevice[] = [];
  for (const { pool, devices } of context.pools) {
    if (pool.isIncomplete) return fatal(`${subject}: asks for all devices, but resource pool ${pool.key} is currently being updated`);
    if (pool.isInvalid) return fatal(`${subject}: asks for all devices, but resource pool ${pool.key} is currently invalid`);
    for (const device of devices) {
      const selected = isSelected(context.node, claim, wanted, device);
      if (typeof selected === 'object') return selected;
      if (selected) all.push(device);
    }
  }
  return { ...wanted, count: all.length, all };
}

/** Whether the device is what class and request ask for, and reaches the node. Asked once for each. */
export function isSelected(node: Node, claim: ResourceClaim, wanted: Wanted, pooled: PooledDevice): boolean | Failure {
  const known = wanted.matches.get(pooled.key);
  if (known !== undefined) return known;
  const { deviceClass, spec } = wanted;
  const ofClass = allMatch(deviceClass.spec.selectors, pooled, `class ${deviceClass.metadata.name ?? ''}`);
  if (typeof ofClass === 'object') return ofClass;
  const ofRequest = ofClass && allMatch(spec.selectors, pooled, `claim ${nameOf(claim)}`);
  if (typeof ofRequest === 'object') return ofRequest;
  const { slice, device } = pooled;
  const selected = ofRequest && (slice.spec.perDeviceNodeSelection !== true || isAt(device, node));
  wanted.matches.set(pooled.key, selected);
  return selected;
}

function allMatch(
  selectors: readonly DeviceSelector[] | undefined,
  { key, device, slice }: PooledDevice,
  owner: string,
): boolean | Failure {
  for (const [index, { cel }] of (selectors ?? []).entries()) {
    const answer = deviceMatches(cel?.expression ?? '', slice.spec.driver, device);
    if (answer === false) return false;
    if (answer === true) continue;
    if (answer.kind === 'compile') return fatal(`${owner}: selector #${index}: CEL compile error: ${answer.error}`);
    return fatal(`${owner}: selector #${index} on device ${key}: CEL runtime error: ${answer.error}`);
  }
  return true;
}

export function nameOf({ metadata }: ResourceClaim): string {
  return objectKey(metadata.namespace, metadata.name ?? '');
}

export function fatal(error: string): Failure {
  return { error, onNode: false };
}
