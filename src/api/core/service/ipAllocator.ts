/**
 * Which cluster IP a Service gets.
 * Counterpart: k8s.io/kubernetes/pkg/registry/core/service/ipallocator.
 */
import { formatIP, networkValue, parseIP, widthOf, type CIDR } from '../../../apimachinery/net/ip.ts';

export interface IPAllocator {
  readonly range: CIDR;
  readonly rangeText: string;
  readonly used: ReadonlySet<string>;
  readonly dryRun: boolean;
  random(): number;
}

/** Reserves an address that was asked for; the text of what is wrong with it. */
export function allocateIP(allocator: IPAllocator, text: string): string | undefined {
  const ip = parseIP(text);
  const { first, last } = bounds(allocator.range);
  if (ip === undefined || ip.value < first || ip.value > last) {
    return allocator.dryRun
      ? `the provided IP (${text}) is not in the valid range. The range of valid IPs is ${allocator.rangeText}`
      : 'the provided network does not match the current range';
  }
  if (allocator.dryRun) return undefined;
  return allocator.used.has(formatIP(ip.family, ip.value)) ? 'provided IP is already allocated' : undefined;
}

/**
 * An address that nobody asked for. The lower part of the range is kept for addresses that people choose: of 10.96.0.0/12,
 * with 1048574 addresses, the first 256 (a sixteenth, but from 16 to 256). A random start above, then the next free one.
 * Undefined if the range is full.
 */
export function allocateNextIP(allocator: IPAllocator): string | undefined {
  const { first, last } = bounds(allocator.range);
  const size = Number(last - first) + 1;
  const reserved = size <= 16 ? 0 : Math.min(Math.max(16, Math.floor(size / 16)), 256);
  const family = allocator.range.address.family;
  const at = (offset: number): string => formatIP(family, first + BigInt(offset));
  const dynamic = size - reserved;
  const start = Math.floor(allocator.random() * dynamic);
  for (let step = 0; step < dynamic; step++) {
    const candidate = at(reserved + ((start + step) % dynamic));
    if (!allocator.used.has(candidate)) return candidate;
  }
  for (let offset = 0; offset < reserved; offset++) if (!allocator.used.has(at(offset))) return at(offset);
  return undefined;
}

/** Without the network address and, for IPv4, without the broadcast address. */
function bounds(range: CIDR): { readonly first: bigint; readonly last: bigint } {
  const network = networkValue(range);
  const size = 1n << BigInt(widthOf(range.address) - range.prefixLength);
  return { first: network + 1n, last: network + size - (range.address.family === 'IPv4' ? 2n : 1n) };
}
