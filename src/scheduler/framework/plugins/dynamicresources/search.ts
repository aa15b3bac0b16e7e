/**
 * Finds devices for all requests of all claims at once: one device after the other, back where it does not go on.
 * Invariant: the first solution in the order of pools and devices is taken; combinations of one request are tried in one order only.
 * Counterpart: allocateOne of k8s.io/dynamic-resource-allocation/structured.
 */
import { toleratesDeviceTaint } from '../../../../api/resource/tolerates.ts';
import type { Device } from '../../../../api/schema/types/resource/v1.ts';
import { quantity } from '../../../../apimachinery/quantity/quantity.ts';
import type { SchedulerReader } from '../../interface.ts';
import { consumedCapacity, isAllocated } from './allocated.ts';
import { share } from './capacity.ts';
import { allows, type Choice } from './constraints.ts';
import type { SharedCounters } from './counters.ts';
import type { PooledDevice } from './pools.ts';
import { fatal, isSelected, MAX_DEVICES, nameOf, type Failure, type RequestContext, type Wanted, type WantedClaim } from './requests.ts';

/** One device for one request. */
export interface Pick {
  readonly wanted: Wanted;
  readonly pooled: PooledDevice;
  /** What it takes of a device that is shared; undefined: it has the device for itself. */
  readonly share: Readonly<Record<string, string>> | undefined;
}

/** `full`: a claim would have more devices than it has room for, whichever are taken. */
type Found = boolean | 'full' | Failure;

const TIMED_OUT: Failure = { error: 'timed out trying to allocate devices', onNode: true };

export class Search {
  private readonly reader: SchedulerReader;
  private readonly context: RequestContext;
  private readonly counters: SharedCounters;
  private readonly claims: readonly WantedClaim[];
  private readonly devices: readonly PooledDevice[];
  /** By claim. */
  private readonly picks: readonly Pick[][];
  private readonly maxSteps: number;
  private steps = 0;

  constructor(
    reader: SchedulerReader,
    context: RequestContext,
    counters: SharedCounters,
    claims: readonly WantedClaim[],
    maxSteps: number,
  ) {
    this.maxSteps = maxSteps;
    this.reader = reader;
    this.context = context;
    this.counters = counters;
    this.claims = claims;
    this.picks = claims.map(() => []);
    this.devices = context.pools.flatMap(({ pool, devices }) => (pool.isIncomplete || pool.isInvalid ? [] : devices));
  }

  /** By claim; undefined: there is no solution. */
  run(): readonly (readonly Pick[])[] | undefined | Failure {
    const found = this.request(0, 0);
    if (typeof found === 'object') return found;
    return found === true ? this.picks : undefined;
  }

  private request(claimIndex: number, requestIndex: number): Found {
    const claim = this.claims[claimIndex];
    if (claim === undefined) return true;
    const alternatives = claim.requests[requestIndex];
    if (alternatives === undefined) {
      const found = this.request(claimIndex + 1, 0);
      // Another choice for an earlier claim may leave fewer to be found.
      return found === 'full' ? false : found;
    }
    let onlyFull = true;
    for (const wanted of alternatives) {
      const found = this.device(claimIndex, requestIndex, wanted, 0, 0);
      if (found === 'full') continue;
      onlyFull = false;
      if (found !== false) return found;
    }
    return onlyFull ? 'full' : false;
  }

  /** @param start the devices before it have been tried for this request */
  private device(claimIndex: number, requestIndex: number, wanted: Wanted, index: number, start: number): Found {
    if (++this.steps > this.maxSteps) return TIMED_OUT;
    const { all, count } = wanted;
    if (all !== undefined && all.length === 0) return false;
    if (index >= count) return this.request(claimIndex, requestIndex + 1);
    if ((this.picks[claimIndex]?.length ?? 0) + count - index > MAX_DEVICES) return 'full';
    const next = (at: number): Found => this.device(claimIndex, requestIndex, wanted, index + 1, at);
    if (all !== undefined) {
      const pooled = all[index];
      return pooled === undefined ? false : this.attempt(claimIndex, wanted, pooled, () => next(0));
    }
    const { devices } = this;
    for (let at = start; at < devices.length; at++) {
      const pooled = devices[at];
      const claim = this.claims[claimIndex];
      if (pooled === undefined || claim === undefined || this.isTaken(claimIndex, wanted, pooled)) continue;
      const selected = isSelected(this.context.node, claim.claim, wanted, pooled);
      if (typeof selected === 'object') return selected;
      if (!selected) continue;
      const found = this.attempt(claimIndex, wanted, pooled, () => next(at + 1));
      if (found !== false) return found;
    }
    return false;
  }

