import { networkValue, parseCIDR, parseIP, widthOf, type CIDR } from '../apimachinery/net/ip.ts';

const CACHE_LIMIT = 4_096;
/** A pure memo of parsed blocks. */
const blocks = new Map<string, CIDR | undefined>();

/** Whether an address lies in a block: 10.1.2.3 in 10.1.0.0/16. What is no address or no block does not. */
export function inBlock(address: string, block: string): boolean {
  const parsed = parseIP(address);
  const cidr = blockOf(block);
  if (parsed === undefined || cidr === undefined || parsed.family !== cidr.address.family) return false;
  const rest = BigInt(widthOf(cidr.address) - cidr.prefixLength);
  return (parsed.value >> rest) << rest === networkValue(cidr);
}

export function inAnyBlock(address: string, all: readonly string[]): boolean {
  return all.some((block) => inBlock(address, block));
}

export function isLoopback(address: string): boolean {
  return address === '::1' || inBlock(address, '127.0.0.0/8');
}

export function isAddress(text: string): boolean {
  return parseIP(text) !== undefined;
}

function blockOf(text: string): CIDR | undefined {
  if (!blocks.has(text)) {
    if (blocks.size >= CACHE_LIMIT) blocks.clear();
    blocks.set(text, parseCIDR(text));
  }
  return blocks.get(text);
}
