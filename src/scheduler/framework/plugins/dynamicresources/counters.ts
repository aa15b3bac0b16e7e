/** Devices that are parts of a whole draw on counters which they share. Counterpart: checkAvailableCounters of the structured allocator. */
import type { Device } from '../../../../api/schema/types/resource/v1.ts';
import { quantity } from '../../../../apimachinery/quantity/quantity.ts';
import type { SchedulerReader } from '../../interface.ts';
import { isInUse } from './allocated.ts';
import type { Pool, PooledDevice } from './pools.ts';

/** By `set/counter`, in billionths. */
type Counters = Map<string, bigint>;

/** The counters of the pools of one attempt. What is left over before it is worked out once for each pool. */
export class SharedCounters {
  private readonly reader: SchedulerReader;
  private readonly left = new Map<Pool, Counters>();

  constructor(reader: SchedulerReader) {
    this.reader = reader;
  }

  /** @param chosen the devices that were chosen in this attempt so far */
  suffice(next: PooledDevice, chosen: readonly PooledDevice[]): boolean {
    const left = this.leftOver(next.pool);
    const taken: Counters = new Map();
    const seen = new Set<string>();
    for (const { key, device, pool } of chosen) {
      // Of a device that is shared the counters are drawn once.
      if (pool !== next.pool || seen.has(key)) continue;
      seen.add(key);
      draw(device, taken, 1n);
    }
    for (const [counter, amount] of consumption(next.device))
      if (amount > (left.get(counter) ?? 0n) - (taken.get(counter) ?? 0n)) return false;
    return true;
  }

  private leftOver(pool: Pool): Counters {
    const known = this.left.get(pool);
    if (known !== undefined) return known;
    const left: Counters = new Map();
    for (const { spec } of pool.slices)
      for (const { name, counters } of spec.sharedCounters ?? [])
        for (const [counter, { value }] of Object.entries(counters)) left.set(`${name}/${counter}`, quantity(value).nano);
    for (const { key, device } of pool.devices)
      if ((device.consumesCounters ?? []).length > 0 && isInUse(this.reader, key, device)) draw(device, left, -1n);
    this.left.set(pool, left);
    return left;
  }
}

function draw(device: Device, counters: Counters, sign: 1n | -1n): void {
  for (const [counter, amount] of consumption(device)) counters.set(counter, (counters.get(counter) ?? 0n) + sign * amount);
}

function* consumption({ consumesCounters = [] }: Device): Generator<readonly [string, bigint]> {
  for (const { counterSet, counters } of consumesCounters)
    for (const [counter, { value }] of Object.entries(counters)) yield [`${counterSet}/${counter}`, quantity(value).nano];
}