  /** Takes the device if it can be had, and gives it back if the rest is not found then. */
  private attempt(claimIndex: number, wanted: Wanted, pooled: PooledDevice, rest: () => Found): Found {
    const picks = this.picks[claimIndex];
    const claim = this.claims[claimIndex];
    if (picks === undefined || claim === undefined || this.isTaken(claimIndex, wanted, pooled)) return false;
    const { device, key, slice } = pooled;
    const shared = device.allowMultipleAllocations === true;
    const inUse = shared ? this.capacityInUse(pooled) : undefined;
    if ((device.consumesCounters ?? []).length > 0 && inUse === undefined && !this.counters.suffice(pooled, this.chosen())) return false;
    if (isTainted(device, wanted)) return false;
    const taken = share(device, wanted.spec.capacity ?? {}, (name) => inUse?.get(name) ?? 0n);
    if (taken === undefined) return false;
    const choice: Choice = { device, driver: slice.spec.driver, request: wanted.name };
    const chosen = picks.map(choiceOf);
    if (!claim.constraints.every((constraint) => allows(constraint, chosen, choice))) {
      if (wanted.all === undefined) return false;
      const request = wanted.name.split('/').at(-1) ?? '';
      return fatal(
        `claim ${nameOf(claim.claim)}, request ${request}: cannot add device ${key} because a claim constraint would not be satisfied`,
      );
    }
    picks.push({ wanted, pooled, share: shared ? taken : undefined });
    const found = rest();
    if (found !== true) picks.pop();
    return found;
  }

  /** A device that is shared is never taken as such; an administrator shares it with all but his own claim. */
  private isTaken(claimIndex: number, { adminAccess }: Wanted, { key, device }: PooledDevice): boolean {
    if (device.allowMultipleAllocations === true) return !adminAccess && isAllocated(this.reader, key);
    const isPicked = (picks: readonly Pick[] | undefined): boolean => picks?.some(({ pooled }) => pooled.key === key) === true;
    if (adminAccess) return isPicked(this.picks[claimIndex]);
    return isAllocated(this.reader, key) || this.picks.some(isPicked);
  }

  private chosen(): readonly PooledDevice[] {
    return this.picks.flatMap((picks) => picks.map(({ pooled }) => pooled));
  }

  /** Undefined: nobody has a share of it yet. */
  private capacityInUse({ key }: PooledDevice): ReadonlyMap<string, bigint> | undefined {
    const stored = consumedCapacity(this.reader, key);
    const own = this.picks.flatMap((picks) => picks.filter(({ pooled }) => pooled.key === key));
    if (stored === undefined && own.length === 0) return undefined;
    const sums = new Map(stored ?? []);
    for (const { share: amounts = {} } of own)
      for (const [name, amount] of Object.entries(amounts)) sums.set(name, (sums.get(name) ?? 0n) + quantity(amount).nano);
    return sums;
  }
}

function choiceOf({ wanted, pooled }: Pick): Choice {
  return { device: pooled.device, driver: pooled.slice.spec.driver, request: wanted.name };
}

/** A taint keeps others away from a device unless the request tolerates it; one without effect only informs. */
function isTainted({ taints = [] }: Device, { spec }: Wanted): boolean {
  return taints.some(
    (taint) => taint.effect !== 'None' && !(spec.tolerations ?? []).some((toleration) => toleratesDeviceTaint(toleration, taint)),
  );
}
