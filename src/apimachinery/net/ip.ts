/**
 * IP addresses and CIDR blocks as the API server reads them: the lenient reader that accepts leading zeros and
 * IPv4-mapped IPv6, and whether a text is in the one form that new objects must use.
 * Counterpart: k8s.io/utils/net (ParseIPSloppy, ParseCIDRSloppy) beside Go's net/netip.
 */

export type IPFamily = 'IPv4' | 'IPv6';

export interface IPAddress {
  /** An IPv4-mapped IPv6 address counts as IPv4. */
  readonly family: IPFamily;
  /** 32 bits for IPv4, 128 for IPv6. */
  readonly value: bigint;
  /** `::ffff:1.2.3.4` */
  readonly mapped: boolean;
  /** `010.0.0.1`; only the lenient reader accepts it. */
  readonly leadingZeros: boolean;
}

export interface CIDR {
  readonly address: IPAddress;
  readonly prefixLength: number;
  /** The prefix length is written with leading zeros. */
  readonly leadingZeros: boolean;
}

/** Undefined where the text is no address in any reading. */
export function parseIP(text: string): IPAddress | undefined {
  if (text.includes(':')) return parseIPv6(text);
  const four = parseIPv4(text);
  return four === undefined ? undefined : { family: 'IPv4', value: BigInt(four.value), mapped: false, leadingZeros: four.leadingZeros };
}

export function parseCIDR(text: string): CIDR | undefined {
  const slash = text.indexOf('/');
  if (slash < 0) return undefined;
  const address = parseIP(text.slice(0, slash));
  const length = text.slice(slash + 1);
  if (address === undefined || !isDigits(length)) return undefined;
  const written = Number(length);
  const width = address.family === 'IPv4' && !address.mapped ? 32 : 128;
  if (written > width) return undefined;
  const prefixLength = address.mapped ? Math.max(0, written - 96) : written;
  return { address, prefixLength, leadingZeros: length.length > 1 && length.startsWith('0') };
}

/** The address with the bits beyond the prefix cleared. */
export function networkValue(cidr: CIDR): bigint {
  const host = BigInt(widthOf(cidr.address) - cidr.prefixLength);
  return (cidr.address.value >> host) << host;
}

/** The usual text of an address: no leading zeros, IPv6 as RFC 5952 says. */
export function formatIP(family: IPFamily, value: bigint): string {
  if (family === 'IPv4') return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join('.');
  const groups: number[] = [];
  for (let shift = 112n; shift >= 0n; shift -= 16n) groups.push(Number((value >> shift) & 0xffffn));
  const zeros = longestZeroRun(groups);
  if (zeros === undefined) return hex(groups);
  return `${hex(groups.slice(0, zeros.start))}::${hex(groups.slice(zeros.start + zeros.length))}`;
}

export function formatCIDR(cidr: CIDR): string {
  return `${formatIP(cidr.address.family, networkValue(cidr))}/${cidr.prefixLength}`;
}

export function widthOf(address: IPAddress): number {
  return address.family === 'IPv4' ? 32 : 128;
}

/** Undefined for what is no address. */
export function familyOf(text: string): IPFamily | undefined {
  return parseIP(text)?.family;
}

function parseIPv4(text: string): { readonly value: number; readonly leadingZeros: boolean } | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0;
  let leadingZeros = false;
  for (const part of parts) {
    const byte = isDigits(part) ? Number(part) : 256;
    if (byte > 255) return undefined;
    if (part.length > 1 && part.startsWith('0')) leadingZeros = true;
    value = value * 256 + byte;
  }
  return { value, leadingZeros };
}

function parseIPv6(text: string): IPAddress | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0] ?? '', halves.length === 1);
  const tail = halves.length === 2 ? parseGroups(halves[1] ?? '', true) : { groups: [], leadingZeros: false };
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.groups.length - tail.groups.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  let value = 0n;
  for (const group of [...head.groups, ...new Array<number>(missing).fill(0), ...tail.groups]) value = (value << 16n) | BigInt(group);
  const leadingZeros = head.leadingZeros || tail.leadingZeros;
  if (value >> 32n === 0xffffn) return { family: 'IPv4', value: value & 0xffffffffn, mapped: true, leadingZeros };
  return { family: 'IPv6', value, mapped: false, leadingZeros };
}

/** @param ends whether a dotted IPv4 address may stand for the last two groups */
function parseGroups(text: string, ends: boolean): { readonly groups: readonly number[]; readonly leadingZeros: boolean } | undefined {
  if (text === '') return { groups: [], leadingZeros: false };
  const parts = text.split(':');
  const groups: number[] = [];
  for (const [index, part] of parts.entries()) {
    if (ends && index === parts.length - 1 && part.includes('.')) {
      const four = parseIPv4(part);
      if (four === undefined) return undefined;
      return { groups: [...groups, Math.floor(four.value / 65536), four.value % 65536], leadingZeros: four.leadingZeros };
    }
    if (!HEX_GROUP.test(part)) return undefined;
    groups.push(Number.parseInt(part, 16));
  }
  return { groups, leadingZeros: false };
}

const HEX_GROUP = /^[0-9a-fA-F]{1,4}$/;
const DIGITS = /^[0-9]+$/;

function isDigits(text: string): boolean {
  return DIGITS.test(text);
}

function hex(groups: readonly number[]): string {
  return groups.map((group) => group.toString(16)).join(':');
}

/** The first of the longest runs of at least two zero groups. */
function longestZeroRun(groups: readonly number[]): { readonly start: number; readonly length: number } | undefined {
  let best: { start: number; length: number } | undefined;
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === 0) length++;
    if (length >= 2 && length > (best?.length ?? 0)) best = { start, length };
  }
  return best;
}
